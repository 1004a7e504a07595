//! Where stacks may grow to.
//!
//! The kernel keeps what it maps itself away from a mapping that grows downwards,
//! but maps what is asked for by address right below it. The stack then grows
//! into the segment, and no fault tells (seen: 62,815 bytes of a segment).

use super::own;
use crate::decode::stacks::{Above, Place, above};
use crate::sys::page_size;

/// How far the kernel keeps what it maps itself from a stack that grows, in
/// pages (`stack_guard_gap` of `mm/mmap.c`).
const GUARD_GAP: usize = 256;

/// Returns why `len` bytes must not be attached at an address: a stack could grow
/// into it, or it cannot be seen whether one could. It may be attached already.
pub(crate) fn address_problem(address: usize, len: usize) -> Option<&'static str> {
    const NEAR: &str = "it is too near to a stack, which may grow into it";
    const UNSEEN: &str = "/proc/self/maps and smaps cannot be read, which show where stacks are";
    let page = page_size();
    // Where the sum overflows the system refuses the address.
    let end = address.checked_add(len.checked_next_multiple_of(page)?)?;
    let place = Place {
        start: address as u64,
        end: end as u64,
        gap: (GUARD_GAP * page) as u64,
    };
    for path in [c"/proc/self/maps", c"/proc/self/smaps"] {
        let Ok(text) = own::read(path) else {
            return Some(UNSEEN);
        };
        match above(&text, place) {
            Above::Nothing => return None,
            Above::Stack => return Some(NEAR),
            Above::Unclear => {}
        }
    }
    // Before Linux 3.8 `smaps` has no flags.
    Some(UNSEEN)
}
