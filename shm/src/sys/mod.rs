//! The system calls: only this module makes them, one function per call, each safe or
//! with a stated condition.
//!
//! Everything that differs between systems is in one file per system, and each of those
//! has the same items: [`stat_of`] (the structure's fields), [`set_permissions`], the
//! flags and commands, and the names of the limits.

#[cfg(not(target_os = "linux"))]
mod bsd;
#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(target_os = "macos", path = "macos.rs")]
#[cfg_attr(target_os = "freebsd", path = "freebsd.rs")]
#[cfg_attr(target_os = "netbsd", path = "netbsd.rs")]
#[cfg_attr(target_os = "openbsd", path = "openbsd.rs")]
#[cfg_attr(target_os = "dragonfly", path = "dragonfly.rs")]
mod system;
mod table;

#[cfg(all(feature = "std", any(not(target_os = "openbsd"), test)))]
pub(crate) mod mappings;
pub(crate) mod memory;
#[cfg(all(target_os = "linux", feature = "std"))]
pub(crate) mod pages;
#[cfg(all(feature = "std", not(target_os = "linux")))]
pub(crate) mod process;
// Its test checks the effect of forks, and so runs on Linux too.
#[cfg(all(
    feature = "std",
    any(target_os = "dragonfly", all(test, target_os = "linux"))
))]
mod spawn;
#[cfg(feature = "std")]
pub(crate) mod thread;
pub(crate) mod wait;

use core::ffi::{c_int, c_void};
use core::ptr::NonNull;

use shm_sys::shmid_ds;

use system::ATTACH_BY_ID_AFTER_REMOVAL;
pub(crate) use system::{
    EXECUTE, HUGE_PAGES, LIMIT_NAMES, LOCK_AND_UNLOCK, NO_RESERVE, address_granularity,
    is_registered, set_permissions, stat_of, state_bits,
};

pub(crate) use table::{find, limits, segments, segments_with_memory, usage, usage_with};

use crate::error::{Errno, Result};
use crate::{Key, SegmentId, Stat};

/// The names of the limits on this system, for messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LimitNames {
    pub(crate) max_size: &'static str,
    pub(crate) max_segments: &'static str,
    pub(crate) max_attachments: &'static str,
    pub(crate) max_pages: &'static str,
}

/// Returns the error number of the last call.
pub(crate) fn last_errno() -> Errno {
    #[cfg(any(target_os = "netbsd", target_os = "openbsd"))]
    use libc::__errno as location;
    #[cfg(any(target_os = "linux", target_os = "dragonfly"))]
    use libc::__errno_location as location;
    #[cfg(any(target_os = "macos", target_os = "freebsd"))]
    use libc::__error as location;

    // SAFETY: takes nothing and returns the address of this thread's errno.
    let errno = unsafe { location() };
    // SAFETY: the address is valid and aligned for as long as the thread runs,
    // and only this thread uses it.
    Errno::from_raw(unsafe { *errno })
}

/// Returns whether a segment can be attached by identifier after its removal, from the
/// system's known behavior or its setting; `None` if unreadable.
pub(crate) fn attaches_after_removal() -> Option<bool> {
    #[cfg(any(target_os = "freebsd", target_os = "dragonfly"))]
    let setting = || {
        let setting = table::by_name::number(c"kern.ipc.shm_allow_removed");
        setting.ok().map(|setting| setting != 0)
    };
    #[cfg(not(any(target_os = "freebsd", target_os = "dragonfly")))]
    let setting = || None;
    ATTACH_BY_ID_AFTER_REMOVAL.or_else(setting)
}

/// `shmget(2)`.
pub(crate) fn get(key: Key, size: usize, flags: c_int) -> Result<SegmentId, Errno> {
    // SAFETY: takes numbers only; the kernel checks all of them.
    let id = unsafe { shm_sys::shmget(key.as_raw(), size, flags) };
    if id == -1 {
        Err(last_errno())
    } else {
        Ok(SegmentId::from_raw(id))
    }
}

/// Calls `shmat(2)` at an address of the kernel's choice (`None`) or at a hint, which the
/// kernel refuses if anything is mapped there.
///
/// # Safety
///
/// `flags` must not let the kernel replace live mappings (`SHM_REMAP`), unless nothing in
/// use lies in the range of the segment's size from `address`.
pub(crate) unsafe fn attach(
    id: SegmentId,
    address: Option<NonNull<u8>>,
    flags: c_int,
) -> Result<NonNull<u8>, Errno> {
    let hint = address.map_or(core::ptr::null(), |address| address.as_ptr().cast_const());
    // SAFETY: the kernel checks identifier, address and flags, and by the
    // caller's promise nothing in use is replaced.
    let base = unsafe { shm_sys::shmat(id.as_raw(), hint.cast::<c_void>(), flags) };
    // Failure is -1 and never null; null itself would only come from a hint rounded down
    // to it, which callers do not pass.
    if base.addr() == usize::MAX {
        return Err(last_errno());
    }
    NonNull::new(base.cast::<u8>()).ok_or(Errno::from_raw(libc::EINVAL))
}

