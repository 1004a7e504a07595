//! FreeBSD: `kern.proc.vmmap`, if the kernel marks segments in it; else `/proc/PID/map`,
//! if procfs is mounted.
//!
//! 13.2 does not mark them, and the release that began to is unknown: so this process
//! attaches its own segment once and checks whether it is marked.

use std::path::Path;
use std::sync::OnceLock;

use super::first_answer::first_answer;
use super::identify::segment_of;
use super::join::{self, Piece};
use super::probe::{Found, ProcessSearch};
use super::{ProcessAttachment, ProcessScan, cannot, procfs, rounded_size};
use crate::decode::freebsd_objects::{self, Object};
use crate::decode::freebsd_vm::{self, Mapping};
use crate::error::{Cause, Errno, Result};
use crate::sys::mappings::procfs::{PROC, is_mounted};
use crate::{Segment, SegmentId, Stat, list, sys};

const NEEDS_PROBE: &str = "this FreeBSD kernel does not mark segments among a process's mappings; \
                           only a process that has the segment attached too can find the others (a probe)";
const NEEDS_PROCFS: &str = "this FreeBSD kernel does not mark segments among a process's mappings, \
                            and procfs is not mounted at /proc";
const UNTRIED: &str = "cannot find out whether this FreeBSD kernel marks segments among a \
                       process's mappings: that takes a private segment";

/// Whether a probe was seen to work on a running system.
pub(super) const VERIFIED: bool = true;

pub(super) fn search() -> ProcessSearch {
    match kernel_marks_segments() {
        Some(true) => ProcessSearch::Scan,
        _ if is_mounted(Path::new(PROC), sys::process_id()) => ProcessSearch::Probe,
        Some(false) => ProcessSearch::Unsupported(NEEDS_PROCFS),
        None => ProcessSearch::Unsupported(UNTRIED),
    }
}

pub(super) fn scan() -> Result<ProcessScan> {
    match search() {
        ProcessSearch::Scan => scan_marked(),
        ProcessSearch::Probe => Err(cannot(Cause::Unsupported { what: NEEDS_PROBE })),
        ProcessSearch::Unsupported(what) => Err(cannot(Cause::Unsupported { what })),
    }
}

pub(super) fn probe(id: SegmentId, base: u64) -> Result<Found> {
    match search() {
        ProcessSearch::Scan => {
            let scan = scan_marked()?;
            Ok(Found {
                attachments: scan.of(id).to_vec(),
                unreadable: scan.unreadable,
                invisible: scan.invisible,
                resident: resident(id),
            })
        }
        ProcessSearch::Probe => {
            let (length, page_size) = rounded_size(id)?;
            let own = (sys::process_id(), base);
            procfs::probe(Path::new(PROC), id, own, length, page_size)
        }
        ProcessSearch::Unsupported(what) => Err(cannot(Cause::Unsupported { what })),
    }
}

fn scan_marked() -> Result<ProcessScan> {
    let pids = sys::mappings::processes().map_err(|errno| cannot(Cause::System(errno.as_raw())))?;
    let mut scan = ProcessScan::default();
    let mut marked = Vec::new();
    for pid in pids {
        match mappings(pid) {
            Ok(mappings) => marked.push((pid, mappings)),
            Err(errno) if errno == Errno::from_raw(libc::ESRCH) => {}
            Err(_) => scan.unreadable += 1,
        }
    }
    // Listed after the mappings, so that their segments are known unless removed.
    let segments = list::segments()?;
    for (pid, mappings) in marked {
        let pieces = mappings
            .iter()
            .filter_map(|mapping| piece(pid, mapping, &segments));
        scan.attachments.extend(join::attachments(pieces));
    }
    // This kernel counts attachments, not mappings.
    for attachment in &mut scan.attachments {
        attachment.pieces = 1;
    }
    scan.sort();
    Ok(scan)
}

fn piece(pid: i32, mapping: &Mapping, segments: &[Stat]) -> Option<Piece> {
    let found = ProcessAttachment {
        id: segment_of(mapping, segments, sys::page_size() as u64)?,
        pid,
        start: mapping.start,
        end: mapping.end,
        readable: mapping.readable,
        writable: mapping.writable,
        executable: mapping.executable,
        pieces: 1,
        // The kernel shows the current key.
        original_key: None,
        huge_pages: false,
    };
    Some(Piece {
        found,
        offset: mapping.offset,
    })
}

fn mappings(pid: i32) -> Result<Vec<Mapping>, Errno> {
    let bytes = sys::mappings::vmmap(pid)?;
    freebsd_vm::mappings(&bytes).map_err(|_| Errno::from_raw(libc::EINVAL))
}

/// Returns the resident bytes of the segment, by its object in `vm.objects`; `None` if
/// that is unreadable or does not distinguish the segment from others.
fn resident(id: SegmentId) -> Option<u64> {
    let page_size = sys::page_size() as u64;
    let objects = freebsd_objects::objects(&sys::mappings::vm_objects().ok()?).ok()?;
    let segments = list::segments().ok()?;
    let is_it = |object: &&Object| {
        let whole = object.as_mapping(page_size);
        segment_of(&whole, &segments, page_size) == Some(id)
    };
    let object = objects.iter().find(is_it)?;
    Some(object.resident_pages.saturating_mul(page_size))
}

/// Returns whether the kernel marks segments; `None` if the probe failed.
fn kernel_marks_segments() -> Option<bool> {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    first_answer(&ANSWER, || {
        let segment = Segment::private(1).ok()?.remove_on_drop();
        let attachment = segment.attach().ok()?;
        let base = attachment.as_ptr() as u64;
        let mappings = mappings(sys::process_id()).ok()?;
        Some(mappings.iter().any(|mapping| mapping.start == base))
    })
}
