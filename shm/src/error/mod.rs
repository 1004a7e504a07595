//! Errors: the operation, the segment, the cause, and what to do about it.
//!
//! A kernel returns `EINVAL` for "too large", "too small" and "larger than the existing
//! one"; [`explain`] finds out which it was, only after a failure. If the cause cannot be
//! known, the error says only what the kernel said: a wrong guess is worse than none.

mod cause;
pub(crate) mod explain;

use alloc::boxed::Box;
use core::ffi::c_int;
use core::fmt;

pub(crate) use cause::Described;
pub use cause::{Cause, Ownership};

use crate::{Key, SegmentId};

/// The result of this crate's operations on segments.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// An operation on a segment that failed.
///
/// Displayed as one sentence: `cannot attach segment 32769: permission denied
/// (owner uid 26, mode 0600; you are uid 1000)`.
///
/// ```
/// use shm::{Cause, Key, Segment};
///
/// let error = Segment::open(Key::random()).unwrap_err();
/// assert!(matches!(error.cause(), Cause::NotFound));
/// assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
/// assert!(error.to_string().starts_with("cannot open the segment with key 0x"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot {operation} {target}: {cause}{}", Message(said.as_deref()))]
pub struct Error {
    operation: Operation,
    target: Target,
    cause: Cause,
    errno: Option<Errno>,
    /// The message of a program that was run.
    said: Option<Box<str>>,
}

/// ` (ipcs: /dev/mem: Permission denied)`
struct Message<'a>(Option<&'a str>);

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(words) => write!(f, " ({words})"),
            None => Ok(()),
        }
    }
}

impl Error {
    /// Returns a failure that the system reported by `errno`.
    pub(crate) const fn from_system(
        operation: Operation,
        target: Target,
        cause: Cause,
        errno: Errno,
    ) -> Self {
        Self {
            operation,
            target,
            cause,
            errno: Some(errno),
            said: None,
        }
    }

    /// Returns a failure that this crate detected without calling the system.
    pub(crate) const fn refused(operation: Operation, target: Target, cause: Cause) -> Self {
        Self {
            operation,
            target,
            cause,
            errno: None,
            said: None,
        }
    }

    /// Adds the message of a program of the system.
    #[allow(dead_code, reason = "where the system's own program is run")]
    pub(crate) fn with_message(self, words: Option<alloc::string::String>) -> Self {
        Self {
            said: words.map(Into::into),
            ..self
        }
    }

    /// Returns the operation that failed.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// Returns the key or identifier of the request.
    #[must_use]
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// Returns the cause of the failure.
    #[must_use]
    pub const fn cause(&self) -> &Cause {
        &self.cause
    }

    /// Returns the system's error number; `None` where this crate refused before
    /// asking the system.
    #[must_use]
    pub fn raw_os_error(&self) -> Option<c_int> {
        self.errno.map(Errno::as_raw)
    }

    /// Returns the error number of the system for this failure:
    /// [`raw_os_error`](Self::raw_os_error), or if this crate refused before calling, the
    /// number of the omitted call. `None` if no call has one. For wrappers with an
    /// interface like C's.
    ///
    /// ```
    /// use shm::{AttachOptions, Segment};
    ///
    /// let segment = Segment::private(4096)?.remove_on_drop();
    /// // Never passed on: the kernel could attach it at a null pointer.
    /// let error = segment.attach_with(&AttachOptions::new().addr(1).round(true)).unwrap_err();
    /// assert_eq!(error.raw_os_error(), None);
    /// assert_eq!(error.errno_equivalent(), Some(libc::EINVAL));
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use]
    pub fn errno_equivalent(&self) -> Option<c_int> {
        let found = || explain::errno_equivalent(self.operation, &self.cause);
        self.raw_os_error().or_else(found)
    }

    /// Returns the error in the form of `std` after a system call: the bare
    /// [number](Self::errno_equivalent), for code that uses
    /// [`raw_os_error`](std::io::Error::raw_os_error). The message is lost;
    /// `std::io::Error::from` keeps it, and has no number.
    ///
    /// ```
    /// use shm::{Key, Segment};
    ///
    /// let error = Segment::open(Key::random()).unwrap_err();
    /// assert_eq!(error.to_raw_io().raw_os_error(), Some(libc::ENOENT));
    /// let sentence = error.to_string();
    /// assert_eq!(std::io::Error::from(error).to_string(), sentence);
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub fn to_raw_io(&self) -> std::io::Error {
        match self.errno_equivalent() {
            Some(number) => std::io::Error::from_raw_os_error(number),
            None => self.clone().into(),
        }
    }

    /// Returns the kind that `std` would give it.
    #[cfg(feature = "std")]
    #[must_use]
    pub fn kind(&self) -> std::io::ErrorKind {
        self.cause.kind(self.errno)
    }
}

