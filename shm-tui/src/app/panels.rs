//! What the panels beside the table show: processes, events, namespaces and
//! the columns to choose from.

use super::cursor::Cursor;
use super::line::Line;
use crate::model::column::Column;
use crate::model::scan::{NamespaceScan, Scan};
use crate::model::segment::{Id, Segment};

/// What is known of the processes that have segments attached.
#[derive(Clone, Debug, Default)]
pub struct Processes {
    /// The segment whose processes are shown.
    pub target: Option<Segment>,
    /// The last look.
    pub scan: Option<Scan>,
    /// Why the last look failed.
    pub failure: Option<String>,
    /// Whether a probe is under way.
    pub probing: bool,
    /// The attachment at the cursor.
    pub cursor: Cursor,
}

/// What the event log shows.
#[derive(Clone, Debug, Default)]
pub struct Events {
    /// Only entries in which every word of this stands.
    pub filter: Line,
    /// The entry at the cursor.
    pub cursor: Cursor,
}

/// The IPC namespaces of the machine.
#[derive(Clone, Debug, Default)]
pub struct Namespaces {
    /// The last look; nothing before it.
    pub list: Option<Result<NamespaceScan, String>>,
    /// The namespace at the cursor.
    pub cursor: Cursor,
    /// The namespace that is shown, if it is not the program's own.
    pub entered: Option<u64>,
    /// How often another one was entered: what was seen in an earlier one and
    /// arrives late is of no interest any more.
    pub generation: u64,
}

/// The columns to choose from: those shown first, in order.
#[derive(Clone, Debug, Default)]
pub struct Chooser {
    /// Columns, and whether each is shown.
    pub columns: Vec<(Column, bool)>,
    /// The column at the cursor.
    pub cursor: Cursor,
}

/// The segments of one process only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessFilter {
    /// The process.
    pub pid: i32,
    /// Its segments.
    pub ids: Vec<Id>,
}

/// A line that is being typed, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Which segments are shown.
    Filter,
    /// Which events are shown.
    Events,
    /// Where the events are written to.
    Export,
    /// What to change of owner, group and mode.
    Permit,
    /// What the new segment is to be like.
    Create,
    /// An offset to go to.
    Goto,
    /// What to search for.
    Search,
    /// The file to write bytes to.
    Dump,
    /// The file to write digits to.
    DumpHex,
    /// The file to load.
    Load,
    /// The number of the segment, to say that it is meant.
    Confirm,
}

impl Prompt {
    /// What can be typed, for those that need telling.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Goto => "4096, 0x1000, 4k, +16, -16, 50%, end",
            Self::Search => "text, i:any case, x:4d ?? 2?, u32:7, f64:3.14, i64be:-1",
            _ => "",
        }
    }

    /// What stands before the line.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Filter => "Filter",
            Self::Events => "Events with",
            Self::Export => "Write events to",
            Self::Permit => "Change owner=, group=, mode=",
            Self::Create => "Create with size=, key=, mode=",
            Self::Goto => "Go to",
            Self::Search => "Search",
            Self::Dump => "Write bytes to",
            Self::DumpHex => "Write digits to",
            Self::Load => "Load file",
            Self::Confirm => "Number of the segment",
        }
    }
}
