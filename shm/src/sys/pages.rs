//! Linux: the state of a mapping's pages, without touching them.

use core::ffi::c_int;
use std::fs::File;
use std::os::fd::AsRawFd;

use super::last_errno;
use crate::error::Errno;

/// Returns the offset of the next data at or after an offset; `None` if only a hole
/// follows.
pub(crate) fn next_data(file: &File, from: u64) -> Result<Option<u64>, Errno> {
    match seek(file, from, libc::SEEK_DATA) {
        Err(errno) if errno.as_raw() == libc::ENXIO => Ok(None),
        found => found.map(Some),
    }
}

/// Returns the offset of the next hole at or after an offset; a file ends with one.
pub(crate) fn next_hole(file: &File, from: u64) -> Result<u64, Errno> {
    seek(file, from, libc::SEEK_HOLE)
}

fn seek(file: &File, from: u64, whence: c_int) -> Result<u64, Errno> {
    let from = i64::try_from(from).map_err(|_| Errno::from_raw(libc::EOVERFLOW))?;
    // SAFETY: takes an open file and two numbers.
    let found = unsafe { libc::lseek64(file.as_raw_fd(), from, whence) };
    u64::try_from(found).map_err(|_| last_errno())
}

/// Returns whether a file has huge pages; `None` if unknown.
pub(crate) fn is_huge(file: &File) -> Option<bool> {
    // SAFETY: a C structure of numbers, for which all zeros are valid.
    let mut info: libc::statfs64 = unsafe { core::mem::zeroed() };
    // SAFETY: an open file, and a structure that is ours.
    let answer = unsafe { libc::fstatfs64(file.as_raw_fd(), &raw mut info) };
    // `HUGETLBFS_MAGIC` of <linux/magic.h>; the field's type differs by
    // architecture, the low 32 bits do not.
    (answer == 0).then_some(info.f_type as u32 == 0x9584_58f6)
}
