//! The moves and calls of 32-bit x86.

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
            "mov {t}, byte ptr [{s}]",
            "mov byte ptr [{d}], {t}",
            s = in(reg) source,
            d = in(reg) target,
            t = out(reg_byte) _,
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
            "movzx {t:e}, word ptr [{s}]",
            "mov word ptr [{d}], {t:x}",
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
            "mov {t:e}, dword ptr [{s}]",
            "mov dword ptr [{d}], {t:e}",
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
    // SAFETY: the first half, within the caller's promise.
    unsafe { move_4(target, source) };
    // SAFETY: the second half starts within it.
    let target = unsafe { target.add(4) };
    // SAFETY: likewise.
    let source = unsafe { source.add(4) };
    // SAFETY: and ends within it.
    unsafe { move_4(target, source) };
}

/// Moves 16 bytes.
///
/// # Safety
///
/// `source` must be readable and `target` writable for 16 bytes.
#[inline(always)]
pub(super) unsafe fn move_16(target: *mut u8, source: *const u8) {
    // SAFETY: the first half, within the caller's promise.
    unsafe { move_8(target, source) };
    // SAFETY: the second half starts within it.
    let target = unsafe { target.add(8) };
    // SAFETY: likewise.
    let source = unsafe { source.add(8) };
    // SAFETY: and ends within it.
    unsafe { move_8(target, source) };
}

/// `memcpy` of the C library.
///
/// # Safety
///
/// As for `memcpy`, except that the shared bytes may change meanwhile.
pub(super) unsafe fn call_memcpy(target: *mut u8, source: *const u8, n: usize) {
    // SAFETY: a call by the C calling convention with arguments on the stack,
    // which stays aligned to 16 bytes and ends where it was; all registers that it
    // may change are declared, and the caller has promised the memory.
    unsafe {
        asm!(
            "sub esp, 4",
            "push {n}",
            "push {s}",
            "push {d}",
            "call {f}",
            "add esp, 16",
            f = in(reg) memcpy as *const (),
            d = in(reg) target,
            s = in(reg) source,
            n = in(reg) n,
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
    // SAFETY: a call by the C calling convention with arguments on the stack,
    // which stays aligned to 16 bytes and ends where it was; all registers that it
    // may change are declared, and the caller has promised the memory.
    unsafe {
        asm!(
            "sub esp, 4",
            "push {n}",
            "push {s}",
            "push {d}",
            "call {f}",
            "add esp, 16",
            f = in(reg) memmove as *const (),
            d = in(reg) target,
            s = in(reg) source,
            n = in(reg) n,
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
    // SAFETY: a call by the C calling convention with arguments on the stack,
    // which stays aligned to 16 bytes and ends where it was; all registers that it
    // may change are declared, and the caller has promised the memory.
    unsafe {
        asm!(
            "sub esp, 4",
            "push {n}",
            "push {s}",
            "push {d}",
            "call {f}",
            "add esp, 16",
            f = in(reg) memset as *const (),
            d = in(reg) target,
            s = in(reg) c_int::from(byte),
            n = in(reg) n,
            clobber_abi("C"),
        );
    }
}
