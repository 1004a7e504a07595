//! A segment as the kernel describes it, and its identity across samples.
//!
//! A plain record of integers. Names of users and command lines are in
//! [`Directory`](super::directory::Directory), so that comparing two samples of thousands
//! of segments compares small, copyable values.

use std::fmt;
use std::str::FromStr;

use super::key::KeyError;
pub use super::key::{Key, parse_key};

/// The kernel's identifier of a segment.
pub type Id = i32;

/// A segment as named by a person or a script: by identifier or by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// A decimal number: the identifier.
    Id(Id),
    /// A number after `0x`, or after `key:`: the key.
    Key(Key),
}

impl Name {
    /// Returns whether it names `segment`.
    #[must_use]
    pub fn names(self, segment: &Segment) -> bool {
        match self {
            Self::Id(id) => segment.id == id,
            Self::Key(key) => segment.key == key,
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "id {id}"),
            Self::Key(key) => write!(f, "key {key}"),
        }
    }
}

/// Why a text does not name a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    text: String,
    /// Set if it is a key.
    key: Option<KeyError>,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, key } = self;
        match key {
            Some(error @ KeyError::TooWide(_)) => write!(f, "`{text}` {error}"),
            _ => write!(
                f,
                "`{text}` is neither an identifier (a decimal number) nor a key (0x and \
                 hexadecimal digits)"
            ),
        }
    }
}

impl std::error::Error for NameError {}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let wrong = |key| NameError {
            text: text.to_owned(),
            key,
        };
        let key = |digits| match parse_key(digits) {
            Ok(key) => Ok(Self::Key(key)),
            Err(error) => Err(wrong(Some(error))),
        };
        if let Some(digits) = text.strip_prefix("key:") {
            return key(digits);
        }
        if let Some(id) = text.strip_prefix("id:") {
            return id.parse().map(Self::Id).map_err(|_| wrong(None));
        }
        if text.starts_with("0x") || text.starts_with("0X") {
            return key(text);
        }
        match text.parse::<Id>() {
            Ok(id) if id >= 0 => Ok(Self::Id(id)),
            _ => Err(wrong(None)),
        }
    }
}

/// The flags beside the permission bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Marked for removal: destroyed at the last detach (`SHM_DEST`).
    pub removed: bool,
    /// Locked in memory, never swapped out (`SHM_LOCKED`).
    pub locked: bool,
    /// Made of huge pages; not every system reports it.
    pub huge: bool,
    /// Created without reserving swap; not every system reports it.
    pub no_reserve: bool,
    /// Can be attached by identifier after its removal although the system otherwise
    /// refuses that (NetBSD's `SHM_RMLINGER`).
    pub lingers: bool,
    /// Perhaps marked for removal: the system does not report it to this program.
    pub removal_unknown: bool,
}

impl Flags {
    /// Returns the labels of the set flags, in a fixed order.
    pub fn labels(self) -> impl Iterator<Item = &'static str> {
        [
            (self.removed, "dest"),
            (self.locked, "locked"),
            (self.huge, "hugetlb"),
            (self.no_reserve, "noreserve"),
        ]
        .into_iter()
        .filter_map(|(set, label)| set.then_some(label))
    }
}

/// The resident and swapped bytes of a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Resident bytes.
    pub resident: u64,
    /// Swapped bytes.
    pub swapped: u64,
}

/// A segment at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// Its identifier.
    pub id: Id,
    /// Its key.
    pub key: Key,
    /// Size in bytes, as requested at creation.
    pub size: u64,
    /// Permission bits.
    pub mode: u16,
    /// The flags beside the permission bits.
    pub flags: Flags,
    /// Owner's user number.
    pub owner: u32,
    /// Owner's group number.
    pub group: u32,
    /// Creator's user number.
    pub creator: u32,
    /// Creator's group number.
    pub creator_group: u32,
    /// The creating process.
    pub creator_pid: i32,
    /// The process that attached or detached last; 0 if none or unknown.
    pub last_pid: i32,
    /// Attachments, without this program's own.
    pub attached: u64,
    /// Attachments of this program.
    pub own_attached: u64,
    /// Last attach, in seconds since the epoch.
    pub attach_time: Option<i64>,
    /// Last detach, in seconds since the epoch.
    pub detach_time: Option<i64>,
    /// Creation or last change of owner or mode, in seconds since the epoch.
    pub change_time: Option<i64>,
    /// Memory figures, if the system has them and they were requested.
    pub memory: Option<Memory>,
    /// The last use before this program, or an earlier run of it, viewed the contents, if
    /// that view is the kernel's last use.
    pub before_view: Option<Use>,
}

/// The last use of a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// The process that attached or detached last; 0 if unknown.
    pub pid: i32,
    /// Last attach, in seconds since the epoch.
    pub attach_time: Option<i64>,
    /// Last detach, in seconds since the epoch.
    pub detach_time: Option<i64>,
}

impl Use {
    /// Returns its time; `None` if the segment was never attached.
    #[must_use]
    pub fn time(self) -> Option<i64> {
        self.attach_time.max(self.detach_time)
    }
}

