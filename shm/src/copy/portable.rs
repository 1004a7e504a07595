//! The copies without stable `asm!`, and under Miri: one relaxed atomic access per byte.
//!
//! A loop over words with bytes at its edges would be faster, but a race between accesses
//! of different sizes as soon as two processes split the same bytes differently.

use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

/// Words are loaded byte by byte, wherever they lie.
pub(super) const UNALIGNED_WORDS: bool = true;

/// The loads and stores of one word.
macro_rules! words {
    ($($load:ident $store:ident $word:ty)*) => {$(
        /// Loads one word.
        ///
        /// # Safety
        ///
        /// `source` must be readable for the word.
        pub(super) unsafe fn $load(source: *const u8) -> $word {
            let mut bytes = [0; size_of::<$word>()];
            // SAFETY: the caller's promise; the array is as long, and ours.
            unsafe { load(bytes.as_mut_ptr(), source, bytes.len()) };
            <$word>::from_ne_bytes(bytes)
        }

        /// Stores one word.
        ///
        /// # Safety
        ///
        /// `target` must be writable for the word.
        pub(super) unsafe fn $store(target: *mut u8, word: $word) {
            let bytes = word.to_ne_bytes();
            // SAFETY: the caller's promise; the array is as long.
            unsafe { store(target, bytes.as_ptr(), bytes.len()) };
        }
    )*};
}

words! {
    load_1 store_1 u8
    load_2 store_2 u16
    load_4 store_4 u32
    load_8 store_8 u64
}

/// Copies `n` shared bytes from `source` to `target`, which is private.
///
/// # Safety
///
/// `source` must be readable and `target` writable for `n` bytes, and they may not
/// overlap. Nothing else may use the private side.
pub(super) unsafe fn load(target: *mut u8, source: *const u8, n: usize) {
    for offset in 0..n {
        // SAFETY: `offset` is below `n`.
        let source = unsafe { source.add(offset) };
        // SAFETY: readable, by the caller's promise.
        let byte = unsafe { load_byte(source) };
        // SAFETY: `offset` is below `n`.
        let target = unsafe { target.add(offset) };
        // SAFETY: writable, and ours alone.
        unsafe { target.write(byte) };
    }
}

/// Copies `n` private bytes from `source` to `target`, which is shared.
///
/// # Safety
///
/// As for [`load`]; the private side may be immutable.
pub(super) unsafe fn store(target: *mut u8, source: *const u8, n: usize) {
    for offset in 0..n {
        // SAFETY: `offset` is below `n`.
        let source = unsafe { source.add(offset) };
        // SAFETY: readable, and nobody changes it meanwhile.
        let byte = unsafe { source.read() };
        // SAFETY: `offset` is below `n`.
        let target = unsafe { target.add(offset) };
        // SAFETY: writable, and every other access to shared bytes is atomic.
        unsafe { AtomicU8::from_ptr(target) }.store(byte, Relaxed);
    }
}

/// Copies `n` bytes between two places that may both be shared and overlap.
///
/// # Safety
///
/// `source` must be readable and `target` writable for `n` bytes.
pub(super) unsafe fn transfer(target: *mut u8, source: *const u8, n: usize) {
    let ascending = target.addr() <= source.addr();
    for step in 0..n {
        // In this order each byte is read before it is overwritten.
        let offset = if ascending { step } else { n - 1 - step };
        // SAFETY: `offset` is below `n`.
        unsafe { transfer_byte(target, source, offset) };
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
unsafe fn transfer_byte(target: *mut u8, source: *const u8, offset: usize) {
    // SAFETY: the caller's promise.
    let source = unsafe { source.add(offset) };
    // SAFETY: likewise.
    let target = unsafe { target.add(offset) };
    // SAFETY: readable.
    let byte = unsafe { load_byte(source) };
    // SAFETY: writable, and every other access to shared bytes is atomic.
    unsafe { AtomicU8::from_ptr(target) }.store(byte, Relaxed);
}

/// # Safety
///
/// `place` must be readable, and shared.
unsafe fn load_byte(place: *const u8) -> u8 {
    // SAFETY: readable. It may be mapped read-only, for which `from_ptr` would
    // be the wrong promise, and relaxed loads are allowed.
    unsafe { &*place.cast::<AtomicU8>() }.load(Relaxed)
}
