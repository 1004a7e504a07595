//! Linux: `futex(2)`, and never its private kind, which works only within one process.
//! The kernel only reads the word, so a read-only mapping suffices.

use core::ffi::{c_int, c_long};
use core::sync::atomic::AtomicU32;
use core::time::Duration;

use super::answer::Kernel;
use super::errno_if;
use crate::error::Errno;
use crate::wait::Wake;

pub(super) const KERNEL: Kernel = Kernel::Linux;

/// `FUTEX_WAIT` and `FUTEX_WAKE` of `linux/futex.h`.
const WAIT: c_int = 0;
const WAKE: c_int = 1;

/// Succeeds: every kernel has it; one built without it returns `ENOSYS`.
pub(super) fn missing() -> Option<&'static str> {
    None
}

/// Sleeps while the word has the value, at most this long, by the monotonic clock.
pub(super) fn sleep(word: &AtomicU32, value: u32, limit: Option<Duration>) -> Result<(), Errno> {
    timed::sleep(word, value, limit)
}

pub(super) fn wake(word: &AtomicU32, wake: Wake) -> Result<(), Errno> {
    let count = match wake {
        Wake::One => 1,
        Wake::All => c_int::MAX,
    };
    // SAFETY: the word is mapped and aligned for the whole call; the kernel only
    // takes its address as a name.
    let answer = unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), WAKE, count) };
    errno_if(answer)
}

/// Makes the call with a kernel's time structure: `T` must be the one that call `number`
/// reads.
///
/// # Safety
///
/// `number` must be a futex call whose time structure is `T`.
unsafe fn call<T>(
    number: c_long,
    word: &AtomicU32,
    value: u32,
    limit: Option<&T>,
) -> Result<(), Errno> {
    let limit = limit.map_or(core::ptr::null(), core::ptr::from_ref);
    // The kernel's prototype says `u32`; the bits are the same.
    let value = value as c_int;
    // SAFETY: the word is mapped, aligned and readable for the whole call, and the
    // time, if there is one, is of the type that the call reads, by the caller's
    // promise. The kernel writes to neither.
    let answer = unsafe { libc::syscall(number, word.as_ptr(), WAIT, value, limit) };
    errno_if(answer)
}

/// A C `long` has 64 bits, and so have the kernel's times.
#[cfg(target_pointer_width = "64")]
mod timed {
    use core::sync::atomic::AtomicU32;
    use core::time::Duration;

    use crate::error::Errno;

    /// `struct __kernel_timespec`: the same on all 64-bit machines.
    #[repr(C)]
    struct Time {
        seconds: i64,
        nanoseconds: i64,
    }

    pub(super) fn sleep(
        word: &AtomicU32,
        value: u32,
        limit: Option<Duration>,
    ) -> Result<(), Errno> {
        let limit = limit.map(|limit| Time {
            seconds: i64::try_from(limit.as_secs()).unwrap_or(i64::MAX),
            nanoseconds: i64::from(limit.subsec_nanos()),
        });
        // SAFETY: this call reads two 64-bit numbers on 64-bit machines.
        unsafe { super::call(libc::SYS_futex, word, value, limit.as_ref()) }
    }
}

/// 32-bit machines have two calls: `futex_time64` (Linux 5.1) with 64-bit times,
/// and the old one, whose times are a C `long` each.
#[cfg(target_pointer_width = "32")]
mod timed {
    use core::ffi::c_long;
    use core::sync::atomic::AtomicU32;
    use core::time::Duration;

    use crate::error::Errno;

    /// `asm-generic/unistd.h`; calls added since 2019 have the same number everywhere,
    /// except for MIPS's base.
    const FUTEX_TIME64: c_long = 422 + if cfg!(target_arch = "mips") { 4000 } else { 0 };

    /// `struct __kernel_timespec`.
    #[repr(C)]
    struct Time64 {
        seconds: i64,
        nanoseconds: i64,
    }

    /// `struct old_timespec32`.
    #[repr(C)]
    struct Time32 {
        seconds: i32,
        nanoseconds: i32,
    }

    pub(super) fn sleep(
        word: &AtomicU32,
        value: u32,
        limit: Option<Duration>,
    ) -> Result<(), Errno> {
        let time = limit.map(|limit| Time64 {
            seconds: i64::try_from(limit.as_secs()).unwrap_or(i64::MAX),
            nanoseconds: i64::from(limit.subsec_nanos()),
        });
        // SAFETY: this call reads two 64-bit numbers everywhere.
        match unsafe { super::call(FUTEX_TIME64, word, value, time.as_ref()) } {
            Err(errno) if errno.as_raw() == libc::ENOSYS => {}
            answer => return answer,
        }
        let time = limit.map(|limit| Time32 {
            seconds: i32::try_from(limit.as_secs()).unwrap_or(i32::MAX),
            nanoseconds: i32::try_from(limit.subsec_nanos()).unwrap_or(0),
        });
        // SAFETY: this call reads two 32-bit numbers on 32-bit machines.
        unsafe { super::call(libc::SYS_futex, word, value, time.as_ref()) }
    }
}
