//! The calls of 64-bit RISC-V.

use core::arch::asm;
use core::ffi::c_int;

use libc::{memcpy, memmove, memset};

/// `memcpy` of the C library.
///
/// # Safety
///
/// As for `memcpy`, except that the shared bytes may change meanwhile.
pub(super) unsafe fn call_memcpy(target: *mut u8, source: *const u8, n: usize) {
    // SAFETY: a call by the C calling convention; all registers that it
    // may change are declared, and the caller has promised the memory.
    unsafe {
        asm!(
            "call {f}",
            f = sym memcpy,
            in("a0") target,
            in("a1") source,
            in("a2") n,
            clobber_abi("C"),
        );
    }
}

/// `memmove` of the C library.
///
/// # Safety
///
/// As for `memmove`, except that the shared bytes may change meanwhile.
pub(super) unsafe fn call_memmove(target: *mut u8, source: *const u8, n: usize) {
    // SAFETY: a call by the C calling convention; all registers that it
    // may change are declared, and the caller has promised the memory.
    unsafe {
        asm!(
            "call {f}",
            f = sym memmove,
            in("a0") target,
            in("a1") source,
            in("a2") n,
            clobber_abi("C"),
        );
    }
}

/// `memset` of the C library.
///
/// # Safety
///
/// As for `memset`, except that the bytes may change meanwhile.
pub(super) unsafe fn call_memset(target: *mut u8, byte: u8, n: usize) {
    // SAFETY: a call by the C calling convention; all registers that it
    // may change are declared, and the caller has promised the memory.
    unsafe {
        asm!(
            "call {f}",
            f = sym memset,
            in("a0") target,
            in("a1") c_int::from(byte),
            in("a2") n,
            clobber_abi("C"),
        );
    }
}