#[cfg(feature = "std")]
impl From<Error> for std::io::Error {
    /// Keeps the whole message; the kind is [`Error::kind`].
    fn from(error: Error) -> Self {
        Self::new(error.kind(), error)
    }
}

/// An operation on a segment or on the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// `shmget` for a new segment.
    Create,
    /// `shmget` for an existing segment.
    Open,
    /// `shmat`.
    Attach,
    /// `shmdt`.
    Detach,
    /// `shmctl(IPC_STAT)`.
    Stat,
    /// `shmctl(IPC_SET)`.
    SetPermissions,
    /// `shmctl(SHM_LOCK)`.
    Lock,
    /// `shmctl(SHM_UNLOCK)`.
    Unlock,
    /// `shmctl(IPC_RMID)`.
    Remove,
    /// `ftok`.
    MakeKey,
    /// Reading the system's table of segments.
    List,
    /// Reading the system's limits or usage.
    ReadLimits,
    /// Finding attached processes.
    FindProcesses,
    /// Reading the state of a process.
    InspectProcess,
    /// Entering another IPC namespace or reading about it.
    EnterNamespace,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Create => "create",
            Self::Open => "open",
            Self::Attach => "attach",
            Self::Detach => "detach",
            Self::Stat => "read the state of",
            Self::SetPermissions => "change the permissions of",
            Self::Lock => "lock",
            Self::Unlock => "unlock",
            Self::Remove => "remove",
            Self::MakeKey => "make a key from",
            Self::List => "list",
            Self::ReadLimits => "read",
            Self::FindProcesses => "find the processes attached to",
            Self::InspectProcess => "inspect",
            Self::EnterNamespace => "look into",
        })
    }
}

/// The object of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Target {
    /// An existing segment.
    Segment(SegmentId),
    /// The segment with a key, existing or to be created.
    Key(Key),
    /// A new private segment.
    Private,
    /// The attachment at an address.
    Address(usize),
    /// A file.
    #[cfg(feature = "std")]
    Path(std::path::PathBuf),
    /// Every segment of the system or IPC namespace.
    Segments,
    /// The system's limits.
    Limits,
    /// The system's usage figures.
    Usage,
    /// A process.
    Process(i32),
    /// An IPC namespace, by the number of its inode.
    Namespace(u64),
    /// The IPC namespace of a process.
    NamespaceOf(i32),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Segment(id) => write!(f, "segment {id}"),
            Self::Key(key) => write!(f, "the segment with key {key}"),
            Self::Private => f.write_str("a private segment"),
            Self::Address(address) => write!(f, "the attachment at {address:#x}"),
            #[cfg(feature = "std")]
            Self::Path(path) => write!(f, "{path:?}"),
            Self::Segments => f.write_str("the segments of this system"),
            Self::Limits => f.write_str("the limits on segments"),
            Self::Usage => f.write_str("the usage of segments"),
            Self::Process(pid) => write!(f, "process {pid}"),
            Self::Namespace(inode) => write!(f, "IPC namespace {inode}"),
            Self::NamespaceOf(pid) => write!(f, "the IPC namespace of process {pid}"),
        }
    }
}

/// An error number of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Errno(c_int);

impl Errno {
    pub(crate) const fn from_raw(number: c_int) -> Self {
        Self(number)
    }

    pub(crate) const fn as_raw(self) -> c_int {
        self.0
    }
}
