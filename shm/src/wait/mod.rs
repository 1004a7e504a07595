//! Waiting for a word of a segment to change, without spinning, and waking those that
//! wait: between threads and between processes.
//!
//! Every system has such a call, and its own name for it. [`View::wait`] and
//! [`View::wake`] are that call and nothing more; what is built on it (a ring buffer,
//! a lock) is in the [guide](crate::guide). The calls themselves are in `sys::wait`.

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
    /// One of them, if there are any. Which one is the kernel's choice.
    One,
    /// All of them.
    All,
}

/// Why a [`View::wait`] ended.
///
/// Only `TimedOut` says something about the word: for a whole timeout nobody woke this
/// thread. After the others, read the word again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use = "a wait also ends at its timeout"]
pub enum Waited {
    /// Somebody called [`View::wake`], or the system woke this thread for no reason of
    /// ours, which every system may do.
    Woken,
    /// The word did not have the value, so there was nothing to wait for. On FreeBSD
    /// and macOS a change in the instant before the kernel looks is reported as `Woken`.
    Changed,
    /// A signal handler ran.
    Interrupted,
    /// The time is up.
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
    /// The system refused, by this error number.
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
    /// Keeps the whole sentence.
    fn from(error: WaitError) -> Self {
        let kind = match error {
            WaitError::Access(_) => std::io::ErrorKind::InvalidInput,
            WaitError::Unsupported { .. } => std::io::ErrorKind::Unsupported,
            WaitError::System(number) => Self::from_raw_os_error(number).kind(),
        };
        Self::new(kind, error)
    }
}

/// The kinds of [`Access`] that are enough to [wait](View::wait): [`ReadWrite`], and on
/// Linux, whose kernel only reads the word, [`ReadOnly`](crate::ReadOnly) too.
///
/// FreeBSD looks the page up for writing and answers `EFAULT`; DragonFly reads the word
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
    /// Returns the word at an offset, for a kernel that compares it. On a read-only mapping only
    /// relaxed loads are made through it.
    fn word(self, offset: usize) -> Result<&'a AtomicU32, AccessError> {
        self.atomic_at::<u32>(offset)
    }
}

impl<A: Waitable> View<'_, A> {
    /// Waits while the `u32` at an offset has a value, until [`wake`](View::wake) is
    /// called for the same word of the same segment, in this or any other process, or
    /// until the timeout; `None` waits for as long as it takes.
    ///
    /// The comparison and going to sleep are one step for the kernel, so no wake between
    /// the two is lost: change the word *first*, then wake. A wait that is satisfied
    /// costs no system call, one that sleeps costs no processor time.
    ///
    /// Waits end for other reasons than a wake ([`Waited`]), and another thread may have
    /// changed the word once more. Therefore wait in a loop that reads the word with
    /// acquire ordering:
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
    /// The timeout is by the system's monotonic clock. Attachments of one segment share
    /// their words, whatever their addresses; a wake through one reaches a wait through
    /// another.
    ///
    /// # Signals, fork, cancellation
    ///
    /// * A handler that runs in this thread ends the wait with [`Waited::Interrupted`].
    ///   Where the handler has `SA_RESTART`, Linux goes on with a wait that has no
    ///   timeout.
    /// * A child of `fork(2)` inherits the attachment and may wait and wake; only the
    ///   forking thread exists in it, so no wait of the parent does. DragonFly wakes
    ///   every wait of a process that forks.
    /// * A wait is ended by changing the word and waking, from any thread or process
    ///   with the segment attached. It is no cancellation point of `pthread_cancel(3)`
    ///   by standard; do not cancel threads that run Rust code.
    /// * Waiting and waking are safe in a signal handler: they take no lock and no
    ///   memory, but they change `errno` (and on macOS call `dlsym`, which is not safe
    ///   there).
    ///
    /// # Errors
    ///
    /// [`WaitError::Access`] where the word is not within the view or its address is no
    /// multiple of 4. [`WaitError::Unsupported`] where the system has no such call
    /// (macOS before 14.4, NetBSD before 10); it never spins instead.
    /// [`WaitError::System`] for what else the kernel answers, as `ENOMEM`.
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
    /// Change the word before; a waiter that finds the old value goes to sleep again.
    /// Where nobody waits this is a system call without effect: nothing is remembered.
    ///
    /// DragonFly names a word by the address of its page in memory, so that a wake can
    /// miss a waiter whose page was moved; there a wait looks again every two seconds.
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
