//! The processes that have a segment attached.
//!
//! Linux shows the mappings of a process under `/proc`, and those of segments have the
//! segment's identifier; newer FreeBSD kernels mark them with key and sequence number.
//! There a scan of all processes finds the attachments of all segments. DragonFly,
//! NetBSD, macOS and older FreeBSD kernels show only an object or a reference count,
//! which a process that has the segment attached itself can compare ([`probe`]). OpenBSD
//! shows nothing, so the search is refused with the reason.
//!
//! An answer is useful only if it states its gaps: processes that cannot be inspected.
//! They are counted, and the number of attachments found is compared with the segment's
//! own count ([`Coverage`]).

#[cfg(any(
    not(any(target_os = "macos", target_os = "dragonfly", target_os = "openbsd")),
    test
))]
mod join;

#[cfg(any(
    target_os = "freebsd",
    target_os = "dragonfly",
    target_os = "macos",
    test
))]
mod by_object;
#[cfg(any(target_os = "netbsd", test))]
mod by_reference_count;
#[cfg(any(target_os = "freebsd", test))]
mod first_answer;
#[cfg(any(target_os = "freebsd", target_os = "dragonfly", test))]
mod procfs;

mod probe;

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;
#[cfg(target_os = "freebsd")]
#[path = "freebsd.rs"]
mod system;
#[cfg(target_os = "dragonfly")]
#[path = "dragonfly.rs"]
mod system;
#[cfg(target_os = "netbsd")]
#[path = "netbsd.rs"]
mod system;
#[cfg(target_os = "openbsd")]
#[path = "openbsd.rs"]
mod system;
#[cfg(target_os = "macos")]
#[path = "macos.rs"]
mod system;

#[cfg(any(target_os = "freebsd", test))]
mod identify;

use core::fmt;

pub use probe::{Probe, ProcessSearch, probe_processes, process_search};
#[cfg(target_os = "linux")]
pub(crate) use system::{
    namespace_of, numbers, others_are_invisible, own_namespace, scan_namespace,
};

use crate::error::{Cause, Error, Operation, Result, Target};
use crate::{Key, SegmentId, Stat, list, sys};

/// A segment attached by a process.
///
/// It comes from one call of `shmat`, by the process or, before a fork, by its parent.
/// Pieces into which `mprotect(2)` or `munmap(2)` have split the mapping are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ProcessAttachment {
    /// The segment.
    pub id: SegmentId,
    /// The process, by its number in this process's pid namespace.
    pub pid: i32,
    /// Its first address in the process.
    pub start: u64,
    /// The address after its last.
    pub end: u64,
    /// Whether the process may read it, or any piece of it.
    pub readable: bool,
    /// Whether the process may write to it, or to any piece of it.
    pub writable: bool,
    /// Whether the process may execute it, or any piece of it.
    pub executable: bool,
    /// How many attachments it counts as in [`Stat::attached`]: Linux counts mappings,
    /// the pieces of this attachment.
    pub pieces: u32,
    /// The key with which the segment was created, which remains after a mark for removal
    /// (Linux).
    pub original_key: Option<Key>,
    /// Whether the segment is made of huge pages (Linux).
    pub huge_pages: bool,
}

/// Whether every attachment of a segment was found.
///
/// ```
/// assert_eq!(shm::Coverage::Hidden(2).to_string(), "2 hidden");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Coverage {
    /// As many were found as the segment has.
    Complete,
    /// The segment has this many more: those of processes that cannot be inspected, or
    /// new ones.
    Hidden(u64),
    /// This many more were found than the segment has: some were detached meanwhile,
    /// processes share one address space, or a process brought a mapping into another IPC
    /// namespace.
    Surplus(u64),
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Complete => f.pad("complete"),
            Self::Hidden(count) => write!(f, "{count} hidden"),
            Self::Surplus(count) => write!(f, "{count} too many"),
        }
    }
}

/// The attachments of one segment, from [`attached_processes`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct AttachedProcesses {
    /// The attachments found, by process and address.
    pub attachments: Vec<ProcessAttachment>,
    /// Whether all were found.
    pub coverage: Coverage,
    /// Number of processes that could not be inspected, whatever they have attached.
    pub unreadable: usize,
    /// Whether the system hides other users' processes altogether (`hidepid` of Linux),
    /// so that not even their number is known.
    pub invisible: bool,
}

