//! The error numbers that systems use differently: one table per system, all of them
//! compiled on every host. Seen on running kernels unless the line says otherwise.

use super::Failure;

/// The errors of one system's kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct System {
    /// `shmget` beyond SHMALL.
    pub(super) over_total: Failure,
    /// `IPC_SET` and `IPC_RMID` by a process that is neither owner nor creator.
    pub(super) not_owner: Failure,
    /// `shmat` at an address where something is mapped.
    pub(super) address_taken: Failure,
    /// `shmat` at an address outside the address space.
    pub(super) address_outside: Failure,
    /// Whether a segment marked for removal can be attached by its identifier; `None`
    /// where a setting decides.
    pub(super) admits_after_removal: Option<bool>,
    /// Whether opening compares all requested bits with the mode, for every caller.
    pub(super) compares_mode: bool,
    /// The users that may lock and unlock.
    pub(super) locks: Locks,
    /// Whether there are huge pages.
    pub(super) huge_pages: bool,
    /// Whether a segment that exists may have nothing to attach, because its memory can
    /// be truncated.
    pub(super) truncates: bool,
}

/// The users that may lock segments in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Locks {
    /// Owner and creator, up to `RLIMIT_MEMLOCK`.
    Owner,
    /// The superuser.
    Superuser,
    /// Nobody: the command does not exist.
    Nobody,
}

/// Linux 6.18.
pub(super) const LINUX: System = System {
    over_total: Failure::NoSpace,
    not_owner: Failure::NotPermitted,
    address_taken: Failure::Invalid,
    address_outside: Failure::NoMemory,
    admits_after_removal: Some(true),
    compares_mode: false,
    locks: Locks::Owner,
    huge_pages: true,
    truncates: true,
};

/// FreeBSD 13.2. `ipcperm` of `sysv_ipc.c` returns nothing but EACCES.
pub(super) const FREEBSD: System = System {
    over_total: Failure::NoMemory,
    not_owner: Failure::Denied,
    address_taken: Failure::NoMemory,
    address_outside: Failure::NoMemory,
    admits_after_removal: None,
    compares_mode: false,
    locks: Locks::Nobody,
    huge_pages: false,
    truncates: false,
};

/// NetBSD 7.0 and 10.99.12.
pub(super) const NETBSD: System = System {
    over_total: Failure::NoMemory,
    not_owner: Failure::NotPermitted,
    address_taken: Failure::NoMemory,
    address_outside: Failure::NoMemory,
    admits_after_removal: Some(false),
    compares_mode: false,
    locks: Locks::Superuser,
    huge_pages: false,
    truncates: false,
};

/// OpenBSD 7.3.
pub(super) const OPENBSD: System = System {
    over_total: Failure::NoMemory,
    not_owner: Failure::NotPermitted,
    address_taken: Failure::NoMemory,
    address_outside: Failure::NoMemory,
    admits_after_removal: Some(true),
    compares_mode: false,
    locks: Locks::Nobody,
    huge_pages: false,
    truncates: false,
};

/// DragonFly 5.9.
pub(super) const DRAGONFLY: System = System {
    over_total: Failure::NoMemory,
    not_owner: Failure::NotPermitted,
    address_taken: Failure::NoMemory,
    address_outside: Failure::NoMemory,
    admits_after_removal: None,
    compares_mode: false,
    locks: Locks::Nobody,
    huge_pages: false,
    truncates: false,
};

/// macOS 15.4: the kernel's `sysv_shm.c`, run in user space. It lists a removed
/// segment, and answers EINVAL to every call about it.
pub(super) const MACOS: System = System {
    over_total: Failure::NoMemory,
    not_owner: Failure::NotPermitted,
    address_taken: Failure::NoMemory,
    address_outside: Failure::NoMemory,
    admits_after_removal: Some(false),
    compares_mode: true,
    locks: Locks::Nobody,
    huge_pages: false,
    truncates: false,
};

/// The table of the running system.
pub(super) const RUNNING: System = if cfg!(target_os = "linux") {
    LINUX
} else if cfg!(target_os = "freebsd") {
    FREEBSD
} else if cfg!(target_os = "netbsd") {
    NETBSD
} else if cfg!(target_os = "openbsd") {
    OPENBSD
} else if cfg!(target_os = "dragonfly") {
    DRAGONFLY
} else {
    MACOS
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The facts as they were seen, apart from the tables, so that a changed table is noticed.
    #[test]
    fn the_tables_are_what_was_seen() {
        use Failure::{Denied, NoMemory, NoSpace, NotPermitted};
        let systems = [&LINUX, &FREEBSD, &NETBSD, &OPENBSD, &DRAGONFLY, &MACOS];
        let over_total = [NoSpace, NoMemory, NoMemory, NoMemory, NoMemory, NoMemory];
        assert_eq!(systems.map(|system| system.over_total), over_total);
        let not_owner = [
            NotPermitted,
            Denied,
            NotPermitted,
            NotPermitted,
            NotPermitted,
            NotPermitted,
        ];
        assert_eq!(systems.map(|system| system.not_owner), not_owner);
        // `kern.ipc.shm_allow_removed` decides on FreeBSD and DragonFly.
        let admits = [Some(true), None, Some(false), Some(true), None, Some(false)];
        assert_eq!(systems.map(|system| system.admits_after_removal), admits);
        let locks = systems.map(|system| system.locks);
        let [linux, freebsd, netbsd, others @ ..] = locks;
        assert_eq!(
            (linux, freebsd, netbsd),
            (Locks::Owner, Locks::Nobody, Locks::Superuser)
        );
        assert_eq!(others, [Locks::Nobody; 3]);
        let compares = systems.map(|system| system.compares_mode);
        assert_eq!(compares, [false, false, false, false, false, true]);
    }
}
