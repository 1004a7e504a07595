//! The abilities of the running system.

use crate::error::{Cause, Error, Result};
use crate::{Segment, sys};

/// Whether System V shared memory works here, from [`is_supported`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Support {
    /// It works.
    Works,
    /// The system has it, but refused this process: a full table, a sandbox, a system
    /// call filter. The error has the reason.
    Denied(Error),
    /// The kernel has none, or hides it (a FreeBSD jail without `sysvshm`).
    Missing,
}

/// Returns whether System V shared memory works here: creates, attaches and removes a
/// private segment of one page.
///
/// On the BSDs, where a kernel without it ends the process by `SIGSYS`, a `sysctl` is
/// read first. A Linux seccomp filter that kills cannot be detected and does. So does
/// OpenBSD's `pledge(2)`, for which no promise allows these calls, unless the promises
/// include `error`: then the answer is [`Support::Denied`].
///
/// ```
/// match shm::is_supported() {
///     shm::Support::Works => {}
///     other => println!("no shared memory here: {other:?}"),
/// }
/// ```
#[must_use]
pub fn is_supported() -> Support {
    if !sys::is_registered() {
        return Support::Missing;
    }
    let tried = Segment::private(sys::page_size()).and_then(|segment| {
        let segment = segment.remove_on_drop();
        segment.attach().map(drop)
    });
    support_from(tried, SETTING_IS_CERTAIN)
}

/// Whether the setting that [`is_supported`] reads first describes the kernel itself, so
/// that a missing call was denied to this process: `kern.sysvshm` of OpenBSD. A FreeBSD
/// jail without `sysvshm` has the setting but not the calls.
const SETTING_IS_CERTAIN: bool = cfg!(target_os = "openbsd");

/// Interprets the result of the probe.
fn support_from(tried: Result<()>, kernel_has_it: bool) -> Support {
    match tried {
        Ok(()) => Support::Works,
        Err(error) if !kernel_has_it && matches!(error.cause(), Cause::Unsupported { .. }) => {
            Support::Missing
        }
        Err(error) => Support::Denied(error),
    }
}

/// Returns whether this system can lock segments in memory ([`Segment::lock`]): Linux and
/// NetBSD can. Elsewhere use `mlock(2)` on an attachment, for as long as it lasts.
///
/// ```
/// assert_eq!(shm::supports_lock(), cfg!(any(target_os = "linux", target_os = "netbsd")));
/// ```
#[must_use]
pub const fn supports_lock() -> bool {
    sys::LOCK_AND_UNLOCK.is_some()
}

/// Returns the size of a page of this system, in bytes. Attachments start at
/// multiples of it and occupy multiples of it.
///
/// ```
/// assert!(shm::page_size().is_power_of_two());
/// ```
#[must_use]
pub fn page_size() -> usize {
    sys::page_size()
}

/// Returns whether a segment can be attached by identifier after its removal, while it is
/// attached: true on Linux and OpenBSD, false on NetBSD and macOS, a setting elsewhere
/// (`kern.ipc.shm_allow_removed`). If the setting is unreadable, a private segment is
/// tried.
///
/// # Errors
///
/// If it must be tried, those of creating and attaching.
///
/// ```
/// # if cfg!(target_os = "linux") {
/// assert!(shm::attaches_after_removal()?);
/// # }
/// # Ok::<(), shm::Error>(())
/// ```
pub fn attaches_after_removal() -> Result<bool> {
    if let Some(known) = sys::attaches_after_removal() {
        return Ok(known);
    }
    let segment = Segment::private(sys::page_size())?.remove_on_drop();
    let _attachment = segment.attach()?;
    let id = segment.id();
    segment.remove()?;
    Ok(Segment::open_id(id).and_then(|late| late.attach()).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Operation, Target};

    #[test]
    fn call_that_the_kernel_has_and_refuses_was_taken_from_this_process() {
        let failed = |cause| Err(Error::refused(Operation::Create, Target::Private, cause));
        let missing = Cause::Unsupported { what: "ENOSYS" };
        assert_eq!(support_from(failed(missing), false), Support::Missing);
        // OpenBSD under pledge("stdio error").
        let denied = support_from(failed(missing), true);
        assert!(matches!(denied, Support::Denied(_)), "{denied:?}");
        let full = support_from(failed(Cause::OutOfMemory), false);
        assert!(matches!(full, Support::Denied(_)), "{full:?}");
        assert_eq!(support_from(Ok(()), true), Support::Works);
    }
}
