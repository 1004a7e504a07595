//! NetBSD: `__futex`, a system call of NetBSD 10 without a function in libc.
//!
//! An older kernel does not only return `ENOSYS`: `sys_nosys` also sends `SIGSYS`
//! (`sys/kern/kern_stub.c`), which ends the process. So the kernel's version is checked
//! first.

use core::ffi::c_int;
use core::ptr::null;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use super::answer::Kernel;
use super::errno_if;
use crate::error::Errno;
use crate::sys::table::by_number;
use crate::wait::Wake;

pub(super) const KERNEL: Kernel = Kernel::NetBsd;

/// `SYS___futex` of `sys/syscall.h`.
const FUTEX: c_int = 166;
/// `FUTEX_WAIT` and `FUTEX_WAKE` of `sys/futex.h`, not private.
const WAIT: c_int = 0;
const WAKE: c_int = 1;

/// `__NetBSD_Version__` of 10.0, the first release with the call.
const FIRST: c_int = 1_000_000_000;

/// Fails on a kernel before NetBSD 10.
pub(super) fn missing() -> Option<&'static str> {
    /// 0 until known, then the version.
    static VERSION: AtomicU32 = AtomicU32::new(0);
    let mut version = VERSION.load(Ordering::Relaxed);
    if version == 0 {
        let mut number = [0; size_of::<c_int>()];
        let asked = by_number::read(&[libc::CTL_KERN, libc::KERN_OSREV], &mut number);
        let number = asked.map_or(1, |_| c_int::from_ne_bytes(number));
        version = u32::try_from(number).unwrap_or(1);
        VERSION.store(version, Ordering::Relaxed);
    }
    (version < FIRST as u32).then_some("waiting for a word needs NetBSD 10.0")
}

/// Sleeps while the word has the value, at most this long, by the monotonic clock.
pub(super) fn sleep(word: &AtomicU32, value: u32, limit: Option<Duration>) -> Result<(), Errno> {
    let time = limit.map(|limit| libc::timespec {
        tv_sec: limit.as_secs() as libc::time_t,
        tv_nsec: limit.subsec_nanos() as _,
    });
    let time = time.as_ref().map_or(null(), core::ptr::from_ref);
    let other = null::<c_int>();
    // SAFETY: the word is mapped, aligned and readable for the whole call, the time
    // null or ours; the kernel writes to neither, and ignores the rest here.
    let answer = unsafe {
        libc::syscall(
            FUTEX,
            word.as_ptr(),
            WAIT,
            value as c_int,
            time,
            other,
            0,
            0,
        )
    };
    errno_if(answer)
}

pub(super) fn wake(word: &AtomicU32, wake: Wake) -> Result<(), Errno> {
    let count = match wake {
        Wake::One => 1,
        Wake::All => c_int::MAX,
    };
    let (time, other) = (null::<libc::timespec>(), null::<c_int>());
    // SAFETY: the word is mapped for the whole call, which takes its address as a
    // name and reads no other memory.
    let answer = unsafe { libc::syscall(FUTEX, word.as_ptr(), WAKE, count, time, other, 0, 0) };
    errno_if(answer)
}
