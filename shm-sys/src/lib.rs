//! Raw System V shared memory: the functions, structures and constants of `<sys/shm.h>`,
//! as each system's own header declares them.
//!
//! Use this crate to make the calls yourself. The package `sysv-shm` (library `shm`) of
//! the same workspace is the safe layer.
//!
//! # Where the bindings come from
//!
//! bindgen generated every file in `src/bindings/` from the header of its system. The
//! files are committed, so a default build needs no libclang, and its build script only
//! forwards the target's name. Targets with identical declarations share a file. `cargo
//! xtask bindings --check` generates all of them again and fails on any difference.
//! `const` assertions in each file pin every size and offset in Rust, and the same
//! numbers are compiled as C with the same headers. Anything bindgen drops or mistypes is
//! repaired in `gen/wrapper.h` and `gen/generator.rs`, where each repair names its
//! source. No package contains DragonFly's headers: its declarations are transcribed from
//! DragonFly 6 `sys/shm.h` and `sys/ipc.h`, and compared with the libc crate's.
//!
//! Structures and fields keep the header's names, which differ: the key is `__key` with
//! glibc, `key` with musl, FreeBSD, OpenBSD and DragonFly, `_key` on NetBSD and macOS.
//! Flags and commands are `c_int`, the type of the functions' parameters.
//!
//! # What each system has
//!
//! | | Linux | macOS | FreeBSD | NetBSD | OpenBSD | DragonFly |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | `shmget` `shmat` `shmdt` `shmctl` `ftok` | yes | yes | yes | yes, `shmctl` links `__shmctl50` | yes | yes |
//! | `shmid_ds`, `ipc_perm`, `IPC_*`, `SHM_RDONLY`, `SHM_RND` | yes | yes, packed to 4 | yes | yes | yes | yes |
//! | `SHM_LOCK`, `SHM_UNLOCK` | 11, 12 | no | 11, 12 (the kernel refuses) | 3, 4 | 3, 4 (the kernel refuses) | no |
//! | `SHM_REMAP` | yes | no | yes | no | no | no |
//! | `SHM_EXEC`, `SHM_HUGETLB`, `SHM_HUGE_*`, `SHM_NORESERVE` | yes | no | no | no | no | no |
//! | flag of a removed segment in `mode` | `SHM_DEST` | `SHMSEG_REMOVED` | `SHMSEG_REMOVED` | `SHMSEG_REMOVED` | `SHMSEG_REMOVED` | `SHMSEG_REMOVED` |
//! | `SHMLBA` | function (constant with musl, and on mips64) | constant | constant | function | constant | constant |
//! | for listing | `SHM_INFO`, `SHM_STAT`, `SHM_STAT_ANY`, `shm_info` | `IPCS_command`, `IPCS_SHM_ITER`, `IPCS_SHM_SYSCTL` | `shmid_kernel` | `shm_sysctl_info`, `shmid_ds_sysctl`, `KERN_SYSVIPC*` | `shm_sysctl_info`, `KERN_SYSVIPC_*` | nothing |
//! | for limits (`shminfo` everywhere) | `IPC_INFO` | `IPCS_SHM_CONF` | sysctls by name | `shm_sysctl_info` | `KERN_SHMINFO*` | sysctls by name |
//!
//! With 32-bit musl `time_t` is 64 bits wide, and `IPC_STAT`, `SHM_STAT` and
//! `SHM_STAT_ANY` contain the bit 0x100, which makes musl's `shmctl` fill in the 64-bit
//! times. This crate defines that `time_t` itself; libc's has 32 bits there.
//!
//! # The functions
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
//! // SAFETY: IPC_RMID takes no buffer; this process created the segment.
//! assert_eq!(unsafe { shm_sys::shmctl(id, shm_sys::IPC_RMID, ptr::null_mut()) }, 0);
//! ```
//!
//! # The feature `bindgen`
//!
//! Generates the bindings at build time from the target system's headers: for a target
//! without committed bindings, or a newer header. It needs libclang, and nothing else for
//! a build on the host. These environment variables configure it:
//!
//! | variable | meaning |
//! | --- | --- |
//! | `LIBCLANG_PATH` | directory of libclang's shared library, if it is not found automatically |
//! | `SHM_SYS_INCLUDE` | directories of headers, separated as in `PATH`, searched in this order *instead of* the host's; for cross builds. The first must have clang's own headers (`stddef.h`) |
//! | `SHM_SYS_WRAPPER` | a wrapper header to use instead of `gen/wrapper.h` |
//! | `SHM_SYS_CLANG_TARGET` | clang's name of the target, if it cannot be derived from rustc's |
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

/// Returns `SHMLBA` in bytes on every system: the multiple to which attach addresses are
/// rounded with `SHM_RND`, and which they must be without it.
///
/// The kernel may differ from the header: Linux enforces 64 KiB on loongarch64 and 4
/// pages on arm, whatever musl's header says.
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
