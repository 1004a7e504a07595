//! The state bits that kernels store above the nine permission bits.
//!
//! The same octal means different things on different systems: 01000 is
//! "marked for removal" on Linux and OpenBSD and "free slot" on the others.
#![allow(
    dead_code,
    reason = "each system uses its own; all are tested on every host"
)]

use crate::StatFlags;

/// Decodes Linux's flags: `SHM_DEST` 01000, `SHM_LOCKED` 02000 (`<linux/shm.h>`).
pub(crate) const fn linux(mode: u32) -> StatFlags {
    let removed = StatFlags::MARKED_FOR_REMOVAL.only_if(mode & 0o1000 != 0);
    removed.union(StatFlags::LOCKED.only_if(mode & 0o2000 != 0))
}

/// Decodes the flags of macOS, FreeBSD and DragonFly: `SHMSEG_REMOVED` 02000 (`sysv_shm.c`).
pub(crate) const fn bsd(mode: u32) -> StatFlags {
    StatFlags::MARKED_FOR_REMOVAL.only_if(mode & 0o2000 != 0)
}

/// Decodes NetBSD's flags: those of the other BSDs, and `SHMSEG_RMLINGER` 020000, `SHMSEG_WIRED`
/// 040000 (`sysv_shm.c`). `IPC_STAT` of newer kernels shows none of them.
pub(crate) const fn netbsd(mode: u32) -> StatFlags {
    bsd(mode)
        .union(StatFlags::LINGERS.only_if(mode & 0o20000 != 0))
        .union(StatFlags::WIRED.only_if(mode & 0o40000 != 0))
}

/// Decodes OpenBSD's flags: `SHMSEG_REMOVED` 01000 and nothing else (`sysv_shm.c`).
pub(crate) const fn openbsd(mode: u32) -> StatFlags {
    StatFlags::MARKED_FOR_REMOVAL.only_if(mode & 0o1000 != 0)
}

/// Reverses [`linux`].
pub(crate) const fn linux_bits(flags: StatFlags) -> u32 {
    bit(flags, StatFlags::MARKED_FOR_REMOVAL, 0o1000) | bit(flags, StatFlags::LOCKED, 0o2000)
}

/// Reverses [`bsd`]; `SHMSEG_ALLOCATED` 04000 is set for every segment.
pub(crate) const fn bsd_bits(flags: StatFlags) -> u32 {
    0o4000 | bit(flags, StatFlags::MARKED_FOR_REMOVAL, 0o2000)
}

/// Reverses [`netbsd`].
pub(crate) const fn netbsd_bits(flags: StatFlags) -> u32 {
    bsd_bits(flags)
        | bit(flags, StatFlags::LINGERS, 0o20000)
        | bit(flags, StatFlags::WIRED, 0o40000)
}

/// Reverses [`openbsd`].
pub(crate) const fn openbsd_bits(flags: StatFlags) -> u32 {
    bit(flags, StatFlags::MARKED_FOR_REMOVAL, 0o1000)
}

const fn bit(flags: StatFlags, flag: StatFlags, bits: u32) -> u32 {
    if flags.contains(flag) { bits } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_of_flags_are_those_they_were_read_from() {
        for mode in [0, 0o1000, 0o2000, 0o3000] {
            assert_eq!(linux_bits(linux(mode)), mode);
        }
        for mode in [0o4000, 0o6000] {
            assert_eq!(bsd_bits(bsd(mode)), mode);
        }
        for mode in [0o4000, 0o44000, 0o26000, 0o64000, 0o66000] {
            assert_eq!(netbsd_bits(netbsd(mode)), mode);
        }
        for mode in [0, 0o1000] {
            assert_eq!(openbsd_bits(openbsd(mode)), mode);
        }
    }

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