impl Segment {
    /// Returns the identity that distinguishes this segment from a later one with the
    /// same identifier.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity {
            id: self.id,
            key: self.key,
            creator_pid: self.creator_pid,
            change_time: self.change_time,
            size: self.size,
        }
    }

    /// Returns the time of the last known attach or detach.
    #[must_use]
    pub fn last_use(&self) -> Option<i64> {
        self.attach_time.max(self.detach_time)
    }

    /// Returns the last use that counts: that of others, if only this program viewed the
    /// segment since.
    #[must_use]
    pub fn counted_use(&self) -> Use {
        self.before_view.unwrap_or(Use {
            pid: self.last_pid,
            attach_time: self.attach_time,
            detach_time: self.detach_time,
        })
    }

    /// Returns the seconds since the last use, not counting this program's views; `None`
    /// while the segment is attached.
    #[must_use]
    pub fn unused_for(&self, now: i64) -> Option<i64> {
        if self.attached > 0 {
            return None;
        }
        let last = self.counted_use().time().max(self.change_time)?;
        Some(now.saturating_sub(last).max(0))
    }

    /// Whether every user may write to it.
    #[must_use]
    pub fn is_world_writable(&self) -> bool {
        self.mode & 0o002 != 0
    }

    /// How many things about it deserve a sign: that every user may write to it,
    /// that it is locked in memory, that it is made of huge pages.
    #[must_use]
    pub fn notable_flags(&self) -> u16 {
        let set = [self.is_world_writable(), self.flags.locked, self.flags.huge];
        set.map(u16::from).iter().sum()
    }

    /// Resident bytes in hundredths of the size, rounded up; `None` where they are
    /// unknown. At most 100, although the last page may be larger than its bytes.
    #[must_use]
    pub fn resident_share(&self) -> Option<u64> {
        let resident = u128::from(self.memory?.resident);
        let share = (resident * 100).div_ceil(u128::from(self.size.max(1)));
        u64::try_from(share.min(100)).ok()
    }

    /// The earliest of its times, at which it existed already. The time of change
    /// alone is later than the creation if owner or mode were changed.
    #[must_use]
    pub fn existed_at(&self) -> Option<i64> {
        let times = [self.change_time, self.attach_time, self.detach_time];
        times.into_iter().flatten().min()
    }

    /// Returns whether `later` is the same segment.
    ///
    /// Removal makes the key private, and a change of owner or mode moves the change
    /// time: neither makes it another segment. Size and creator never change.
    #[must_use]
    pub fn is_same(&self, later: &Segment) -> bool {
        self.creator == later.creator && self.identity().is_still(later)
    }
}

/// The values that must be unchanged just before an act.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The identifier.
    pub id: Id,
    /// The key.
    pub key: Key,
    /// The creating process.
    pub creator_pid: i32,
    /// Time of creation or of the last change of owner or mode.
    pub change_time: Option<i64>,
    /// Size in bytes.
    pub size: u64,
}

impl Identity {
    /// Returns whether `segment` is the same one, for viewing: as with
    /// [`Segment::is_same`], a change of owner or mode and a removal do not make it
    /// another.
    #[must_use]
    pub fn is_still(&self, segment: &Segment) -> bool {
        self.id == segment.id
            && self.creator_pid == segment.creator_pid
            && self.size == segment.size
            && (self.key == segment.key || (segment.flags.removed && segment.key.is_private()))
            && self.change_time <= segment.change_time
    }

    /// Returns whether `segment` agrees in everything but the times, so that it may or
    /// may not be the same one.
    #[must_use]
    pub fn may_be(&self, segment: &Segment) -> bool {
        let mut latest = *self;
        latest.change_time = None;
        latest.is_still(segment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment() -> Segment {
        Segment {
            id: 7,
            key: Key(0x51),
            creator_pid: 100,
            size: 4096,
            change_time: Some(50),
            ..Segment::default()
        }
    }

    #[test]
    fn names_are_ids_or_keys_and_nothing_else() {
        assert_eq!("7".parse(), Ok(Name::Id(7)));
        assert_eq!("0x51".parse(), Ok(Name::Key(Key(0x51))));
        assert_eq!("0xFFFFFFFF".parse(), Ok(Name::Key(Key(0xffff_ffff))));
        assert_eq!("key:81".parse(), Ok(Name::Key(Key(81))));
        assert_eq!("key:-1".parse(), Ok(Name::Key(parse_key("-1").unwrap())));
        assert_eq!("id:0".parse(), Ok(Name::Id(0)));
        for wrong in [
            "",
            "x",
            "0x",
            "0x+1",
            "0x10000000000000000",
            "-1",
            "7 ",
            "key:",
            "99999999999",
        ] {
            assert!(wrong.parse::<Name>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_removed_segment_is_still_the_same_one() {
        let mut later = segment();
        later.key = Key(0);
        assert!(!segment().is_same(&later));
        later.flags.removed = true;
        assert!(segment().is_same(&later));
    }

    #[test]
    fn a_number_that_came_back_is_another_segment() {
        for change in [
            |s: &mut Segment| s.creator_pid = 101,
            |s: &mut Segment| s.size = 8192,
            |s: &mut Segment| s.key = Key(0x52),
            |s: &mut Segment| s.change_time = Some(49),
        ] {
            let mut later = segment();
            change(&mut later);
            assert!(!segment().is_same(&later), "{later:?}");
        }
    }

    #[test]
    fn a_key_that_is_too_wide_is_refused_for_that() {
        for text in ["0x10000000000000000", "key:18446744073709551616"] {
            let error = text.parse::<Name>().unwrap_err().to_string();
            let width = shm::RawKey::BITS;
            assert_eq!(
                error,
                format!("`{text}` does not fit into a key: {width} bits on this system")
            );
        }
    }
}
