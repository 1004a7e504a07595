//! Short copies on x86-64 without a call: the words at both ends of the bytes,
//! overlapping as necessary, in one block of assembly each. Everything is loaded before
//! anything is stored.

use super::primitives;

/// The maximum number of bytes moved this way.
pub(super) const MAX_LEN: usize = 128;

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

/// A copy of some lengths: words of one size, in registers of one class, at these
/// distances from the start. `{n}` is the length.
macro_rules! copies {
    (
        $name:ident: $size:literal in $class:ident,
        load $load:expr, $load_as:literal, store $store:expr, $store_as:literal,
        $($word:ident at $at:literal),*
    ) => {
        /// Copies `n` bytes, of the lengths in the name.
        ///
        /// # Safety
        ///
        /// `source` must be readable and `target` writable for `n` bytes.
        #[inline(always)]
        unsafe fn $name(target: *mut u8, source: *const u8, n: usize) {
            // SAFETY: reads and writes just those bytes, by the caller's promise,
            // and uses neither stack nor flags.
            unsafe {
                core::arch::asm!(
                    $(concat!(
                        $load, " {", stringify!($word), $load_as, "}, ", $size, " ptr [{s}", $at, "]"
                    ),)*
                    $(concat!(
                        $store, " ", $size, " ptr [{d}", $at, "], {", stringify!($word), $store_as, "}"
                    ),)*
                    s = in(reg) source,
                    d = in(reg) target,
                    n = in(reg) n,
                    $($word = out($class) _,)*
                    options(nostack, preserves_flags),
                );
            }
        }
    };
}

copies! {
    from_2_to_4: "word" in reg, load "movzx", ":e", store "mov", ":x",
    a at "", b at " + {n} - 2"
}
copies! {
    from_4_to_8: "dword" in reg, load "mov", ":e", store "mov", ":e",
    a at "", b at " + {n} - 4"
}
copies! {
    from_8_to_16: "qword" in reg, load "mov", "", store "mov", "",
    a at "", b at " + {n} - 8"
}
copies! {
    from_16_to_32: "xmmword" in xmm_reg, load movups!(), "", store movups!(), "",
    a at "", b at " + {n} - 16"
}
copies! {
    from_32_to_64: "xmmword" in xmm_reg, load movups!(), "", store movups!(), "",
    a at "", b at " + 16", c at " + {n} - 32", e at " + {n} - 16"
}
copies! {
    from_64_to_128: "xmmword" in xmm_reg, load movups!(), "", store movups!(), "",
    a at "", b at " + 16", c at " + 32", e at " + 48",
    f at " + {n} - 64", g at " + {n} - 48", h at " + {n} - 32", i at " + {n} - 16"
}

/// Copies at most [`MAX_LEN`] bytes.
///
/// # Safety
///
/// `source` must be readable and `target` writable for `n` bytes, at most
/// [`MAX_LEN`], and they may not overlap.
#[inline(always)]
pub(super) unsafe fn copy(target: *mut u8, source: *const u8, n: usize) {
    // The most frequent case first.
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
        unsafe { primitives::move_1(target, source) };
    }
}
