//! `shm-tui list`: the table of segments.

use std::io;
use std::process::ExitCode;

use super::{System, columns, context, print};
use crate::cli::List;
use crate::model::column::{self, COLUMNS, Column};
use crate::output;
use crate::source::Wanted;

pub(super) fn run(system: &System, arguments: &List) -> io::Result<ExitCode> {
    let columns = columns(&arguments.rows.columns, &column::LISTED);
    let filter = arguments.rows.filter.clone().unwrap_or_default().filter;
    // A filter looks at every column, and JSON has them all; but who has the
    // segments attached is in neither.
    let looked_at = match arguments.json || !filter.is_empty() {
        true => {
            let every = COLUMNS.map(|definition| definition.column);
            let costly = |column: &Column| *column == Column::AttachedCommands;
            let asked = !arguments.json && columns.iter().any(costly);
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
    let wanted = Wanted {
        memory: memory.iter().any(|column| looked_at.contains(column)),
        totals: false,
    };
    let snapshot = system.source.snapshot(wanted).map_err(io::Error::other)?;
    let mut segments = snapshot.segments;
    let directory = output::directory(&segments, &looked_at, &*system.source, &*system.names);
    let context = context(&directory, arguments.bytes || arguments.csv);
    segments.retain(|segment| filter.is_empty() || filter.passes(segment, &context));
    if let Some(sort) = arguments.rows.sort {
        segments.sort_by(|a, b| sort.compare(a, b, &context));
    }
    print(&match (arguments.json, arguments.csv) {
        (true, _) => output::json::document(&segments, &context)?,
        (_, true) => output::csv::table(&segments, &columns, &context),
        _ => output::text::table(&segments, &columns, &context),
    })?;
    Ok(ExitCode::SUCCESS)
}
