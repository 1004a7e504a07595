//! Waiting for a word of a segment to change, without spinning, and waking the waiters,
//! between threads and between processes.
//!
//! Every system has such a call. [`View::wait`] and [`View::wake`] are that call and
//! nothing more; the [guide](crate::guide) shows what to build on it (a ring buffer, a
//! lock). `sys::wait` makes the calls.

#[cfg(feature = "std")]
mod identity;
#[cfg(feature = "std")]
mod init;

#[cfg(feature = "std")]
pub use identity::{Liveness, ThreadIdentity};
#[cfg(feature = "std")]
pub use init::{Attempt, INIT_SIZE, InitError, InitState, Initialized};

use core::sync::atomic::AtomicU32;
use core::time::Duration;

use crate::{Access, AccessError, ReadWrite, View, Writable, sys};

/// Which waiters [`View::wake`] wakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wake {
    /// One of them, if there are any. The kernel chooses it.
    One,
    /// All of them.
    All,
}

/// Why a [`View::wait`] ended.
///
/// Only `TimedOut` says something about the word: nobody woke this thread during the
/// whole timeout. After the others, read the word again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use = "a wait also ends at its timeout"]
pub enum Waited {
    /// Somebody called [`View::wake`], or the system woke this thread without a reason,
    /// which every system may do.
    Woken,
    /// The word did not have the value, so there was nothing to wait for. On FreeBSD and
    /// macOS, a change just before the kernel compares is reported as `Woken`.
    Changed,
    /// A signal handler ran.
    Interrupted,
    /// The timeout passed.
    TimedOut,
}

/// Why [`View::wait`] or [`View::wake`] failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum WaitError {
    /// The word is not within the view, or not at a multiple of 4 in memory.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The running system has no such call.
    #[error("{what}")]
    Unsupported {
        /// The missing feature, as a sentence.
        what: &'static str,
    },
    /// The system refused with this error number.
    #[error("cannot wait for a word: {}", crate::error::Described(*.0))]
    System(i32),
}

impl WaitError {
    /// Returns the system's error number; `None` where this crate refused before asking the
    /// system.
    #[must_use]
    pub const fn raw_os_error(&self) -> Option<i32> {
        match self {
            Self::System(number) => Some(*number),
            Self::Access(_) | Self::Unsupported { .. } => None,
        }
    }
}

#[cfg(feature = "std")]
impl From<WaitError> for std::io::Error {
    /// Keeps the whole message.
    fn from(error: WaitError) -> Self {
        let kind = match error {
            WaitError::Access(_) => std::io::ErrorKind::InvalidInput,
            WaitError::Unsupported { .. } => std::io::ErrorKind::Unsupported,
            WaitError::System(number) => Self::from_raw_os_error(number).kind(),
        };
        Self::new(kind, error)
    }
}

/// The kinds of [`Access`] that suffice to [wait](View::wait): [`ReadWrite`], and on
/// Linux, whose kernel only reads the word, [`ReadOnly`](crate::ReadOnly) too.
///
/// FreeBSD looks up the page for writing and returns `EFAULT`; DragonFly reads the word
/// by adding 0 to it. The other systems were not tried.
#[diagnostic::on_unimplemented(
    message = "this system waits in writable views only",
    label = "needs `ReadWrite`",
    note = "attach with `Segment::attach` instead of `Segment::attach_read_only`"
)]
pub trait Waitable: Access {}

impl Waitable for ReadWrite {}
#[cfg(target_os = "linux")]
impl Waitable for crate::ReadOnly {}

impl<'a, A: Access> View<'a, A> {
    /// Returns the word at an offset, for a kernel that compares it. Through a read-only
    /// mapping it is only loaded, with relaxed ordering.
    fn word(self, offset: usize) -> Result<&'a AtomicU32, AccessError> {
        self.atomic_at::<u32>(offset)
    }
}

