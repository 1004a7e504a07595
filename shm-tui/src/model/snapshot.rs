//! Everything that one look at the system returned.

use super::segment::Segment;

/// One look at the system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Every segment, ordered by identifier.
    pub segments: Vec<Segment>,
    /// What the system allows, as far as it tells.
    pub limits: Limits,
    /// What is in use, as far as the system tells.
    pub usage: Usage,
}

/// What the system allows; `None` where it does not tell or has no limit.
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
}

/// What is in use; `None` where the system does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Pages that all segments may take together.
    pub pages: Option<u64>,
    /// Bytes of all segments in main memory.
    pub resident: Option<u64>,
    /// Bytes of all segments swapped out.
    pub swapped: Option<u64>,
    /// Segments of which the system shows this program nothing.
    pub hidden: u64,
}
