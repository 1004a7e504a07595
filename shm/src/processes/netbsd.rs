//! NetBSD: the counts of references in `vm.proc.map`, without and with one more
//! attachment of our own.

use super::probe::{self, Found, NOT_FOUND, ProcessSearch};
use super::references::{self, Look, Told};
use super::{ProcessScan, cannot};
use crate::decode::netbsd_vm;
use crate::error::{Cause, Errno, Result};
use crate::{Segment, SegmentId, sys};

/// How often the pair of looks is repeated when others attached meanwhile.
const ATTEMPTS: usize = 3;

/// Whether a probe was seen to work on a running system.
pub(super) const VERIFIED: bool = true;

pub(super) fn search() -> ProcessSearch {
    ProcessSearch::Probe
}

pub(super) fn scan() -> Result<ProcessScan> {
    Err(cannot(Cause::Unsupported {
        what: "NetBSD shows it only to a process that has the segment attached too (a probe)",
    }))
}

pub(super) fn probe(id: SegmentId, _base: u64) -> Result<Found> {
    let segment = Segment::open_id(id)?;
    let own = sys::process_id();
    let mut found = Found::default();
    let mut best: Option<Told> = None;
    for _ in 0..ATTEMPTS {
        let (without, _) = look(id)?;
        let more = segment.attach_read_only()?;
        let (with, unreadable) = look(id)?;
        found.unreadable = unreadable;
        let base = more.as_ptr() as u64;
        let told = references::compare(id, &without, &with, (own, base))
            .ok_or_else(|| probe::cannot(id, NOT_FOUND))?;
        let settled = told.surplus == 0;
        if best.as_ref().is_none_or(|best| told.surplus < best.surplus) {
            best = Some(told);
        }
        if settled {
            break;
        }
    }
    if let Some(told) = best {
        found.attachments = told.attachments;
        let page_size = sys::page_size() as u64;
        found.resident = Some(told.resident_pages.saturating_mul(page_size));
    }
    Ok(found)
}

/// Returns the mappings of all processes, and how many could not be inspected.
fn look(id: SegmentId) -> Result<(Look, usize)> {
    let failed = |errno: Errno| probe::cannot(id, Cause::System(errno.as_raw()));
    let mut look = Vec::new();
    let mut unreadable = 0;
    for pid in sys::mappings::processes().map_err(failed)? {
        match sys::mappings::vm_map(pid) {
            Ok(bytes) => {
                let mappings = netbsd_vm::mappings(&bytes)
                    .map_err(|malformed| probe::cannot(id, malformed.into()))?;
                look.push((pid, mappings));
            }
            Err(errno) if errno == Errno::from_raw(libc::ESRCH) => {}
            Err(_) => unreadable += 1,
        }
    }
    Ok((look, unreadable))
}
