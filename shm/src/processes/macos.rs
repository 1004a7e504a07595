//! macOS: the number of the object behind each region of a process, from
//! `proc_pidinfo`. Other users' processes need root.
//!
//! Written from the header `sys/proc_info.h` and the kernel's source; not run.

use super::by_object::{self, Mapped};
use super::probe::{self, Found, NOT_FOUND, ProcessSearch};
use super::{ProcessScan, cannot, rounded_size};
use crate::decode::macos_regions::{self, Region};
use crate::error::{Cause, Errno, Result};
use crate::{SegmentId, sys};

/// Whether a probe was seen to work on a running system.
pub(super) const VERIFIED: bool = false;

pub(super) fn search() -> ProcessSearch {
    ProcessSearch::Probe
}

pub(super) fn scan() -> Result<ProcessScan> {
    Err(cannot(Cause::Unsupported {
        what: "macOS shows the processes only to one that has the segment attached too (a probe)",
    }))
}

pub(super) fn probe(id: SegmentId, base: u64) -> Result<Found> {
    let failed = |errno: Errno| probe::cannot(id, Cause::System(errno.as_raw()));
    let (length, _) = rounded_size(id)?;
    let own = sys::process_id();
    let mut found = Found::default();
    let mut seen = Vec::new();
    for pid in sys::mappings::processes().map_err(failed)? {
        match regions(pid) {
            Ok(regions) => seen.push((pid, regions.iter().map(mapped).collect())),
            Err(errno) if errno == Errno::from_raw(libc::ESRCH) => {}
            Err(errno) if pid == own => return Err(failed(errno)),
            Err(_) => found.unreadable += 1,
        }
    }
    found.attachments = by_object::attachments(id, (own, base), length, &seen)
        .ok_or_else(|| probe::cannot(id, NOT_FOUND))?;
    Ok(found)
}

fn mapped(region: &Region) -> Mapped {
    Mapped {
        start: region.start,
        end: region.end,
        readable: region.readable,
        writable: region.writable,
        executable: region.executable,
        object: u64::from(region.object),
    }
}

/// Returns the regions of a process, by address.
fn regions(pid: i32) -> Result<Vec<Region>, Errno> {
    let mut regions = Vec::new();
    let mut address = 0;
    loop {
        let record = match sys::mappings::region(pid, address) {
            Ok(record) => record,
            // After the last region the kernel returns EINVAL. A refusal comes with the
            // first.
            Err(errno) if !regions.is_empty() && errno == Errno::from_raw(libc::EINVAL) => {
                return Ok(regions);
            }
            Err(errno) => return Err(errno),
        };
        let region = macos_regions::region(&record).map_err(|_| Errno::from_raw(libc::EINVAL))?;
        if region.end <= address {
            return Ok(regions);
        }
        address = region.end;
        regions.push(region);
    }
}
