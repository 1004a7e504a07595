//! Compares the bindings with the `libc` crate: sizes, alignments, offsets and values, at
//! compile time, so that checking this file for another target compares that target.
//!
//! Known differences:
//! - `shm_perm.mode` is 16 bits and padding in libc on x86_64, i686, armv7 and
//!   riscv64 glibc, 32 bits in the header; the offset is the same.
//! - 32-bit musl: libc keeps musl 1.1's structure of 84 bytes and `IPC_STAT` 2,
//!   which work as a pair; the header has 112 bytes, 64-bit times and 0x102.
//! - libc lacks `SHM_STAT`, `SHM_INFO`, `SHM_DEST`, `SHM_LOCKED`, `SHM_HUGE_*`,
//!   `shminfo`, `shm_info` (Linux), `SHM_REMAP`, `shmid_kernel` (FreeBSD),
//!   `SHM_RDONLY`, `SHM_RND`, `SHM_LOCK`, `shm_sysctl_info` (NetBSD, OpenBSD),
//!   `IPCS_*` (macOS).
//! - The fields for key and sequence have no stable names in libc on musl.

use core::mem::{align_of, offset_of, size_of};

/// Same size, alignment and offsets.
macro_rules! same_layout {
    ($name:ident: $($field:ident),+ $(,)?) => {
        const _: () = {
            assert!(size_of::<shm_sys::$name>() == size_of::<libc::$name>());
            assert!(align_of::<shm_sys::$name>() == align_of::<libc::$name>());
            $(assert!(offset_of!(shm_sys::$name, $field) == offset_of!(libc::$name, $field));)+
        };
    };
}

macro_rules! same_value {
    ($($name:ident),+ $(,)?) => { $(const _: () = assert!(shm_sys::$name == libc::$name);)+ };
}

same_value!(
    IPC_PRIVATE,
    IPC_CREAT,
    IPC_EXCL,
    IPC_NOWAIT,
    IPC_RMID,
    IPC_SET,
    SHM_R,
    SHM_W
);

#[cfg(not(all(target_env = "musl", target_pointer_width = "32")))]
same_value!(IPC_STAT);

#[cfg(not(all(target_env = "musl", target_pointer_width = "32")))]
same_layout!(
    shmid_ds: shm_perm, shm_segsz, shm_lpid, shm_cpid, shm_nattch, shm_atime, shm_dtime, shm_ctime
);

#[cfg(all(target_env = "musl", target_pointer_width = "32"))]
mod musl_32 {
    //! The difference described above. When libc changes, this fails and the exception
    //! can go.
    use super::*;

    const _: () = assert!(libc::IPC_STAT == 2 && shm_sys::IPC_STAT == 0x102);
    const _: () = assert!(size_of::<libc::shmid_ds>() == 84);
    const _: () = assert!(size_of::<shm_sys::shmid_ds>() == 112);
    const _: () = assert!(size_of::<shm_sys::time_t>() == 8);
    const _: () = assert!(shm_sys::SHM_STAT == 0x10d && shm_sys::SHM_STAT_ANY == 0x10f);
}

#[cfg(target_os = "linux")]
mod linux {
    #[cfg(target_env = "gnu")]
    same_layout!(ipc_perm: __key, uid, gid, cuid, cgid, mode, __seq);
    #[cfg(target_env = "musl")]
    same_layout!(ipc_perm: uid, gid, cuid, cgid, mode);
    same_value!(
        IPC_INFO, SHM_RDONLY, SHM_RND, SHM_REMAP, SHM_EXEC, SHM_LOCK, SHM_UNLOCK
    );
    same_value!(SHM_HUGETLB, SHM_NORESERVE);

    use super::*;
}

#[cfg(target_os = "macos")]
mod macos {
    use super::*;

    same_layout!(ipc_perm: uid, gid, cuid, cgid, mode, _seq, _key);
    same_value!(IPC_R, IPC_W, IPC_M, SHM_RDONLY, SHM_RND);
}

#[cfg(target_os = "freebsd")]
mod freebsd {
    use super::*;

    same_layout!(ipc_perm: cuid, cgid, uid, gid, mode, seq, key);
    same_value!(IPC_R, IPC_W, IPC_M, IPC_INFO, SHM_RDONLY, SHM_RND);
    same_value!(SHM_LOCK, SHM_UNLOCK, SHM_STAT, SHM_INFO);
}

#[cfg(target_os = "dragonfly")]
mod dragonfly {
    //! No package has this system's headers, so its file relies on this comparison.
    use super::*;

    same_layout!(ipc_perm: cuid, cgid, uid, gid, mode, seq, key);
    same_value!(IPC_R, IPC_W, IPC_M, SHM_RDONLY, SHM_RND);
}

#[cfg(target_os = "netbsd")]
mod netbsd {
    use super::*;

    same_layout!(ipc_perm: uid, gid, cuid, cgid, mode, _seq, _key);
    same_value!(IPC_R, IPC_W, IPC_M, CTL_KERN, KERN_SYSVIPC);
}

#[cfg(target_os = "openbsd")]
mod openbsd {
    use super::*;

    same_layout!(ipc_perm: cuid, cgid, uid, gid, mode, seq, key);
    same_value!(
        IPC_R,
        IPC_W,
        IPC_M,
        CTL_KERN,
        KERN_SYSVSHM,
        KERN_SYSVIPC_INFO,
        KERN_SHMINFO
    );
    same_value!(KERN_SYSVIPC_SHM_INFO);
}

/// Functions that both declare have the same symbol.
#[test]
fn the_calls_are_those_that_libc_declares() {
    assert_eq!(shm_sys::shmget as *const (), libc::shmget as *const ());
    assert_eq!(shm_sys::shmat as *const (), libc::shmat as *const ());
    assert_eq!(shm_sys::shmdt as *const (), libc::shmdt as *const ());
    assert_eq!(shm_sys::shmctl as *const (), libc::shmctl as *const ());
    assert_eq!(shm_sys::ftok as *const (), libc::ftok as *const ());
}
