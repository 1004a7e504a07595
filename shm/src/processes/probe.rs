//! Probes for the processes that have a segment attached, on systems whose kernels show
//! an object or a reference count for each mapping but not its segment. The caller must
//! have the segment attached.
//!
//! The attachment is the caller's: this module attaches no segment that the caller has
//! not attached already, so changing its times and last user is the caller's decision.

use super::{AttachedProcesses, ProcessAttachment, coverage, system};
use crate::error::{Cause, Error, Operation, Result, Target};
use crate::{Access, Attachment, SegmentId, list};

/// How this system finds the processes that have a segment attached, from
/// [`process_search`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ProcessSearch {
    /// Mappings name their segment: [`scan_processes`](crate::scan_processes) finds all
    /// attachments of all segments, and changes nothing.
    Scan,
    /// Only a process that has the segment attached too can find them:
    /// [`probe_processes`] does, for one segment.
    Probe,
    /// Not possible, for this reason.
    Unsupported(&'static str),
}

/// Returns how this system finds the processes that have a segment attached.
///
/// On FreeBSD this depends on the kernel and on whether procfs is mounted; the first call
/// attaches a private segment to find out.
///
/// ```
/// use shm::ProcessSearch;
///
/// if cfg!(target_os = "linux") {
///     assert_eq!(shm::process_search(), ProcessSearch::Scan);
/// }
/// ```
#[must_use]
pub fn process_search() -> ProcessSearch {
    system::search()
}

/// The result of [`probe_processes`] for one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Probe {
    /// The attachments of every process, including this one.
    pub attached: AttachedProcesses,
    /// Resident bytes of the segment, in whole pages, if the kernel counts them per
    /// segment and not per process: Linux, NetBSD, and FreeBSD.
    pub resident: Option<u64>,
    /// Whether this method was seen to work on a running system of this kind: not on
    /// macOS, where it is written from headers.
    pub verified: bool,
}

/// The result of one system's search.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) attachments: Vec<ProcessAttachment>,
    pub(super) unreadable: usize,
    pub(super) invisible: bool,
    pub(super) resident: Option<u64>,
}

/// Returns the processes that have a segment attached which this process has attached
/// itself.
///
/// The segment's mappings are identified by comparison with that of `attachment`. To
/// create it, attach the segment read-only. That needs the right to read, changes the
/// segment's attach time and last user, counts as an attachment while it lasts, and where
/// the last detach destroys segments (`kernel.shm_rmid_forced` of Linux), releasing it
/// destroys the segment. Check with [`process_search`] first whether it is needed at all.
///
/// | system | method |
/// | --- | --- |
/// | Linux | as [`scan_processes`](crate::scan_processes); the attachment is not needed |
/// | FreeBSD | likewise where the kernel marks segments; else by the VM object in `/proc/PID/map`, where procfs is mounted |
/// | DragonFly | by the VM object in `/proc/PID/map` |
/// | NetBSD | by the count of references in `vm.proc.map`, with and without one more attachment |
/// | macOS | by the object's number from `proc_pidinfo`, own processes only without root; written from the header, not run |
/// | OpenBSD | [`Cause::Unsupported`]: `KERN_PROC_VMMAP` has neither object nor reference count |
///
/// # Errors
///
/// This system cannot find the processes ([`Cause::Unsupported`] with the reason); its
/// tables could not be read, or have an unknown form; on NetBSD, the segment is marked
/// for removal and cannot be attached again.
///
#[cfg_attr(not(target_os = "openbsd"), doc = "```")]
#[cfg_attr(target_os = "openbsd", doc = "```no_run")]
/// use shm::Segment;
///
/// let segment = Segment::private(4096)?.remove_on_drop();
/// let attachment = segment.attach_read_only()?;
/// let probe = shm::probe_processes(&attachment)?;
/// let own = probe.attached.attachments.iter().find(|found| {
///     found.start == attachment.as_ptr() as u64
/// });
/// assert_eq!(own.unwrap().pid, std::process::id() as i32);
/// # Ok::<(), shm::Error>(())
/// ```
pub fn probe_processes<A: Access>(attachment: &Attachment<A>) -> Result<Probe> {
    let id = attachment.id();
    let Found {
        mut attachments,
        unreadable,
        invisible,
        resident,
    } = system::probe(id, attachment.as_ptr() as u64)?;
    attachments.sort_unstable_by_key(|found| (found.pid, found.start));
    // It exists, being attached; but its slot may show nothing any more.
    let stat = list::find(id).unwrap_or_else(|| attachment.stat_when_attached().clone());
    Ok(Probe {
        attached: AttachedProcesses {
            coverage: coverage(&attachments, stat.attached),
            attachments,
            unreadable,
            invisible,
        },
        resident,
        verified: system::VERIFIED,
    })
}

/// Returns the error for a probe of one segment.
#[allow(dead_code, reason = "Linux asks for all segments")]
pub(super) fn cannot(id: SegmentId, cause: Cause) -> Error {
    Error::refused(Operation::FindProcesses, Target::Segment(id), cause)
}

/// This process's own attachment is not among its mappings: the table has another meaning
/// than the known one.
#[allow(dead_code, reason = "Linux's mappings name their segment")]
pub(super) const NOT_FOUND: Cause = Cause::UnknownForm {
    what: "this process's own attachment is not among its mappings",
};