/// `shmdt(2)`.
///
/// # Safety
///
/// `base` must be what [`attach`] returned, not detached since, and nothing may use the
/// mapping afterwards: on the BSDs and macOS a second detach unmaps whatever is there by
/// then.
pub(crate) unsafe fn detach(base: NonNull<u8>) -> Result<(), Errno> {
    // SAFETY: by the caller's promise this is a live attachment that nobody
    // uses any more.
    match unsafe { shm_sys::shmdt(base.as_ptr().cast::<c_void>()) } {
        -1 => Err(last_errno()),
        _ => Ok(()),
    }
}

/// Returns the system's own structure, zeroed.
pub(crate) fn zeroed_shmid_ds() -> shmid_ds {
    // SAFETY: a C structure of numbers and pointers, for which all zeros are
    // valid.
    unsafe { core::mem::zeroed() }
}

/// `shmctl(IPC_STAT)`.
pub(crate) fn stat(id: SegmentId) -> Result<Stat, Errno> {
    let mut ds = zeroed_shmid_ds();
    // SAFETY: the command writes one `shmid_ds`, and this one is ours.
    unsafe { control(id.as_raw(), shm_sys::IPC_STAT, &raw mut ds) }?;
    Ok(stat_of(id, &ds))
}

/// Calls `shmctl(IPC_SET)`, which takes owner, group and permission bits from `ds`.
pub(crate) fn set(id: SegmentId, ds: &mut shmid_ds) -> Result<(), Errno> {
    // SAFETY: the command reads one `shmid_ds`.
    unsafe { control(id.as_raw(), shm_sys::IPC_SET, ds) }.map(drop)
}

/// `shmctl(IPC_RMID)`.
pub(crate) fn remove(id: SegmentId) -> Result<(), Errno> {
    // SAFETY: the command touches no memory of ours.
    unsafe { control(id.as_raw(), shm_sys::IPC_RMID, core::ptr::null_mut()) }.map(drop)
}

/// Calls `shmctl` with one of [`LOCK_AND_UNLOCK`].
pub(crate) fn lock_or_unlock(id: SegmentId, command: c_int) -> Result<(), Errno> {
    // SAFETY: the two commands touch no memory of ours, and any other would
    // get a null pointer, which the kernel refuses.
    unsafe { control(id.as_raw(), command, core::ptr::null_mut()) }.map(drop)
}

/// Calls `shmctl(2)`. The meaning of the result depends on the command.
///
/// # Safety
///
/// `buffer` must be what the command reads or writes, and exclusive during the call. The
/// kernel itself refuses a null or unmapped one.
pub(crate) unsafe fn control(
    id: c_int,
    command: c_int,
    buffer: *mut shmid_ds,
) -> Result<c_int, Errno> {
    // SAFETY: by the caller's promise the command finds what it expects.
    match unsafe { shm_sys::shmctl(id, command, buffer) } {
        -1 => Err(last_errno()),
        answer => Ok(answer),
    }
}

/// Returns the effective user id of this process.
pub(crate) fn effective_uid() -> u32 {
    // SAFETY: takes nothing, cannot fail.
    unsafe { libc::geteuid() }
}

/// Returns this process's number.
pub(crate) fn process_id() -> i32 {
    // SAFETY: takes nothing, cannot fail.
    unsafe { libc::getpid() }
}

/// Returns the size of a page, in bytes.
pub(crate) fn page_size() -> usize {
    // SAFETY: takes a number, reads a constant of the system.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096)
}

/// `ftok(3)` of this system.
#[cfg(feature = "std")]
pub(crate) fn ftok(path: &std::path::Path, project: u8) -> Result<Key> {
    use std::os::unix::ffi::OsStrExt;

    use crate::error::{Cause, Error, Operation, Target};

    let target = || Target::Path(path.to_owned());
    let Ok(c_path) = std::ffi::CString::new(path.as_os_str().as_bytes()) else {
        let cause = Cause::InvalidArgument {
            what: "the path has a NUL byte",
        };
        return Err(Error::refused(Operation::MakeKey, target(), cause));
    };
    // SAFETY: a NUL-terminated path that outlives the call.
    let answer = unsafe { shm_sys::ftok(c_path.as_ptr(), c_int::from(project)) };
    let errno = last_errno();
    Key::of_ftok(answer, || path.metadata().is_ok()).ok_or_else(|| {
        let cause = Cause::System(errno.as_raw());
        Error::from_system(Operation::MakeKey, target(), cause, errno)
    })
}
