/*
 * What bindgen reads: the system's own headers, and repairs of what bindgen
 * cannot express or a header lacks. Every repair names its source.
 *
 * A name that starts with shm_sys_ loses that prefix in Rust, so
 * `shm_sys_IPC_PRIVATE` becomes `IPC_PRIVATE`; the macro of the same name is
 * then not read (gen/generator.rs keeps the list).
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* glibc: IPC_INFO; musl: plain names for key and seq */
#endif
#define _DARWIN_C_SOURCE
#define _NETBSD_SOURCE           /* SHM_LOCK and the sysctl structures */
#define _WANT_SYSVSHM_INTERNALS  /* FreeBSD: shmid_kernel, shminfo */

#include <sys/types.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#if defined(__NetBSD__) || defined(__OpenBSD__)
#include <sys/sysctl.h>
#endif

/* ---- every system ------------------------------------------------------ */

/* A macro with a cast, which bindgen drops. */
static const key_t shm_sys_IPC_PRIVATE = IPC_PRIVATE;

/*
 * SHMLBA is a constant on some systems and calls a function on others (glibc:
 * __getpagesize(), NetBSD: __sysconf(_SC_PAGESIZE)). It is always a number of
 * bytes plus a number of pages, and evaluating it with a page of 1 and a page
 * of 2 tells both. Nothing after this point may use the two functions.
 */
#define __getpagesize() PAGE_FOR_SHMLBA
#define __sysconf(name) PAGE_FOR_SHMLBA
enum {
#define PAGE_FOR_SHMLBA 1
    shm_sys_lba_with_page_1 = SHMLBA,
#undef PAGE_FOR_SHMLBA
#define PAGE_FOR_SHMLBA 2
    shm_sys_lba_with_page_2 = SHMLBA,
#undef PAGE_FOR_SHMLBA
};
static const int shm_sys_SHMLBA_PAGES = shm_sys_lba_with_page_2 - shm_sys_lba_with_page_1;
static const int shm_sys_SHMLBA_BYTES = 2 * shm_sys_lba_with_page_1 - shm_sys_lba_with_page_2;

/* ---- Linux ------------------------------------------------------------- */
#if defined(__linux__)

/*
 * Encodings of the huge page size in the flags of shmget: the binary logarithm
 * from bit 26 on (linux/shm.h, asm-generic/hugetlb_encode.h). glibc has them
 * since 2.37, musl all but 16 KiB.
 */
#ifndef SHM_HUGE_SHIFT
#define SHM_HUGE_SHIFT 26
#define SHM_HUGE_MASK 0x3f
#define SHM_HUGE_64KB (16 << SHM_HUGE_SHIFT)
#define SHM_HUGE_512KB (19 << SHM_HUGE_SHIFT)
#define SHM_HUGE_1MB (20 << SHM_HUGE_SHIFT)
#define SHM_HUGE_2MB (21 << SHM_HUGE_SHIFT)
#define SHM_HUGE_8MB (23 << SHM_HUGE_SHIFT)
#define SHM_HUGE_16MB (24 << SHM_HUGE_SHIFT)
#define SHM_HUGE_32MB (25 << SHM_HUGE_SHIFT)
#define SHM_HUGE_256MB (28 << SHM_HUGE_SHIFT)
#define SHM_HUGE_512MB (29 << SHM_HUGE_SHIFT)
#define SHM_HUGE_1GB (30 << SHM_HUGE_SHIFT)
#define SHM_HUGE_2GB (31 << SHM_HUGE_SHIFT)
#define SHM_HUGE_16GB (34U << SHM_HUGE_SHIFT)
#endif
#ifndef SHM_HUGE_16KB
#define SHM_HUGE_16KB (14 << SHM_HUGE_SHIFT)
#endif
/* Does not fit an int as a number, only as bits. */
static const int shm_sys_SHM_HUGE_16GB = (int)SHM_HUGE_16GB;

/* Linux 4.17 (linux/shm.h); glibc has it since 2.28. */
#ifndef SHM_STAT_ANY
#define SHM_STAT_ANY 15
#endif

#endif /* Linux */

/* ---- macOS ------------------------------------------------------------- */
#if defined(__APPLE__)

/*
 * bsd/sys/ipcs.h of XNU 11417, which the SDK leaves out: the request that
 * ipcs(1) sends through the sysctl kern.sysv.ipcs.shm.
 */
#define IPCS_MAGIC 0x00000001
#define IPCS_SHM_CONF 0x00000001
#define IPCS_SHM_ITER 0x00000002
#define IPCS_SHM_SYSCTL "kern.sysv.ipcs.shm"
struct IPCS_command {
    int ipcs_magic;
    int ipcs_op;
    int ipcs_cursor;
    int ipcs_datalen;
    void *ipcs_data;
};

/* bsd/sys/shm_internal.h of XNU 11417: the answer to IPCS_SHM_CONF. */
struct shminfo {
    int64_t shmmax;
    int64_t shmmin;
    int64_t shmmni;
    int64_t shmseg;
    int64_t shmall;
};
#define SHMSEG_FREE 0x0200
#define SHMSEG_REMOVED 0x0400
#define SHMSEG_ALLOCATED 0x0800
#define SHMSEG_WANTED 0x1000

#endif /* macOS */

/* ---- state bits in shm_perm.mode that only the kernel's half declares -- */

#if defined(__FreeBSD__) /* sys/shm.h under _KERNEL */
#define SHMSEG_FREE 0x0200
#define SHMSEG_REMOVED 0x0400
#define SHMSEG_ALLOCATED 0x0800
#endif

#if defined(__NetBSD__) /* sys/shm.h under _KERNEL */
#define _SHM_RMLINGER 040000
#define SHMSEG_FREE 0x0200
#define SHMSEG_REMOVED 0x0400
#define SHMSEG_ALLOCATED 0x0800
#define SHMSEG_WANTED 0x1000
#define SHMSEG_RMLINGER 0x2000
#define SHMSEG_WIRED 0x4000
#endif

#if defined(__OpenBSD__) /* sys/kern/sysv_shm.c 1.81 */
#define SHMSEG_REMOVED 0x0200
#endif
