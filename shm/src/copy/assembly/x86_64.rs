//! The calls of x86-64, through the global offset table: the detour by the
//! linkage table would cost short copies a tenth.

use core::arch::asm;
use core::ffi::c_int;

use libc::{memcpy, memmove, memset};

/// `memcpy` of the C library.
///
/// # Safety
///
/// As for `memcpy`, except that the shared bytes may change meanwhile.
#[inline]
pub(super) unsafe fn call_memcpy(target: *mut u8, source: *const u8, n: usize) {
    // SAFETY: a call by the C calling convention; all registers that it
    // may change are declared, and the caller has promised the memory.
    unsafe {
        asm!(
            "call qword ptr [rip + {f}@GOTPCREL]",
            f = sym memcpy,
            in("rdi") target,
            in("rsi") source,
            in("rdx") n,
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
            "call qword ptr [rip + {f}@GOTPCREL]",
            f = sym memmove,
            in("rdi") target,
            in("rsi") source,
            in("rdx") n,
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
            "call qword ptr [rip + {f}@GOTPCREL]",
            f = sym memset,
            in("rdi") target,
            in("rsi") c_int::from(byte),
            in("rdx") n,
            clobber_abi("C"),
        );
    }
}