impl AttachedProcesses {
    /// Returns the processes of the attachments, each once and in ascending order.
    ///
    #[cfg_attr(target_os = "linux", doc = "```")]
    #[cfg_attr(not(target_os = "linux"), doc = "```no_run")]
    /// let segment = shm::Segment::private(4096)?.remove_on_drop();
    /// let (_one, _other) = (segment.attach()?, segment.attach()?);
    /// let found = shm::attached_processes(segment.id())?;
    /// assert_eq!(found.pids(), [std::process::id() as i32]);
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use]
    pub fn pids(&self) -> Vec<i32> {
        let mut pids: Vec<_> = self.attachments.iter().map(|found| found.pid).collect();
        pids.sort_unstable();
        pids.dedup();
        pids
    }

    /// Returns the key with which the segment was created, if an attachment shows it: the
    /// key of a segment that is marked for removal and has none now.
    ///
    #[cfg_attr(target_os = "linux", doc = "```")]
    #[cfg_attr(not(target_os = "linux"), doc = "```no_run")]
    /// use shm::{Key, Segment};
    ///
    /// let key = Key::random();
    /// let segment = Segment::create_new(key, 4096)?;
    /// let attachment = segment.attach()?;
    /// segment.remove()?;
    /// assert!(segment.stat()?.key.is_private());
    /// assert_eq!(shm::attached_processes(segment.id())?.original_key(), Some(key));
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use]
    pub fn original_key(&self) -> Option<Key> {
        self.attachments
            .iter()
            .find_map(|attachment| attachment.original_key)
    }

    /// Returns whether the segment is made of huge pages; `None` without an attachment to
    /// show it.
    ///
    #[cfg_attr(target_os = "linux", doc = "```")]
    #[cfg_attr(not(target_os = "linux"), doc = "```no_run")]
    /// let (segment, attachment) =
    ///     shm::SegmentOptions::new().size(4096).open_or_create(true).open_attached(shm::Key::random())?;
    /// assert_eq!(shm::attached_processes(segment.id())?.huge_pages(), Some(false));
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use]
    pub fn huge_pages(&self) -> Option<bool> {
        self.attachments
            .first()
            .map(|attachment| attachment.huge_pages)
    }
}

/// The attachments of all processes, from [`scan_processes`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ProcessScan {
    /// Every attachment found, by segment, process and address.
    pub attachments: Vec<ProcessAttachment>,
    /// Number of processes that could not be inspected.
    pub unreadable: usize,
    /// As [`AttachedProcesses::invisible`].
    pub invisible: bool,
}

impl ProcessScan {
    /// Returns the attachments of one segment.
    ///
    #[cfg_attr(target_os = "linux", doc = "```")]
    #[cfg_attr(not(target_os = "linux"), doc = "```no_run")]
    /// use shm::Segment;
    ///
    /// let segment = Segment::private(4096)?.remove_on_drop();
    /// let attachments = [segment.attach()?, segment.attach()?];
    /// assert_eq!(shm::scan_processes()?.of(segment.id()).len(), 2);
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use]
    pub fn of(&self, id: SegmentId) -> &[ProcessAttachment] {
        let from = self.attachments.partition_point(|found| found.id < id);
        let to = self.attachments.partition_point(|found| found.id <= id);
        self.attachments.get(from..to).unwrap_or_default()
    }

    /// Returns the attachments of the segment with this state.
    ///
    /// An attachment counts only if it can belong to this segment: one with another key
    /// or longer than the segment belongs to an earlier segment with this identifier, or
    /// to another IPC namespace that a process has left. If the segment has no
    /// attachments, none counts, and all are the [`Coverage::Surplus`].
    ///
    #[cfg_attr(target_os = "linux", doc = "```")]
    #[cfg_attr(not(target_os = "linux"), doc = "```no_run")]
    /// use shm::{Coverage, Segment};
    ///
    /// let segment = Segment::private(4096)?.remove_on_drop();
    /// let scan = shm::scan_processes()?;
    /// let attached = scan.attached(&segment.stat()?);
    /// assert_eq!((attached.attachments.len(), attached.coverage), (0, Coverage::Complete));
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use]
    pub fn attached(&self, stat: &Stat) -> AttachedProcesses {
        let fits = |found: &&ProcessAttachment| {
            let same_key =
                stat.key.is_private() || found.original_key.is_none_or(|key| key == stat.key);
            // Huge pages are rounded up to their own size.
            let rounded = stat.size.saturating_add(sys::page_size() as u64 - 1);
            same_key && (found.huge_pages || found.end.saturating_sub(found.start) <= rounded)
        };
        let mut attachments: Vec<_> = self.of(stat.id).iter().filter(fits).copied().collect();
        let coverage = coverage(&attachments, stat.attached);
        if stat.attached == 0 {
            attachments.clear();
        }
        AttachedProcesses {
            coverage,
            attachments,
            unreadable: self.unreadable,
            invisible: self.invisible,
        }
    }

    /// Sorts the attachments as [`of`](Self::of) requires.
    #[cfg(any(target_os = "linux", target_os = "freebsd", test))]
    fn sort(&mut self) {
        self.attachments
            .sort_unstable_by_key(|found| (found.id, found.pid, found.start));
    }
}

