//! The state bits that kernels keep above the nine permission bits.
//!
//! The same octal means different things on different systems: 01000 is
//! "marked for removal" on Linux and OpenBSD and "free slot" on the others.
#![allow(
    dead_code,
    reason = "each system uses its own; all are tested on every host"
)]

use crate::StatFlags;

/// Linux: `SHM_DEST` 01000, `SHM_LOCKED` 02000 (`<linux/shm.h>`).
pub(crate) const fn linux(mode: u32) -> StatFlags {
    let removed = StatFlags::MARKED_FOR_REMOVAL.only_if(mode & 0o1000 != 0);
    removed.union(StatFlags::LOCKED.only_if(mode & 0o2000 != 0))
}

/// macOS, FreeBSD and DragonFly: `SHMSEG_REMOVED` 02000 (`sysv_shm.c`).
pub(crate) const fn bsd(mode: u32) -> StatFlags {
    StatFlags::MARKED_FOR_REMOVAL.only_if(mode & 0o2000 != 0)
}

/// NetBSD: as the other BSDs, and `SHMSEG_RMLINGER` 020000, `SHMSEG_WIRED`
/// 040000 (`sysv_shm.c`). `IPC_STAT` of newer kernels shows none of them.
pub(crate) const fn netbsd(mode: u32) -> StatFlags {
    bsd(mode)
        .union(StatFlags::LINGERS.only_if(mode & 0o20000 != 0))
        .union(StatFlags::WIRED.only_if(mode & 0o40000 != 0))
}

/// OpenBSD: `SHMSEG_REMOVED` 01000 and nothing else (`sysv_shm.c`).
pub(crate) const fn openbsd(mode: u32) -> StatFlags {
    StatFlags::MARKED_FOR_REMOVAL.only_if(mode & 0o1000 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_octal_means_what_its_system_means_by_it() {
        let removed = StatFlags::MARKED_FOR_REMOVAL;
        assert_eq!(linux(0o3640), removed.union(StatFlags::LOCKED));
        assert_eq!(openbsd(0o1600), removed);
        assert_eq!(bsd(0o4640), StatFlags::LIVE);
        assert_eq!(bsd(0o6600), removed);
        assert_eq!(netbsd(0o44604), StatFlags::WIRED);
        assert_eq!(netbsd(0o26600), removed.union(StatFlags::LINGERS));
    }
}
