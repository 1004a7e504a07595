//! Everything that can happen to the state.

use super::job::Report;
use super::keymap::Command;
use super::line::Edit;
use crate::model::act::{Act, Outcome, Permissions};
use crate::model::diff::Change;
use crate::model::directory::Directory;
use crate::model::scan::{NamespaceScan, Scan};
use crate::model::segment::{Id, Identity};
use crate::model::snapshot::{Limits, Usage};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A key that is bound.
    Command(Command),
    /// A key or a paste while a line is typed.
    Edit(Edit),
    /// A click on a cell.
    Click {
        /// Column of the cell.
        x: u16,
        /// Line of the cell.
        y: u16,
    },
    /// The wheel was turned so many lines.
    Scroll(i8),
    /// The terminal has another size.
    Resize(u16, u16),
    /// The terminal got or lost the focus.
    Focus(bool),
    /// The program goes on after it was stopped; nothing is attached any more.
    Resumed,
    /// Something is different from the last look at the system.
    Sampled(Box<Sampled>),
    /// Something was read from the segment that is shown, or could not be.
    Contents(Identity, Reading),
    /// Something came of the job with this number.
    JobReport(u64, Report),
    /// The processes were looked at, or could not be.
    Scanned(Result<Box<Scan>, String>),
    /// The namespaces were looked at, or could not be.
    Namespaces(Result<NamespaceScan, String>),
    /// Something that was asked for is done, or failed.
    Told(Result<String, String>),
    /// The names in a request have numbers, or one has not.
    Resolved(Result<Permissions, String>),
    /// Something was done to segments, or could be.
    Acted {
        /// Whether it was only tried.
        dry: bool,
        /// How each act ended.
        results: Vec<(Act, Result<Outcome, String>)>,
    },
    /// A segment was made, or could be.
    Created {
        /// Whether it was only tried.
        dry: bool,
        /// Its identifier, if it was made.
        result: Result<Id, String>,
    },
    /// The gate did not let an effect pass.
    Refused(&'static str),
    /// Only time went by.
    Tick,
}

/// What is different from the last look at the system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sampled {
    /// How often another namespace had been entered before the look.
    pub generation: u64,
    /// Segments.
    pub changes: Vec<Change>,
    /// Names not sent before, or different.
    pub directory: Directory,
    /// What the system allows.
    pub limits: Limits,
    /// What is in use.
    pub usage: Usage,
    /// Why the look failed; then nothing else is told.
    pub failure: Option<String>,
}

/// What came of reading a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The bytes of a part.
    Bytes {
        /// Where they begin.
        offset: u64,
        /// The bytes.
        bytes: Vec<u8>,
        /// How many of them the system tells nothing about: they were read, as
        /// the user looks at them, and may have been allocated by that.
        unknown: u64,
    },
    /// It was let go, for this reason.
    LetGo(String),
    /// It could not be attached or read, for this reason.
    Failed(String),
}
