//! The sources of data.
//!
//! The browser reads the system only through these traits: [`live`] implements them with
//! the kernel, [`fake`] with an invented system, for tests and for `--demo`. Everything
//! here may block and is called only from worker threads.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::model::act::{Act, Creation, Outcome};
use crate::model::directory::Process;
use crate::model::dry_run::Caller;
use crate::model::scan::{Abilities, NamespaceScan, Scan};
use crate::model::segment::{Id, Identity, Name, Segment};
use crate::model::snapshot::{Limits, Snapshot, Totals};

mod act;
mod attached;
pub mod byte_scan;
mod caller;
mod convert;
pub mod fake;
pub mod forced;
mod gone_namespace;
mod huge_pages;
mod in_namespace;
pub mod job;
pub mod live;
mod mapped;
pub mod names;
mod own_uses;
mod pages;
mod probe;
pub mod processes;
pub mod snapshot;
mod viewers;

pub use forced::Release;
pub use in_namespace::enter;

/// A system with segments.
pub trait Source: Send + Sync {
    /// Returns every segment, and the data that `options` request.
    ///
    /// # Errors
    ///
    /// If the system refuses or has no System V shared memory.
    fn snapshot(&self, wanted: SnapshotOptions) -> Result<Snapshot, SourceError>;

    /// Returns the system's limits, even if it lets nobody list segments.
    ///
    /// # Errors
    ///
    /// If the system has no System V shared memory.
    fn limits(&self) -> Result<Limits, SourceError>;

    /// Returns the system's own totals, or `None` if it has none, or wrong ones.
    ///
    /// # Errors
    ///
    /// If the system has no System V shared memory.
    fn totals(&self) -> Result<Option<Totals>, SourceError> {
        Ok(None)
    }

    /// Returns the segment of this name, without memory figures.
    ///
    /// # Errors
    ///
    /// As for [`snapshot`](Self::snapshot).
    fn find(&self, name: Name) -> Result<Option<Segment>, SourceError> {
        find_in_list(self, name)
    }

    /// Attaches a segment read-only, if it is still the same one. All reading uses this.
    ///
    /// # Errors
    ///
    /// If it no longer exists, is another one now, may not be read, or would be destroyed
    /// by the detach ([`forced`]).
    fn open(&self, target: &Identity) -> Result<Box<dyn Contents>, SourceError>;

    /// Attaches a segment for writing, if it is still the same one.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open), and if it may not be written.
    fn open_to_write(&self, target: &Identity) -> Result<Box<dyn Store>, SourceError>;

    /// Scans every process for its attachments, and for the resident bytes of `focus` in
    /// each.
    ///
    /// # Errors
    ///
    /// If the system has no way to do so.
    fn scan(&self, focus: Option<Id>) -> Result<Scan, SourceError>;

    /// Returns the system's abilities.
    fn abilities(&self) -> Abilities;

    /// Finds the processes that have one segment attached, if it is still the same one.
    /// If that needs an attachment, attaches it read-only meanwhile, which others see.
    /// Called only by [`crate::runtime::gate`].
    ///
    /// # Errors
    ///
    /// If the segment no longer exists, is another one now, may not be read, or would be
    /// destroyed; if the system has no way to find the processes.
    fn probe(&self, target: &Identity) -> Result<Scan, SourceError>;

    /// Lists the IPC namespaces.
    ///
    /// # Errors
    ///
    /// If the system has none, or has no way to list them.
    fn namespaces(&self) -> Result<NamespaceScan, SourceError>;

    /// Returns a source for every IPC namespace that a process is in, this program's
    /// first. Those that may not be entered fail at the first question.
    ///
    /// # Errors
    ///
    /// As for [`namespaces`](Self::namespaces).
    fn all_namespaces(&self) -> Result<AllNamespaces, SourceError>;

    /// Returns a source for another namespace of the same machine; `None` is this
    /// program's own. A namespace that cannot be entered fails at the first sample.
    fn enter(&self, inode: Option<u64>) -> Arc<dyn Source>;

    /// Acts on a segment, after checking that it is unchanged. Called only by
    /// [`crate::runtime::gate`].
    ///
    /// # Errors
    ///
    /// If it changed, or the system refuses.
    fn act(&self, act: &Act) -> Result<Outcome, SourceError>;

