//! Jobs on a whole segment that take a while: requests, reports, and the running ones.
//!
//! Each job has a number, so a late report of a canceled job is not taken for one of its
//! successor.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::model::bytes::copy::Form;
use crate::model::bytes::map::Map;
use crate::model::bytes::search::Needle;
use crate::model::segment::Identity;
use crate::output::dump::Dump;
use crate::source::snapshot::{Difference, Snapshot};

/// A job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub number: u64,
    /// The segment.
    pub target: Identity,
    /// The work of a job.
    pub work: Work,
    /// Whether it also reads pages of unknown state.
    pub read_unknown: bool,
}

/// The work of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// Maps the segment.
    Map,
    /// Finds every match, from an offset on and then from the start.
    Search(Needle, u64),
    /// Takes a snapshot, with a number and a time.
    Snapshot(u64, i64),
    /// Compares a snapshot with a later one, or with the current contents.
    Compare(Arc<Snapshot>, Option<Arc<Snapshot>>),
    /// Copies a range as text.
    Copy(Range<u64>, Form),
    /// Writes a range to a new file.
    Dump(Dump, PathBuf),
    /// Inspects a file to load, and the processes that it affects.
    PreviewLoad(PathBuf),
    /// Overwrites the contents from an offset on with bytes of a file.
    Load(PathBuf, u64, u64),
}

impl Work {
    /// Returns its name for the status line.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Map => "mapping",
            Self::Search(..) => "searching",
            Self::Snapshot(..) => "taking a snapshot",
            Self::Compare(..) => "comparing",
            Self::Copy(..) => "copying",
            Self::Dump(..) => "dumping",
            Self::PreviewLoad(_) => "inspecting the file",
            Self::Load(..) => "loading",
        }
    }

    /// Returns how many bytes of a segment of `size` bytes it scans.
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

    /// Returns whether it continues when the segment is no longer shown.
    #[must_use]
    pub fn outlives_the_view(&self) -> bool {
        matches!(self, Self::Dump(..) | Self::Load(..))
    }
}

/// A report of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// Bytes done so far.
    Progress(u64),
    /// New matches.
    Found(Vec<u64>),
    /// The end, with a result or an error.
    Ended(Result<Answer, String>),
}

/// The result of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The map, and the number of bytes of unknown state.
    Map(Box<Map>, u64),
    /// The search ended, or found too many matches; and the number of bytes of unknown
    /// state.
    Searched {
        /// Whether there may be more matches.
        more: bool,
        /// Bytes of unknown state.
        unknown: u64,
    },
    /// The snapshot, and how much of it is missing.
    Snapshot(Arc<Snapshot>, u64),
    /// The differences.
    Compared(Difference),
    /// A text for the clipboard, and the number of bytes in it.
    Copied(String, u64),
    /// The effect of loading a file.
    LoadPreview(LoadPreview),
    /// A message.
    Said(String),
    /// It was canceled.
    Cancelled,
}

/// The effect of loading a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadPreview {
    /// Bytes in the file.
    pub length: u64,
    /// The attached processes: number and command.
    pub attached: Vec<(i32, String)>,
    /// How many processes could not be inspected.
    pub unreadable: u64,
}

/// A running job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// What it is.
    pub job: Job,
    /// Bytes done.
    pub done: u64,
}

impl Running {
    /// Returns the progress in percent.
    #[must_use]
    pub fn percent(&self) -> u64 {
        let total = self.job.work.total(self.job.target.size);
        let percent = u128::from(self.done) * 100 / u128::from(total.max(1));
        u64::try_from(percent).unwrap_or(100).min(100)
    }
}

/// The running jobs, and the next number.
#[derive(Clone, Debug, Default)]
pub struct Jobs {
    /// The running jobs, oldest first.
    pub running: Vec<Running>,
    next: u64,
}

impl Jobs {
    /// Adds a job.
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

    /// Removes the matching jobs and returns their numbers.
    pub fn end(&mut self, fits: impl Fn(&Job) -> bool) -> Vec<u64> {
        let (ended, rest) = std::mem::take(&mut self.running)
            .into_iter()
            .partition(|running| fits(&running.job));
        self.running = rest;
        let ended: Vec<Running> = ended;
        ended.iter().map(|running| running.job.number).collect()
    }

    /// Returns the running job with this number.
    pub fn get_mut(&mut self, number: u64) -> Option<&mut Running> {
        let mut running = self.running.iter_mut();
        running.find(|running| running.job.number == number)
    }
}
