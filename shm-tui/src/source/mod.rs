//! Where the data come from.
//!
//! The browser knows the system only through these traits: [`live`] answers
//! them from the kernel, [`fake`] from an invented system, for tests and for
//! `--demo`. Everything here may block and is called from worker threads only.

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

/// A system that has segments.
pub trait Source: Send + Sync {
    /// Returns every segment, and what `options` ask for.
    ///
    /// # Errors
    ///
    /// If the system refuses or has no System V shared memory.
    fn snapshot(&self, wanted: SnapshotOptions) -> Result<Snapshot, SourceError>;

    /// Returns what the system allows, also where it lets nobody list segments.
    ///
    /// # Errors
    ///
    /// If the system has no System V shared memory.
    fn limits(&self) -> Result<Limits, SourceError>;

    /// Returns the system's own sums, or `None` where it has none, or wrong ones.
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

    /// Attaches a segment read-only, provided that it is still the one meant. All
    /// reading goes through this.
    ///
    /// # Errors
    ///
    /// If it is gone, is another one now, may not be read, or would be destroyed
    /// by the detach ([`forced`]).
    fn open(&self, target: &Identity) -> Result<Box<dyn Contents>, SourceError>;

    /// Attaches a segment for writing, provided that it is still the one meant.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open), and if it may not be written.
    fn open_to_write(&self, target: &Identity) -> Result<Box<dyn Store>, SourceError>;

    /// Scans every process for what it has attached; for how much of `focus`
    /// each has in memory, too.
    ///
    /// # Errors
    ///
    /// If the system has no way to tell.
    fn scan(&self, focus: Option<Id>) -> Result<Scan, SourceError>;

    /// What the system can do.
    fn abilities(&self) -> Abilities;

    /// Finds the processes that have one segment attached, provided that it is
    /// still the one meant. Where that takes an attachment, it is attached
    /// read-only meanwhile, which others see. Called by [`crate::runtime::gate`]
    /// only.
    ///
    /// # Errors
    ///
    /// If the segment is gone, is another one now, may not be read, or would be
    /// destroyed by it; if the system has no way to tell.
    fn probe(&self, target: &Identity) -> Result<Scan, SourceError>;

    /// Lists the IPC namespaces.
    ///
    /// # Errors
    ///
    /// If the system has none, or has no way to tell.
    fn namespaces(&self) -> Result<NamespaceScan, SourceError>;

    /// The segments of another namespace of the same machine; `None` is this
    /// program's own. What may not be entered fails at the first look.
    fn enter(&self, inode: Option<u64>) -> Arc<dyn Source>;

    /// Does something to a segment, after one more look at whether it is still
    /// as it was. Called by [`crate::runtime::gate`] only.
    ///
    /// # Errors
    ///
    /// If it is not, or the system refuses.
    fn act(&self, act: &Act) -> Result<Outcome, SourceError>;

    /// Makes a segment. Called by [`crate::runtime::gate`] only.
    ///
    /// # Errors
    ///
    /// If the key is taken, or the system refuses.
    fn create(&self, creation: &Creation) -> Result<Id, SourceError>;

    /// What is known of the process with this number.
    fn process(&self, pid: i32) -> Process;

    /// Returns who this program runs as, for dry runs.
    fn caller(&self) -> Caller;
}

/// Finds a segment in the list of all.
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

/// What is wanted beside the segments: each of these costs more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotOptions {
    /// Memory figures of every segment: several times the rest.
    pub memory: bool,
    /// Limits, and how much of them is used.
    pub totals: bool,
}

impl SnapshotOptions {
    /// Everything there is.
    pub const ALL: Self = Self {
        memory: true,
        totals: true,
    };
}

/// An attached segment; dropping it detaches.
pub trait Contents: Send {
    /// Bytes in the segment.
    fn size(&self) -> u64;

    /// What is known of the parts of `range`, in order and without gaps, found
    /// out without touching a byte. What lies outside of the segment is left
    /// out.
    fn regions(&self, range: Range<u64>) -> Vec<Region>;

    /// Copies what stands at `offset`, whatever is known of it: a hole may cost
    /// memory. [`byte_scan`] is the way to read without that.
    ///
    /// # Errors
    ///
    /// If the bytes cannot be read, or are not all inside the segment.
    fn copy(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError>;

    /// Why this attachment has to be released, if it has to: it would keep alive
    /// what is to be destroyed.
    fn release(&self) -> Option<Release>;
}

/// A segment attached for writing; dropping it detaches.
pub trait Store: Send {
    /// Writes bytes over what stands at an offset.
    ///
    /// # Errors
    ///
    /// If they would not all be inside the segment, or cannot be written.
    fn write(&self, offset: u64, bytes: &[u8]) -> Result<(), SourceError>;
}

/// A part of a segment and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Offsets in the segment; never empty.
    pub range: Range<u64>,
    /// What is known.
    pub kind: RegionKind,
}

/// What is known of a part without looking into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionKind {
    /// It exists: reading it costs nothing.
    Data,
    /// It was never touched: it reads as zeros, and reading it costs memory.
    Hole,
    /// The system does not tell. Never to be taken for zeros.
    Unknown,
}

/// Names for the numbers of users and groups.
pub trait Names: Send + Sync {
    /// The name of a user.
    fn user(&self, uid: u32) -> Option<String>;
    /// Returns the name of a user, or the number in digits.
    fn user_or_number(&self, uid: u32) -> Arc<str> {
        self.user(uid).unwrap_or_else(|| uid.to_string()).into()
    }
    /// The name of a group.
    fn group(&self, gid: u32) -> Option<String>;
    /// The number of a user.
    fn uid(&self, name: &str) -> Option<u32>;
    /// The number of a group.
    fn gid(&self, name: &str) -> Option<u32>;
}

/// What a source could not do, as a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    message: String,
    destroys: bool,
}

impl SourceError {
    /// An error that says `message`.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            destroys: false,
        }
    }

    /// A refusal of what would have destroyed a segment.
    pub fn destroying(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            destroys: true,
        }
    }

    /// Whether something was refused because it would have destroyed a segment.
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
