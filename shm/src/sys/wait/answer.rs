//! Interprets the kernels' results. The same error is a change on one system and a
//! timeout on another; these functions are the table.
//!
//! Sources: `futex(2)` of Linux and OpenBSD, `sys/kern/kern_umtx.c` of FreeBSD and
//! DragonFly, `sys/kern/sys_futex.c` of NetBSD and OpenBSD, macOS's
//! `os/os_sync_wait_on_address.h`.

/// The kernel that returned the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "each system names its own; tests name all")]
pub(crate) enum Kernel {
    Linux,
    FreeBsd,
    NetBsd,
    OpenBsd,
    DragonFly,
    MacOs,
}

/// An error by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// `EAGAIN`, which is `EWOULDBLOCK` on all of them.
    Again,
    /// `EBUSY`.
    Busy,
    /// `EINTR`.
    Interrupted,
    /// `ETIMEDOUT`.
    TimedOut,
    /// `ECANCELED`.
    Canceled,
    /// `ENOSYS`.
    NoSuchCall,
    /// `ENOENT`.
    NoEntry,
    /// `EFAULT`, with its number.
    Fault(i32),
    /// Any other.
    Other(i32),
}

/// The interpretation of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Woken, possibly without a reason.
    Woken,
    /// The word had another value.
    Changed,
    /// A signal arrived.
    Interrupted,
    /// The sleep reached this kernel's maximum: the deadline decides.
    SleptEnough,
    /// The word could not be read this time.
    NotReadNow,
    /// The kernel lacks the call.
    Missing,
    /// It failed with this error number.
    Failed(i32),
}

/// Returns the numbers of named errors: only Linux's differ between processors, and there
/// callers get none of them by number.
const fn number(answer: Answer) -> i32 {
    match answer {
        Answer::Again => libc::EAGAIN,
        Answer::Busy => libc::EBUSY,
        Answer::Interrupted => libc::EINTR,
        Answer::TimedOut => libc::ETIMEDOUT,
        Answer::Canceled => libc::ECANCELED,
        Answer::NoSuchCall => libc::ENOSYS,
        Answer::NoEntry => libc::ENOENT,
        Answer::Fault(number) | Answer::Other(number) => number,
    }
}

/// Interprets the result of a sleep.
pub(crate) fn of_sleep(kernel: Kernel, answer: Result<(), Answer>) -> Meaning {
    let Err(error) = answer else {
        // FreeBSD and macOS return the same if the value was another one.
        return Meaning::Woken;
    };
    match (kernel, error) {
        (_, Answer::NoSuchCall) => Meaning::Missing,
        (_, Answer::Interrupted) => Meaning::Interrupted,
        // A handler with SA_RESTART ran: OpenBSD does not restart the call.
        (Kernel::OpenBsd, Answer::Canceled) => Meaning::Interrupted,
        // DragonFly: EWOULDBLOCK is the timeout, EBUSY another value.
        (Kernel::DragonFly, Answer::Again) => Meaning::SleptEnough,
        (Kernel::DragonFly, Answer::Busy) => Meaning::Changed,
        (Kernel::Linux | Kernel::NetBsd | Kernel::OpenBsd, Answer::Again) => Meaning::Changed,
        (Kernel::DragonFly, Answer::TimedOut) => Meaning::Failed(number(error)),
        (_, Answer::TimedOut) => Meaning::SleptEnough,
        (Kernel::MacOs, Answer::Fault(_)) => Meaning::NotReadNow,
        (_, other) => Meaning::Failed(number(other)),
    }
}

/// Interprets the result of a wake.
pub(crate) fn of_wake(kernel: Kernel, answer: Result<(), Answer>) -> Meaning {
    match (kernel, answer) {
        (_, Ok(())) => Meaning::Woken,
        (_, Err(Answer::NoSuchCall)) => Meaning::Missing,
        // macOS: nobody sleeps there.
        (Kernel::MacOs, Err(Answer::NoEntry)) => Meaning::Woken,
        (_, Err(other)) => Meaning::Failed(number(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::Answer::*;
    use super::Kernel::{DragonFly, FreeBsd, Linux, MacOs, NetBsd, OpenBsd};
    use super::{Meaning, of_sleep, of_wake};

    const ALL: [super::Kernel; 6] = [Linux, FreeBsd, NetBsd, OpenBsd, DragonFly, MacOs];

    #[test]
    fn every_kernel_wakes_and_is_interrupted_and_may_lack_the_call() {
        for kernel in ALL {
            assert_eq!(of_sleep(kernel, Ok(())), Meaning::Woken);
            assert_eq!(of_sleep(kernel, Err(Interrupted)), Meaning::Interrupted);
            assert_eq!(of_sleep(kernel, Err(NoSuchCall)), Meaning::Missing);
            assert_eq!(of_wake(kernel, Ok(())), Meaning::Woken);
            assert_eq!(of_wake(kernel, Err(NoSuchCall)), Meaning::Missing);
            assert_eq!(of_wake(kernel, Err(Other(22))), Meaning::Failed(22));
        }
    }

    #[test]
    fn the_same_error_is_a_change_here_and_the_end_of_the_time_there() {
        let table = [
            (Linux, Again, Meaning::Changed),
            (Linux, TimedOut, Meaning::SleptEnough),
            (NetBsd, Again, Meaning::Changed),
            (NetBsd, TimedOut, Meaning::SleptEnough),
            (OpenBsd, Again, Meaning::Changed),
            (OpenBsd, TimedOut, Meaning::SleptEnough),
            (DragonFly, Again, Meaning::SleptEnough),
            (DragonFly, Busy, Meaning::Changed),
            (FreeBsd, TimedOut, Meaning::SleptEnough),
            (MacOs, TimedOut, Meaning::SleptEnough),
        ];
        for (kernel, error, meaning) in table {
            assert_eq!(
                of_sleep(kernel, Err(error)),
                meaning,
                "{kernel:?} {error:?}"
            );
        }
    }

    #[test]
    fn openbsd_names_a_restarting_signal_another_way() {
        assert_eq!(of_sleep(OpenBsd, Err(Canceled)), Meaning::Interrupted);
        assert_eq!(
            of_sleep(Linux, Err(Canceled)),
            Meaning::Failed(libc::ECANCELED)
        );
    }

    #[test]
    fn a_page_that_is_out_is_tried_again_on_macos_only() {
        assert_eq!(of_sleep(MacOs, Err(Fault(14))), Meaning::NotReadNow);
        // FreeBSD: the mapping is read-only.
        assert_eq!(of_sleep(FreeBsd, Err(Fault(14))), Meaning::Failed(14));
        assert_eq!(of_wake(FreeBsd, Err(Fault(14))), Meaning::Failed(14));
    }

    #[test]
    fn nobody_there_to_wake_is_no_error_on_macos() {
        assert_eq!(of_wake(MacOs, Err(NoEntry)), Meaning::Woken);
        assert_eq!(of_wake(Linux, Err(NoEntry)), Meaning::Failed(libc::ENOENT));
    }
}
