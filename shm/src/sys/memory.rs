//! Linux: which addresses of this process are mapped, asked of the kernel, and
//! where the one mapping lies that grows by itself.

use super::{last_errno, page_size};
use crate::error::Errno;

/// How far the kernel keeps what it maps itself from a stack that grows, in
/// pages (`stack_guard_gap` of `mm/mmap.c`).
const GUARD_GAP: usize = 256;

/// The largest huge page, to which a segment's mapping may be rounded up.
const LARGEST_PAGE: usize = if cfg!(target_pointer_width = "64") {
    1 << 30
} else {
    4 << 20
};

/// Whether `size` bytes from `address` on would reach into the stack of the
/// main thread, or come too near to its lower end.
///
/// The kernel maps what is asked for by address without a gap below the stack.
/// The stack would then grow into the segment, and no fault would tell.
pub(crate) fn reaches_stack(address: usize, size: u64) -> bool {
    // Sixteen random bytes that the kernel put at the stack's upper end.
    // SAFETY: takes a number, and reads what the kernel gave the process.
    let upper = unsafe { libc::getauxval(libc::AT_RANDOM) } as usize;
    if address > upper {
        return false;
    }
    let page = page_size();
    // An address that suits huge pages may be that of a segment made of them.
    let granule = (1 << address.trailing_zeros().min(usize::BITS - 2)).clamp(page, LARGEST_PAGE);
    let end = usize::try_from(size)
        .ok()
        .and_then(|size| size.checked_next_multiple_of(granule))
        .and_then(|size| address.checked_add(size)?.checked_add(GUARD_GAP * page));
    end.is_none_or(|end| end > upper || is_mapped(end - page, upper))
}

/// Whether there is no hole from the page of `first` to that of `last`.
fn is_mapped(first: usize, last: usize) -> bool {
    let page = page_size();
    let mut states = [0; 64];
    (first / page..=last / page)
        .step_by(states.len())
        .all(|start| {
            let count = (last / page - start + 1).min(states.len());
            let asked = states.get_mut(..count).unwrap_or_default();
            // Only this error says that something is not mapped.
            in_memory(start * page, asked) != Err(Errno::from_raw(libc::ENOMEM))
        })
}

/// `mincore(2)`: sets bit 0 of each page that is in memory, from the page at
/// `address` on.
pub(crate) fn in_memory(address: usize, pages: &mut [u8]) -> Result<(), Errno> {
    let len = pages.len().saturating_mul(page_size());
    let start = core::ptr::without_provenance_mut(address);
    // SAFETY: the kernel writes one byte a page to the buffer, which has as
    // many; it checks the address, and touches nothing there.
    match unsafe { libc::mincore(start, len, pages.as_mut_ptr()) } {
        -1 => Err(last_errno()),
        _ => Ok(()),
    }
}
