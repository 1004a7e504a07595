//! OpenBSD: libc's `futex(2)`, not private. `pledge` allows it with `stdio`.

use core::ffi::c_int;
use core::ptr::{null, null_mut};
use core::sync::atomic::AtomicU32;
use core::time::Duration;

use super::answer::Kernel;
use super::errno_if;
use crate::error::Errno;
use crate::wait::Wake;

pub(super) const KERNEL: Kernel = Kernel::OpenBsd;

/// `FUTEX_WAIT` and `FUTEX_WAKE` of `sys/futex.h`.
const WAIT: c_int = 1;
const WAKE: c_int = 2;

/// Succeeds: every kernel since OpenBSD 6.2 has it.
pub(super) fn missing() -> Option<&'static str> {
    None
}

/// Sleeps while the word has the value, at most this long.
pub(super) fn sleep(word: &AtomicU32, value: u32, limit: Option<Duration>) -> Result<(), Errno> {
    let time = limit.map(|limit| libc::timespec {
        tv_sec: limit.as_secs() as libc::time_t,
        tv_nsec: limit.subsec_nanos() as _,
    });
    let time = time.as_ref().map_or(null(), core::ptr::from_ref);
    // SAFETY: the word is mapped, aligned and readable for the whole call, the time
    // null or ours; the kernel writes to neither.
    let answer = unsafe { libc::futex(word.as_ptr(), WAIT, value as c_int, time, null_mut()) };
    match answer {
        // Before OpenBSD 7.0 the result is the error itself (futex(2) of 6.9).
        1.. => Err(Errno::from_raw(answer)),
        _ => errno_if(answer),
    }
}

pub(super) fn wake(word: &AtomicU32, wake: Wake) -> Result<(), Errno> {
    let count = match wake {
        Wake::One => 1,
        Wake::All => c_int::MAX,
    };
    // SAFETY: the word is mapped for the whole call, which takes its address as a
    // name and reads no other memory.
    let answer = unsafe { libc::futex(word.as_ptr(), WAKE, count, null(), null_mut()) };
    errno_if(answer)
}
