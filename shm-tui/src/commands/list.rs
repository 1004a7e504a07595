//! `shm-tui list`: the table of segments.

use std::io;
use std::process::ExitCode;

use super::{System, columns, context, print, print_warning};
use crate::cli::List;
use crate::model::column::{self, COLUMNS, Column};
use crate::model::segment::Segment;
use crate::model::snapshot::Limits;
use crate::model::threshold::Threshold;
use crate::output;
use crate::source::SnapshotOptions;

/// The exit code of a threshold that was reached.
const REACHED: u8 = 4;

pub(super) fn run(system: &System, arguments: &List) -> io::Result<ExitCode> {
    let columns = columns(&arguments.rows.columns, &column::LISTED);
    let filter = arguments.rows.filter.clone().unwrap_or_default().filter;
    // A filter looks at every column, and JSON has them all; but who has the
    // segments attached is in neither.
    let looked_at = match arguments.json || !filter.is_empty() {
        true => {
            let every = COLUMNS.map(|definition| definition.column);
            let costly = |column: &Column| *column == Column::AttachedCommands;
            let asked =
                filter.names_attached_commands() || (!arguments.json && columns.iter().any(costly));
            let wanted = every.into_iter().filter(|column| asked || !costly(column));
            wanted.collect()
        }
        false => {
            let mut columns = columns.clone();
            columns.extend(arguments.rows.sort.map(|sort| sort.column));
            columns
        }
    };
    let memory = [Column::Resident, Column::Swapped];
    let thresholds = &arguments.fail_if;
    let wanted = SnapshotOptions {
        memory: memory.iter().any(|column| looked_at.contains(column))
            || thresholds.iter().any(Threshold::needs_memory),
        totals: thresholds.iter().any(Threshold::needs_limits),
    };
    let snapshot = system.source.snapshot(wanted).map_err(io::Error::other)?;
    let mut segments = snapshot.segments;
    let directory = output::directory(&segments, &looked_at, &*system.source, &*system.names);
    let context = context(&directory, arguments.bytes || arguments.csv);
    segments.retain(|segment| filter.is_empty() || filter.passes(segment, &context));
    if let Some(sort) = arguments.rows.sort {
        segments.sort_by(|a, b| sort.compare(a, b, &context));
    }
    let mut text = match (arguments.json, arguments.csv) {
        (true, _) => output::json::document(&segments, &context)?,
        (_, true) => output::csv::table(&segments, &columns, &context),
        _ => output::text::table(&segments, &columns, &context),
    };
    if arguments.no_headers {
        // Column names have no line ends.
        text = text
            .split_once('\n')
            .map_or_else(String::new, |(_, rows)| rows.to_owned());
    }
    print(&text)?;
    check(thresholds, &segments, &snapshot.limits)
}

/// Tells which thresholds the rows reach.
fn check(thresholds: &[Threshold], segments: &[Segment], limits: &Limits) -> io::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for threshold in thresholds {
        let reached = threshold.reached(segments, limits);
        if let Some(sentence) = reached.map_err(io::Error::other)? {
            print_warning(&sentence);
            code = ExitCode::from(REACHED);
        }
    }
    Ok(code)
}
