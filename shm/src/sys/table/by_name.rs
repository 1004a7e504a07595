//! Reads by `sysctlbyname(3)`.

use core::ffi::{CStr, c_void};

#[cfg(all(feature = "std", target_os = "freebsd"))]
use super::resizing;
use crate::error::Errno;
use crate::sys::last_errno;

/// Reads a value into `buffer`; returns its length.
pub(in crate::sys) fn read(name: &CStr, buffer: &mut [u8]) -> Result<usize, Errno> {
    let mut length = buffer.len();
    // SAFETY: name and buffer outlive the call, which writes no more than the
    // length says.
    let answer = unsafe {
        libc::sysctlbyname(
            name.as_ptr(),
            buffer.as_mut_ptr().cast::<c_void>(),
            &raw mut length,
            core::ptr::null_mut(),
            0,
        )
    };
    if answer == 0 {
        Ok(length.min(buffer.len()))
    } else {
        Err(last_errno())
    }
}

/// Returns a value of any length; it may grow while it is read.
#[cfg(all(feature = "std", target_os = "freebsd"))]
pub(in crate::sys) fn table(name: &CStr) -> Result<alloc::vec::Vec<u8>, Errno> {
    resizing::read(|| length(name), |buffer| read(name, buffer))
}

/// Returns the current length of a value.
#[cfg(all(feature = "std", target_os = "freebsd"))]
fn length(name: &CStr) -> Result<usize, Errno> {
    let mut length = 0;
    // SAFETY: the name outlives the call; without a buffer only the length is
    // written, and that is ours.
    let answer = unsafe {
        libc::sysctlbyname(
            name.as_ptr(),
            core::ptr::null_mut(),
            &raw mut length,
            core::ptr::null_mut(),
            0,
        )
    };
    if answer == 0 {
        Ok(length)
    } else {
        Err(last_errno())
    }
}

/// Returns a number, of four or eight bytes depending on the system.
pub(in crate::sys) fn number(name: &CStr) -> Result<u64, Errno> {
    let mut wide = [0; 8];
    let length = read(name, &mut wide)?;
    let narrow = wide.first_chunk::<4>().copied().unwrap_or_default();
    match length {
        4 => Ok(u64::from(u32::from_ne_bytes(narrow))),
        8 => Ok(u64::from_ne_bytes(wide)),
        _ => Err(Errno::from_raw(libc::EINVAL)),
    }
}
