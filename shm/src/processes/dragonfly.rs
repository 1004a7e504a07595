//! DragonFly: `/proc/PID/map`, which everybody may read. Its fifth field is the
//! VM object, the same in every process that has the segment attached (seen on
//! 5.9).

use std::path::Path;

use super::probe::{Found, ProcessSearch};
use super::{ProcessScan, cannot, procfs, rounded_size};
use crate::error::{Cause, Result};
use crate::sys::mappings::procfs::{PROC, is_mounted};
use crate::{SegmentId, sys};

const NOT_MOUNTED: &str = "/proc, which shows the mappings of processes here, is not mounted";

/// Whether a probe was seen to work on a running system.
pub(super) const VERIFIED: bool = true;

pub(super) fn search() -> ProcessSearch {
    match is_mounted(Path::new(PROC), sys::process_id()) {
        true => ProcessSearch::Probe,
        false => ProcessSearch::Unsupported(NOT_MOUNTED),
    }
}

pub(super) fn scan() -> Result<ProcessScan> {
    let what = match search() {
        ProcessSearch::Unsupported(why) => why,
        _ => {
            "DragonFly shows the processes only to one that has the segment attached too (a probe)"
        }
    };
    Err(cannot(Cause::Unsupported { what }))
}

pub(super) fn probe(id: SegmentId, base: u64) -> Result<Found> {
    if let ProcessSearch::Unsupported(what) = search() {
        return Err(cannot(Cause::Unsupported { what }));
    }
    let (length, page_size) = rounded_size(id)?;
    let own = (sys::process_id(), base);
    let found = procfs::probe(Path::new(PROC), id, own, length, page_size)?;
    // If a line counts pages at all (5.9 prints -1), they are those that this process has
    // touched.
    Ok(Found {
        resident: None,
        ..found
    })
}
