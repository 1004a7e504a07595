//! Linux: the mapped length of an attachment ([`extent`]), the range into which stacks
//! may grow ([`stacks`]), and resident pages.

mod extent;
mod own;
mod stacks;

use core::ptr::NonNull;

pub(crate) use extent::{extent, mapped};
pub(crate) use stacks::address_problem;

use crate::SegmentId;
use crate::error::Errno;
use crate::sys::last_errno;

/// Whether an attach at an address needs one elsewhere first, so that the identifier
/// cannot be reused for a larger segment.
pub(crate) const ATTACHES_ELSEWHERE_FIRST: bool = true;

/// Returns why no attach address can be requested here, if so.
pub(crate) fn hint_refusal(_read_only: bool) -> Option<&'static str> {
    None
}

/// Returns whether an attachment can replace existing mappings.
pub(crate) fn can_replace() -> bool {
    true
}

/// Moves an attachment to an address, in place of existing mappings.
///
/// `SHM_REMAP` would replace the current length of the segment's file; moving an
/// attachment replaces exactly `extent` bytes.
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
    _flags: core::ffi::c_int,
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

/// Returns whether an address is outside the address space: the kernel has no room for a
/// page there, although nothing is mapped.
pub(crate) fn is_outside(address: usize) -> bool {
    let page = crate::sys::page_size();
    let start = core::ptr::without_provenance_mut(address / page * page);
    let kind = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED_NOREPLACE;
    // SAFETY: maps one page where nothing is mapped. (Before Linux 4.17 the flag
    // means nothing, and the address is a hint.)
    let mapped = unsafe { libc::mmap(start, page, libc::PROT_NONE, kind, -1, 0) };
    if mapped == libc::MAP_FAILED {
        return last_errno().as_raw() == libc::ENOMEM;
    }
    // SAFETY: just mapped, and used by nobody.
    unsafe { libc::munmap(mapped, page) };
    false
}

/// Returns how many bytes this process may lock; `None` for no limit.
pub(crate) fn lock_limit() -> Option<u64> {
    let mut limit = libc::rlimit64 {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: the structure is ours.
    let answer = unsafe { libc::getrlimit64(libc::RLIMIT_MEMLOCK, &raw mut limit) };
    (answer == 0 && limit.rlim_cur != libc::RLIM64_INFINITY).then_some(limit.rlim_cur)
}

/// Calls `mincore(2)`: sets bit 0 for each resident page, from the page at `address` on.
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

/// Returns an address in the main thread's stack, near its upper end, where the kernel
/// stores sixteen random bytes. `None` if the kernel did not provide it.
fn upper_end_of_stack() -> Option<usize> {
    // SAFETY: takes a number, and reads what the kernel gave the process.
    match unsafe { libc::getauxval(libc::AT_RANDOM) } as usize {
        0 => None,
        address => Some(address),
    }
}
