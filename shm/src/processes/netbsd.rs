//! NetBSD: compares the reference counts in `vm.proc.map` without and with one more
//! attachment.

use super::by_reference_count::{self, ProcessMappings, ReferenceScan};
use super::probe::{self, Found, NOT_FOUND, ProcessSearch};
use super::{ProcessScan, cannot};
use crate::decode::netbsd_vm;
use crate::error::{Cause, Errno, Result};
use crate::{Segment, SegmentId, sys};

/// How often the pair of samples is repeated if others attached meanwhile.
const ATTEMPTS: usize = 3;

/// Whether a probe was seen to work on a running system.
pub(super) const VERIFIED: bool = true;

pub(super) fn search() -> ProcessSearch {
    ProcessSearch::Probe
}

pub(super) fn scan() -> Result<ProcessScan> {
    Err(cannot(Cause::Unsupported {
        what: "NetBSD shows the processes only to one that has the segment attached too (a probe)",
    }))
}

pub(super) fn probe(id: SegmentId, _base: u64) -> Result<Found> {
    let segment = Segment::open_id(id)?;
    let own = sys::process_id();
    let mut found = Found::default();
    let mut best: Option<ReferenceScan> = None;
    for _ in 0..ATTEMPTS {
        let (without, _) = read_mappings(id)?;
        let more = segment.attach_read_only()?;
        let (with, unreadable) = read_mappings(id)?;
        found.unreadable = unreadable;
        let base = more.as_ptr() as u64;
        let scan = by_reference_count::compare(id, &without, &with, (own, base))
            .ok_or_else(|| probe::cannot(id, NOT_FOUND))?;
        let settled = scan.surplus == 0;
        if best.as_ref().is_none_or(|best| scan.surplus < best.surplus) {
            best = Some(scan);
        }
        if settled {
            break;
        }
    }
    if let Some(scan) = best {
        found.attachments = scan.attachments;
        let page_size = sys::page_size() as u64;
        found.resident = Some(scan.resident_pages.saturating_mul(page_size));
    }
    Ok(found)
}

/// Returns the mappings of all processes, and how many could not be inspected.
fn read_mappings(id: SegmentId) -> Result<(ProcessMappings, usize)> {
    let failed = |errno: Errno| probe::cannot(id, Cause::System(errno.as_raw()));
    let mut processes = Vec::new();
    let mut unreadable = 0;
    for pid in sys::mappings::processes().map_err(failed)? {
        match sys::mappings::vm_map(pid) {
            Ok(bytes) => {
                let mappings = netbsd_vm::mappings(&bytes)
                    .map_err(|malformed| probe::cannot(id, malformed.into()))?;
                processes.push((pid, mappings));
            }
            Err(errno) if errno == Errno::from_raw(libc::ESRCH) => {}
            Err(_) => unreadable += 1,
        }
    }
    Ok((processes, unreadable))
}
