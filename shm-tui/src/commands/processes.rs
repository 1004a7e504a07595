//! `shm-tui processes`: lists the processes that have a segment attached.

use std::io;
use std::process::ExitCode;

use super::{System, print, print_warning, require_key, unnamed};
use crate::cli::Processes;
use crate::model::scan::{Finding, PROBE};
use crate::output::processes;

pub(super) fn run(system: &System, arguments: &Processes) -> io::Result<ExitCode> {
    require_key(arguments.segment)?;
    let segment = system
        .source
        .find(arguments.segment)
        .map_err(io::Error::other)?;
    let segment = segment.ok_or_else(|| unnamed(arguments.segment))?;
    let scan = match (system.source.abilities().finding, arguments.probe) {
        (_, true) => system.policy.probe(&*system.source, &segment.identity()),
        (Finding::Probe, false) => {
            let why = format!("{PROBE}; --probe does that");
            return Err(io::Error::other(why));
        }
        _ => system.source.scan(Some(segment.id)),
    };
    let scan = scan.map_err(io::Error::other)?;
    if arguments.json {
        print(&processes::document(&segment, &scan, &*system.names)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    print(&processes::text(&segment, &scan, &*system.names))?;
    for gap in processes::gaps(&segment, &scan) {
        print_warning(&gap);
    }
    Ok(ExitCode::SUCCESS)
}
