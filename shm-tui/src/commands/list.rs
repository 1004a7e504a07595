//! `shm-tui list`: prints the table of segments.

use std::io::{self, Write as _};
use std::process::ExitCode;

use super::{System, all_namespaces, columns, context, print_warning};
use crate::cli::List;
use crate::model::column::{self, Column};
use crate::model::query::Filter;
use crate::model::segment::Segment;
use crate::model::snapshot::Limits;
use crate::model::threshold::Threshold;
use crate::output::{self, Table, json};
use crate::source::SnapshotOptions;

/// The exit code of a threshold that was reached.
pub(super) const REACHED: u8 = 4;

pub(super) fn run(system: &System, arguments: &List) -> io::Result<ExitCode> {
    if arguments.all_namespaces {
        return all_namespaces::list(system, arguments);
    }
    let columns = columns(&arguments.rows.columns, &column::LISTED);
    let filter = &arguments.rows.filter.clone().unwrap_or_default().filter;
    let needed = needed(&columns, filter, arguments);
    let thresholds = &arguments.fail_if;
    let options = options(&needed, thresholds);
    let snapshot = system.source.snapshot(options).map_err(io::Error::other)?;
    let mut segments = snapshot.segments;
    let directory = output::directory(&segments, &needed, &*system.source, &*system.names);
    let context = context(&directory, arguments.bytes || arguments.csv);
    segments.retain(|segment| filter.is_empty() || filter.passes(segment, &context));
    if let Some(sort) = arguments.rows.sort {
        segments.sort_by(|a, b| sort.compare(a, b, &context));
    }
    let table = Table {
        segments: &segments,
        columns: &columns,
        context,
        headers: !arguments.no_headers,
    };
    let out = &mut io::stdout().lock();
    match (arguments.json, arguments.csv) {
        (true, _) => output::json::document(out, &segments, &context)?,
        (_, true) => output::csv::table(out, &table)?,
        _ => output::text::table(out, &table)?,
    }
    out.flush()?;
    check(thresholds, &segments, &snapshot.limits)
}

/// The columns whose values cost a look at the memory of every segment.
const MEMORY: [Column; 3] = [Column::Resident, Column::ResidentShare, Column::Swapped];

/// Returns what the columns and thresholds need beside the segments.
pub(super) fn options(needed: &[Column], thresholds: &[Threshold]) -> SnapshotOptions {
    SnapshotOptions {
        memory: MEMORY.iter().any(|column| needed.contains(column))
            || thresholds.iter().any(Threshold::needs_memory),
        totals: thresholds.iter().any(Threshold::needs_limits),
    }
}

/// Returns the columns whose values are printed or compared.
pub(super) fn needed(columns: &[Column], filter: &Filter, arguments: &List) -> Vec<Column> {
    let printed = if arguments.json {
        &json::COLUMNS
    } else {
        columns
    };
    let mut needed = filter.columns();
    needed.extend(arguments.rows.sort.map(|sort| sort.column));
    needed.extend_from_slice(printed);
    needed
}

/// Tells which thresholds the rows reach.
pub(super) fn check(
    thresholds: &[Threshold],
    segments: &[Segment],
    limits: &Limits,
) -> io::Result<ExitCode> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser as _;

    fn needed_for(rest: &[&str]) -> Vec<Column> {
        let cli = Cli::try_parse_from([&["shm-tui", "list"], rest].concat()).unwrap();
        let Some(Command::List(arguments)) = cli.command else {
            panic!("{rest:?}");
        };
        let columns = columns(&arguments.rows.columns, &column::LISTED);
        let filter = arguments.rows.filter.clone().unwrap_or_default().filter;
        needed(&columns, &filter, &arguments)
    }

    #[test]
    fn only_what_is_printed_or_compared_is_looked_up() {
        use Column::{Id, Key, Owner, Resident, Size, State};
        let of_id = |rest: &[&str]| needed_for(&[&["--columns", "id"], rest].concat());
        assert_eq!(of_id(&[]), [Id]);
        assert_eq!(of_id(&["--sort", "-size"]), [Size, Id]);
        assert_eq!(of_id(&["--filter", "state=orphan"]), [State, Id]);
        let both = of_id(&["--filter", "not (owner=a or rss>1)", "--sort", "key"]);
        assert_eq!(both, [Owner, Resident, Key, Id]);
        assert!(of_id(&["--filter", "word"]).contains(&Owner));
        assert!(!needed_for(&[]).contains(&Resident), "it costs the most");
        let json = needed_for(&["--json"]);
        assert!(json.contains(&Resident) && !json.contains(&Column::ChangeTime));
    }

    #[test]
    fn processes_are_scanned_only_for_a_column_that_is_named() {
        let scans = |rest: &[&str]| needed_for(rest).contains(&Column::AttachedCommands);
        assert!(!scans(&["--filter", "cmd~java"]));
        assert!(!scans(&["--json", "--filter", "java"]));
        assert!(scans(&["--filter", "attached-commands=java"]));
        assert!(scans(&["--sort", "attached-commands"]));
        assert!(scans(&["--columns", "attached-commands,id"]));
    }
}
