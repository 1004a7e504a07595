//! Finding out who has one segment attached by having it attached oneself, on
//! the systems whose kernels show an object or a count of references for each
//! mapping but not which segment it is.
//!
//! The attachment is the caller's: nothing here attaches a segment that the
//! caller has not attached already, so the change of its times and of its last
//! user is the caller's decision.

use super::{AttachedProcesses, ProcessAttachment, coverage, system};
use crate::error::{Cause, Error, Operation, Result, Target};
use crate::{Access, Attachment, SegmentId, list};

/// How this system shows which processes have a segment attached, from
/// [`process_search`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ProcessSearch {
    /// Mappings name their segment: [`scan_processes`](crate::scan_processes)
    /// finds all attachments of all segments, and changes nothing.
    Scan,
    /// Only a process that has the segment attached too can tell:
    /// [`probe_processes`] does, for one segment.
    Probe,
    /// Nothing tells, for this reason.
    Unsupported(&'static str),
}

/// Returns how this system shows which processes have a segment attached.
///
/// On FreeBSD this depends on the kernel and on whether procfs is mounted; the
/// first call attaches a private segment of its own to find out.
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

/// What [`probe_processes`] has found about one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Probe {
    /// The attachments of every process, this one included.
    pub attached: AttachedProcesses,
    /// How many bytes of the segment are in memory, in whole pages, where the
    /// kernel counts them for the segment and not for one process: Linux,
    /// NetBSD, and FreeBSD.
    pub resident: Option<u64>,
    /// Whether this way of finding out was seen to work on a running system of
    /// this kind: not on macOS, where only headers say that it does.
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

/// The processes that have a segment attached which this process has attached
/// itself.
///
/// The kernel identifies the segment's mappings by that of `attachment`. To
/// make it, attach the segment read-only; that needs the right to read, changes
/// the segment's attach time and last user, counts as an attachment while it
/// lasts, and where a rule destroys segments that nobody has attached
/// (`kernel.shm_rmid_forced` of Linux) letting go of it destroys the segment.
/// Ask [`process_search`] first whether it is needed at all.
///
/// | system | how |
/// | --- | --- |
/// | Linux | as [`scan_processes`](crate::scan_processes); the attachment is not needed |
/// | FreeBSD | likewise where the kernel marks segments; else by the VM object in `/proc/PID/map`, where procfs is mounted |
/// | DragonFly | by the VM object in `/proc/PID/map` |
/// | NetBSD | by the count of references in `vm.proc.map`, with and without one more attachment |
/// | macOS | by the object's number from `proc_pidinfo`, own processes only without root; by the header, never seen running |
/// | OpenBSD | [`Cause::Unsupported`]: `KERN_PROC_VMMAP` has neither object nor count of references |
///
/// # Errors
///
/// This system has no way to tell ([`Cause::Unsupported`] with the reason);
/// its tables could not be read, or have an unknown form; on NetBSD, the
/// segment is marked for removal and cannot be attached once more.
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
    // It cannot be gone, being attached; but its slot may show nothing more.
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

/// The own attachment is not among the own mappings: the table has another
/// meaning than the one that is known.
#[allow(dead_code, reason = "Linux's mappings name their segment")]
pub(super) const NOT_FOUND: Cause = Cause::UnknownForm {
    what: "this process's own attachment is not among its mappings",
};
