//! `shm-tui remove`: removes the named segments, and nothing else.
//!
//! Everything is looked up before anything is removed; every segment is read again just
//! before its removal; every removal passes the gate.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

use super::{System, context, named, print, print_warning};
use crate::cli::Remove;
use crate::model::act::{Act, Operation, Outcome};
use crate::model::column::{COLUMNS, Column};
use crate::model::dry_run;
use crate::model::segment::Segment;
use crate::output::removal::{self, Ended};
use crate::output::{self, Table, text};
use crate::source::{SnapshotOptions, SourceError};

/// The facts that a user needs before confirming.
const ASKED: [Column; 8] = [
    Column::Key,
    Column::Id,
    Column::Owner,
    Column::Size,
    Column::Attached,
    Column::State,
    Column::Age,
    Column::CreatorCommand,
];

pub(super) fn run(system: &System, arguments: &Remove) -> io::Result<ExitCode> {
    let targets = match targets(system, arguments)? {
        Some(targets) => targets,
        None => return Ok(ExitCode::FAILURE),
    };
    if targets.is_empty() && !arguments.json {
        print_warning(&"no segment matches the filter: nothing to remove");
    }
    if arguments.dry_run {
        return dry_run(system, &targets, arguments.json);
    }
    if !arguments.yes && !targets.is_empty() {
        if !io::stdin().is_terminal() {
            print_warning(
                &"there is no terminal to ask on: use --yes to remove, or --dry-run to preview",
            );
            return Ok(ExitCode::from(2));
        }
        if !agreed(system, &targets)? {
            print_warning(&"nothing was removed");
            return Ok(ExitCode::FAILURE);
        }
    }
    carry_out(system, &targets, arguments.json)
}

/// Returns the named segments; `None` if a name is not found.
fn targets(system: &System, arguments: &Remove) -> io::Result<Option<Vec<Segment>>> {
    let filter = arguments.filter.clone().map(|argument| argument.filter);
    let wanted = SnapshotOptions {
        // Only a filter can need them.
        memory: filter.is_some(),
        totals: false,
    };
    let mut segments = system
        .source
        .snapshot(wanted)
        .map_err(io::Error::other)?
        .segments;
    if let Some(filter) = filter {
        let every = COLUMNS.map(|definition| definition.column);
        let directory = output::directory(&segments, &every, &*system.source, &*system.names);
        let context = context(&directory, true);
        segments.retain(|segment| filter.passes(segment, &context));
        return Ok(Some(segments));
    }
    let mut targets: Vec<Segment> = Vec::new();
    let mut missing = false;
    for name in &arguments.segments {
        match named(&segments, *name) {
            // Named twice, removed once.
            Ok(segment) if targets.iter().any(|known| known.id == segment.id) => {}
            Ok(segment) => targets.push(segment),
            Err(error) => {
                missing = true;
                print_warning(&error);
            }
        }
    }
    if missing {
        print_warning(&"nothing was removed");
        return Ok(None);
    }
    Ok(Some(targets))
}

fn act(segment: &Segment) -> Act {
    Act {
        target: segment.identity(),
        operation: Operation::Remove,
    }
}

/// Predicts the removals, as far as possible.
fn dry_run(system: &System, targets: &[Segment], json: bool) -> io::Result<ExitCode> {
    let caller = system.source.caller();
    let user = |uid| system.names.user_or_number(uid);
    let would = targets.iter().map(|segment| {
        let result = dry_run::act(&act(segment), Some(segment), caller, user);
        (*segment, result.map_err(SourceError::new))
    });
    let would: Vec<Ended> = would.collect();
    if json {
        print(&removal::document(&would, true)?)?;
    } else {
        for (segment, result) in &would {
            match result {
                Ok(Outcome::Done) => print(&would_do(segment))?,
                Ok(outcome) => print(&removal::line(segment, *outcome))?,
                Err(why) => print_warning(why),
            }
        }
        if !would.is_empty() {
            print_warning(&dry_run::UNKNOWN);
        }
    }
    Ok(exit_code(&would))
}

fn would_do(segment: &Segment) -> String {
    let command = act(segment).command();
    let (key, attached) = (segment.key, segment.attached);
    format!("{command}  # key {key}, {attached} attached\n")
}

/// Returns a failure if any removal failed.
fn exit_code(ended: &[Ended]) -> ExitCode {
    match ended.iter().any(|(_, result)| result.is_err()) {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    }
}

/// Lists the affected segments, and asks for confirmation.
fn agreed(system: &System, targets: &[Segment]) -> io::Result<bool> {
    let directory = output::directory(targets, &ASKED, &*system.source, &*system.names);
    let context = context(&directory, false);
    let mut out = io::stderr().lock();
    let table = Table {
        segments: targets,
        columns: &ASKED,
        context,
        headers: true,
    };
    text::table(&mut out, &table)?;
    let what = match targets.len() {
        1 => "this segment".to_owned(),
        count => format!("these {count} segments"),
    };
    write!(out, "Remove {what}? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(
        answer.trim().to_ascii_lowercase().as_str(),
        "y" | "yes"
    ))
}

fn carry_out(system: &System, targets: &[Segment], json: bool) -> io::Result<ExitCode> {
    let mut ended: Vec<Ended> = Vec::new();
    for segment in targets {
        let result = system.policy.act(&*system.source, &act(segment));
        match &result {
            _ if json => {}
            // Results are printed at once: the reader may be gone by the end.
            Ok(outcome) => print(&removal::line(segment, *outcome))?,
            Err(error) => print_warning(error),
        }
        ended.push((*segment, result));
    }
    if json {
        print(&removal::document(&ended, false)?)?;
    }
    Ok(exit_code(&ended))
}
