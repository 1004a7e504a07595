//! Linux: how much of a segment an attachment has ([`extent`]), where stacks may
//! grow to ([`stacks`]), and which pages are in memory.

mod extent;
mod own;
mod stacks;

use core::ptr::NonNull;

pub(crate) use extent::{extent, mapped};
pub(crate) use stacks::address_problem;

use crate::SegmentId;
use crate::error::Errno;
use crate::sys::last_errno;

/// Whether an attach at an address needs one elsewhere first, which keeps the
/// identifier from coming to name a larger segment.
pub(crate) const PINS_FIRST: bool = true;

/// Why an attach address cannot be asked for here at all.
pub(crate) fn hint_problem(_read_only: bool) -> Option<&'static str> {
    None
}

/// Whether an attachment can take the place of what is mapped.
pub(crate) fn can_replace() -> bool {
    true
}

/// Moves an attachment to an address, in place of what is mapped there.
///
/// `SHM_REMAP` would replace as much as the segment's file has at that moment;
/// moving what is attached already replaces `extent` bytes and no more.
///
/// # Safety
///
/// Nothing in use may lie in the `extent` bytes from `address` on; `pin` must be
/// an attachment of that extent that nobody uses and that does not overlap them.
pub(crate) unsafe fn replace(
    pin: NonNull<u8>,
    extent: usize,
    _id: SegmentId,
    address: NonNull<u8>,
) -> Result<(), Errno> {
    let (from, to) = (
        pin.as_ptr().cast(),
        address.as_ptr().cast::<core::ffi::c_void>(),
    );
    let flags = libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED;
    // SAFETY: both ranges are the caller's to give, and nobody uses either.
    let moved = unsafe { libc::mremap(from, extent, extent, flags, to) };
    if moved == libc::MAP_FAILED {
        return Err(last_errno());
    }
    Ok(())
}

/// `mincore(2)`: sets bit 0 of each page that is in memory, from the page at
/// `address` on.
#[cfg(feature = "std")]
pub(crate) fn in_memory(address: usize, pages: &mut [u8]) -> Result<(), Errno> {
    let len = pages.len().saturating_mul(crate::sys::page_size());
    let start = core::ptr::without_provenance_mut(address);
    // SAFETY: the kernel writes one byte a page to the buffer, which has as
    // many; it checks the address, and touches nothing there.
    match unsafe { libc::mincore(start, len, pages.as_mut_ptr()) } {
        -1 => Err(last_errno()),
        _ => Ok(()),
    }
}

/// An address of the main thread's stack, near its upper end: the kernel puts
/// sixteen random bytes there. `None` where the kernel has not said.
fn upper_end_of_stack() -> Option<usize> {
    // SAFETY: takes a number, and reads what the kernel gave the process.
    match unsafe { libc::getauxval(libc::AT_RANDOM) } as usize {
        0 => None,
        address => Some(address),
    }
}
