//! Copies of bytes that other threads and processes may change at the same time.
//!
//! Semantically, every function here is a sequence of relaxed atomic accesses to single
//! bytes of the shared side, in no particular order, and plain accesses to the private
//! side. Tearing happens between bytes, never within one.
//!
//! Where `asm!` is stable at our minimum version the accesses are made in
//! [`assembly`]: shared memory is memory that the abstract machine does not
//! know, and the compiler can neither split, repeat nor invent an access, which
//! it does with `ptr::copy` (and with `memcpy` declared as a foreign function,
//! whose meaning it knows). Elsewhere, under Miri, and with `--cfg
//! shm_portable_copies` for sanitizers, which do not see into assembly,
//! [`portable`] does literally what the first paragraph says. The argument in
//! full is in `DESIGN.md`, section 3.2.

#[cfg_attr(not(test), allow(dead_code, reason = "the tests compare with it"))]
mod portable;

/// Selects items by a condition that is written once. (rustfmt recognizes this form by
/// its name.)
macro_rules! cfg_if {
    (if #[cfg($condition:meta)] { $($then:item)* } else { $($otherwise:item)* }) => {
        $(#[cfg($condition)] $then)*
        $(#[cfg(not($condition))] $otherwise)*
    };
}

cfg_if! {
    if #[cfg(all(
        not(any(miri, shm_portable_copies)),
        any(
            target_arch = "x86_64",
            target_arch = "x86",
            target_arch = "aarch64",
            target_arch = "arm",
            target_arch = "riscv64",
            target_arch = "loongarch64",
            target_arch = "s390x",
        )
    ))] {
        mod assembly;
        use assembly as engine;
    } else {
        use portable as engine;
    }
}

use core::mem::MaybeUninit;
use core::ptr::NonNull;

/// Copies shared bytes into a private buffer.
///
/// # Safety
///
/// `shared` must be readable for the buffer's length, and may lie in a
/// read-only mapping.
#[inline]
pub(crate) unsafe fn load(buffer: &mut [MaybeUninit<u8>], shared: NonNull<u8>) {
    // SAFETY: the buffer is ours alone and as long as itself; the shared side
    // is the caller's promise. They cannot overlap: no reference into a
    // segment exists in safe code.
    unsafe { engine::load(buffer.as_mut_ptr().cast(), shared.as_ptr(), buffer.len()) }
}

/// Copies private bytes over shared ones.
///
/// # Safety
///
/// `shared` must be writable for the length of `bytes`.
#[inline]
pub(crate) unsafe fn store(shared: NonNull<u8>, bytes: &[u8]) {
    // SAFETY: as for `load`, with the sides swapped.
    unsafe { engine::store(shared.as_ptr(), bytes.as_ptr(), bytes.len()) }
}

/// Returns whether the bytes of a `T` are loaded and stored as one word, in a register,
/// instead of from memory to memory.
const fn is_word<T>(aligned: bool) -> bool {
    engine::UNALIGNED_WORDS || (aligned && align_of::<T>() >= size_of::<T>())
}

/// Copies a value out of shared memory. Every byte of the result is written.
///
/// # Safety
///
/// `shared` must be readable for the size of a `T`, and may lie in a read-only
/// mapping. With `ALIGNED` it must be a multiple of `T`'s alignment.
#[inline(always)]
pub(crate) unsafe fn load_value<T, const ALIGNED: bool>(shared: NonNull<u8>) -> MaybeUninit<T> {
    /// Loads one word.
    macro_rules! word {
        ($word:ty, $load:ident) => {{
            // SAFETY: readable for the size of a `T`, which is the word's.
            let word = unsafe { engine::$load(shared.as_ptr()) };
            let mut value = MaybeUninit::<T>::uninit();
            // SAFETY: the bytes of `value`, which are as many.
            unsafe { value.as_mut_ptr().cast::<$word>().write_unaligned(word) };
            value
        }};
    }
    match size_of::<T>() {
        1 => word!(u8, load_1),
        2 if is_word::<T>(ALIGNED) => word!(u16, load_2),
        4 if is_word::<T>(ALIGNED) => word!(u32, load_4),
        8 if is_word::<T>(ALIGNED) => word!(u64, load_8),
        n => {
            let mut value = MaybeUninit::<T>::uninit();
            // SAFETY: the caller's promise; `value` has as many bytes, and
            // nobody else uses it.
            unsafe { engine::load(value.as_mut_ptr().cast(), shared.as_ptr(), n) };
            value
        }
    }
}

/// Copies a value into shared memory.
///
/// # Safety
///
/// `shared` must be writable for the size of a `T`, and the value must have no
/// uninitialized bytes. With `ALIGNED` it must be a multiple of `T`'s alignment.
#[inline(always)]
pub(crate) unsafe fn store_value<T, const ALIGNED: bool>(shared: NonNull<u8>, value: &T) {
    let source = core::ptr::from_ref(value);
    /// Stores one word.
    macro_rules! word {
        ($word:ty, $store:ident) => {{
            // SAFETY: the bytes of `value`, which are as many and initialized.
            let word = unsafe { source.cast::<$word>().read_unaligned() };
            // SAFETY: writable for the size of a `T`, which is the word's.
            unsafe { engine::$store(shared.as_ptr(), word) };
        }};
    }
    match size_of::<T>() {
        1 => word!(u8, store_1),
        2 if is_word::<T>(ALIGNED) => word!(u16, store_2),
        4 if is_word::<T>(ALIGNED) => word!(u32, store_4),
        8 if is_word::<T>(ALIGNED) => word!(u64, store_8),
        // SAFETY: the caller's promise; nobody changes `value` meanwhile.
        n => unsafe { engine::store(shared.as_ptr(), source.cast(), n) },
    }
}

/// Copies `n` shared bytes over other shared bytes; the two may overlap.
///
/// # Safety
///
/// `source` must be readable and `target` writable for `n` bytes.
pub(crate) unsafe fn transfer(target: NonNull<u8>, source: NonNull<u8>, n: usize) {
    // SAFETY: the caller's promise.
    unsafe { engine::transfer(target.as_ptr(), source.as_ptr(), n) }
}

/// Sets `n` shared bytes.
///
/// # Safety
///
/// `target` must be writable for `n` bytes.
pub(crate) unsafe fn fill(target: NonNull<u8>, byte: u8, n: usize) {
    // SAFETY: the caller's promise.
    unsafe { engine::fill(target.as_ptr(), byte, n) }
}

#[cfg(test)]
mod tests;
