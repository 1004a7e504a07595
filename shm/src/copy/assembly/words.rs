//! Short copies without a call: words, the last of which overlaps the one
//! before, so that there is no loop over single bytes.

use super::primitives;

/// The most bytes that are moved this way.
pub(super) const MAX_LEN: usize = 64;

/// One word of the given size at an offset from both pointers.
macro_rules! step {
    ($move:ident, $target:ident, $source:ident, $offset:expr) => {{
        let offset = $offset;
        // SAFETY: the arms of `copy` give offsets from which the word
        // ends within `n` bytes, which the caller has promised.
        let target = unsafe { $target.add(offset) };
        // SAFETY: likewise.
        let source = unsafe { $source.add(offset) };
        // SAFETY: likewise.
        unsafe { primitives::$move(target, source) }
    }};
}

/// Copies at most [`MAX_LEN`] bytes.
///
/// # Safety
///
/// `source` must be readable and `target` writable for `n` bytes, at most
/// [`MAX_LEN`], and they may not overlap.
#[inline]
pub(super) unsafe fn copy(target: *mut u8, source: *const u8, n: usize) {
    match n {
        0 => {}
        1 => step!(move_1, target, source, 0),
        2..4 => {
            step!(move_2, target, source, 0);
            step!(move_2, target, source, n - 2);
        }
        4..8 => {
            step!(move_4, target, source, 0);
            step!(move_4, target, source, n - 4);
        }
        8..16 => {
            step!(move_8, target, source, 0);
            step!(move_8, target, source, n - 8);
        }
        _ => {
            step!(move_16, target, source, 0);
            if n > 32 {
                step!(move_16, target, source, 16);
            }
            if n > 48 {
                step!(move_16, target, source, 32);
            }
            step!(move_16, target, source, n - 16);
        }
    }
}
