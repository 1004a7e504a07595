//! macOS, NetBSD, OpenBSD: the room below a stack is reserved, so `shmat` refuses
//! addresses in it, and nothing replaces a mapping.

use core::ffi::c_int;
use core::ptr::NonNull;

pub(crate) use super::fixed::{extent, is_outside, lock_limit, mapped};
use crate::SegmentId;
use crate::error::Errno;

/// Whether an attach at an address needs one elsewhere first, so that the identifier
/// cannot be reused for a larger segment.
pub(crate) const ATTACHES_ELSEWHERE_FIRST: bool = false;

/// Returns why no attach address can be requested here, if so.
pub(crate) fn hint_refusal(_read_only: bool) -> Option<&'static str> {
    None
}

/// Returns why `len` bytes must not be attached at an address, if so.
pub(crate) fn address_problem(_address: usize, _len: usize) -> Option<&'static str> {
    None
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
