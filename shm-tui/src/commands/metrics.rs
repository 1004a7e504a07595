//! `shm-tui metrics`: prints gauges for Prometheus.

use std::io;
use std::process::ExitCode;

use super::{System, context, limits_at_least, print};
use crate::model::column::Column;
use crate::output::{self, openmetrics};

pub(super) fn run(system: &System) -> io::Result<ExitCode> {
    let snapshot = limits_at_least(system)?;
    let named = [Column::Owner, Column::State];
    let directory = output::directory(&snapshot.segments, &named, &*system.source, &*system.names);
    print(&openmetrics::text(&snapshot, &context(&directory, true)))?;
    Ok(ExitCode::SUCCESS)
}
