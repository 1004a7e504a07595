//! FreeBSD: `_umtx_op(2)` with `UMTX_OP_WAIT_UINT`, which finds the object behind a
//! mapping that is inherited shared, as `shmat` creates them (`AUTO_SHARE` in
//! `sys/kern/kern_umtx.c`). The kernel looks up the page for writing: for a read-only
//! mapping it returns `EFAULT`.

use core::ffi::{c_ulong, c_void};
use core::sync::atomic::AtomicU32;
use core::time::Duration;

use super::answer::Kernel;
use super::errno_if;
use crate::error::Errno;
use crate::wait::Wake;

pub(super) const KERNEL: Kernel = Kernel::FreeBsd;

/// `UMTX_OP_WAKE` of `sys/umtx.h`: the shared kind, like the wait.
const WAKE: core::ffi::c_int = 3;

/// Succeeds: every kernel since FreeBSD 8 has it.
pub(super) fn missing() -> Option<&'static str> {
    None
}

/// Sleeps while the word has the value, at most this long. The kernel also returns 0 if
/// the word has another value.
pub(super) fn sleep(word: &AtomicU32, value: u32, limit: Option<Duration>) -> Result<(), Errno> {
    let mut time = limit.map(|limit| libc::_umtx_time {
        _timeout: libc::timespec {
            tv_sec: limit.as_secs() as libc::time_t,
            tv_nsec: limit.subsec_nanos() as _,
        },
        // Relative, and on the monotonic clock; a bare `timespec` would use the clock
        // that can be set.
        _flags: 0,
        _clockid: libc::CLOCK_MONOTONIC as u32,
    });
    // The fourth argument gives the size, and thereby the type, of the structure behind
    // the fifth.
    let (size, time) = match &mut time {
        Some(time) => (size_of_val(time), core::ptr::from_mut(time)),
        None => (0, core::ptr::null_mut()),
    };
    // SAFETY: the word is mapped, aligned and writable for the whole call; the time
    // is null or a structure of the size that is passed, which the kernel reads.
    let answer = unsafe {
        libc::_umtx_op(
            word.as_ptr().cast::<c_void>(),
            libc::UMTX_OP_WAIT_UINT,
            c_ulong::from(value),
            core::ptr::without_provenance_mut(size),
            time.cast::<c_void>(),
        )
    };
    errno_if(answer)
}

pub(super) fn wake(word: &AtomicU32, wake: Wake) -> Result<(), Errno> {
    let count = match wake {
        Wake::One => 1,
        Wake::All => i32::MAX as c_ulong,
    };
    // SAFETY: the word is mapped and writable for the whole call, which takes its
    // address as a name and reads no other memory.
    let answer = unsafe {
        libc::_umtx_op(
            word.as_ptr().cast::<c_void>(),
            WAKE,
            count,
            core::ptr::null_mut(),
            core::ptr::null_mut(),
        )
    };
    errno_if(answer)
}
