//! Work on a whole segment that takes a while: what is asked for, what comes of
//! it, and which of it is under way.
//!
//! Each piece of work has a number, so that what arrives late from one that was
//! called off is told from what was asked for since.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::model::bytes::copy::Form;
use crate::model::bytes::map::Map;
use crate::model::bytes::search::Needle;
use crate::model::segment::Identity;
use crate::output::dump::Dump;
use crate::source::snapshot::{Difference, Snapshot};

/// One piece of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// What tells it from others.
    pub number: u64,
    /// The segment.
    pub target: Identity,
    /// What is to be done.
    pub work: Work,
    /// Whether what the system tells nothing about is read, too.
    pub read_unknown: bool,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// Find out what is where.
    Map,
    /// Find every match, from an offset on and then from the start.
    Search(Needle, u64),
    /// Keep what is in the segment, under a number, at a time.
    Snapshot(u64, i64),
    /// Compare a snapshot with a later one, or with what is there now.
    Compare(Arc<Snapshot>, Option<Arc<Snapshot>>),
    /// Copy a range as text.
    Copy(Range<u64>, Form),
    /// Write a range to a new file.
    Dump(Dump, PathBuf),
    /// Look at a file that is to be loaded, and at who would notice.
    PreviewLoad(PathBuf),
    /// Write so many bytes of a file over what stands at an offset.
    Load(PathBuf, u64, u64),
}

impl Work {
    /// What it is called while it is under way.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Map => "mapping",
            Self::Search(..) => "searching",
            Self::Snapshot(..) => "taking a snapshot",
            Self::Compare(..) => "comparing",
            Self::Copy(..) => "copying",
            Self::Dump(..) => "dumping",
            Self::PreviewLoad(_) => "looking at the file",
            Self::Load(..) => "loading",
        }
    }

    /// How many bytes of a segment of `size` bytes have to be gone through.
    #[must_use]
    pub fn total(&self, size: u64) -> u64 {
        match self {
            Self::Copy(range, _) => range.end - range.start,
            Self::Dump(dump, _) => dump.range.end - dump.range.start,
            Self::PreviewLoad(_) => 0,
            Self::Load(_, _, length) => *length,
            Self::Map | Self::Search(..) | Self::Snapshot(..) | Self::Compare(..) => size,
        }
    }

    /// Whether it goes on when the segment is not shown any more.
    #[must_use]
    pub fn outlives_the_view(&self) -> bool {
        matches!(self, Self::Dump(..) | Self::Load(..))
    }
}

/// What comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// So many bytes are done.
    Progress(u64),
    /// Matches were found.
    Found(Vec<u64>),
    /// It is done, or failed.
    Ended(Result<Answer, String>),
}

/// What came of it in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What is where, and how much the system tells nothing about.
    Map(Box<Map>, u64),
    /// All was searched, or there were too many matches; and how much the
    /// system tells nothing about.
    Searched {
        /// Whether there may be more matches.
        more: bool,
        /// Bytes that the system tells nothing about.
        unknown: u64,
    },
    /// The segment as it was, and how much of it is missing.
    Snapshot(Arc<Snapshot>, u64),
    /// What is different.
    Compared(Difference),
    /// A text for the clipboard, and how many bytes it stands for.
    Copied(String, u64),
    /// What loading a file would mean.
    LoadPreview(LoadPreview),
    /// A sentence.
    Said(String),
    /// It was called off.
    Cancelled,
}

/// What loading a file would mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadPreview {
    /// Bytes in the file.
    pub length: u64,
    /// Who has the segment attached: process and command.
    pub attached: Vec<(i32, String)>,
    /// How many processes could not be looked at.
    pub unreadable: u64,
}

/// A job under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// What it is.
    pub job: Job,
    /// Bytes done.
    pub done: u64,
}

impl Running {
    /// How far it is, in percent.
    #[must_use]
    pub fn percent(&self) -> u64 {
        let total = self.job.work.total(self.job.target.size);
        let percent = u128::from(self.done) * 100 / u128::from(total.max(1));
        u64::try_from(percent).unwrap_or(100).min(100)
    }
}

/// Everything under way, and the next number.
#[derive(Clone, Debug, Default)]
pub struct Jobs {
    /// What is under way, the oldest first.
    pub running: Vec<Running>,
    next: u64,
}

impl Jobs {
    /// Takes up a new piece of work.
    pub fn begin(&mut self, target: Identity, work: Work, read_unknown: bool) -> Job {
        self.next += 1;
        let job = Job {
            number: self.next,
            target,
            work,
            read_unknown,
        };
        self.running.push(Running {
            job: job.clone(),
            done: 0,
        });
        job
    }

    /// Ends what fits; the numbers of what was under way.
    pub fn end(&mut self, fits: impl Fn(&Job) -> bool) -> Vec<u64> {
        let (ended, rest) = std::mem::take(&mut self.running)
            .into_iter()
            .partition(|running| fits(&running.job));
        self.running = rest;
        let ended: Vec<Running> = ended;
        ended.iter().map(|running| running.job.number).collect()
    }

    /// The one with a number, if it is still wanted.
    pub fn get_mut(&mut self, number: u64) -> Option<&mut Running> {
        let mut running = self.running.iter_mut();
        running.find(|running| running.job.number == number)
    }
}
