//! The segments of the system, its limits and usage.
//!
//! These are the public functions; [`crate::sys`] makes the calls, one file per system,
//! and [`crate::decode`] decodes the answers.

mod identity;

use alloc::vec::Vec;
use core::ops::Deref;

use crate::error::Result;
use crate::{Key, Limits, SegmentId, Stat, Usage, sys};

/// The segments of the system, from [`segments()`].
///
/// Dereferences to a slice of [`Stat`], in the kernel's order, and has the number of
/// segments that this process cannot inspect.
///
/// ```
/// let segments = shm::segments()?;
/// if segments.unreadable > 0 {
///     println!("{} segments more that cannot be inspected", segments.unreadable);
/// }
/// for stat in &segments {
///     println!("{} {} {}", stat.id, stat.key, stat.size);
/// }
/// # Ok::<(), shm::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Segments {
    /// The segments.
    pub records: Vec<Stat>,
    /// Number of segments that exist but are hidden from this process (on Linux if a
    /// security module hides them, or before 4.17 without `/proc`).
    pub unreadable: usize,
}

impl From<Vec<Stat>> for Segments {
    /// Returns the segments, without the unreadable ones.
    fn from(records: Vec<Stat>) -> Self {
        Self {
            records,
            unreadable: 0,
        }
    }
}

impl Segments {
    /// Returns the usage as [`usage()`], without reading the table again: Linux counts
    /// itself, elsewhere these records are added up.
    ///
    /// # Errors
    ///
    /// As [`usage()`].
    ///
    /// ```
    /// let segments = shm::segments()?;
    /// println!("{} pages", segments.usage()?.pages);
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn usage(&self) -> Result<Usage> {
        sys::usage_with(&self.records)
    }
}

impl Deref for Segments {
    type Target = [Stat];

    fn deref(&self) -> &[Stat] {
        &self.records
    }
}

impl IntoIterator for Segments {
    type Item = Stat;
    type IntoIter = alloc::vec::IntoIter<Stat>;

    fn into_iter(self) -> Self::IntoIter {
        self.records.into_iter()
    }
}

impl<'a> IntoIterator for &'a Segments {
    type Item = &'a Stat;
    type IntoIter = core::slice::Iter<'a, Stat>;

    fn into_iter(self) -> Self::IntoIter {
        self.records.iter()
    }
}

/// Returns every segment of the system, whoever owns it.
///
/// "The system" is the caller's IPC namespace on Linux and its jail on FreeBSD. Segments
/// marked for removal are included, with [`Key::PRIVATE`]. This is the fastest way; for
/// memory figures see [`segments_with_memory`].
///
/// Others create and remove segments meanwhile, so the records are not an atomic
/// snapshot; each segment that exists the whole time appears once.
///
/// | system | source | visible to an unprivileged process |
/// | --- | --- | --- |
/// | Linux | `SHM_STAT_ANY`, else `/proc/sysvipc/shm`, else `SHM_STAT` | everything; with the last one only what it may read |
/// | macOS | the sysctl `kern.sysv.ipcs.shm` | everything |
/// | FreeBSD | the sysctl `kern.ipc.shmsegs` | everything; keys of child jails' segments are private |
/// | NetBSD | the sysctl `kern.ipc.sysvipc_info` | everything |
/// | OpenBSD | the sysctl `KERN_SYSVIPC_INFO` | everything |
/// | DragonFly | the system's `ipcs`, and `IPC_STAT` where allowed | everything; without times where it may not read |
///
/// # Errors
///
/// The system has no such table for this process (no System V shared memory in the
/// kernel, a jail or a sandbox without `/proc/sysvipc/shm`), or one of an unknown form,
/// which is refused.
///
/// ```
/// use shm::Segment;
///
/// let segment = Segment::private(4096)?.remove_on_drop();
/// let all = shm::segments()?;
/// let ours = all.iter().find(|stat| stat.id == segment.id()).unwrap();
/// assert_eq!(ours.size, 4096);
/// # Ok::<(), shm::Error>(())
/// ```
pub fn segments() -> Result<Segments> {
    sys::segments()
}

/// Returns every segment of the system, with [`Stat::memory`] if the system reports it:
/// on Linux, from `/proc/sysvipc/shm`.
///
/// If that is not mounted, and on the other systems, the records are those of
/// [`segments()`].
///
/// # Errors
///
/// As [`segments()`].
///
/// ```
/// let total: u64 = shm::segments_with_memory()?
///     .iter()
///     .filter_map(|stat| stat.memory)
///     .map(|memory| memory.resident)
///     .sum();
/// println!("{total} bytes of segments are in memory");
/// # Ok::<(), shm::Error>(())
/// ```
pub fn segments_with_memory() -> Result<Segments> {
    sys::segments_with_memory()
}

/// Returns the system's limits on segments.
///
/// The values are those that the kernel reports to this process: a 32-bit one on a 64-bit
/// Linux gets a SHMMAX of at most 2³¹ − 1.
///
/// # Errors
///
/// The system has no System V shared memory for this process.
///
/// ```
/// let limits = shm::limits()?;
/// println!("at most {} bytes a segment, {} in all", limits.max_size, limits.max_total());
/// assert!(limits.max_size.allows(limits.min_size));
/// # Ok::<(), shm::Error>(())
/// ```
pub fn limits() -> Result<Limits> {
    sys::limits()
}

/// Returns the system's usage.
///
/// Linux counts itself; elsewhere the table of segments is added up.
///
/// # Errors
///
/// The system has no System V shared memory for this process.
///
/// ```
/// let usage = shm::usage()?;
/// println!("{} segments of {} pages", usage.segments, usage.pages);
/// # Ok::<(), shm::Error>(())
/// ```
pub fn usage() -> Result<Usage> {
    sys::usage()
}

/// Returns the segment with this identifier, whether or not this process may read it. For
/// explaining failures, because it may read the whole table.
pub(crate) fn find(id: SegmentId) -> Option<Stat> {
    sys::find(id)
}

/// Returns the segment with this key, in the same way. The table is read only if the
/// segment is not readable: for a size of 0 and no rights, `shmget` returns the
/// identifier for any key, on every system.
pub(crate) fn find_key(key: Key) -> Option<Stat> {
    if key.is_private() {
        return None;
    }
    let id = sys::get(key, 0, 0).ok()?;
    find(id).filter(|stat| stat.key == key)
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_found_by_its_key_and_no_other() {
        let options = crate::SegmentOptions::new().size(4096);
        let (segment, key) = options.create_random().unwrap();
        let segment = segment.remove_on_drop();
        assert_eq!(find_key(key).map(|stat| stat.id), Some(segment.id()));
        let other = Key::from_raw(key.as_raw().wrapping_add(1));
        assert!(find_key(other).is_none_or(|stat| stat.id != segment.id()));
        assert_eq!(find_key(Key::PRIVATE), None);
    }
}
