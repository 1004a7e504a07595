//! The copies where there is no stable `asm!`, and under Miri: one relaxed
//! atomic access a byte.
//!
//! A loop over words with bytes at its edges would be faster, and a race
//! between accesses of different sizes as soon as two processes cut the same
//! bytes differently.

use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

/// Copies `n` bytes from `source` to `target`, one of which is shared.
///
/// # Safety
///
/// `source` must be readable and `target` writable for `n` bytes, and they may
/// not overlap. The private side must not be used by anybody else.
pub(super) unsafe fn copy(target: *mut u8, source: *const u8, n: usize) {
    for offset in 0..n {
        // SAFETY: `offset` is below `n`.
        unsafe { copy_byte(target, source, offset) };
    }
}

/// Copies `n` bytes between two places that may both be shared and overlap.
///
/// # Safety
///
/// `source` must be readable and `target` writable for `n` bytes.
pub(super) unsafe fn transfer(target: *mut u8, source: *const u8, n: usize) {
    if target.addr() <= source.addr() {
        // SAFETY: the caller's promise. Ascending order reads each byte before
        // it is overwritten.
        return unsafe { copy(target, source, n) };
    }
    for offset in (0..n).rev() {
        // SAFETY: `offset` is below `n`.
        unsafe { copy_byte(target, source, offset) };
    }
}

/// Sets `n` shared bytes.
///
/// # Safety
///
/// `target` must be writable for `n` bytes.
pub(super) unsafe fn fill(target: *mut u8, byte: u8, n: usize) {
    for offset in 0..n {
        // SAFETY: within the caller's `n` bytes.
        let place = unsafe { target.add(offset) };
        // SAFETY: writable, and every other access to shared bytes is atomic.
        unsafe { AtomicU8::from_ptr(place) }.store(byte, Relaxed);
    }
}

/// # Safety
///
/// `source` must be readable and `target` writable at `offset`.
unsafe fn copy_byte(target: *mut u8, source: *const u8, offset: usize) {
    // SAFETY: the caller's promise.
    let source = unsafe { source.add(offset) };
    // SAFETY: likewise.
    let target = unsafe { target.add(offset) };
    // SAFETY: readable. The shared side may be mapped read-only, for which
    // `from_ptr` would be the wrong promise, and relaxed loads are allowed.
    let byte = unsafe { &*source.cast::<AtomicU8>() }.load(Relaxed);
    // SAFETY: writable.
    unsafe { AtomicU8::from_ptr(target) }.store(byte, Relaxed);
}
