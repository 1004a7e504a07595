//! `shm-tui metrics`: gauges for Prometheus.

use std::io;
use std::process::ExitCode;

use super::{System, context, print};
use crate::model::column::Column;
use crate::output::{self, openmetrics};
use crate::source::Wanted;

pub(super) fn run(system: &System) -> io::Result<ExitCode> {
    let snapshot = system
        .source
        .snapshot(Wanted::ALL)
        .map_err(io::Error::other)?;
    let named = [Column::Owner, Column::State];
    let directory = output::directory(&snapshot.segments, &named, &*system.source, &*system.names);
    print(&openmetrics::text(&snapshot, &context(&directory, true)))?;
    Ok(ExitCode::SUCCESS)
}