/// Compares the number of attachments with the segment's count.
fn coverage(attachments: &[ProcessAttachment], attached: u64) -> Coverage {
    let found: u64 = attachments
        .iter()
        .map(|found| u64::from(found.pieces))
        .sum();
    match attached.checked_sub(found) {
        Some(0) => Coverage::Complete,
        Some(hidden) => Coverage::Hidden(hidden),
        None => Coverage::Surplus(found - attached),
    }
}

/// Returns the processes that have a segment attached.
///
/// Scans every process: for more than one segment call [`scan_processes`] once. The
/// example `postgres` names the backends of a running server this way.
///
/// # Errors
///
/// There is no such segment, or this system cannot find the processes
/// ([`Cause::Unsupported`] with the reason).
///
#[cfg_attr(target_os = "linux", doc = "```")]
#[cfg_attr(not(target_os = "linux"), doc = "```no_run")]
/// use shm::{Coverage, Segment};
///
/// let segment = Segment::private(4096)?.remove_on_drop();
/// let attachment = segment.attach()?;
/// let found = shm::attached_processes(segment.id())?;
/// assert_eq!(found.coverage, Coverage::Complete);
/// assert_eq!(found.attachments[0].pid, std::process::id() as i32);
/// assert_eq!(found.attachments[0].start, attachment.as_ptr() as u64);
/// # Ok::<(), shm::Error>(())
/// ```
pub fn attached_processes(id: SegmentId) -> Result<AttachedProcesses> {
    let scan = scan_processes()?;
    let gone = || Error::refused(Operation::FindProcesses, Target::Segment(id), Cause::Gone);
    let stat = list::find(id).ok_or_else(gone)?;
    Ok(scan.attached(&stat))
}

/// Scans every process once, for the attachments of all segments.
///
/// A process counts as being in the IPC namespace of its first thread. Processes in other
/// namespaces are excluded, because identifiers differ there; see
/// [`Namespace::scan_processes`](crate::Namespace::scan_processes).
///
/// | system | source |
/// | --- | --- |
/// | Linux | `PROCMAP_QUERY` on `/proc/PID/maps` (6.11 and later), else its text |
/// | FreeBSD | the sysctl `kern.proc.vmmap`, where the kernel marks segments in it (13.2 does not) |
/// | others | [`Cause::Unsupported`]: mappings do not name their segment; [`probe_processes`] finds those of one segment |
///
/// # Errors
///
/// This system cannot find the processes ([`Cause::Unsupported`] with the reason), or
/// `/proc` is not mounted.
///
#[cfg_attr(target_os = "linux", doc = "```")]
#[cfg_attr(not(target_os = "linux"), doc = "```no_run")]
/// let scan = shm::scan_processes()?;
/// for stat in &shm::segments()? {
///     let found = scan.attached(stat);
///     println!("{}: {} found, {}", stat.id, found.attachments.len(), found.coverage);
/// }
/// # Ok::<(), shm::Error>(())
/// ```
pub fn scan_processes() -> Result<ProcessScan> {
    system::scan()
}

/// Returns the size of a segment in whole pages, and that of a page, in bytes.
#[cfg(any(target_os = "freebsd", target_os = "dragonfly", target_os = "macos"))]
fn rounded_size(id: SegmentId) -> Result<(u64, u64)> {
    let gone = || Error::refused(Operation::FindProcesses, Target::Segment(id), Cause::Gone);
    let size = list::find(id).ok_or_else(gone)?.size;
    let page_size = crate::sys::page_size() as u64;
    Ok((size.next_multiple_of(page_size.max(1)), page_size))
}

