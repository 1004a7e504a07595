//! Sleeps on a word of shared memory, and wakes the sleepers.
//!
//! Each system's file makes its own two calls ([`system::sleep`] and [`system::wake`])
//! and says whether the running kernel has them. [`answer`] interprets the results; it is
//! pure and tested on every host. This file keeps the deadline: kernels that cut a sleep
//! short (DragonFly) are called again.

pub(crate) mod answer;
#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(target_os = "freebsd", path = "freebsd.rs")]
#[cfg_attr(target_os = "netbsd", path = "netbsd.rs")]
#[cfg_attr(target_os = "openbsd", path = "openbsd.rs")]
#[cfg_attr(target_os = "dragonfly", path = "dragonfly.rs")]
#[cfg_attr(target_os = "macos", path = "macos.rs")]
mod system;

use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use answer::{Answer, Meaning};

use super::last_errno;
use crate::error::Errno;
use crate::wait::{WaitError, Waited, Wake};

/// Maximum of a single sleep. A longer wait consists of several, so that no kernel's type
/// for times overflows.
const LONGEST: Duration = Duration::from_secs(86_400);

/// How often a kernel may fail to read an existing word (macOS, which gives up on a page
/// that was just evicted) before that is an error.
const FAULTS: u32 = 8;

/// Sleeps while the word has a value, until woken or until the timeout.
pub(crate) fn wait(
    word: &AtomicU32,
    while_equal: u32,
    timeout: Option<Duration>,
) -> Result<Waited, WaitError> {
    let start = timeout.map(|_| now());
    let mut left = timeout;
    let mut faults = 0;
    loop {
        // Also pages the word in. The kernel compares again, atomically with going to
        // sleep.
        if word.load(Ordering::Relaxed) != while_equal {
            return Ok(Waited::Changed);
        }
        if left == Some(Duration::ZERO) {
            return Ok(Waited::TimedOut);
        }
        if let Some(what) = system::missing() {
            return Err(WaitError::Unsupported { what });
        }
        let slept = system::sleep(word, while_equal, left.map(|left| left.min(LONGEST)));
        match answer::of_sleep(system::KERNEL, slept.map_err(name)) {
            Meaning::Woken => return Ok(Waited::Woken),
            Meaning::Changed => return Ok(Waited::Changed),
            Meaning::Interrupted => return Ok(Waited::Interrupted),
            Meaning::SleptEnough => {}
            Meaning::NotReadNow if faults < FAULTS => faults += 1,
            Meaning::NotReadNow => return Err(WaitError::System(libc::EFAULT)),
            Meaning::Missing => {
                return Err(WaitError::Unsupported {
                    what: "this kernel has no call that waits for a word",
                });
            }
            Meaning::Failed(errno) => return Err(WaitError::System(errno)),
        }
        if let (Some(timeout), Some(start)) = (timeout, start) {
            left = Some(timeout.saturating_sub(now().saturating_sub(start)));
        }
    }
}

/// Wakes one or all that sleep on the word.
pub(crate) fn wake(word: &AtomicU32, wake: Wake) -> Result<(), WaitError> {
    if let Some(what) = system::missing() {
        return Err(WaitError::Unsupported { what });
    }
    match answer::of_wake(system::KERNEL, system::wake(word, wake).map_err(name)) {
        Meaning::Missing => Err(WaitError::Unsupported {
            what: "this kernel has no call that wakes waiters",
        }),
        Meaning::Failed(errno) => Err(WaitError::System(errno)),
        _ => Ok(()),
    }
}

/// Returns the time since a fixed moment, on a clock that never goes back.
pub(crate) fn now() -> Duration {
    // SAFETY: a C structure of numbers, for which all zeros are valid.
    let mut time: libc::timespec = unsafe { core::mem::zeroed() };
    // SAFETY: writes one `timespec`, and this one is ours. The clock exists on
    // every system here; if the call failed, the time would stand still.
    let _ = unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Returns `errno` if the call returned -1.
fn errno_if(answer: impl Into<i64>) -> Result<(), Errno> {
    if answer.into() == -1 {
        Err(last_errno())
    } else {
        Ok(())
    }
}

/// Returns the name of an error number, whose value differs between systems.
fn name(errno: Errno) -> Answer {
    match errno.as_raw() {
        libc::EAGAIN => Answer::Again,
        libc::EBUSY => Answer::Busy,
        libc::EINTR => Answer::Interrupted,
        libc::ETIMEDOUT => Answer::TimedOut,
        libc::ECANCELED => Answer::Canceled,
        libc::ENOSYS => Answer::NoSuchCall,
        libc::ENOENT => Answer::NoEntry,
        libc::EFAULT => Answer::Fault(libc::EFAULT),
        other => Answer::Other(other),
    }
}