impl<A: Waitable> View<'_, A> {
    /// Waits while the `u32` at an offset has a value, until [`wake`](View::wake) is
    /// called for the same word of the same segment, in this or any other process, or
    /// until the timeout; `None` waits without a limit.
    ///
    /// The kernel compares and goes to sleep in one step, so no wake between the two is
    /// lost: change the word *first*, then wake. A wait that need not sleep costs no
    /// system call; a sleeping one costs no processor time.
    ///
    /// Waits end for other reasons than a wake ([`Waited`]), and another thread may have
    /// changed the word again. Therefore wait in a loop that reads the word with acquire
    /// ordering:
    ///
    /// ```
    /// use std::time::Duration;
    /// use shm::{LoadOrdering, Segment, StoreOrdering, Waited, Wake};
    ///
    /// let segment = Segment::private(64)?.remove_on_drop();
    /// let (ours, theirs) = (segment.attach()?, segment.attach()?);
    /// std::thread::spawn(move || {
    ///     theirs.view().store(0, 1_u32, StoreOrdering::Release)?;
    ///     theirs.view().wake(0, Wake::All)
    /// });
    /// while ours.view().load::<u32>(0, LoadOrdering::Acquire)? == 0 {
    ///     if ours.view().wait(0, 0, Some(Duration::from_secs(10)))? == Waited::TimedOut {
    ///         return Err("nobody came".into());
    ///     }
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// The timeout uses the system's monotonic clock. Attachments of one segment share
    /// their words, whatever their addresses; a wake through one reaches a wait through
    /// another.
    ///
    /// # Signals, fork, cancellation
    ///
    /// * A signal handler in this thread ends the wait with [`Waited::Interrupted`]. If
    ///   the handler has `SA_RESTART`, Linux continues a wait without a timeout.
    /// * A child of `fork(2)` inherits the attachment and may wait and wake; only the
    ///   forking thread exists in it, so no wait of the parent does. DragonFly wakes
    ///   every wait of a process that forks.
    /// * To end a wait, change the word and wake, from any thread or process with the
    ///   segment attached. It is not a cancellation point of `pthread_cancel(3)` by the
    ///   standard; do not cancel threads that run Rust code.
    /// * Waiting and waking are safe in a signal handler: they take no lock and no
    ///   memory, but they change `errno` (and on macOS call `dlsym`, which is not safe
    ///   there).
    ///
    /// # Errors
    ///
    /// [`WaitError::Access`] if the word is not within the view or its address is not a
    /// multiple of 4. [`WaitError::Unsupported`] if the system has no such call (macOS
    /// before 14.4, NetBSD before 10); it never spins instead. [`WaitError::System`] for
    /// other errors of the kernel, such as `ENOMEM`.
    pub fn wait(
        self,
        offset: usize,
        while_equal: u32,
        timeout: Option<Duration>,
    ) -> Result<Waited, WaitError> {
        sys::wait::wait(self.word(offset)?, while_equal, timeout)
    }
}

impl<A: Writable> View<'_, A> {
    /// Wakes one or all threads that [`wait`](View::wait) for the `u32` at an offset,
    /// in all processes that have the segment attached.
    ///
    /// Change the word before; a waiter that finds the old value goes to sleep again. If
    /// nobody waits, this is a system call without an effect: nothing is remembered.
    ///
    /// DragonFly identifies a word by the physical address of its page, so a wake can
    /// miss a waiter whose page was moved; there a wait checks again every two seconds.
    ///
    /// # Errors
    ///
    /// As for [`wait`](View::wait).
    ///
    /// ```
    /// use shm::{Segment, Wake};
    ///
    /// let segment = Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// attachment.view().wake(0, Wake::One)?;
    /// assert!(attachment.view().wake(2, Wake::One).is_err(), "not aligned");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wake(self, offset: usize, wake: Wake) -> Result<(), WaitError> {
        sys::wait::wake(self.word(offset)?, wake)
    }
}
