//! The operations that [`update`](super::update()) requests outside the state.

use std::path::PathBuf;
use std::time::Duration;

use super::job::{Job, Work};
use super::settings::Choices;
use crate::model::act::{Act, Creation};
use crate::model::request::PermissionsRequest;
use crate::model::segment::{Id, Identity};

/// Why changes are refused; shown at the key and by the gate.
pub const READ_ONLY: &str = "changing segments is switched off (--read-only)";

/// A requested operation. Every effect passes [`crate::runtime::gate`] before it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ends the program.
    Quit,
    /// Returns the terminal to the shell until the job is resumed.
    Suspend,
    /// Repaints every cell.
    Repaint,
    /// Samples the system now.
    Refresh,
    /// Sets the refresh interval; `None` is never.
    SetPeriod(Option<Duration>),
    /// Attaches a segment, unless it is attached, and reads this part of it repeatedly.
    Show(Part),
    /// Stops reading, but stays attached.
    Hold,
    /// Detaches the displayed segment.
    Close,
    /// Scans every process, repeatedly if a period is given; with details of those that
    /// have this segment attached.
    Scan(Option<Id>, Option<Duration>),
    /// Finds the processes that have this segment attached by attaching it for a moment.
    Probe(Identity),
    /// Stops scanning processes.
    StopScanning,
    /// Lists the IPC namespaces.
    ListNamespaces,
    /// Shows the segments of another namespace; `None` is the program's own.
    Enter(Option<u64>),
    /// Acts on segments, one after the other.
    Act(Vec<Act>),
    /// Checks whether the acts would succeed now.
    TryAct(Vec<Act>),
    /// Creates a segment.
    Create(Creation),
    /// Checks whether the creation would succeed now.
    TryCreate(Creation),
    /// Resolves the names in a request to numbers.
    Resolve(PermissionsRequest),
    /// Writes a text to a new file.
    Export(PathBuf, String),
    /// Starts a job on its own thread.
    Job(Box<Job>),
    /// Cancels a job.
    CancelJob(u64),
    /// Copies a text to the terminal's clipboard.
    Clipboard(String),
    /// Listen to the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Write settings to the configuration file.
    Save(PathBuf, Box<Choices>),
    /// Panics, to test that the terminal survives it; debug builds only.
    Panic,
}

/// A part of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The segment.
    pub target: Identity,
    /// First byte.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
}

/// What an effect touches; the gate decides by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impact {
    /// Only this program and its terminal.
    Own,
    /// Reads the system.
    OwnUses,
    /// Attaches a segment, which others can see.
    Attaches,
    /// Overwrites bytes of a segment.
    Overwrites,
    /// Creates a file.
    WritesFile,
    /// Changes a segment, for everybody.
    Changes,
}

impl Effect {
    /// Returns what it touches. A new effect does not compile without an answer here.
    #[must_use]
    pub fn impact(&self) -> Impact {
        match self {
            Self::Quit
            | Self::Suspend
            | Self::Repaint
            | Self::Hold
            | Self::Close
            | Self::CancelJob(_)
            | Self::Clipboard(_)
            | Self::Mouse(_)
            | Self::Panic => Impact::Own,
            Self::Refresh
            | Self::SetPeriod(_)
            | Self::Scan(..)
            | Self::StopScanning
            | Self::ListNamespaces
            | Self::TryAct(_)
            | Self::TryCreate(_)
            | Self::Resolve(_)
            | Self::Enter(_) => Impact::OwnUses,
            Self::Export(..) | Self::Save(..) => Impact::WritesFile,
            Self::Show(_) | Self::Probe(_) => Impact::Attaches,
            Self::Job(job) => match job.work {
                // Dumps attach, and create files, which is always permitted.
                Work::Load(..) => Impact::Overwrites,
                Work::PreviewLoad(_) => Impact::OwnUses,
                _ => Impact::Attaches,
            },
            Self::Act(_) | Self::Create(_) => Impact::Changes,
        }
    }
}
