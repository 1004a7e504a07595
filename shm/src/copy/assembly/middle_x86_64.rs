//! Copies of 129 to 256 bytes on x86-64.
//!
//! With AVX-512VL they are eight moves of 32 bytes, in registers 16 to 23. Instructions
//! that name these leave the upper halves of the others alone, so that no `vzeroupper` is
//! needed, and they are as fast as glibc's `memcpy`, which does likewise
//! (`memmove-evex-unaligned-erms.S`) and decides by length once more. Without AVX-512VL
//! they are `memcpy`. On Zen 4 aligned copies of 256 bytes reached 1.00 of its speed this
//! way, and 0.92 with a call of `memcpy`. The moves without a call reached 0.80: the
//! registers and the branch that they take are then those of every copy.

use core::arch::asm;
use core::ffi::c_void;
use core::sync::atomic::{AtomicPtr, Ordering::Relaxed};

use super::vectors::Routine;
use super::{primitives, words};

/// The most bytes that [`copy`] can copy.
pub(super) const MAX_LEN: usize = 256;

const _: () = assert!(words::MAX_LEN >= 128, "less is moved as words");

/// The routine for such copies: [`choose_and_copy`] until its first use.
static ROUTINE: AtomicPtr<c_void> = AtomicPtr::new(choose_and_copy as Routine as *mut c_void);

/// Copies 128 to [`MAX_LEN`] bytes by the routine of this processor.
///
/// # Safety
///
/// `source` must be readable and `target` writable for `n` bytes, from 128 to [`MAX_LEN`], and they may not overlap. The shared bytes may change meanwhile.
#[inline]
pub(super) unsafe fn copy(target: *mut u8, source: *const u8, n: usize) {
    let routine = ROUTINE.load(Relaxed);
    // SAFETY: a call by the C calling convention; all registers that it may change are
    // declared, and the caller has promised the memory.
    unsafe {
        asm!(
            "call {f}",
            f = in(reg) routine,
            in("rdi") target,
            in("rsi") source,
            in("rdx") n,
            clobber_abi("C"),
        );
    }
}

/// Chooses the routine, at the first copy.
///
/// # Safety
///
/// As for [`copy`].
unsafe extern "C" fn choose_and_copy(target: *mut u8, source: *const u8, n: usize) {
    let routine = if std::is_x86_feature_detected!("avx512vl") {
        copy_both_ends as Routine as *mut c_void
    } else {
        libc::memcpy as *mut c_void
    };
    // Threads that come here at once find the same.
    ROUTINE.store(routine, Relaxed);
    // SAFETY: the caller's promise.
    unsafe { primitives::call_memcpy(target, source, n) };
}

/// Copies 128 bytes at each end, which overlap as far as they must. Everything is loaded
/// before anything is stored.
///
/// # Safety
///
/// As for [`copy`]; the processor must have AVX-512VL.
unsafe extern "C" fn copy_both_ends(target: *mut u8, source: *const u8, n: usize) {
    // SAFETY: reads and writes just those bytes, by the caller's promise, declares all
    // registers it changes, and uses neither stack nor flags.
    unsafe {
        asm!(
            "vmovdqu64 ymm16, ymmword ptr [{s}]",
            "vmovdqu64 ymm17, ymmword ptr [{s} + 32]",
            "vmovdqu64 ymm18, ymmword ptr [{s} + 64]",
            "vmovdqu64 ymm19, ymmword ptr [{s} + 96]",
            "vmovdqu64 ymm20, ymmword ptr [{s} + {n} - 128]",
            "vmovdqu64 ymm21, ymmword ptr [{s} + {n} - 96]",
            "vmovdqu64 ymm22, ymmword ptr [{s} + {n} - 64]",
            "vmovdqu64 ymm23, ymmword ptr [{s} + {n} - 32]",
            "vmovdqu64 ymmword ptr [{d}], ymm16",
            "vmovdqu64 ymmword ptr [{d} + 32], ymm17",
            "vmovdqu64 ymmword ptr [{d} + 64], ymm18",
            "vmovdqu64 ymmword ptr [{d} + 96], ymm19",
            "vmovdqu64 ymmword ptr [{d} + {n} - 128], ymm20",
            "vmovdqu64 ymmword ptr [{d} + {n} - 96], ymm21",
            "vmovdqu64 ymmword ptr [{d} + {n} - 64], ymm22",
            "vmovdqu64 ymmword ptr [{d} + {n} - 32], ymm23",
            s = in(reg) source,
            d = in(reg) target,
            n = in(reg) n,
            out("xmm16") _, out("xmm17") _, out("xmm18") _, out("xmm19") _,
            out("xmm20") _, out("xmm21") _, out("xmm22") _, out("xmm23") _,
            options(nostack, preserves_flags),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copies(routine: Routine) {
        for n in 128..=MAX_LEN {
            let source: Vec<u8> = (1..).take(n).map(|byte: usize| byte as u8).collect();
            let mut target = vec![0; n + 2];
            // SAFETY: both have `n` bytes from there on, and the caller's processor fits.
            unsafe { routine(target[1..].as_mut_ptr(), source.as_ptr(), n) };
            assert_eq!(target[1..=n], source, "{n}");
            assert_eq!((target[0], target[n + 1]), (0, 0), "{n}: written beyond");
        }
    }

    #[test]
    fn both_ends_together_are_all_bytes() {
        if std::is_x86_feature_detected!("avx512vl") {
            copies(copy_both_ends);
        }
    }

    #[test]
    fn the_first_copy_chooses_a_routine_and_copies() {
        copies(choose_and_copy);
        let chosen = ROUTINE.load(Relaxed);
        assert_ne!(chosen, choose_and_copy as Routine as *mut c_void);
        let both_ends = copy_both_ends as Routine as *mut c_void;
        let fits = std::is_x86_feature_detected!("avx512vl");
        assert_eq!(chosen == both_ends, fits);
    }
}
