//! `shm-tui show`: prints everything known about one segment.

use std::io;
use std::process::ExitCode;

use super::{System, context, key, named, print};
use crate::cli::Show;
use crate::model::column::{COLUMNS, Context};
use crate::model::segment::{Name, Segment};
use crate::output;
use crate::source::SnapshotOptions;

/// One segment needs no limits of the system.
const WANTED: SnapshotOptions = SnapshotOptions {
    memory: true,
    totals: false,
};

pub(super) fn run(system: &System, arguments: &Show) -> io::Result<ExitCode> {
    let snapshot = system.source.snapshot(WANTED).map_err(io::Error::other)?;
    let segment = named(&snapshot.segments, name(arguments)?)?;
    let every = COLUMNS.map(|definition| definition.column);
    let directory = output::directory(&[segment], &every, &*system.source, &*system.names);
    let context = context(&directory, true);
    match arguments.json {
        true => output::json::document(&mut io::stdout().lock(), &[segment], &context)?,
        false => print(&fields(&segment, &context))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The segment that is meant: by its name, or by the file that its key comes from.
fn name(arguments: &Show) -> io::Result<Name> {
    match (arguments.segment, &arguments.path) {
        (Some(name), _) => Ok(name),
        (None, path) => Ok(Name::Key(key::of_values(
            path.as_deref().unwrap_or_default(),
        )?)),
    }
}

/// One line for every column.
fn fields(segment: &Segment, context: &Context<'_>) -> String {
    let mut text = String::new();
    for definition in COLUMNS {
        let cell = definition.column.cell(segment, context);
        text.push_str(&format!("{:<16} {cell}\n", definition.name));
    }
    text
}
