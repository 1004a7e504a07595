//! What [`update`](super::update()) wants done outside of the state.

use std::path::PathBuf;
use std::time::Duration;

use super::job::{Job, Work};
use crate::model::act::{Act, Creation};
use crate::model::request::PermissionsRequest;
use crate::model::segment::{Id, Identity};

/// Why nothing is changed: said at the key, and by the gate.
pub const READ_ONLY: &str = "changing segments is switched off (--read-only)";

/// One thing to do. Every effect passes [`crate::runtime::gate`], whatever it
/// is, before anything happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// Give the terminal back to the shell until the job is resumed.
    Suspend,
    /// Paint every cell again.
    Repaint,
    /// Look at the system now.
    Refresh,
    /// Look at the system this often; `None` is never.
    SetPeriod(Option<Duration>),
    /// Attach a segment, unless it is, and read this part of it again and again.
    Show(Part),
    /// Read nothing more, but stay attached.
    Hold,
    /// Detach the segment that is shown.
    Close,
    /// Look at every process, and again that often if a period is given; in
    /// detail at those that have this segment attached.
    Scan(Option<Id>, Option<Duration>),
    /// Find who has this segment attached, by attaching it for a moment.
    Probe(Identity),
    /// Look at the processes no more.
    StopScanning,
    /// Look which IPC namespaces there are.
    ListNamespaces,
    /// Show the segments of another namespace; `None` is the program's own.
    Enter(Option<u64>),
    /// Do something to segments, one after the other.
    Act(Vec<Act>),
    /// Look whether that would be done now.
    TryAct(Vec<Act>),
    /// Make a segment.
    Create(Creation),
    /// Look whether that could be done now.
    TryCreate(Creation),
    /// Find the numbers for the names in a request.
    Resolve(PermissionsRequest),
    /// Write a text to a file that must not exist.
    Export(PathBuf, String),
    /// Go through a segment, on a thread of its own.
    Job(Box<Job>),
    /// Call a job off.
    CancelJob(u64),
    /// Put a text on the clipboard of the terminal.
    Clipboard(String),
    /// Panic, to see that the terminal survives it; debug builds only.
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

/// What an effect touches: the gate decides by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impact {
    /// This program and its terminal.
    Own,
    /// The system is looked at.
    OwnUses,
    /// A segment is attached, which others can see.
    Attaches,
    /// Bytes of a segment are written over.
    Overwrites,
    /// A file is made.
    WritesFile,
    /// A segment is changed, for everybody.
    Changes,
}

impl Effect {
    /// What it touches. A new effect does not compile without an answer here.
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
            Self::Export(..) => Impact::WritesFile,
            Self::Show(_) | Self::Probe(_) => Impact::Attaches,
            Self::Job(job) => match job.work {
                // Dumps attach, and make files, which is always permitted.
                Work::Load(..) => Impact::Overwrites,
                Work::PreviewLoad(_) => Impact::OwnUses,
                _ => Impact::Attaches,
            },
            Self::Act(_) | Self::Create(_) => Impact::Changes,
        }
    }
}
