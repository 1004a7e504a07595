//! `list` and `metrics` with `--all-namespaces`: what every IPC namespace has that can be
//! entered. Those that cannot are counted on standard error.

use std::io;
use std::process::ExitCode;

use super::{System, columns, context, list, metrics::NAMED, print, print_warning};
use crate::cli::List;
use crate::model::column::{self, Column};
use crate::model::directory::Directory;
use crate::model::scan::closed_namespaces;
use crate::model::segment::Segment;
use crate::model::snapshot::Snapshot;
use crate::output::openmetrics::{self, Part};
use crate::output::{self, Table, json};
use crate::source::{AllNamespaces, SnapshotOptions};

/// What every namespace has that could be entered, by its inode.
struct Found {
    snapshots: Vec<(u64, Snapshot)>,
    /// How many could not be entered.
    closed: u64,
}

/// Reads every namespace that can be entered, and reports the others.
fn snapshots(system: &System, options: SnapshotOptions) -> io::Result<Found> {
    let all = system.source.all_namespaces().map_err(io::Error::other)?;
    let AllNamespaces { list, scan } = all;
    let count = list.len();
    let mut snapshots = Vec::with_capacity(count);
    let mut reasons = Vec::new();
    for (inode, source) in list {
        match source.snapshot(options) {
            Ok(snapshot) => snapshots.push((inode, snapshot)),
            Err(error) => reasons.push(error.to_string()),
        }
    }
    let closed = closed_namespaces(reasons.iter().map(String::as_str), count);
    for gap in scan.gaps().into_iter().chain(closed) {
        print_warning(&gap);
    }
    Ok(Found {
        snapshots,
        closed: reasons.len() as u64,
    })
}

/// Looks up the names for the segments of all namespaces: users and processes are those
/// of the machine. Which processes have a segment attached is left out, since
/// identifiers repeat.
fn directory(system: &System, found: &Found, columns: &[Column]) -> Directory {
    let all = found
        .snapshots
        .iter()
        .flat_map(|(_, snapshot)| &snapshot.segments);
    let all: Vec<Segment> = all.copied().collect();
    let columns: Vec<Column> = columns
        .iter()
        .copied()
        .filter(|column| *column != Column::AttachedCommands)
        .collect();
    output::directory(&all, &columns, &*system.source, &*system.names)
}

/// `list --all-namespaces`.
pub(super) fn list(system: &System, arguments: &List) -> io::Result<ExitCode> {
    let shown = columns(&arguments.rows.columns, &column::LISTED);
    let filter = arguments.rows.filter.clone().unwrap_or_default().filter;
    let needed = list::needed(&shown, &filter, arguments);
    let found = snapshots(system, list::options(&needed, &arguments.fail_if))?;
    let directory = directory(system, &found, &needed);
    let context = context(&directory, arguments.bytes || arguments.csv);
    let mut code = ExitCode::SUCCESS;
    let mut rows = Vec::new();
    for (inode, snapshot) in &found.snapshots {
        let segments = snapshot.segments.iter().copied();
        let passing =
            segments.filter(|segment| filter.is_empty() || filter.passes(segment, &context));
        let passing: Vec<Segment> = passing.collect();
        if list::check(&arguments.fail_if, &passing, &snapshot.limits)? != ExitCode::SUCCESS {
            print_warning(&format!("in IPC namespace {inode}"));
            code = ExitCode::from(list::REACHED);
        }
        rows.extend(passing.into_iter().map(|segment| (*inode, segment)));
    }
    if let Some(sort) = arguments.rows.sort {
        // Stable: equal segments stay in the order of their namespaces.
        rows.sort_by(|(_, a), (_, b)| sort.compare(a, b, &context));
    }
    let segments: Vec<Segment> = rows.iter().map(|(_, segment)| *segment).collect();
    let table = Table {
        segments: &segments,
        columns: &shown,
        context,
        headers: !arguments.no_headers,
    };
    let mut bytes = Vec::new();
    let namespaces = rows.iter().map(|(inode, _)| *inode);
    print(&match (arguments.json, arguments.csv) {
        (true, _) => {
            json::document(&mut bytes, &segments, &context)?;
            document(&bytes, namespaces)?
        }
        (_, true) => {
            output::csv::table(&mut bytes, &table)?;
            prefixed(
                &bytes,
                table.headers.then_some("namespace,"),
                namespaces,
                |inode| format!("{inode},"),
            )
        }
        _ => {
            output::text::table(&mut bytes, &table)?;
            let title = table.headers.then_some(" NAMESPACE ");
            prefixed(&bytes, title, namespaces, |inode| format!("{inode:>10} "))
        }
    })?;
    Ok(code)
}

/// Puts the namespace before every line; every segment has one.
fn prefixed(
    bytes: &[u8],
    title: Option<&str>,
    namespaces: impl Iterator<Item = u64>,
    prefix: impl Fn(u64) -> String,
) -> String {
    let text = String::from_utf8_lossy(bytes);
    let prefixes = title
        .map(str::to_owned)
        .into_iter()
        .chain(namespaces.map(prefix));
    let lines = text.split_inclusive('\n').zip(prefixes);
    lines.map(|(line, prefix)| prefix + line).collect()
}

/// The document of `list --json`, with the namespace in every segment.
fn document(bytes: &[u8], namespaces: impl Iterator<Item = u64>) -> io::Result<String> {
    let mut document: serde_json::Value = serde_json::from_slice(bytes)?;
    let segments = document
        .get_mut("segments")
        .and_then(|list| list.as_array_mut());
    for (segment, inode) in segments.into_iter().flatten().zip(namespaces) {
        if let Some(record) = segment.as_object_mut() {
            record.insert("namespace".to_owned(), inode.into());
        }
    }
    Ok(json::pretty(&document)?)
}

/// `metrics --all-namespaces`.
pub(super) fn metrics(system: &System) -> io::Result<ExitCode> {
    let found = snapshots(system, SnapshotOptions::ALL)?;
    let directory = directory(system, &found, &NAMED);
    let context = context(&directory, true);
    let parts = found.snapshots.iter().map(|(inode, snapshot)| Part {
        namespace: Some(*inode),
        snapshot,
        context,
    });
    print(&openmetrics::text(
        &parts.collect::<Vec<_>>(),
        Some(found.closed),
    ))?;
    Ok(ExitCode::SUCCESS)
}
