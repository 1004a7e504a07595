//! Short copies on x86-64 without a call: the words at both ends of the bytes,
//! which overlap as far as they must, in one piece of assembly each. Everything
//! is loaded before anything is stored.

use core::arch::asm;

/// The most bytes that are moved this way.
pub(super) const MOST: usize = 128;

/// The unaligned move of 16 bytes. Where the compiler uses AVX, the older
/// instruction would wait for the upper halves of its registers.
#[cfg(not(target_feature = "avx"))]
macro_rules! movups {
    () => {
        "movups"
    };
}
#[cfg(target_feature = "avx")]
macro_rules! movups {
    () => {
        "vmovups"
    };
}

/// Copies at most [`MOST`] bytes.
///
/// # Safety
///
/// `source` must be readable and `target` writable for `n` bytes, at most
/// [`MOST`], and they may not overlap.
#[inline(always)]
pub(super) unsafe fn copy(target: *mut u8, source: *const u8, n: usize) {
    // The commonest decision first. Each function gets as many bytes as its
    // name says.
    if n > 64 {
        // SAFETY: the caller's promise, for 64 to 128 bytes.
        unsafe { from_64_to_128(target, source, n) };
    } else if n > 32 {
        // SAFETY: the caller's promise, for 32 to 64 bytes.
        unsafe { from_32_to_64(target, source, n) };
    } else if n >= 16 {
        // SAFETY: the caller's promise, for 16 to 32 bytes.
        unsafe { from_16_to_32(target, source, n) };
    } else if n >= 8 {
        // SAFETY: the caller's promise, for 8 to 16 bytes.
        unsafe { from_8_to_16(target, source, n) };
    } else if n >= 4 {
        // SAFETY: the caller's promise, for 4 to 8 bytes.
        unsafe { from_4_to_8(target, source, n) };
    } else if n >= 2 {
        // SAFETY: the caller's promise, for 2 to 4 bytes.
        unsafe { from_2_to_4(target, source, n) };
    } else if n == 1 {
        // SAFETY: the caller's promise, for 1 byte.
        unsafe { just_1(target, source) };
    }
}

/// Copies 1 byte.
///
/// # Safety
///
/// `source` must be readable and `target` writable for that many bytes.
#[inline(always)]
unsafe fn just_1(target: *mut u8, source: *const u8) {
    // SAFETY: reads and writes just those bytes, by the caller's promise, and
    // uses neither stack nor flags.
    unsafe {
        asm!(
            "mov {a}, byte ptr [{s}]",
            "mov byte ptr [{d}], {a}",
            s = in(reg) source,
            d = in(reg) target,
            a = out(reg_byte) _,
            options(nostack, preserves_flags),
        );
    }
}

/// Copies `n` bytes, 2 to 4.
///
/// # Safety
///
/// `source` must be readable and `target` writable for that many bytes.
#[inline(always)]
unsafe fn from_2_to_4(target: *mut u8, source: *const u8, n: usize) {
    // SAFETY: reads and writes just those bytes, by the caller's promise, and
    // uses neither stack nor flags.
    unsafe {
        asm!(
            "movzx {a:e}, word ptr [{s}]",
            "movzx {b:e}, word ptr [{s} + {n} - 2]",
            "mov word ptr [{d}], {a:x}",
            "mov word ptr [{d} + {n} - 2], {b:x}",
            s = in(reg) source,
            d = in(reg) target,
            n = in(reg) n,
            a = out(reg) _,
            b = out(reg) _,
            options(nostack, preserves_flags),
        );
    }
}

/// Copies `n` bytes, 4 to 8.
///
/// # Safety
///
/// `source` must be readable and `target` writable for that many bytes.
#[inline(always)]
unsafe fn from_4_to_8(target: *mut u8, source: *const u8, n: usize) {
    // SAFETY: reads and writes just those bytes, by the caller's promise, and
    // uses neither stack nor flags.
    unsafe {
        asm!(
            "mov {a:e}, dword ptr [{s}]",
            "mov {b:e}, dword ptr [{s} + {n} - 4]",
            "mov dword ptr [{d}], {a:e}",
            "mov dword ptr [{d} + {n} - 4], {b:e}",
            s = in(reg) source,
            d = in(reg) target,
            n = in(reg) n,
            a = out(reg) _,
            b = out(reg) _,
            options(nostack, preserves_flags),
        );
    }
}

/// Copies `n` bytes, 8 to 16.
///
/// # Safety
///
/// `source` must be readable and `target` writable for that many bytes.
#[inline(always)]
unsafe fn from_8_to_16(target: *mut u8, source: *const u8, n: usize) {
    // SAFETY: reads and writes just those bytes, by the caller's promise, and
    // uses neither stack nor flags.
    unsafe {
        asm!(
            "mov {a}, qword ptr [{s}]",
            "mov {b}, qword ptr [{s} + {n} - 8]",
            "mov qword ptr [{d}], {a}",
            "mov qword ptr [{d} + {n} - 8], {b}",
            s = in(reg) source,
            d = in(reg) target,
            n = in(reg) n,
            a = out(reg) _,
            b = out(reg) _,
            options(nostack, preserves_flags),
        );
    }
}

