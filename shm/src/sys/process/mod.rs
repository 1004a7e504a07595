//! The calls that read the state of one process, without reading others, one file per
//! system. (Linux shows it as text, under `/proc`.)
//!
//! Each file has the same items: the form of a record ([`LAYOUT`]), the record of a
//! process ([`record`]), its arguments ([`arguments`]), and whether processes may exist
//! that this one cannot see although it sees process 1 ([`hides_some`]).

#[cfg_attr(target_os = "freebsd", path = "freebsd.rs")]
#[cfg_attr(target_os = "dragonfly", path = "dragonfly.rs")]
#[cfg_attr(target_os = "netbsd", path = "netbsd.rs")]
#[cfg_attr(target_os = "openbsd", path = "openbsd.rs")]
#[cfg_attr(target_os = "macos", path = "macos.rs")]
mod system;

pub(crate) use system::{LAYOUT, arguments, hides_some, record};

#[cfg(not(target_os = "macos"))]
use core::ffi::c_int;

#[cfg(not(target_os = "macos"))]
use super::table::by_number;
#[cfg(not(target_os = "macos"))]
use crate::error::Errno;

/// Returns the only record that a sysctl gives; `None` if there is no such process, which
/// some kernels report by an error and some by an empty answer.
#[cfg(not(target_os = "macos"))]
fn one(mib: &[c_int]) -> Result<Option<Vec<u8>>, Errno> {
    match by_number::table(mib) {
        Ok(record) if record.is_empty() => Ok(None),
        Ok(record) => Ok(Some(record)),
        Err(errno) if errno == Errno::from_raw(libc::ESRCH) => Ok(None),
        Err(errno) => Err(errno),
    }
}
