//! Reads files of `/proc/self`, also without `std`.

use alloc::vec::Vec;
use core::ffi::CStr;

use crate::error::Errno;
use crate::sys::last_errno;

/// Returns the whole text of a file.
pub(super) fn read(path: &CStr) -> Result<Vec<u8>, Errno> {
    // SAFETY: a NUL-terminated path that outlives the call.
    let file = unsafe { libc::open(path.as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC) };
    if file == -1 {
        return Err(last_errno());
    }
    let text = read_to_end(file);
    // SAFETY: opened above, and nobody else's.
    unsafe { libc::close(file) };
    text
}

fn read_to_end(file: core::ffi::c_int) -> Result<Vec<u8>, Errno> {
    let mut text = Vec::new();
    let mut piece = [0_u8; 4096];
    loop {
        // SAFETY: the kernel writes at most the stated length to the buffer,
        // which has as much.
        let count = unsafe { libc::read(file, piece.as_mut_ptr().cast(), piece.len()) };
        match usize::try_from(count) {
            Ok(0) => return Ok(text),
            Ok(count) => text.extend_from_slice(piece.get(..count).unwrap_or_default()),
            Err(_) if last_errno().as_raw() == libc::EINTR => {}
            Err(_) => return Err(last_errno()),
        }
    }
}
