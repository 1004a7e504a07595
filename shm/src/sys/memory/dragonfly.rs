//! DragonFly BSD: the main thread's stack may grow into attachments in its way (seen on
//! 5.9), so addresses in its range are refused.

use core::ffi::c_int;
use core::ptr::NonNull;

pub(crate) use super::fixed::{extent, is_outside, lock_limit, mapped};
use crate::SegmentId;
use crate::decode::stacks::reaches_room;
use crate::error::Errno;
use crate::sys::table::by_name;

/// Whether an attach at an address needs one elsewhere first, so that the identifier
/// cannot be reused for a larger segment.
pub(crate) const ATTACHES_ELSEWHERE_FIRST: bool = true;

/// Returns why no attach address can be requested here, if so.
pub(crate) fn hint_refusal(_read_only: bool) -> Option<&'static str> {
    None
}

/// Returns why `len` bytes must not be attached at an address, if so.
pub(crate) fn address_problem(address: usize, len: usize) -> Option<&'static str> {
    let Ok(top) = by_name::number(c"kern.usrstack") else {
        return Some("kern.usrstack, the address of the stack, cannot be read");
    };
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: the structure is ours.
    let answer = unsafe { libc::getrlimit(libc::RLIMIT_STACK, &raw mut limit) };
    if answer == -1 {
        return Some("RLIMIT_STACK, the limit of the stack, cannot be read");
    }
    // The soft limit may be raised up to the hard one at any time.
    let room = u64::try_from(limit.rlim_max).unwrap_or(u64::MAX);
    let room = by_name::number(c"kern.maxssiz").map_or(room, |max| room.min(max));
    reaches_room(address as u64, len as u64, top, room)
        .then_some("the main thread's stack may grow into it")
}

/// Returns whether an attachment can replace existing mappings.
pub(crate) fn can_replace() -> bool {
    false
}

/// Never called, because nothing can be replaced.
///
/// # Safety
///
/// No condition.
pub(crate) unsafe fn replace(
    _pin: NonNull<u8>,
    _extent: usize,
    _id: SegmentId,
    _address: NonNull<u8>,
    _flags: c_int,
) -> Result<(), Errno> {
    Err(Errno::from_raw(libc::ENOSYS))
}
