//! Raw System V shared memory: the calls, structures and constants of
//! `<sys/shm.h>`, as each system's own header has them.
//!
//! This is the layer for those who want the calls themselves. The crate `shm`
//! of the same workspace is the safe one.
//!
//! # Where the bindings come from
//!
//! Every file in `src/bindings/` was made by bindgen from the header of its
//! system and is committed: a default build needs no libclang, and its build
//! script only tells the target's name. Targets whose headers say the same
//! share a file. `cargo xtask bindings --check` makes all of them again and
//! fails on any difference; `const` assertions in each file pin every size and
//! offset on Rust's side, and the same numbers are compiled as C with the same
//! headers. What bindgen drops or mistypes is repaired in `gen/wrapper.h` and
//! `gen/generator.rs`, where each repair names its source. DragonFly's headers
//! are in no package: its declarations are written out from DragonFly 6
//! `sys/shm.h` and `sys/ipc.h`, and compared with the libc crate's.
//!
//! Structures and fields keep the header's names, which differ: the key is
//! `__key` with glibc, `key` with musl, FreeBSD, OpenBSD and DragonFly, `_key`
//! on NetBSD and macOS. Flags and commands are `c_int`, as the calls take them.
//!
//! # What is where
//!
//! | | Linux | macOS | FreeBSD | NetBSD | OpenBSD | DragonFly |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | `shmget` `shmat` `shmdt` `shmctl` `ftok` | yes | yes | yes | yes, `shmctl` links `__shmctl50` | yes | yes |
//! | `shmid_ds`, `ipc_perm`, `IPC_*`, `SHM_RDONLY`, `SHM_RND` | yes | yes, packed to 4 | yes | yes | yes | yes |
//! | `SHM_LOCK`, `SHM_UNLOCK` | 11, 12 | no | 11, 12 (the kernel refuses) | 3, 4 | 3, 4 (the kernel refuses) | no |
//! | `SHM_REMAP` | yes | no | yes | no | no | no |
//! | `SHM_EXEC`, `SHM_HUGETLB`, `SHM_HUGE_*`, `SHM_NORESERVE` | yes | no | no | no | no | no |
//! | mark of a removed segment in `mode` | `SHM_DEST` | `SHMSEG_REMOVED` | `SHMSEG_REMOVED` | `SHMSEG_REMOVED` | `SHMSEG_REMOVED` | `SHMSEG_REMOVED` |
//! | `SHMLBA` | function (constant with musl, and on mips64) | constant | constant | function | constant | constant |
//! | for listing | `SHM_INFO`, `SHM_STAT`, `SHM_STAT_ANY`, `shm_info` | `IPCS_command`, `IPCS_SHM_ITER`, `IPCS_SHM_SYSCTL` | `shmid_kernel` | `shm_sysctl_info`, `shmid_ds_sysctl`, `KERN_SYSVIPC*` | `shm_sysctl_info`, `KERN_SYSVIPC_*` | nothing |
//! | for limits (`shminfo` everywhere) | `IPC_INFO` | `IPCS_SHM_CONF` | sysctls by name | `shm_sysctl_info` | `KERN_SHMINFO*` | sysctls by name |
//!
//! With 32-bit musl `time_t` is 64 bits wide, and `IPC_STAT`, `SHM_STAT` and
//! `SHM_STAT_ANY` carry the bit 0x100, which tells its `shmctl` to fill them.
//! That `time_t` is this crate's own; libc's has 32 bits there.
//!
//! # The calls
//!
//! ```
//! use std::ptr;
//!
//! // SAFETY: no pointers. A new segment of 4096 zeroed bytes, for this user only.
//! let id = unsafe { shm_sys::shmget(shm_sys::IPC_PRIVATE, 4096, shm_sys::IPC_CREAT | 0o600) };
//! assert!(id >= 0);
//!
//! // SAFETY: the kernel chooses the address, so nothing mapped is replaced.
//! // Failure is -1, never null; the bytes may change under us at any time,
//! // so no reference to them may be made.
//! let address = unsafe { shm_sys::shmat(id, ptr::null(), 0) };
//! assert_ne!(address.addr(), usize::MAX);
//!
//! let mut status = shm_sys::shmid_ds::default();
//! // SAFETY: IPC_STAT writes one whole `shmid_ds`.
//! assert_eq!(unsafe { shm_sys::shmctl(id, shm_sys::IPC_STAT, &raw mut status) }, 0);
//! assert_eq!({ status.shm_nattch }, 1);
//!
//! // SAFETY: `address` came from `shmat`, and no pointer into it is used again.
//! assert_eq!(unsafe { shm_sys::shmdt(address) }, 0);
//! // SAFETY: IPC_RMID takes no buffer; this process made the segment.
//! assert_eq!(unsafe { shm_sys::shmctl(id, shm_sys::IPC_RMID, ptr::null_mut()) }, 0);
//! ```
//!
//! # The feature `bindgen`
//!
//! Makes the bindings at build time instead, from the headers of the system
//! that is built for: for a target without committed bindings, or a header
//! newer than they are. It needs libclang, and for a build on the host nothing
//! else. These environment variables steer it:
//!
//! | variable | meaning |
//! | --- | --- |
//! | `LIBCLANG_PATH` | directory of libclang's shared library, where it is not found by itself |
//! | `SHM_SYS_INCLUDE` | directories of headers, separated as in `PATH`, searched in this order *instead of* the host's; for cross builds. The first is to have clang's own headers (`stddef.h`) |
//! | `SHM_SYS_WRAPPER` | a header to read instead of `gen/wrapper.h` |
//! | `SHM_SYS_CLANG_TARGET` | clang's name of the target, where it is not derived rightly from rustc's |
#![no_std]

#[cfg(not(feature = "bindgen"))]
#[rustfmt::skip]
#[allow(missing_docs, non_camel_case_types, non_snake_case, clippy::all, clippy::restriction)]
mod bindings;

#[cfg(feature = "bindgen")]
#[allow(
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    clippy::all,
    clippy::restriction
)]
mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

pub use bindings::*;

/// `SHMLBA` in bytes on every system: the multiple that attach addresses are
/// rounded to, with `SHM_RND`, and must have without.
///
/// The header's word is not the kernel's: Linux forces 64 KiB on loongarch64
/// and 4 pages on arm, whatever musl's header says.
#[must_use]
pub fn shmlba() -> libc::c_int {
    if SHMLBA_PAGES == 0 {
        return SHMLBA_BYTES;
    }
    // SAFETY: `sysconf` takes any number and has no other precondition.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    // Pages of all systems fit an int, and `_SC_PAGESIZE` cannot fail.
    let page = libc::c_int::try_from(page).unwrap_or(libc::c_int::MAX);
    SHMLBA_BYTES.saturating_add(SHMLBA_PAGES.saturating_mul(page))
}

/// The examples of the package's README run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