/// Copies `n` bytes, 16 to 32.
///
/// # Safety
///
/// `source` must be readable and `target` writable for that many bytes.
#[inline(always)]
unsafe fn from_16_to_32(target: *mut u8, source: *const u8, n: usize) {
    // SAFETY: reads and writes just those bytes, by the caller's promise, and
    // uses neither stack nor flags.
    unsafe {
        asm!(
            concat!(movups!(), " {v0}, xmmword ptr [{s}]"),
            concat!(movups!(), " {v1}, xmmword ptr [{s} + {n} - 16]"),
            concat!(movups!(), " xmmword ptr [{d}], {v0}"),
            concat!(movups!(), " xmmword ptr [{d} + {n} - 16], {v1}"),
            s = in(reg) source,
            d = in(reg) target,
            n = in(reg) n,
            v0 = out(xmm_reg) _,
            v1 = out(xmm_reg) _,
            options(nostack, preserves_flags),
        );
    }
}

/// Copies `n` bytes, 32 to 64.
///
/// # Safety
///
/// `source` must be readable and `target` writable for that many bytes.
#[inline(always)]
unsafe fn from_32_to_64(target: *mut u8, source: *const u8, n: usize) {
    // SAFETY: reads and writes just those bytes, by the caller's promise, and
    // uses neither stack nor flags.
    unsafe {
        asm!(
            concat!(movups!(), " {v0}, xmmword ptr [{s}]"),
            concat!(movups!(), " {v1}, xmmword ptr [{s} + 16]"),
            concat!(movups!(), " {v2}, xmmword ptr [{s} + {n} - 32]"),
            concat!(movups!(), " {v3}, xmmword ptr [{s} + {n} - 16]"),
            concat!(movups!(), " xmmword ptr [{d}], {v0}"),
            concat!(movups!(), " xmmword ptr [{d} + 16], {v1}"),
            concat!(movups!(), " xmmword ptr [{d} + {n} - 32], {v2}"),
            concat!(movups!(), " xmmword ptr [{d} + {n} - 16], {v3}"),
            s = in(reg) source,
            d = in(reg) target,
            n = in(reg) n,
            v0 = out(xmm_reg) _,
            v1 = out(xmm_reg) _,
            v2 = out(xmm_reg) _,
            v3 = out(xmm_reg) _,
            options(nostack, preserves_flags),
        );
    }
}

/// Copies `n` bytes, 64 to 128.
///
/// # Safety
///
/// `source` must be readable and `target` writable for that many bytes.
#[inline(always)]
unsafe fn from_64_to_128(target: *mut u8, source: *const u8, n: usize) {
    // SAFETY: reads and writes just those bytes, by the caller's promise, and
    // uses neither stack nor flags.
    unsafe {
        asm!(
            concat!(movups!(), " {v0}, xmmword ptr [{s}]"),
            concat!(movups!(), " {v1}, xmmword ptr [{s} + 16]"),
            concat!(movups!(), " {v2}, xmmword ptr [{s} + 32]"),
            concat!(movups!(), " {v3}, xmmword ptr [{s} + 48]"),
            concat!(movups!(), " {v4}, xmmword ptr [{s} + {n} - 64]"),
            concat!(movups!(), " {v5}, xmmword ptr [{s} + {n} - 48]"),
            concat!(movups!(), " {v6}, xmmword ptr [{s} + {n} - 32]"),
            concat!(movups!(), " {v7}, xmmword ptr [{s} + {n} - 16]"),
            concat!(movups!(), " xmmword ptr [{d}], {v0}"),
            concat!(movups!(), " xmmword ptr [{d} + 16], {v1}"),
            concat!(movups!(), " xmmword ptr [{d} + 32], {v2}"),
            concat!(movups!(), " xmmword ptr [{d} + 48], {v3}"),
            concat!(movups!(), " xmmword ptr [{d} + {n} - 64], {v4}"),
            concat!(movups!(), " xmmword ptr [{d} + {n} - 48], {v5}"),
            concat!(movups!(), " xmmword ptr [{d} + {n} - 32], {v6}"),
            concat!(movups!(), " xmmword ptr [{d} + {n} - 16], {v7}"),
            s = in(reg) source,
            d = in(reg) target,
            n = in(reg) n,
            v0 = out(xmm_reg) _,
            v1 = out(xmm_reg) _,
            v2 = out(xmm_reg) _,
            v3 = out(xmm_reg) _,
            v4 = out(xmm_reg) _,
            v5 = out(xmm_reg) _,
            v6 = out(xmm_reg) _,
            v7 = out(xmm_reg) _,
            options(nostack, preserves_flags),
        );
    }
}
