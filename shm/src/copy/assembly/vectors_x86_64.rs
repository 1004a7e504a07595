//! Long copies on x86-64 processors where the C library is slow.
//!
//! On AMD's Zen 3 and 4, glibc up to 2.39 copies 4 KiB and more with `rep movsb`, which
//! on these processors drops to a fraction of its speed unless the addresses suit it
//! (glibc bug 30994): 1 to 3 GB/s were measured where aligned bytes moved at 33 to 50.
//! This loop of 32-byte moves with an aligned destination was 16 to 26 times as fast
//! there. Other processors do not use it: on Intel's Sapphire Rapids `memcpy` has no such
//! weakness and is the faster of the two at most sizes.

use core::arch::asm;
use core::arch::x86_64::__cpuid;
use core::ffi::c_void;
use core::sync::atomic::{AtomicPtr, Ordering::Relaxed};

use super::primitives;

/// The length from which glibc may use `rep movsb`.
const WEAK_FROM: usize = 4096;

/// The minimum length for [`copy`].
pub(in crate::copy) const MIN_LEN: usize = 128;

const _: () = assert!(MIN_LEN <= WEAK_FROM, "whatever may be weak can be copied");

/// A function like `memcpy`.
pub(super) type Routine = unsafe extern "C" fn(*mut u8, *const u8, usize);

/// The routine for [weak spots](is_weak_spot): [`choose_and_copy`] until its first use.
static ROUTINE: AtomicPtr<c_void> = AtomicPtr::new(choose_and_copy as Routine as *mut c_void);

/// Copies a [weak spot](is_weak_spot) with the routine for this processor. A call through
/// a pointer is as fast as calling `memcpy`; a check before every call would not be.
///
/// # Safety
///
/// As for `memcpy`, except that the shared bytes may change meanwhile.
#[inline]
pub(super) unsafe fn copy_weak_spot(target: *mut u8, source: *const u8, n: usize) {
    let routine = ROUTINE.load(Relaxed);
    // SAFETY: a call by the C calling convention; all registers that it may
    // change are declared, and the caller has promised the memory.
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
/// As for `memcpy`, except that the shared bytes may change meanwhile.
unsafe extern "C" fn choose_and_copy(target: *mut u8, source: *const u8, n: usize) {
    let routine = if is_zen_3_or_4() && std::is_x86_feature_detected!("avx") {
        copy_if_long as Routine as *mut c_void
    } else {
        libc::memcpy as *mut c_void
    };
    // Threads that get here at the same time compute the same routine.
    ROUTINE.store(routine, Relaxed);
    // SAFETY: the caller's promise.
    unsafe { primitives::call_memcpy(target, source, n) };
}

/// The routine for weak spots of `memcpy`, chosen only if there is AVX. Shorter lengths
/// than it needs go to `memcpy`, because the caller promises memory and not lengths.
///
/// # Safety
///
/// As for [`choose_and_copy`].
unsafe extern "C" fn copy_if_long(target: *mut u8, source: *const u8, n: usize) {
    if n >= MIN_LEN {
        // SAFETY: the caller's promise, and there is AVX.
        unsafe { copy(target, source, n) }
    } else {
        // SAFETY: the caller's promise.
        unsafe { primitives::call_memcpy(target, source, n) }
    }
}

/// Returns whether `rep movsb` would be slow on this processor.
#[inline]
pub(super) fn is_weak_spot(target: *mut u8, source: *const u8, n: usize) -> bool {
    n >= WEAK_FROM && (target.addr() | source.addr()) % 16 != 0
}

#[cold]
#[allow(
    unused_unsafe,
    reason = "newer compilers have `__cpuid` as a safe function"
)]
fn is_zen_3_or_4() -> bool {
    // SAFETY: every x86-64 processor has the instruction and these two leaves.
    let vendor = unsafe { __cpuid(0) };
    // SAFETY: likewise.
    let version = unsafe { __cpuid(1) }.eax;
    is_amd_family_25([vendor.ebx, vendor.edx, vendor.ecx], version)
}

