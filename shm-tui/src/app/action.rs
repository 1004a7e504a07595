//! Every event that can change the state.

use super::job::Report;
use super::keymap::Command;
use super::line::Edit;
use crate::model::act::{Act, Outcome, Permissions};
use crate::model::diff::Change;
use crate::model::directory::Directory;
use crate::model::scan::{NamespaceScan, Scan};
use crate::model::segment::{Id, Identity};
use crate::model::snapshot::{Limits, Usage};

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A bound key.
    Command(Command),
    /// A key or a paste into the input line.
    Edit(Edit),
    /// A letter in a menu: to the next line that begins with it.
    Jump(char),
    /// A click on a cell.
    Click {
        /// Column of the cell.
        x: u16,
        /// Row of the cell.
        y: u16,
    },
    /// The wheel turned by this many lines.
    Scroll(i8),
    /// The terminal has a new size.
    Resize(u16, u16),
    /// The terminal gained or lost the focus.
    Focus(bool),
    /// The program was resumed after a stop; nothing is attached now.
    Resumed,
    /// A sample differs from the last one.
    Sampled(Box<Sampled>),
    /// The displayed segment was read, or could not be.
    Contents(Identity, Reading),
    /// A job reports progress or its end.
    JobReport(u64, Report),
    /// The processes were scanned, or could not be.
    Scanned(Result<Box<Scan>, String>),
    /// The namespaces were scanned, or could not be.
    Namespaces(Result<NamespaceScan, String>),
    /// A requested operation succeeded or failed.
    Exported(Result<String, String>),
    /// The names in a request were resolved to numbers, or one was not.
    Resolved(Result<Permissions, String>),
    /// Segments were changed, or a dry run finished.
    Acted {
        /// Whether it was a dry run.
        dry: bool,
        /// The result of each act.
        results: Vec<(Act, Result<Outcome, String>)>,
    },
    /// A segment was created, or a dry run finished.
    Created {
        /// Whether it was a dry run.
        dry: bool,
        /// Its identifier, if it was created.
        result: Result<Id, String>,
    },
    /// The gate refused an effect.
    Refused(&'static str),
    /// Time passed.
    Tick,
}

/// The differences from the last sample.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sampled {
    /// How often the namespace had been switched before the sample.
    pub generation: u64,
    /// Segments.
    pub changes: Vec<Change>,
    /// New or changed names.
    pub directory: Directory,
    /// The system's limits.
    pub limits: Limits,
    /// The system's usage.
    pub usage: Usage,
    /// Why sampling failed; then the other fields are empty.
    pub failure: Option<String>,
}

/// The result of reading a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The bytes of a part.
    Bytes {
        /// Their offset.
        offset: u64,
        /// The bytes.
        bytes: Vec<u8>,
        /// How many of them are of unknown state: they were read because the user views
        /// them, and reading may have allocated them.
        unknown: u64,
    },
    /// The segment was released, for this reason.
    LetGo(String),
    /// The segment could not be attached or read, for this reason.
    Failed(String),
}
