//! `shm-tui metrics`: prints gauges for Prometheus.

use std::io;
use std::process::ExitCode;

use super::{System, all_namespaces, context, limits_at_least, print};
use crate::cli::Metrics;
use crate::model::column::Column;
use crate::output;
use crate::output::openmetrics::{self, Part};

/// The names that the labels have.
pub(super) const NAMED: [Column; 2] = [Column::Owner, Column::State];

pub(super) fn run(system: &System, arguments: &Metrics) -> io::Result<ExitCode> {
    if arguments.all_namespaces {
        return all_namespaces::metrics(system);
    }
    let snapshot = limits_at_least(system)?;
    let directory = output::directory(&snapshot.segments, &NAMED, &*system.source, &*system.names);
    let part = Part {
        namespace: None,
        snapshot: &snapshot,
        context: context(&directory, true),
    };
    print(&openmetrics::text(&[part], None))?;
    Ok(ExitCode::SUCCESS)
}
