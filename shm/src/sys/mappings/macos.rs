//! macOS: `proc_listallpids` and `proc_pidinfo` (`libproc.h`).

use core::ffi::{c_int, c_void};

use crate::decode::macos_regions::SIZE;
use crate::error::Errno;
use crate::sys::last_errno;

const _: () = assert!(cfg!(target_endian = "little"));

/// `PROC_PIDREGIONINFO` of `sys/proc_info.h`.
const REGION_INFO: c_int = 7;

/// Returns the numbers of all visible processes.
pub(crate) fn processes() -> Result<Vec<c_int>, Errno> {
    // More may start between the two calls.
    let expected = list_pids(&mut [])?.saturating_add(64);
    let mut pids = vec![0; expected];
    let found = list_pids(&mut pids)?;
    pids.truncate(found);
    Ok(pids)
}

/// Writes process numbers; returns how many there are.
fn list_pids(pids: &mut [c_int]) -> Result<usize, Errno> {
    let length = c_int::try_from(size_of_val(pids)).unwrap_or(c_int::MAX);
    let buffer = match pids.is_empty() {
        true => core::ptr::null_mut(),
        false => pids.as_mut_ptr().cast::<c_void>(),
    };
    // SAFETY: the call writes numbers into the buffer, no more bytes than it
    // is given, or nothing where it is null.
    let count = unsafe { libc::proc_listallpids(buffer, length) };
    match usize::try_from(count) {
        Ok(count) if count > 0 => Ok(count),
        _ => Err(last_errno()),
    }
}

/// Returns the region of a process at `address`, or the next one after it.
pub(crate) fn region(pid: c_int, address: u64) -> Result<[u8; SIZE], Errno> {
    let mut record = [0; SIZE];
    match pid_info(pid, REGION_INFO, address, &mut record)? {
        SIZE => Ok(record),
        _ => Err(Errno::from_raw(libc::EINVAL)),
    }
}

/// Calls `proc_pidinfo`; returns the number of bytes written.
pub(in crate::sys) fn pid_info(
    pid: c_int,
    flavor: c_int,
    argument: u64,
    buffer: &mut [u8],
) -> Result<usize, Errno> {
    let length = c_int::try_from(buffer.len()).unwrap_or(c_int::MAX);
    // SAFETY: the call writes no more bytes into the buffer than its size argument says.
    let written = unsafe {
        libc::proc_pidinfo(
            pid,
            flavor,
            argument,
            buffer.as_mut_ptr().cast::<c_void>(),
            length,
        )
    };
    match usize::try_from(written) {
        Ok(written) if written > 0 => Ok(written),
        _ => Err(last_errno()),
    }
}
