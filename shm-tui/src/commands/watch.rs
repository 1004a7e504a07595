//! `shm-tui watch`: what happens to the segments, one event a line.
//!
//! It ends by a signal, after the number of events asked for, or when nobody
//! reads any more; the latter is noticed also while nothing happens.

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

/// What the words of an event name.
const NAMED: [Column; 4] = [
    Column::Owner,
    Column::Group,
    Column::CreatorCommand,
    Column::LastCommand,
];

pub(super) fn run(system: &System, arguments: &Watch) -> io::Result<ExitCode> {
    let filter = arguments.filter.clone().unwrap_or_default().filter;
    // Memory figures are dear, and no event; a filter may ask for them.
    let wanted = SnapshotOptions {
        memory: !filter.is_empty(),
        ..WANTED
    };
    let look = || system.source.snapshot(wanted).map_err(io::Error::other);
    let first = look()?;
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
        let segments = look()?.segments;
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

/// Formats every event of the changes that pass the filter.
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
    // A person who named no namespace knows which one it is.
    let foreign = namespace.filter(|_| system.entered);
    let lines = passing.flat_map(log::happened).map(|(event, segment)| {
        Ok(match json {
            true => events::json(event, &segment, namespace, &context)?,
            false => events::text(&Entry::new(event, &segment, foreign, &context)),
        })
    });
    lines.collect()
}

/// The segment that a change is of, as it is now or was last.
fn subject(change: &Change) -> Segment {
    match change {
        Change::Appeared(segment) | Change::Gone(segment) => *segment,
        Change::Changed { after, .. } => *after,
    }
}

/// Waits that long, or until nobody reads what is printed.
fn wait_for_reader(period: Duration) -> io::Result<bool> {
    let out = io::stdout();
    // Asked for nothing, it tells errors and hang-ups only.
    let mut asked = [PollFd::new(&out, PollFlags::empty())];
    let period = Timespec::try_from(period).map_err(io::Error::other)?;
    match poll(&mut asked, Some(&period)) {
        Ok(ready) => Ok(ready == 0),
        // Stopped and continued: look at once.
        Err(Errno::INTR) => Ok(true),
        Err(error) => Err(error.into()),
    }
}
