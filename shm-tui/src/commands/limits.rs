//! `shm-tui limits`: what the system allows, and how much of it is in use.

use std::io;
use std::process::ExitCode;

use super::{System, limits_at_least, print};
use crate::cli::Limits;
use crate::output::limits;

pub(super) fn run(system: &System, arguments: &Limits) -> io::Result<ExitCode> {
    // With the memory of each: the system's own sums are wrong for huge pages.
    let snapshot = limits_at_least(system)?;
    print(&match arguments.json {
        true => limits::document(&snapshot)?,
        false => limits::text(&snapshot),
    })?;
    Ok(ExitCode::SUCCESS)
}
