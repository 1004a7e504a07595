//! OpenBSD: cannot find attached processes.
//!
//! `KERN_PROC_VMMAP` gives addresses, rights, inheritance, and a kind of entry, but
//! neither the object behind a mapping nor its reference count, so another attachment
//! changes nothing in it that could be compared. There is no procfs; `procmap(1)` and
//! `fstat(1)` read kernel memory, which `kern.allowkmem` forbids by default, even to
//! root.

use super::probe::{Found, ProcessSearch};
use super::{ProcessScan, cannot};
use crate::SegmentId;
use crate::error::{Cause, Result};

const REASON: &str = "OpenBSD's table of a process's mappings has neither their objects nor reference counts, so the segment of a \
                      mapping is unknown";

/// Whether a probe was seen to work on a running system.
pub(super) const VERIFIED: bool = true;

pub(super) fn search() -> ProcessSearch {
    ProcessSearch::Unsupported(REASON)
}

pub(super) fn scan() -> Result<ProcessScan> {
    Err(cannot(Cause::Unsupported { what: REASON }))
}

pub(super) fn probe(_id: SegmentId, _base: u64) -> Result<Found> {
    Err(cannot(Cause::Unsupported { what: REASON }))
}
