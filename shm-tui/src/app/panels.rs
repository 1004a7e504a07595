//! The panels beside the table: processes, events, namespaces, and the column chooser.

use std::time::Duration;

use super::cursor::Cursor;
use super::line::Line;
use crate::model::column::Column;
use crate::model::scan::{NamespaceScan, Scan};
use crate::model::segment::{Id, Segment};

/// The attached processes.
#[derive(Clone, Debug, Default)]
pub struct Processes {
    /// The segment whose processes are shown.
    pub target: Option<Segment>,
    /// The last scan.
    pub scan: Option<Scan>,
    /// Why the last scan failed.
    pub failure: Option<String>,
    /// Whether a probe is running.
    pub probing: bool,
    /// Whether segments were attached or detached since the last scan was requested.
    pub stale: bool,
    /// When the table last requested a scan, in steady time.
    pub asked: Option<Duration>,
    /// The selected attachment.
    pub cursor: Cursor,
}

/// The view of the event log.
#[derive(Clone, Debug, Default)]
pub struct Events {
    /// Shows only entries that contain every word of this.
    pub filter: Line,
    /// The selected entry.
    pub cursor: Cursor,
}

/// The IPC namespaces of the machine.
#[derive(Clone, Debug, Default)]
pub struct Namespaces {
    /// The last scan, if any.
    pub list: Option<Result<NamespaceScan, String>>,
    /// The selected namespace.
    pub cursor: Cursor,
    /// The displayed namespace, if it is not the program's own.
    pub entered: Option<u64>,
    /// How often the namespace was switched; late results of an earlier one are dropped.
    pub generation: u64,
}

/// The column chooser: visible columns first, in order.
#[derive(Clone, Debug, Default)]
pub struct Chooser {
    /// Columns, and whether each is visible.
    pub columns: Vec<(Column, bool)>,
    /// The selected column.
    pub cursor: Cursor,
}

/// Restricts the table to segments that no filter describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subset {
    /// Which they are: `of process 812`.
    pub what: String,
    /// The segments, in order.
    pub ids: Vec<Id>,
}

/// An input line and its purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// The filter of segments.
    Filter,
    /// The filter of events.
    Events,
    /// The file for the events.
    Export,
    /// The change of owner, group and mode.
    Permit,
    /// The new segment.
    Create,
    /// An offset.
    Goto,
    /// A search.
    Search,
    /// The file for bytes.
    Dump,
    /// The file for a hex dump.
    DumpHex,
    /// The file to load.
    Load,
    /// The segment's identifier, as confirmation.
    Confirm,
}

impl Prompt {
    /// Returns a hint at what can be typed, if one is needed.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Goto => "4096, 0x1000, 4k, +16, -16, 50%, end",
            Self::Search => "text, i:any case, x:4d ?? 2?, u32:7, f64:3.14, i64be:-1",
            Self::Permit => "640, rw-r-----, owner=postgres group=adm mode=640",
            Self::Create => "64k, size=64k key=0x51 mode=600",
            Self::Export | Self::Dump | Self::DumpHex => "a new file; ~ is the home directory",
            Self::Load => "a file; ~ is the home directory",
            _ => "",
        }
    }

    /// Returns the prompt.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Filter => "Filter",
            Self::Events => "Events with",
            Self::Export => "Write events to",
            Self::Permit => "Change to",
            Self::Create => "Create",
            Self::Goto => "Go to",
            Self::Search => "Search",
            Self::Dump => "Write bytes to",
            Self::DumpHex => "Write hex dump to",
            Self::Load => "Load file",
            Self::Confirm => "Identifier of the segment",
        }
    }
}
