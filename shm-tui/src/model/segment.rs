//! One segment as the kernel describes it, and what makes it the same segment
//! the next time one looks.
//!
//! A plain record of integers: names of users and command lines live in
//! [`Directory`](super::directory::Directory), so that comparing two samples of
//! thousands of segments is a comparison of small, copyable values.

use std::fmt;
use std::str::FromStr;

use super::key::KeyError;
pub use super::key::{Key, parse_key};

/// The number by which the kernel names a segment.
pub type Id = i32;

/// How a person or a script names a segment: by identifier or by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// A decimal number: the identifier.
    Id(Id),
    /// A number with `0x`, or with `key:` before it: the key.
    Key(Key),
}

impl Name {
    /// Whether `segment` is the one named.
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

/// Why a text names no segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    text: String,
    /// Set if it is meant as a key.
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

/// What the kernel keeps beside the permission bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Destroyed at the last detach (`SHM_DEST`).
    pub removed: bool,
    /// Kept in memory, never swapped out (`SHM_LOCKED`).
    pub locked: bool,
    /// Made of huge pages; not every system tells.
    pub huge: bool,
    /// Made without reserving swap; not every system tells.
    pub no_reserve: bool,
    /// Admits attachments by identifier after its removal although the system
    /// admits none to others (NetBSD's `SHM_RMLINGER`).
    pub lingers: bool,
    /// Perhaps marked for removal: the system does not say so to this program.
    pub removal_unknown: bool,
}

impl Flags {
    /// The labels of the flags that are set, in a fixed order.
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

/// How much of a segment exists in memory and in swap, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Bytes in main memory.
    pub resident: u64,
    /// Bytes swapped out.
    pub swapped: u64,
}

/// One segment at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// The kernel's number for it.
    pub id: Id,
    /// The number programs agreed on.
    pub key: Key,
    /// Size in bytes, as asked for at creation.
    pub size: u64,
    /// Permission bits.
    pub mode: u16,
    /// What else the kernel keeps in the mode.
    pub flags: Flags,
    /// Owner's user number.
    pub owner: u32,
    /// Owner's group number.
    pub group: u32,
    /// Creator's user number.
    pub creator: u32,
    /// Creator's group number.
    pub creator_group: u32,
    /// The process that made it.
    pub creator_pid: i32,
    /// The process that attached or detached last; 0 if none has.
    pub last_pid: i32,
    /// Attachments, without this program's own.
    pub attached: u64,
    /// Attachments of this program, which shows the contents.
    pub own_attached: u64,
    /// Last attach, in seconds since the epoch.
    pub attach_time: Option<i64>,
    /// Last detach, in seconds since the epoch.
    pub detach_time: Option<i64>,
    /// Creation or last change of owner or mode, in seconds since the epoch.
    pub change_time: Option<i64>,
    /// Memory figures, where the system has them and they were asked for.
    pub memory: Option<Memory>,
    /// The last use before this program, or an earlier run of it, looked at the
    /// contents, if that look was the last use.
    pub before_look: Option<Use>,
}

/// The last use of a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// The process that attached or detached last; 0 if that is unknown.
    pub pid: i32,
    /// Last attach, in seconds since the epoch.
    pub attach_time: Option<i64>,
    /// Last detach, in seconds since the epoch.
    pub detach_time: Option<i64>,
}

impl Use {
    /// When it was; nothing if the segment was never attached.
    #[must_use]
    pub fn time(self) -> Option<i64> {
        self.attach_time.max(self.detach_time)
    }
}

impl Segment {
    /// What tells this segment from another that gets the same number later.
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

    /// The last time anybody is known to have attached or detached.
    #[must_use]
    pub fn last_use(&self) -> Option<i64> {
        self.attach_time.max(self.detach_time)
    }

    /// The last use that counts: by others, where this program only looked since.
    #[must_use]
    pub fn counted_use(&self) -> Use {
        self.before_look.unwrap_or(Use {
            pid: self.last_pid,
            attach_time: self.attach_time,
            detach_time: self.detach_time,
        })
    }

    /// Seconds for which nobody has used it, this program's looks aside; nothing
    /// while somebody has it attached.
    #[must_use]
    pub fn unused_for(&self, now: i64) -> Option<i64> {
        if self.attached > 0 {
            return None;
        }
        let last = self.counted_use().time().max(self.change_time)?;
        Some(now.saturating_sub(last).max(0))
    }

    /// The earliest of its times, at which it existed already. The time of change
    /// alone is later than the creation if owner or mode were changed.
    #[must_use]
    pub fn existed_at(&self) -> Option<i64> {
        let times = [self.change_time, self.attach_time, self.detach_time];
        times.into_iter().flatten().min()
    }

    /// Whether `later` is this segment, seen again.
    ///
    /// Removal turns the key private, and a change of owner or mode moves the
    /// change time forward: neither makes it another segment. Size and creator
    /// never change.
    #[must_use]
    pub fn is_same(&self, later: &Segment) -> bool {
        self.creator == later.creator && self.identity().is_still(later)
    }
}

/// Everything that must still be equal just before a segment is acted upon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The kernel's number.
    pub id: Id,
    /// The key.
    pub key: Key,
    /// The process that made it.
    pub creator_pid: i32,
    /// Creation or last change of owner or mode.
    pub change_time: Option<i64>,
    /// Size in bytes.
    pub size: u64,
}

impl Identity {
    /// Whether `segment` is the one meant, for looking at it: as
    /// [`Segment::is_same`], a change of owner or mode and a removal do not
    /// make it another.
    #[must_use]
    pub fn is_still(&self, segment: &Segment) -> bool {
        self.id == segment.id
            && self.creator_pid == segment.creator_pid
            && self.size == segment.size
            && (self.key == segment.key || (segment.flags.removed && segment.key.is_private()))
            && self.change_time <= segment.change_time
    }

    /// Whether `segment` has everything of this one but the times, so that
    /// nobody can tell whether it is the same one.
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
