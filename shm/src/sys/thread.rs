//! Identifies this thread, and checks whether another one still exists: what a lock needs
//! to know about its owner.

use core::ffi::c_int;

use super::last_errno;

/// Whether a thread or process exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existence {
    /// It does, or did just now and is a zombie.
    There,
    /// No visible thread or process has the number.
    NotThere,
    /// Unknown.
    Unknown,
}

/// Returns the number of this thread; outside Linux, that of its process.
pub(crate) fn number() -> u32 {
    #[cfg(target_os = "linux")]
    // SAFETY: takes nothing, cannot fail.
    let number = unsafe { libc::syscall(libc::SYS_gettid) };
    #[cfg(not(target_os = "linux"))]
    let number = super::process_id();
    u32::try_from(number).unwrap_or(0)
}

/// Returns whether a number is in use, by `kill(2)` with signal 0.
pub(crate) fn existence(number: u32) -> Existence {
    let number = match c_int::try_from(number) {
        // 0 and negative numbers denote groups.
        Ok(number @ 1..) => number,
        _ => return Existence::Unknown,
    };
    if cfg!(miri) {
        // Miri has no `kill`.
        return Existence::Unknown;
    }
    // SAFETY: signal 0 is never sent; the call only checks.
    if unsafe { libc::kill(number, 0) } == 0 {
        return Existence::There;
    }
    match last_errno().as_raw() {
        libc::EPERM => Existence::There,
        libc::ESRCH => Existence::NotThere,
        _ => Existence::Unknown,
    }
}
