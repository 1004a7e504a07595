/* DragonFly 6 sys/shm.h: see sys/ipc.h beside this file. SHMLBA is PAGE_SIZE
 * there, 4096 on x86_64, the one processor that DragonFly runs on. */
#ifndef _SYS_SHM_H_
#define _SYS_SHM_H_
#include <sys/ipc.h>

#define SHM_RDONLY 010000
#define SHM_RND 020000
#define SHMLBA 4096
#define SHM_R (IPC_R)
#define SHM_W (IPC_W)

typedef unsigned int shmatt_t;

struct shmid_ds {
    struct ipc_perm shm_perm;
    size_t shm_segsz;
    pid_t shm_lpid;
    pid_t shm_cpid;
    shmatt_t shm_nattch;
    time_t shm_atime;
    time_t shm_dtime;
    time_t shm_ctime;
    void *shm_internal;
};

/* Under _KERNEL_STRUCTURES, which ipcs(1) defines. */
struct shminfo {
    long shmmax;
    long shmmin;
    long shmmni;
    long shmseg;
    long shmall;
};
#define SHMSEG_FREE 0x0200
#define SHMSEG_REMOVED 0x0400
#define SHMSEG_ALLOCATED 0x0800
#define SHMSEG_WANTED 0x1000

int shmget(key_t key, size_t size, int flags);
void *shmat(int id, const void *address, int flags);
int shmdt(const void *address);
int shmctl(int id, int command, struct shmid_ds *buffer);
#endif
