//! DragonFly: `umtx_sleep(2)` and `umtx_wakeup(2)`, which identify a word by its physical
//! address.
//!
//! The kernel reads the word by adding 0 to it (`fuwordadd32` in `sys/kern/kern_umtx.c`),
//! so the mapping must be writable: for a read-only one it returns `EBUSY`, as if the
//! value had changed. Every sleep ends after `kern.umtx_timeout_max` (2 s), because the
//! kernel does not follow a page that moves.

use core::ffi::c_int;
use core::sync::atomic::AtomicU32;
use core::time::Duration;

use super::answer::Kernel;
use super::errno_if;
use crate::error::Errno;
use crate::wait::Wake;

pub(super) const KERNEL: Kernel = Kernel::DragonFly;

/// Succeeds: every kernel has it.
pub(super) fn missing() -> Option<&'static str> {
    None
}

/// Sleeps while the word has the value, at most this long and at most the kernel's
/// maximum.
pub(super) fn sleep(word: &AtomicU32, value: u32, limit: Option<Duration>) -> Result<(), Errno> {
    // 0 means the kernel's maximum, so a time shorter than a microsecond becomes one.
    let microseconds = limit.map_or(0, |limit| {
        c_int::try_from(limit.as_micros())
            .unwrap_or(c_int::MAX)
            .max(1)
    });
    let word = word.as_ptr().cast::<c_int>().cast_const();
    // SAFETY: the word is mapped, aligned and writable for the whole call, which
    // writes the value that is there.
    let answer = unsafe { libc::umtx_sleep(word, value as c_int, microseconds) };
    errno_if(answer)
}

/// Wakes one or all: any count other than 1 wakes all.
pub(super) fn wake(word: &AtomicU32, wake: Wake) -> Result<(), Errno> {
    let count = match wake {
        Wake::One => 1,
        Wake::All => 0,
    };
    let word = word.as_ptr().cast::<c_int>().cast_const();
    // SAFETY: as for the sleep.
    let answer = unsafe { libc::umtx_wakeup(word, count) };
    errno_if(answer)
}
