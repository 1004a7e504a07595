//! `shm-tui watch`: prints the events of segments, one per line.
//!
//! It ends by a signal, after the requested number of events, or when the reader closes
//! the output, even if no event happens.

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::{System, context, print};
use crate::cli::Watch;
use crate::model::column::{COLUMNS, Column};
use crate::model::diff::{self, Change};
use crate::model::log::{self, Entry};
use crate::model::query::Filter;
use crate::model::segment::Segment;
use crate::output::{self, events};
use crate::source::{SnapshotOptions, live};

const WANTED: SnapshotOptions = SnapshotOptions {
    memory: false,
    totals: false,
};

/// The columns in an event's description.
const NAMED: [Column; 4] = [
    Column::Owner,
    Column::Group,
    Column::CreatorCommand,
    Column::LastCommand,
];

pub(super) fn run(system: &System, arguments: &Watch) -> io::Result<ExitCode> {
    let filter = arguments.filter.clone().unwrap_or_default().filter;
    // Memory figures are expensive, and their changes are not events; but a filter may
    // need them.
    let wanted = SnapshotOptions {
        memory: !filter.is_empty(),
        ..WANTED
    };
    let sample = || system.source.snapshot(wanted).map_err(io::Error::other);
    let first = sample()?;
    let namespace = first.namespace;
    let mut last = first.segments;
    if arguments.json {
        print(&events::begin(super::now(), last.len(), namespace)?)?;
    }
    let mut left = arguments.count;
    while left != Some(0) {
        if !wait_for_reader(arguments.rate.unwrap_or(live::PERIOD))? {
            break;
        }
        let segments = sample()?.segments;
        let changes = diff::compare(&last, &segments);
        last = segments;
        for line in lines(system, &changes, &filter, namespace, arguments.json)? {
            if left == Some(0) {
                break;
            }
            left = left.map(|left| left - 1);
            print(&line)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Formats every event of the changes that match the filter.
fn lines(
    system: &System,
    changes: &[Change],
    filter: &Filter,
    namespace: Option<u64>,
    json: bool,
) -> io::Result<Vec<String>> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let mentioned: Vec<Segment> = changes.iter().map(subject).collect();
    let columns = match filter.is_empty() {
        true => NAMED.to_vec(),
        false => COLUMNS.map(|definition| definition.column).to_vec(),
    };
    let directory = output::directory(&mentioned, &columns, &*system.source, &*system.names);
    let context = context(&directory, true);
    let passing = changes
        .iter()
        .filter(|change| filter.passes(&subject(change), &context));
    // A user who named no namespace knows which one it is.
    let foreign = namespace.filter(|_| system.entered);
    let lines = passing.flat_map(log::happened).map(|(event, segment)| {
        Ok(match json {
            true => events::json(event, &segment, namespace, &context)?,
            false => events::text(&Entry::new(event, &segment, foreign, &context)),
        })
    });
    lines.collect()
}

/// Returns the segment of a change, as it is now or was last.
fn subject(change: &Change) -> Segment {
    match change {
        Change::Appeared(segment) | Change::Gone(segment) => *segment,
        Change::Changed { after, .. } => *after,
    }
}

/// Waits this long, or until the reader closes the output.
fn wait_for_reader(period: Duration) -> io::Result<bool> {
    let out = io::stdout();
    // Without requested events, poll reports only errors and hang-ups.
    let mut asked = [PollFd::new(&out, PollFlags::empty())];
    let period = Timespec::try_from(period).map_err(io::Error::other)?;
    match poll(&mut asked, Some(&period)) {
        Ok(ready) => Ok(ready == 0),
        // Stopped and continued: sample at once.
        Err(Errno::INTR) => Ok(true),
        Err(error) => Err(error.into()),
    }
}
