//! DragonFly: no sysctl has the table, and only members of group kmem may read the
//! kernel's memory. The system's own `ipcs` is setgid kmem, so it is run, and its output
//! decoded. If this process may read a segment, `IPC_STAT` then returns the exact values.

use core::ffi::CStr;

use super::{by_name, no_limits, usage_of};
use crate::error::Result;
use crate::list::Segments;
use crate::sys::{self, page_size};
use crate::{Limit, Limits, SegmentId, Stat, Usage};

/// Returns every segment.
pub(crate) fn segments() -> Result<Segments> {
    ipcs::segments()
}

/// Returns the same: the kernel has no memory figures of segments.
pub(crate) fn segments_with_memory() -> Result<Segments> {
    segments()
}

/// Finds the segment without the table if it is readable.
pub(crate) fn find(id: SegmentId) -> Option<Stat> {
    let in_table = || segments().ok()?.into_iter().find(|stat| stat.id == id);
    sys::stat(id).ok().or_else(in_table)
}

pub(crate) fn limits() -> Result<Limits> {
    let number = |name: &CStr| by_name::number(name).map_err(no_limits);
    Ok(Limits {
        max_size: Limit::from_raw(number(c"kern.ipc.shmmax")?),
        min_size: number(c"kern.ipc.shmmin")?,
        max_segments: Limit::from_raw(number(c"kern.ipc.shmmni")?),
        max_attachments: Limit::from_raw(number(c"kern.ipc.shmseg")?),
        max_pages: Limit::from_raw(number(c"kern.ipc.shmall")?),
        page_size: page_size() as u64,
    })
}

pub(crate) fn usage() -> Result<Usage> {
    segments().map(|segments| usage_of(&segments))
}

#[cfg(feature = "std")]
mod ipcs {
    use std::path::Path;

    use super::super::not_decoded;
    use super::accounts;
    use crate::decode::dragonfly::{Row, first_message, mark, rows};
    use crate::error::{Cause, Error, Operation, Result, Target};
    use crate::list::Segments;
    use crate::sys::spawn;
    use crate::{Key, Stat, sys};

    /// Setgid kmem; the path is fixed so that no other program is run. It is started
    /// without a fork, which would detach visibly for everybody.
    const PROGRAM: &str = "/usr/bin/ipcs";

    pub(super) fn segments() -> Result<Segments> {
        let failed = |what, said| {
            let cause = Cause::Unsupported { what };
            Error::refused(Operation::List, Target::Segments, cause).with_message(said)
        };
        let output = spawn::output(Path::new(PROGRAM), &["-am"]).map_err(|errno| {
            let said = std::io::Error::from_raw_os_error(errno.as_raw()).to_string();
            let what = "/usr/bin/ipcs, which reads this system's table, cannot be run";
            failed(what, Some(said))
        })?;
        if !output.success {
            let said = first_message(&String::from_utf8_lossy(&output.stderr));
            let what = "/usr/bin/ipcs, which reads this system's table, failed";
            return Err(failed(what, said));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let rows = rows(&text).map_err(not_decoded)?;
        let segments = rows.into_iter().filter_map(segment);
        Ok(segments.collect::<Vec<_>>().into())
    }

    /// Returns the state from `IPC_STAT`, or else from the output of `ipcs`: there the
    /// times have no date and are omitted. `None` for one that no longer exists.
    fn segment(row: Row<'_>) -> Option<Stat> {
        let errno = match sys::stat(row.id) {
            Ok(stat) => return Some(stat),
            Err(errno) => errno,
        };
        Some(Stat {
            id: row.id,
            key: Key::from_raw(row.key),
            size: row.size,
            mode: row.mode,
            flags: mark(&row, errno.as_raw() == libc::EINVAL)?,
            owner_uid: accounts::user(row.owner),
            owner_gid: accounts::group(row.group),
            creator_uid: accounts::user(row.creator),
            creator_gid: accounts::group(row.creator_group),
            creator_pid: row.creator_pid,
            last_pid: row.last_pid,
            attached: row.attached,
            attach_time: None,
            detach_time: None,
            change_time: None,
            memory: None,
        })
    }
}

#[cfg(not(feature = "std"))]
mod ipcs {
    use crate::error::{Cause, Error, Operation, Result, Target};
    use crate::list::Segments;

    /// Programs cannot be run.
    pub(super) fn segments() -> Result<Segments> {
        let what =
            "running /usr/bin/ipcs, which reads this system's table, needs the feature `std`";
        let cause = Cause::Unsupported { what };
        Err(Error::refused(Operation::List, Target::Segments, cause))
    }
}

/// Converts the names that `ipcs` prints back to numbers.
#[cfg(feature = "std")]
mod accounts {
    use std::ffi::{CString, c_char};
    use std::ptr;

    /// No user and no group has this number (POSIX, `chown(2)`).
    const UNKNOWN: u32 = u32::MAX;

    pub(super) fn user(name: &str) -> u32 {
        let found = CString::new(name).ok().and_then(|name| user_by_name(&name));
        found.or_else(|| name.parse().ok()).unwrap_or(UNKNOWN)
    }

    pub(super) fn group(name: &str) -> u32 {
        let found = CString::new(name)
            .ok()
            .and_then(|name| group_by_name(&name));
        found.or_else(|| name.parse().ok()).unwrap_or(UNKNOWN)
    }

    fn user_by_name(name: &CString) -> Option<u32> {
        // SAFETY: a C structure of numbers and pointers, for which all zeros
        // are valid.
        let mut entry: libc::passwd = unsafe { std::mem::zeroed() };
        let mut strings = vec![0 as c_char; 4096];
        let mut found = ptr::null_mut();
        // SAFETY: the name is NUL-terminated; entry, strings (of the length
        // said) and result are ours and outlive the call.
        let answer = unsafe {
            libc::getpwnam_r(
                name.as_ptr(),
                &raw mut entry,
                strings.as_mut_ptr(),
                strings.len(),
                &raw mut found,
            )
        };
        (answer == 0 && !found.is_null()).then_some(entry.pw_uid)
    }

    fn group_by_name(name: &CString) -> Option<u32> {
        // SAFETY: a C structure of numbers and pointers, for which all zeros
        // are valid.
        let mut entry: libc::group = unsafe { std::mem::zeroed() };
        // A group's entry also contains its members' names.
        let mut strings = vec![0 as c_char; 65536];
        let mut found = ptr::null_mut();
        // SAFETY: the name is NUL-terminated; entry, strings (of the length
        // said) and result are ours and outlive the call.
        let answer = unsafe {
            libc::getgrnam_r(
                name.as_ptr(),
                &raw mut entry,
                strings.as_mut_ptr(),
                strings.len(),
                &raw mut found,
            )
        };
        (answer == 0 && !found.is_null()).then_some(entry.gr_gid)
    }
}
