//! `shm-tui limits`: prints the system's limits and usage.

use std::io;
use std::process::ExitCode;

use super::{System, limits_at_least, print};
use crate::cli::Limits;
use crate::model::snapshot::Totals;
use crate::output::limits;

pub(super) fn run(system: &System, arguments: &Limits) -> io::Result<ExitCode> {
    // The system's own totals need no listing.
    let sums = match arguments.largest {
        true => None,
        false => system.source.totals().ok().flatten(),
    };
    let totals = match sums {
        Some(totals) => totals,
        None => Totals::of(&limits_at_least(system)?),
    };
    print(&match arguments.json {
        true => limits::document(&totals)?,
        false => limits::text(&totals),
    })?;
    Ok(ExitCode::SUCCESS)
}
