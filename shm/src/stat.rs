//! The state of one segment: one type for `IPC_STAT` and for the
//! listings, whatever the system.

use core::fmt;

use crate::{Key, Mode, SegmentId, Timestamp};

/// The state of a segment, from [`Segment::stat`](crate::Segment::stat) and
/// [`segments()`](crate::segments()).
///
/// It is a snapshot: any of it may have changed since.
///
/// ```
/// use shm::{Mode, Segment};
///
/// let segment = Segment::private(4096)?.remove_on_drop();
/// let stat = segment.stat()?;
/// assert_eq!(stat.id, segment.id());
/// assert_eq!(stat.size, 4096);
/// assert_eq!(stat.mode, Mode::OWNER_READ_WRITE);
/// assert_eq!(stat.attached, 0);
/// assert_eq!(stat.attach_time, None);
/// # Ok::<(), shm::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Stat {
    /// The identifier.
    pub id: SegmentId,
    /// The key, [`Key::PRIVATE`] for a private segment and for one that is marked for
    /// removal. In a FreeBSD jail also for one that another jail created, whose key is
    /// hidden.
    pub key: Key,
    /// The size in bytes: as requested at creation, except on FreeBSD 13 and later, which
    /// round it up to whole pages.
    pub size: u64,
    /// The permission bits.
    pub mode: Mode,
    /// The state bits that the kernel stores beside the permissions.
    pub flags: StatFlags,
    /// The owner, who may be changed.
    pub owner_uid: u32,
    /// The owning group, which may be changed.
    pub owner_gid: u32,
    /// The user that created it.
    pub creator_uid: u32,
    /// The group of the creator.
    pub creator_gid: u32,
    /// The process that created it; 0 if hidden (another pid namespace of Linux). It may
    /// have exited, and its number be reused.
    pub creator_pid: i32,
    /// The process that attached it last (Linux: attached or detached); 0 for none yet or
    /// hidden.
    pub last_pid: i32,
    /// The number of attachments (`nattch`). Linux counts mapped pieces: an attachment
    /// that was split with `mprotect(2)` counts several times.
    pub attached: u64,
    /// The last attach.
    pub attach_time: Option<Timestamp>,
    /// The last detach.
    pub detach_time: Option<Timestamp>,
    /// Creation, or the last change of owner or permissions.
    pub change_time: Option<Timestamp>,
    /// The memory it occupies, if requested and reported by the system.
    pub memory: Option<Memory>,
}

impl Stat {
    /// Returns the mode as the kernel stores it: the permission bits, with this system's
    /// state bits above them (`shm_perm.mode` of `IPC_STAT`, if the system shows them
    /// there).
    ///
    /// ```
    /// let segment = shm::Segment::private(4096)?.remove_on_drop();
    /// assert_eq!(segment.stat()?.raw_mode() & 0o777, 0o600);
    /// # if cfg!(target_os = "linux") {
    /// let attachment = segment.attach()?;
    /// shm::Segment::from_id(segment.id()).remove()?;
    /// assert_eq!(segment.stat()?.raw_mode(), 0o1600);
    /// # }
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use]
    pub const fn raw_mode(&self) -> u32 {
        self.mode.bits() | crate::sys::state_bits(self.flags)
    }
}

/// State that kernels store in the upper bits of the mode.
///
/// The available flags depend on the system; a flag that a system lacks is never set.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct StatFlags(u8);

impl StatFlags {
    /// Nothing special: a live segment.
    pub const LIVE: Self = Self(0);
    /// Marked for removal: destroyed at the last detach (all systems).
    pub const MARKED_FOR_REMOVAL: Self = Self(1);
    /// Locked in memory by `SHM_LOCK` (Linux).
    pub const LOCKED: Self = Self(1 << 1);
    /// Wired in memory, by `SHM_LOCK` or by the system's setting (NetBSD,
    /// in listings).
    pub const WIRED: Self = Self(1 << 2);
    /// Made of huge pages, if known (Linux stores no bit for it; an attachment shows it).
    pub const HUGE_PAGES: Self = Self(1 << 3);
    /// Can be attached by identifier after its removal although the system otherwise
    /// refuses that (NetBSD's `_SHM_RMLINGER`, in listings).
    pub const LINGERS: Self = Self(1 << 4);

    /// Perhaps marked for removal: not reported to this process (DragonFly, in listings,
    /// for attached segments without a key that it may not read).
    pub const REMOVAL_UNKNOWN: Self = Self(1 << 5);

    const NAMES: [(Self, &'static str); 6] = [
        (Self::MARKED_FOR_REMOVAL, "marked for removal"),
        (Self::LOCKED, "locked"),
        (Self::WIRED, "wired"),
        (Self::HUGE_PAGES, "huge pages"),
        (Self::LINGERS, "lingers"),
        (Self::REMOVAL_UNKNOWN, "perhaps marked for removal"),
    ];

    /// Returns whether every flag of `other` is set here.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns these flags and those of `other`.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns `flag` if `set`, else no flag.
    #[must_use]
    pub(crate) const fn only_if(self, set: bool) -> Self {
        if set { self } else { Self::LIVE }
    }

    /// Returns whether the segment is destroyed at its last detach.
    #[must_use]
    pub const fn marked_for_removal(self) -> bool {
        self.contains(Self::MARKED_FOR_REMOVAL)
    }

    /// Returns whether the system does not report if the segment is marked for removal.
    #[must_use]
    pub const fn removal_unknown(self) -> bool {
        self.contains(Self::REMOVAL_UNKNOWN)
    }

    /// Returns whether it is kept in memory, in any of the systems' ways.
    #[must_use]
    pub const fn locked(self) -> bool {
        self.contains(Self::LOCKED) || self.contains(Self::WIRED)
    }

    /// Returns whether it is known to be made of huge pages.
    #[must_use]
    pub const fn huge_pages(self) -> bool {
        self.contains(Self::HUGE_PAGES)
    }
}

impl fmt::Display for StatFlags {
    /// Returns the flags' names separated by commas; empty for a live segment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = Self::NAMES.iter().filter(|(flag, _)| self.contains(*flag));
        if let Some((_, first)) = names.next() {
            f.write_str(first)?;
        }
        names.try_for_each(|(_, name)| write!(f, ", {name}"))
    }
}

impl fmt::Debug for StatFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StatFlags({self})")
    }
}

/// The memory that a segment occupies, in bytes (Linux).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Memory {
    /// Bytes in memory. Linux over-counts huge-page segments (512 times seen
    /// on 6.18); it is clamped to the segment's size in whole pages.
    pub resident: u64,
    /// Bytes swapped out.
    pub swapped: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_named_in_order() {
        let flags = StatFlags::LOCKED.union(StatFlags::MARKED_FOR_REMOVAL);
        assert_eq!(flags.to_string(), "marked for removal, locked");
        assert_eq!(StatFlags::LIVE.to_string(), "");
        assert!(flags.marked_for_removal() && flags.locked() && !flags.huge_pages());
        assert_eq!(StatFlags::WIRED.only_if(false), StatFlags::LIVE);
    }
}
