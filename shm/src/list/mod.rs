//! Every segment of the system, its limits and how much of them is used.
//!
//! These are the public functions; the calls stand in [`crate::sys`], one file
//! a system, and the forms they return in [`crate::decode`].

mod identity;

use alloc::vec::Vec;
use core::ops::Deref;

use crate::error::Result;
use crate::{Key, Limits, SegmentId, Stat, Usage, sys};

/// The segments of the system, from [`segments()`].
///
/// A slice of [`Stat`], in the kernel's order, and how many more there are
/// that this process cannot inspect.
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
    /// Number of segments that exist without the system showing this process anything
    /// (on Linux where a security module says so, or before 4.17 without
    /// `/proc`).
    pub unreadable: usize,
}

impl From<Vec<Stat>> for Segments {
    /// Returns all of them, and none that could not be read.
    fn from(records: Vec<Stat>) -> Self {
        Self {
            records,
            unreadable: 0,
        }
    }
}

impl Segments {
    /// Returns how much of the limits is used, as [`usage()`], without reading the table
    /// once more: Linux counts itself, elsewhere these records are added up.
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
/// "The system" is the caller's IPC namespace on Linux and its jail on
/// FreeBSD. Segments marked for removal are there too, with
/// [`Key::PRIVATE`]. The fastest way: no memory figures, for those see
/// [`segments_with_memory`].
///
/// Others make and remove segments meanwhile, so the records are not a picture
/// of one moment; each segment that exists all the while is among them once.
///
/// | system | how | what an unprivileged process sees |
/// | --- | --- | --- |
/// | Linux | `SHM_STAT_ANY`, else `/proc/sysvipc/shm`, else `SHM_STAT` | everything; by the last way only what it may read |
/// | macOS | the sysctl `kern.sysv.ipcs.shm` | everything |
/// | FreeBSD | the sysctl `kern.ipc.shmsegs` | everything; keys of child jails' segments are private |
/// | NetBSD | the sysctl `kern.ipc.sysvipc_info` | everything |
/// | OpenBSD | the sysctl `KERN_SYSVIPC_INFO` | everything |
/// | DragonFly | the system's `ipcs`, and `IPC_STAT` where allowed | everything; without times where it may not read |
///
/// # Errors
///
/// The system has no such table for this process (no System V shared memory in
/// the kernel, a jail or a sandbox without `/proc/sysvipc/shm`), or one of an unknown form, which is
/// refused rather than guessed at.
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

/// Returns every segment of the system, with [`Stat::memory`] where the system tells
/// it: on Linux, from `/proc/sysvipc/shm`.
///
/// Where that is not mounted, and on the other systems, the records are those
/// of [`segments()`].
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
/// They are what the kernel tells this process: a 32-bit one on a 64-bit Linux
/// hears of a SHMMAX of at most 2³¹ − 1.
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

/// Returns how much of the limits is used.
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

/// Returns the segment with this identifier, whether or not this process may read it.
/// For explaining failures: it may read the whole table.
pub(crate) fn find(id: SegmentId) -> Option<Stat> {
    sys::find(id)
}

/// Returns the segment with this key, in the same way. The table is read only where the
/// segment may not be: for a size of 0 and no rights, `shmget` returns the
/// identifier of whatever has the key, on every system.
pub(crate) fn find_key(key: Key) -> Option<Stat> {
    if key.is_private() {
        return None;
    }
    let id = sys::get(key, 0, 0).ok()?;
    find(id).filter(|stat| stat.key == key)
}
