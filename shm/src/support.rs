//! What the running system can do, found out by trying.

use crate::error::{Cause, Error, Result};
use crate::{Segment, sys};

/// Whether System V shared memory works here, from [`is_supported`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Support {
    /// It works.
    Works,
    /// The system has it, and refused this process: a full table, a sandbox, a
    /// filter of system calls. The error says what it was.
    Denied(Error),
    /// The kernel has none, or hides it (a FreeBSD jail without `sysvshm`).
    Missing,
}

/// Whether System V shared memory works here: creates, attaches and removes a
/// private segment of one page.
///
/// On the BSDs, where the calls of a kernel without it end the process by
/// `SIGSYS`, a `sysctl` is asked first. A Linux seccomp filter that kills
/// cannot be asked and does.
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
    match tried {
        Ok(()) => Support::Works,
        Err(error) if matches!(error.cause(), Cause::Unsupported { .. }) => Support::Missing,
        Err(error) => Support::Denied(error),
    }
}

/// Whether a segment can be attached by identifier after its removal, while
/// somebody is attached: true on Linux and OpenBSD, false on NetBSD and macOS,
/// a setting elsewhere (`kern.ipc.shm_allow_removed`), which is found out by
/// trying with a private segment.
///
/// # Errors
///
/// Where it must be tried, those of creating and attaching.
///
/// ```
/// # if cfg!(target_os = "linux") {
/// assert!(shm::attaches_after_removal()?);
/// # }
/// # Ok::<(), shm::Error>(())
/// ```
pub fn attaches_after_removal() -> Result<bool> {
    if let Some(known) = sys::ATTACH_BY_ID_AFTER_REMOVAL {
        return Ok(known);
    }
    let segment = Segment::private(sys::page_size())?.remove_on_drop();
    let _attachment = segment.attach()?;
    let id = segment.id();
    segment.remove()?;
    Ok(Segment::open_id(id).and_then(|late| late.attach()).is_ok())
}
