//! Copying bytes that other threads and processes may change at the same time.
//!
//! By meaning, every function here is a sequence of relaxed atomic accesses to
//! single bytes of the shared side, in no particular order, and plain accesses
//! to the private side: nothing that the language forbids, whatever others do
//! meanwhile. Bytes may tear against each other, never within.
//!
//! For speed that sequence is written in assembly where `asm!` is stable at our
//! MSRV: the compiler may not look into it, so it can neither split, repeat nor
//! invent an access, which it does with `ptr::copy` (and with `memcpy` declared
//! as a foreign function, whose meaning it knows). Elsewhere, under Miri, and with
//! `--cfg shm_portable_copies`, for sanitizers, which do not see into assembly,
//! [`portable`] does literally what stands above and nothing cleverer. The
//! argument in full is in `DESIGN.md`.

#[cfg(all(
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
))]
mod assembly;

#[cfg(any(
    test,
    miri,
    shm_portable_copies,
    not(any(
        target_arch = "x86_64",
        target_arch = "x86",
        target_arch = "aarch64",
        target_arch = "arm",
        target_arch = "riscv64",
        target_arch = "loongarch64",
        target_arch = "s390x",
    ))
))]
mod portable;

#[cfg(all(
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
))]
use assembly as engine;
#[cfg(not(all(
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
)))]
use portable as engine;

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
    // SAFETY: as for `load`, the other way round.
    unsafe { engine::store(shared.as_ptr(), bytes.as_ptr(), bytes.len()) }
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
