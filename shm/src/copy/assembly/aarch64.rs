//! The moves and calls of 64-bit Arm.

use core::arch::asm;
use core::ffi::c_int;

use libc::{memcpy, memmove, memset};

/// Moves 1 byte.
///
/// # Safety
///
/// `source` must be readable and `target` writable for 1 byte.
#[inline(always)]
pub(super) unsafe fn move_1(target: *mut u8, source: *const u8) {
    // SAFETY: reads and writes just those bytes, by the caller's promise, and
    // uses neither stack nor flags.
    unsafe {
        asm!(
            "ldrb {t:w}, [{s}]",
            "strb {t:w}, [{d}]",
            s = in(reg) source,
            d = in(reg) target,
            t = out(reg) _,
            options(nostack, preserves_flags),
        );
    }
}

/// Moves 2 bytes.
///
/// # Safety
///
/// `source` must be readable and `target` writable for 2 bytes.
#[inline(always)]
pub(super) unsafe fn move_2(target: *mut u8, source: *const u8) {
    // SAFETY: reads and writes just those bytes, by the caller's promise, and
    // uses neither stack nor flags.
    unsafe {
        asm!(
            "ldrh {t:w}, [{s}]",
            "strh {t:w}, [{d}]",
            s = in(reg) source,
            d = in(reg) target,
            t = out(reg) _,
            options(nostack, preserves_flags),
        );
    }
}

/// Moves 4 bytes.
///
/// # Safety
///
/// `source` must be readable and `target` writable for 4 bytes.
#[inline(always)]
pub(super) unsafe fn move_4(target: *mut u8, source: *const u8) {
    // SAFETY: reads and writes just those bytes, by the caller's promise, and
    // uses neither stack nor flags.
    unsafe {
        asm!(
            "ldr {t:w}, [{s}]",
            "str {t:w}, [{d}]",
            s = in(reg) source,
            d = in(reg) target,
            t = out(reg) _,
            options(nostack, preserves_flags),
        );
    }
}

/// Moves 8 bytes.
///
/// # Safety
///
/// `source` must be readable and `target` writable for 8 bytes.
#[inline(always)]
pub(super) unsafe fn move_8(target: *mut u8, source: *const u8) {
    // SAFETY: reads and writes just those bytes, by the caller's promise, and
    // uses neither stack nor flags.
    unsafe {
        asm!(
            "ldr {t}, [{s}]",
            "str {t}, [{d}]",
            s = in(reg) source,
            d = in(reg) target,
            t = out(reg) _,
            options(nostack, preserves_flags),
        );
    }
}

/// Moves 16 bytes.
///
/// # Safety
///
/// `source` must be readable and `target` writable for 16 bytes.
#[inline(always)]
pub(super) unsafe fn move_16(target: *mut u8, source: *const u8) {
    // SAFETY: reads and writes just those bytes, by the caller's promise, and
    // uses neither stack nor flags.
    unsafe {
        asm!(
            "ldr {t:q}, [{s}]",
            "str {t:q}, [{d}]",
            s = in(reg) source,
            d = in(reg) target,
            t = out(vreg) _,
            options(nostack, preserves_flags),
        );
    }
}

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
            "bl {f}",
            f = sym memcpy,
            in("x0") target,
            in("x1") source,
            in("x2") n,
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
            "bl {f}",
            f = sym memmove,
            in("x0") target,
            in("x1") source,
            in("x2") n,
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
            "bl {f}",
            f = sym memset,
            in("x0") target,
            in("x1") c_int::from(byte),
            in("x2") n,
            clobber_abi("C"),
        );
    }
}
