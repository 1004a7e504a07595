//! The ranges into which stacks may grow.
//!
//! The kernel keeps its own placements away from a mapping that grows downwards, but
//! accepts a requested address right below it. Then the stack grows into the segment
//! without a fault (seen: 62,815 bytes of a segment).

use super::own;
use crate::decode::stacks::{Above, Place, above};
use crate::sys::page_size;

/// The distance that the kernel keeps from a growing stack, in pages (`stack_guard_gap`
/// of `mm/mmap.c`).
const GUARD_GAP: usize = 256;

/// Returns why `len` bytes must not be attached at an address, if so: a stack could grow
/// into it, or the mappings are unreadable. The range may be attached already.
pub(crate) fn address_problem(address: usize, len: usize) -> Option<&'static str> {
    const NEAR: &str = "it is too close to a stack, which may grow into it";
    const UNSEEN: &str = "/proc/self/maps and smaps, which show the stacks, cannot be read";
    let page = page_size();
    // If the sum overflows, the system refuses the address.
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