/// Returns the error for a scan that the system does not support.
fn cannot(cause: Cause) -> Error {
    Error::refused(Operation::FindProcesses, Target::Segments, cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::sysvipc;

    fn attachment(id: i32, pid: i32, pieces: u32, key: u8) -> ProcessAttachment {
        ProcessAttachment {
            id: SegmentId::from_raw(id),
            pid,
            start: 0x1000,
            end: 0x2000,
            readable: true,
            writable: true,
            executable: false,
            pieces,
            original_key: Some(Key::from_raw(key.into())),
            huge_pages: false,
        }
    }

    fn segment(key_and_id: &str, attached: u64) -> Stat {
        let text = format!("key\n{key_and_id} 600 4096 1 2 {attached} 0 0 0 0 0 0 9\n");
        sysvipc::segments(text.as_bytes(), 4096).unwrap().remove(0)
    }

    fn scan(attachments: Vec<ProcessAttachment>) -> ProcessScan {
        let mut scan = ProcessScan {
            attachments,
            unreadable: 4,
            invisible: false,
        };
        scan.sort();
        scan
    }

    fn pids(attached: &AttachedProcesses) -> Vec<i32> {
        attached.attachments.iter().map(|found| found.pid).collect()
    }

    #[test]
    fn attachments_are_compared_with_what_the_segment_says() {
        let one = attachment(7, 10, 1, 5);
        let split = attachment(7, 11, 2, 5);
        let more = attachment(7, 12, 2, 5);
        for (found, coverage) in [
            (vec![one, split], Coverage::Complete),
            (vec![], Coverage::Hidden(3)),
            (vec![one], Coverage::Hidden(2)),
            (vec![more, split], Coverage::Surplus(1)),
        ] {
            let attached = scan(found.clone()).attached(&segment("5 7", 3));
            assert_eq!(attached.coverage, coverage, "{found:?}");
            assert_eq!(attached.unreadable, 4);
        }
        assert_eq!(Coverage::Hidden(2).to_string(), "2 hidden");
    }

    #[test]
    fn processes_are_named_once_and_in_order() {
        let of = |pid, huge_pages| ProcessAttachment {
            huge_pages,
            ..attachment(7, pid, 1, 5)
        };
        let found = scan(vec![of(9, true), of(3, true), of(9, true)]);
        let attached = found.attached(&segment("5 7", 3));
        assert_eq!(attached.pids(), [3, 9]);
        assert_eq!(attached.huge_pages(), Some(true));
        let attached = scan(vec![of(3, false)]).attached(&segment("5 7", 1));
        assert_eq!(attached.huge_pages(), Some(false));
        let attached = scan(vec![]).attached(&segment("5 7", 0));
        assert_eq!((attached.pids(), attached.huge_pages()), (vec![], None));
    }

    #[test]
    fn attachments_of_other_segments_are_not_mixed_in() {
        let scan = scan(vec![
            attachment(8, 1, 1, 5),
            attachment(7, 2, 1, 5),
            attachment(6, 3, 1, 5),
            attachment(7, 4, 1, 99),
        ]);
        let attached = scan.attached(&segment("5 7", 1));
        assert_eq!(
            (pids(&attached), attached.coverage),
            (vec![2], Coverage::Complete)
        );
        // One that a process brought from another namespace.
        let attached = scan.attached(&segment("5 7", 0));
        assert_eq!(
            (pids(&attached), attached.coverage),
            (vec![], Coverage::Surplus(1))
        );
        let longer = ProcessAttachment {
            end: 0x1000 + (64 << 20),
            ..attachment(7, 2, 1, 5)
        };
        let attached = self::tests::scan(vec![longer]).attached(&segment("5 7", 1));
        assert_eq!(attached.coverage, Coverage::Hidden(1));
        // A page more than the segment has.
        let longer = ProcessAttachment {
            end: 0x1000 + 4096 + crate::sys::page_size() as u64,
            ..attachment(7, 2, 1, 5)
        };
        let attached = self::tests::scan(vec![longer]).attached(&segment("5 7", 1));
        assert_eq!(attached.coverage, Coverage::Hidden(1));
        // One that is marked for removal shows no key to compare.
        let attached = scan.attached(&segment("0 7", 2));
        assert_eq!(pids(&attached), [2, 4]);
        assert_eq!(attached.original_key(), Some(Key::from_raw(5)));
        assert!(scan.of(SegmentId::from_raw(9)).is_empty());
    }
}
