//! One segment as the kernel describes it, and what makes it the same segment
//! the next time one looks.
//!
//! A plain record of integers: names of users and command lines live in
//! [`Directory`](super::directory::Directory), so that comparing two samples of
//! thousands of segments is a comparison of small, copyable values.

use std::fmt;
use std::str::FromStr;

/// The number by which the kernel names a segment.
pub type Id = i32;

/// The number by which programs agree on a segment; 0 is "private".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub i32);

impl Key {
    /// The key as the unsigned number that every tool prints.
    #[must_use]
    pub fn bits(self) -> u32 {
        u32::from_ne_bytes(self.0.to_ne_bytes())
    }

    /// Whether the segment has no key: made private, or marked for removal.
    #[must_use]
    pub fn is_private(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#010x}", self.bits())
    }
}

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
pub struct NameError(String);

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is neither an identifier (a decimal number) nor a key (0x and hexadecimal digits)",
            self.0
        )
    }
}

impl std::error::Error for NameError {}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let wrong = || NameError(text.to_owned());
        if let Some(key) = text.strip_prefix("key:") {
            return parse_key(key).map(Self::Key).ok_or_else(wrong);
        }
        if let Some(id) = text.strip_prefix("id:") {
            return id.parse().map(Self::Id).map_err(|_| wrong());
        }
        if text.starts_with("0x") || text.starts_with("0X") {
            return parse_key(text).map(Self::Key).ok_or_else(wrong);
        }
        match text.parse::<Id>() {
            Ok(id) if id >= 0 => Ok(Self::Id(id)),
            _ => Err(wrong()),
        }
    }
}

/// Reads a key as decimal (also negative, as `/proc` prints it) or as `0x` hex.
#[must_use]
pub fn parse_key(text: &str) -> Option<Key> {
    if let Some(hex) = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .filter(|hex| !hex.starts_with('+'))
    {
        let bits = u32::from_str_radix(hex, 16).ok()?;
        return Some(Key(i32::from_ne_bytes(bits.to_ne_bytes())));
    }
    let number: i64 = text.parse().ok()?;
    i32::try_from(number)
        .or_else(|_| u32::try_from(number).map(|bits| i32::from_ne_bytes(bits.to_ne_bytes())))
        .ok()
        .map(Key)
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
        assert_eq!("0xFFFFFFFF".parse(), Ok(Name::Key(Key(-1))));
        assert_eq!("key:-1".parse(), Ok(Name::Key(Key(-1))));
        assert_eq!("key:4294967295".parse(), Ok(Name::Key(Key(-1))));
        assert_eq!("id:0".parse(), Ok(Name::Id(0)));
        for wrong in [
            "",
            "x",
            "0x",
            "0x+1",
            "0x1ffffffff",
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
    fn keys_print_as_every_other_tool_prints_them() {
        assert_eq!(Key(0x51).to_string(), "0x00000051");
        assert_eq!(Key(-1).to_string(), "0xffffffff");
    }
}
