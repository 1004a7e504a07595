//! The calls that read the system's table of segments, its limits and usage, one file per
//! system.
//!
//! Each file has the same four functions; [`crate::decode`] decodes bytes. `limits` and
//! `usage` need no file and no allocation beyond the table, so failing calls can be
//! explained with them.

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(target_os = "macos", path = "macos.rs")]
#[cfg_attr(target_os = "freebsd", path = "freebsd.rs")]
#[cfg_attr(target_os = "netbsd", path = "netbsd.rs")]
#[cfg_attr(target_os = "openbsd", path = "openbsd.rs")]
#[cfg_attr(target_os = "dragonfly", path = "dragonfly.rs")]
mod system;

#[cfg(any(target_os = "macos", target_os = "freebsd", target_os = "dragonfly"))]
pub(in crate::sys) mod by_name;
#[cfg(any(
    target_os = "netbsd",
    target_os = "openbsd",
    all(
        feature = "std",
        any(target_os = "freebsd", target_os = "dragonfly", target_os = "macos")
    )
))]
pub(in crate::sys) mod by_number;
#[allow(
    dead_code,
    reason = "for tables that sysctl gives whole; tested on every host"
)]
mod resizing;
#[allow(
    dead_code,
    reason = "for tables that are shown slot by slot; tested on every host"
)]
mod scan;

pub(crate) use system::{find, limits, segments, segments_with_memory, usage};

use crate::decode::Malformed;
use crate::error::{Cause, Errno, Error, Operation, Result, Target, explain};
use crate::{Stat, Usage};

/// Returns why a table or limit could not be read. A kernel built without System V shared
/// memory has no such sysctl.
fn unread(errno: Errno) -> Cause {
    match errno.as_raw() {
        #[cfg(not(target_os = "linux"))]
        libc::ENOENT | libc::EOPNOTSUPP => explain::general(Errno::from_raw(libc::ENOSYS)),
        _ => explain::general(errno),
    }
}

/// Returns the error for a table that could not be read.
#[cfg(not(target_os = "dragonfly"))]
fn not_listed(errno: Errno) -> Error {
    Error::from_system(Operation::List, Target::Segments, unread(errno), errno)
}

/// Returns the error for a table of an unknown form.
#[allow(
    dead_code,
    reason = "where the kernel gives a table, or `/proc` can be read"
)]
fn not_decoded(malformed: Malformed) -> Error {
    Error::refused(Operation::List, Target::Segments, malformed.into())
}

/// Returns the error for limits that could not be read.
fn no_limits(errno: Errno) -> Error {
    Error::from_system(Operation::ReadLimits, Target::Limits, unread(errno), errno)
}

/// Returns the usage, from a table that has just been read.
pub(crate) fn usage_with(segments: &[Stat]) -> Result<Usage> {
    #[cfg(target_os = "linux")]
    {
        // The kernel also counts hidden segments.
        let _ = segments;
        usage()
    }
    #[cfg(not(target_os = "linux"))]
    Ok(usage_of(segments))
}

/// Adds up the usage from a table, on systems without figures of their own.
#[cfg(not(target_os = "linux"))]
fn usage_of(segments: &[Stat]) -> Usage {
    let page_size = (super::page_size() as u64).max(1);
    let pages = segments
        .iter()
        .map(|segment| segment.size.div_ceil(page_size));
    Usage {
        segments: segments.len() as u64,
        pages: pages.fold(0, u64::saturating_add),
        resident_pages: None,
        swapped_pages: None,
    }
}