    /// Creates a segment. Called only by [`crate::runtime::gate`].
    ///
    /// # Errors
    ///
    /// If the key is taken, or the system refuses.
    fn create(&self, creation: &Creation) -> Result<Id, SourceError>;

    /// Returns the state of the process with this number.
    fn process(&self, pid: i32) -> Process;

    /// Returns the user of this program and its privileges, for dry runs.
    fn caller(&self) -> Caller;
}

/// Finds a segment by listing all.
fn find_in_list<S: Source + ?Sized>(
    source: &S,
    name: Name,
) -> Result<Option<Segment>, SourceError> {
    let options = SnapshotOptions {
        memory: false,
        totals: false,
    };
    let segments = source.snapshot(options)?.segments;
    Ok(segments.into_iter().find(|segment| name.names(segment)))
}

/// The IPC namespaces of the machine, each with its source.
pub struct AllNamespaces {
    /// Inode and source of each.
    pub list: Vec<(u64, Arc<dyn Source>)>,
    /// What could not be seen. Its list is empty.
    pub scan: NamespaceScan,
}

impl fmt::Debug for AllNamespaces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inodes: Vec<u64> = self.list.iter().map(|(inode, _)| *inode).collect();
        f.debug_struct("AllNamespaces")
            .field("list", &inodes)
            .finish_non_exhaustive()
    }
}

/// The optional data of a snapshot besides the segments; each item adds to its cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotOptions {
    /// Memory figures of every segment: several times the cost of the rest.
    pub memory: bool,
    /// Limits and usage.
    pub totals: bool,
}

impl SnapshotOptions {
    /// Returns the options for everything.
    pub const ALL: Self = Self {
        memory: true,
        totals: true,
    };
}

/// An attached segment; dropping it detaches.
pub trait Contents: Send {
    /// Bytes in the segment.
    fn size(&self) -> u64;

    /// Returns the state of the parts of `range`, in order and without gaps, without
    /// touching a byte. Parts outside the segment are omitted.
    fn regions(&self, range: Range<u64>) -> Vec<Region>;

    /// Copies the bytes at `offset`, whatever their state: reading a hole may cost
    /// memory. [`byte_scan`] reads without that.
    ///
    /// # Errors
    ///
    /// If the bytes cannot be read, or are not all inside the segment.
    fn copy(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError>;

    /// Returns why this attachment must be released, if so: it would keep alive a segment
    /// that is to be destroyed.
    fn release(&self) -> Option<Release>;

    /// Why attaching the segment counts as use of it from the next run on, if it
    /// could not be recorded that it was no use.
    fn unrecorded(&self) -> Option<&str> {
        None
    }
}

/// A segment attached for writing; dropping it detaches.
pub trait Store: Send {
    /// Overwrites the bytes at an offset.
    ///
    /// # Errors
    ///
    /// If they would not all be inside the segment, or cannot be written.
    fn write(&self, offset: u64, bytes: &[u8]) -> Result<(), SourceError>;
}

/// A part of a segment and its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Offsets in the segment; never empty.
    pub range: Range<u64>,
    /// Its state.
    pub kind: RegionKind,
}

/// The state of a part, known without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionKind {
    /// Allocated: reading it costs nothing.
    Data,
    /// A hole: it reads as zeros, and reading it costs memory.
    Hole,
    /// Unknown. Never to be taken for zeros.
    Unknown,
}

/// Names for the numbers of users and groups.
pub trait Names: Send + Sync {
    /// Returns the name of a user.
    fn user(&self, uid: u32) -> Option<String>;
    /// Returns the name of a user, or the number in digits.
    fn user_or_number(&self, uid: u32) -> Arc<str> {
        self.user(uid).unwrap_or_else(|| uid.to_string()).into()
    }
    /// Returns the name of a group.
    fn group(&self, gid: u32) -> Option<String>;
    /// Returns the number of a user.
    fn uid(&self, name: &str) -> Option<u32>;
    /// Returns the number of a group.
    fn gid(&self, name: &str) -> Option<u32>;
}

/// An error of a source, as a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    message: String,
    destroys: bool,
}

impl SourceError {
    /// Creates an error with this message.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            destroys: false,
        }
    }

    /// Creates a refusal of an operation that would destroy a segment.
    pub fn destroying(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            destroys: true,
        }
    }

    /// Returns whether the operation was refused because it would destroy a segment.
    #[must_use]
    pub fn destroys(&self) -> bool {
        self.destroys
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SourceError {}
