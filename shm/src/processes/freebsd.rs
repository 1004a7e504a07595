//! FreeBSD: `kern.proc.vmmap`, where the kernel marks segments in it.
//!
//! 13.2 does not, and in which release that began is not known: so this
//! process attaches a segment of its own once and looks whether it is marked.

use std::sync::OnceLock;

use super::identify::segment_of;
use super::join::{self, Piece};
use super::{ProcessAttachment, ProcessScan, cannot};
use crate::decode::freebsd_vm::{self, Mapping};
use crate::error::{Cause, Errno, Result};
use crate::{Segment, Stat, list, sys};

pub(super) fn scan() -> Result<ProcessScan> {
    if !kernel_marks_segments() {
        return Err(cannot(Cause::Unsupported {
            what: "this FreeBSD kernel does not mark segments among a process's mappings",
        }));
    }
    let pids = sys::attached::processes().map_err(|errno| cannot(Cause::System(errno.as_raw())))?;
    let mut scan = ProcessScan::default();
    let mut marked = Vec::new();
    for pid in pids {
        match mappings(pid) {
            Ok(mappings) => marked.push((pid, mappings)),
            Err(errno) if errno == Errno::from_raw(libc::ESRCH) => {}
            Err(_) => scan.unreadable += 1,
        }
    }
    // After the mappings, so that their segments are known unless removed.
    let segments = list::segments()?;
    for (pid, mappings) in marked {
        let pieces = mappings
            .iter()
            .filter_map(|mapping| piece(pid, mapping, &segments));
        scan.attachments.extend(join::attachments(pieces));
    }
    // Here the kernel counts attachments, not mappings.
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
        // The kernel shows the key at present.
        original_key: None,
        huge_pages: false,
    };
    Some(Piece {
        found,
        offset: mapping.offset,
    })
}

fn mappings(pid: i32) -> Result<Vec<Mapping>, Errno> {
    let bytes = sys::attached::vmmap(pid)?;
    freebsd_vm::mappings(&bytes).map_err(|_| Errno::from_raw(libc::EINVAL))
}

fn kernel_marks_segments() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        let Ok(segment) = Segment::private(1).map(Segment::remove_on_drop) else {
            return false;
        };
        let Ok(attachment) = segment.attach() else {
            return false;
        };
        let base = attachment.as_ptr() as u64;
        mappings(sys::process_id())
            .is_ok_and(|mappings| mappings.iter().any(|mapping| mapping.start == base))
    })
}
