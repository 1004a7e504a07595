//! The systems on which a segment's memory is an object of fixed size: nothing
//! truncates it, and an attachment has all of it.

use core::ptr::NonNull;

use crate::SegmentId;
use crate::sys::page_size;

/// Returns how many of `len` bytes from `base` on are mapped there: all.
///
/// # Safety
///
/// `base` must be what `shmat` returned, and belong to nobody else.
#[allow(clippy::unnecessary_wraps, reason = "Linux may not say")]
pub(crate) unsafe fn mapped(_base: NonNull<u8>, _id: SegmentId, len: usize) -> Option<usize> {
    Some(len)
}

/// Returns how many bytes are mapped at an attachment of a segment of `size` bytes.
pub(crate) fn extent(_base: NonNull<u8>, _id: SegmentId, size: u64) -> Option<usize> {
    usize::try_from(size)
        .ok()?
        .checked_next_multiple_of(page_size())
}

/// Returns whether an address is known to be outside the address space; here `shmat` says
/// so in the same way as that something is mapped.
pub(crate) fn is_outside(_address: usize) -> bool {
    false
}

/// Returns how much this process may lock by `SHM_LOCK`: no such limit counts here.
pub(crate) fn lock_limit() -> Option<u64> {
    None
}
