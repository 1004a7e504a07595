//! FreeBSD: the room below a stack is reserved. A probe detects whether `SHM_REMAP` is a
//! separate flag.
//!
//! It was 030000, the bits of `SHM_RDONLY` and `SHM_RND`, until a commit after 14.0
//! (review D46825) made it 040000; and until then the kernel tested `shmflg & SHM_REMAP`,
//! so that a read-only attach at an address *replaced* existing mappings (seen on 13.2).
//! Neither the header nor `kern.osreldate` identifies the kernel: 1400063 still had the
//! old value.

use core::ffi::c_int;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

pub(crate) use super::fixed::{extent, is_outside, lock_limit, mapped};
use super::probe;
use crate::SegmentId;
use crate::error::Errno;

/// `SHM_REMAP` as a separate flag.
const SHM_REMAP: c_int = 0o40000;

/// Whether an attach at an address needs one elsewhere first, so that the identifier
/// cannot be reused for a larger segment.
pub(crate) const ATTACHES_ELSEWHERE_FIRST: bool = false;

/// Returns why no attach address can be requested here, if so. (`SHM_RND` is never
/// passed: addresses are rounded before the call.)
pub(crate) fn hint_refusal(read_only: bool) -> Option<&'static str> {
    static ANSWER: AtomicU8 = AtomicU8::new(UNKNOWN);
    if !read_only {
        return None;
    }
    match known(&ANSWER, shm_sys::SHM_RDONLY) {
        Some(false) => None,
        Some(true) => Some(
            "on this kernel a read-only attach at an address replaces existing \
             mappings (FreeBSD until some time after 14.0)",
        ),
        None => Some(
            "cannot find out whether a read-only attach at an address replaces \
             existing mappings, as on older kernels: that takes a segment of one \
             page",
        ),
    }
}

/// Returns why `len` bytes must not be attached at an address, if so.
pub(crate) fn address_problem(_address: usize, _len: usize) -> Option<&'static str> {
    None
}

/// Returns whether an attachment can replace existing mappings.
pub(crate) fn can_replace() -> bool {
    static ANSWER: AtomicU8 = AtomicU8::new(UNKNOWN);
    known(&ANSWER, SHM_REMAP) == Some(true)
}

/// Attaches in place of existing mappings, with these `flags` of `shmat`, and detaches
/// the pin.
///
/// # Safety
///
/// Nothing in use may lie in the `extent` bytes from `address` on; `pin` must be
/// an attachment of the segment, of that extent, that nobody uses.
pub(crate) unsafe fn replace(
    pin: NonNull<u8>,
    _extent: usize,
    id: SegmentId,
    address: NonNull<u8>,
    flags: c_int,
) -> Result<(), Errno> {
    // SAFETY: the pin keeps identifier and size, so that the caller's promise is
    // of the range that is replaced.
    unsafe { crate::sys::attach(id, Some(address), flags | SHM_REMAP) }?;
    // SAFETY: the caller's promise.
    let _ = unsafe { crate::sys::detach(pin) };
    Ok(())
}

const UNKNOWN: u8 = 0;
const NO: u8 = 1;
const YES: u8 = 2;

/// Returns the result of the probe, which is cached only if the probe completed.
fn known(answer: &AtomicU8, flags: c_int) -> Option<bool> {
    match answer.load(Relaxed) {
        NO => Some(false),
        YES => Some(true),
        _ => {
            let found = probe::replaces(flags)?;
            answer.store(if found { YES } else { NO }, Relaxed);
            Some(found)
        }
    }
}
