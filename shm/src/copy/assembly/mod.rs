//! The copies in assembly: the part common to all architectures.
//!
//! [`words`] moves a few bytes; longer copies call the C library's routines from
//! assembly. Each architecture's file fills in the [`tables`]: the loads and stores of
//! one word, and the call. Words are moved at any address except on Arm and RISC-V, where
//! some cores trap on unaligned ones: those call the C library for everything but aligned
//! values. x86-64 has its own short copies, and long ones for processors that need them.

#[macro_use]
mod tables;

#[cfg_attr(target_arch = "x86_64", path = "x86_64.rs")]
#[cfg_attr(target_arch = "x86", path = "x86.rs")]
#[cfg_attr(target_arch = "aarch64", path = "aarch64.rs")]
#[cfg_attr(target_arch = "arm", path = "arm.rs")]
#[cfg_attr(target_arch = "riscv64", path = "riscv64.rs")]
#[cfg_attr(target_arch = "loongarch64", path = "loongarch64.rs")]
#[cfg_attr(target_arch = "s390x", path = "s390x.rs")]
mod primitives;

#[cfg(not(any(target_arch = "arm", target_arch = "riscv64")))]
#[cfg_attr(target_arch = "x86_64", path = "words_x86_64.rs")]
mod words;

#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[path = "middle_x86_64.rs"]
pub(super) mod middle;

#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[path = "vectors_x86_64.rs"]
pub(super) mod vectors;

// The processor does not distinguish the sides.
pub(super) use self::{copy as load, copy as store};
pub(super) use primitives::{load_1, load_2, load_4, load_8, store_1, store_2, store_4, store_8};

/// Whether a word may lie at any address.
pub(super) const UNALIGNED_WORDS: bool = !cfg!(any(target_arch = "arm", target_arch = "riscv64"));

/// Copies `n` bytes from `source` to `target`, one of which is shared.
///
/// # Safety
///
/// `source` must be readable and `target` writable for `n` bytes, and they may not
/// overlap. Nothing else may use the private side.
#[inline]
pub(super) unsafe fn copy(target: *mut u8, source: *const u8, n: usize) {
    #[cfg(not(any(target_arch = "arm", target_arch = "riscv64")))]
    if n <= words::MAX_LEN {
        cold();
        // SAFETY: the caller's promise is just what this needs.
        return unsafe { words::copy(target, source, n) };
    }
    #[cfg(all(target_arch = "x86_64", feature = "std"))]
    if n <= middle::MAX_LEN {
        cold();
        // SAFETY: likewise.
        return unsafe { middle::copy(target, source, n) };
    }
    #[cfg(all(target_arch = "x86_64", feature = "std"))]
    if vectors::is_weak_spot(target, source, n) {
        cold();
        // SAFETY: likewise.
        return unsafe { vectors::copy_weak_spot(target, source, n) };
    }
    // SAFETY: likewise.
    unsafe { primitives::call_memcpy(target, source, n) }
}

/// Called in a branch, moves that branch's code out of line. A copy of 4 KiB from the
/// nearest cache takes some 80 cycles, and each taken jump about two; short copies can
/// afford them, because they are faster than `memcpy` anyway.
#[cfg(not(any(target_arch = "arm", target_arch = "riscv64")))]
#[cold]
const fn cold() {}

/// Copies `n` bytes between two places that may both be shared and overlap.
///
/// # Safety
///
/// `source` must be readable and `target` writable for `n` bytes.
pub(super) unsafe fn transfer(target: *mut u8, source: *const u8, n: usize) {
    // SAFETY: the caller's promise is what memmove needs.
    unsafe { primitives::call_memmove(target, source, n) }
}

/// Sets `n` shared bytes.
///
/// # Safety
///
/// `target` must be writable for `n` bytes.
pub(super) unsafe fn fill(target: *mut u8, byte: u8, n: usize) {
    // SAFETY: the caller's promise is what memset needs.
    unsafe { primitives::call_memset(target, byte, n) }
}
