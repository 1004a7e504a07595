//! `shm-tui limits`: what the system allows, and how much of it is in use.

use std::io;
use std::process::ExitCode;

use super::{System, print};
use crate::cli::Limits;
use crate::output::limits;
use crate::source::Wanted;

pub(super) fn run(system: &System, arguments: &Limits) -> io::Result<ExitCode> {
    let wanted = Wanted {
        memory: false,
        totals: true,
    };
    let snapshot = system.source.snapshot(wanted).map_err(io::Error::other)?;
    print(&match arguments.json {
        true => limits::document(&snapshot)?,
        false => limits::text(&snapshot),
    })?;
    Ok(ExitCode::SUCCESS)
}
