//! A sample of the system.

use super::segment::{Flags, Memory, Segment};

/// A sample of the system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Every segment, ordered by identifier.
    pub segments: Vec<Segment>,
    /// The system's limits, as far as it reports them.
    pub limits: Limits,
    /// The system's usage, as far as it reports it.
    pub usage: Usage,
    /// Why the list of segments is empty although there may be some: the limits could be
    /// read, but the segments could not be listed.
    pub unlisted: Option<String>,
    /// The inode of the IPC namespace; `None` if the system has none.
    pub namespace: Option<u64>,
}

impl Limits {
    /// Returns whether nobody can attach `segment` any more, by its key or its
    /// identifier.
    #[must_use]
    pub fn closes(&self, segment: &Segment) -> bool {
        let Flags {
            removed, lingers, ..
        } = segment.flags;
        removed && !lingers && self.attach_removed == Some(false)
    }
}

impl Snapshot {
    /// Replaces the system's totals by the sums of the segments' memory figures, where
    /// they are known: in its totals Linux counts each huge page once for each small page
    /// in it, and the totals must match the rows.
    pub fn add_up(&mut self) {
        let figures = || self.segments.iter().filter_map(|segment| segment.memory);
        if figures().next().is_some() {
            let sum = |of: fn(&Memory) -> u64| {
                figures().fold(0, |sum: u64, memory| sum.saturating_add(of(&memory)))
            };
            self.usage.resident = Some(sum(|memory| memory.resident));
            self.usage.swapped = Some(sum(|memory| memory.swapped));
        }
    }
}

/// What is in use of the limits; `None` is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// What the system allows.
    pub limits: Limits,
    /// How many segments there are.
    pub segments: Option<u64>,
    /// Bytes of the largest one; unknown also where nobody asked.
    pub largest: Option<u64>,
    /// What is in use.
    pub usage: Usage,
}

impl Totals {
    /// Adds up the segments of a snapshot.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let sizes = snapshot.segments.iter().map(|segment| segment.size);
        let listed = snapshot.unlisted.is_none();
        Self {
            limits: snapshot.limits,
            segments: listed.then_some(snapshot.segments.len() as u64),
            largest: listed.then(|| sizes.max().unwrap_or(0)),
            usage: snapshot.usage,
        }
    }
}

/// The system's limits; `None` if unknown or unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Number of segments (`SHMMNI`).
    pub segments: Option<u64>,
    /// Bytes in one segment (`SHMMAX`).
    pub segment_bytes: Option<u64>,
    /// Bytes in the smallest segment (`SHMMIN`).
    pub smallest: Option<u64>,
    /// Pages in all segments together (`SHMALL`).
    pub pages: Option<u64>,
    /// Bytes in one page.
    pub page_bytes: u64,
    /// Whether the last detach destroys every segment (`kernel.shm_rmid_forced`).
    pub rmid_forced: Option<bool>,
    /// Whether a segment marked for removal can be attached by its identifier; a setting
    /// on some systems (`kern.ipc.shm_allow_removed`).
    pub attach_removed: Option<bool>,
}

/// The system's usage; `None` if unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Pages of all segments together.
    pub pages: Option<u64>,
    /// Resident bytes of all segments.
    pub resident: Option<u64>,
    /// Swapped bytes of all segments.
    pub swapped: Option<u64>,
    /// Segments that the system hides from this program.
    pub hidden: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_segment_is_closed_where_the_system_says_so_and_it_does_not_linger() {
        let flags = |removed, lingers| Segment {
            flags: Flags {
                removed,
                lingers,
                ..Flags::default()
            },
            ..Segment::default()
        };
        let limits = |attach_removed| Limits {
            attach_removed,
            ..Limits::default()
        };
        assert!(limits(Some(false)).closes(&flags(true, false)));
        // NetBSD's SHM_RMLINGER still allows new attachments.
        assert!(!limits(Some(false)).closes(&flags(true, true)));
        assert!(!limits(Some(false)).closes(&flags(false, false)));
        for open in [Some(true), None] {
            assert!(!limits(open).closes(&flags(true, false)));
        }
    }

    #[test]
    fn sums_of_memory_are_those_of_the_segments() {
        let segment = |resident, swapped| Segment {
            memory: Some(Memory { resident, swapped }),
            ..Segment::default()
        };
        let usage = Usage {
            resident: Some(1_300),
            swapped: Some(9),
            ..Usage::default()
        };
        let mut snapshot = Snapshot {
            segments: vec![segment(300, 1), segment(4, 2), Segment::default()],
            usage,
            ..Snapshot::default()
        };
        snapshot.add_up();
        let usage = snapshot.usage;
        assert_eq!((usage.resident, usage.swapped), (Some(304), Some(3)));
        // Without figures the system's own totals stay.
        snapshot.segments = vec![Segment::default()];
        snapshot.add_up();
        assert_eq!(snapshot.usage, usage);
    }
}
