//! Reads by `sysctl(3)` with numbers.

use alloc::vec::Vec;
use core::ffi::{c_int, c_void};

use super::resizing;
use crate::error::Errno;
use crate::sys::last_errno;

/// Returns a value of any length; it may grow while it is read.
pub(in crate::sys) fn table(mib: &[c_int]) -> Result<Vec<u8>, Errno> {
    resizing::read(|| length(mib), |buffer| read(mib, buffer))
}

/// Returns the current length of a value.
fn length(mib: &[c_int]) -> Result<usize, Errno> {
    let mut length = 0;
    // SAFETY: the numbers outlive the call, which reads as many as their count says;
    // without a buffer only the length is written, and that is ours.
    let answer = unsafe {
        libc::sysctl(
            // Only read, although macOS declares it mutable.
            mib.as_ptr().cast_mut(),
            mib.len() as _,
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

/// Reads a value into `buffer`; returns its length.
pub(in crate::sys) fn read(mib: &[c_int], buffer: &mut [u8]) -> Result<usize, Errno> {
    let mut length = buffer.len();
    // SAFETY: numbers and buffer outlive the call, which accesses at most
    // the given lengths of both.
    let answer = unsafe {
        libc::sysctl(
            // Only read, although macOS declares it mutable.
            mib.as_ptr().cast_mut(),
            mib.len() as _,
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