/// Decodes vendor and version as `cpuid` gives them (AMD64 Architecture
/// Programmer's Manual, volume 3, appendix E.3).
fn is_amd_family_25(vendor: [u32; 3], version: u32) -> bool {
    const AMD: [u32; 3] = [
        u32::from_le_bytes(*b"Auth"),
        u32::from_le_bytes(*b"enti"),
        u32::from_le_bytes(*b"cAMD"),
    ];
    let (base, extended) = ((version >> 8) & 0xf, (version >> 20) & 0xff);
    vendor == AMD && base == 0xf && base + extended == 25
}

/// Copies [`MIN_LEN`] bytes or more.
///
/// # Safety
///
/// The processor must have AVX. `source` must be readable and `target` writable
/// for `n` bytes, at least [`MIN_LEN`], and they may not overlap.
#[target_feature(enable = "avx")]
pub(in crate::copy) unsafe fn copy(target: *mut u8, source: *const u8, n: usize) {
    // The first 32 and the last 128 bytes are loaded first and stored last. The
    // loop stores from the first multiple of 32 behind the target's start on,
    // 128 bytes at a time, until its next ones would begin within the last 128.
    // SAFETY: reads and writes just those bytes, by the caller's promise: the
    // loop begins at most 32 bytes behind the start, and its last turn before
    // `end`, 128 bytes before the end. It uses no stack and declares all
    // registers it changes; the flags count as changed by default.
    unsafe {
        asm!(
            "vmovups {head}, ymmword ptr [{s}]",
            "vmovups {tail0}, ymmword ptr [{s} + {n} - 128]",
            "vmovups {tail1}, ymmword ptr [{s} + {n} - 96]",
            "vmovups {tail2}, ymmword ptr [{s} + {n} - 64]",
            "vmovups {tail3}, ymmword ptr [{s} + {n} - 32]",
            "lea {end}, [{d} + {n} - 128]",
            "lea {at}, [{d} + 32]",
            "and {at}, -32",
            // From here on the source is a distance from the target.
            "sub {s}, {d}",
            "cmp {at}, {end}",
            "jae 3f",
            ".p2align 5",
            "2:",
            "vmovups {a}, ymmword ptr [{s} + {at}]",
            "vmovups {b}, ymmword ptr [{s} + {at} + 32]",
            "vmovups {c}, ymmword ptr [{s} + {at} + 64]",
            "vmovups {e}, ymmword ptr [{s} + {at} + 96]",
            "vmovaps ymmword ptr [{at}], {a}",
            "vmovaps ymmword ptr [{at} + 32], {b}",
            "vmovaps ymmword ptr [{at} + 64], {c}",
            "vmovaps ymmword ptr [{at} + 96], {e}",
            "sub {at}, -128",
            "cmp {at}, {end}",
            "jb 2b",
            "3:",
            "vmovups ymmword ptr [{end}], {tail0}",
            "vmovups ymmword ptr [{end} + 32], {tail1}",
            "vmovups ymmword ptr [{end} + 64], {tail2}",
            "vmovups ymmword ptr [{end} + 96], {tail3}",
            "vmovups ymmword ptr [{d}], {head}",
            "vzeroupper",
            d = in(reg) target,
            s = inout(reg) source => _,
            n = in(reg) n,
            at = out(reg) _,
            end = out(reg) _,
            head = out(ymm_reg) _,
            tail0 = out(ymm_reg) _,
            tail1 = out(ymm_reg) _,
            tail2 = out(ymm_reg) _,
            tail3 = out(ymm_reg) _,
            a = out(ymm_reg) _,
            b = out(ymm_reg) _,
            c = out(ymm_reg) _,
            e = out(ymm_reg) _,
            // `vzeroupper` clears the upper halves of all sixteen registers, including
            // the seven that are not used.
            out("ymm9") _,
            out("ymm10") _,
            out("ymm11") _,
            out("ymm12") _,
            out("ymm13") _,
            out("ymm14") _,
            out("ymm15") _,
            options(nostack),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the registers in the order of the vendor's letters.
    fn vendor(name: &str) -> [u32; 3] {
        [0, 4, 8].map(|at| u32::from_le_bytes(name.as_bytes()[at..at + 4].try_into().unwrap()))
    }

    #[test]
    fn zen_3_and_4_are_told_from_their_neighbors() {
        let amd = vendor("AuthenticAMD");
        // EPYC 7763 and 9654, then Zen 2 (family 23) and Zen 5 (26).
        assert!(is_amd_family_25(amd, 0x00a0_0f11));
        assert!(is_amd_family_25(amd, 0x00a1_0f11));
        assert!(!is_amd_family_25(amd, 0x0083_0f10));
        assert!(!is_amd_family_25(amd, 0x00b0_0f21));
        // Sapphire Rapids, and a version that only AMD would read as family 25.
        assert!(!is_amd_family_25(vendor("GenuineIntel"), 0x0008_06f8));
        assert!(!is_amd_family_25(vendor("GenuineIntel"), 0x00a0_0f11));
    }

    #[test]
    fn only_long_and_unaligned_copies_are_weak_spots() {
        let weak = |target: usize, source: usize, n| {
            is_weak_spot(
                core::ptr::without_provenance_mut(target),
                core::ptr::without_provenance(source),
                n,
            )
        };
        assert!(weak(0x10001, 0x20003, 4096));
        assert!(weak(0x10000, 0x20003, 4096));
        assert!(weak(0x10001, 0x20000, 4096));
        assert!(!weak(0x10010, 0x20000, 1 << 20));
        assert!(!weak(0x10001, 0x20003, 4095));
    }

    /// Calls [`copy`], which may be inlined, with a value in a register
    /// of 32 bytes meanwhile.
    ///
    /// # Safety
    ///
    /// The processor must have AVX.
    #[target_feature(enable = "avx")]
    #[inline(never)]
    #[allow(unused_unsafe, reason = "newer compilers have the addition as safe")]
    unsafe fn copy_meanwhile(target: &mut [u8; 200], source: &[u8; 200], kept: &mut [f32; 8]) {
        use core::arch::x86_64::{_mm256_add_ps, _mm256_loadu_ps, _mm256_storeu_ps};

        // SAFETY: eight numbers, and there is AVX.
        let before = unsafe { _mm256_loadu_ps(kept.as_ptr()) };
        // SAFETY: both have 200 bytes, and there is AVX.
        unsafe { copy(target.as_mut_ptr(), source.as_ptr(), 200) };
        // SAFETY: there is AVX.
        let after = unsafe { _mm256_add_ps(before, before) };
        // SAFETY: eight numbers, and there is AVX.
        unsafe { _mm256_storeu_ps(kept.as_mut_ptr(), after) };
    }

    #[test]
    fn registers_of_a_caller_survive_a_copy() {
        if !std::is_x86_feature_detected!("avx") {
            return;
        }
        let (mut target, mut kept) = ([0; 200], [1.0; 8]);
        // SAFETY: there is AVX.
        unsafe { copy_meanwhile(&mut target, &[7; 200], &mut kept) };
        assert_eq!((target, kept), ([7; 200], [2.0; 8]));
    }

    #[test]
    fn the_first_copy_chooses_a_routine_and_copies() {
        let source = [7; 200];
        let mut target = [0; 200];
        // SAFETY: both have 200 bytes.
        unsafe { choose_and_copy(target.as_mut_ptr(), source.as_ptr(), 200) };
        assert_eq!(target, source);
        let chosen = ROUTINE.load(Relaxed);
        assert_ne!(chosen, choose_and_copy as Routine as *mut c_void);
        let vectors = copy_if_long as Routine as *mut c_void;
        assert!(chosen != vectors || std::is_x86_feature_detected!("avx"));
    }
}
