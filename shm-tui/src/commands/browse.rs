//! Without a command: the browser.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use super::{System, columns};
use crate::app::Settings;
use crate::cli::Cli;
use crate::environment;
use crate::model::column;
use crate::model::time::SystemClock;
use crate::runtime::{self, World};

pub(super) fn run(cli: &Cli, system: System) -> io::Result<ExitCode> {
    let mut theme = environment::theme(|name| std::env::var(name).ok());
    theme.ascii |= cli.ascii;
    let settings = Settings {
        columns: columns(&cli.rows.columns, &column::DEFAULT),
        sort: cli.rows.sort.unwrap_or_default(),
        filter: cli.rows.filter.clone().unwrap_or_default().text,
        period: cli.rate,
        theme,
        zone: jiff::tz::TimeZone::system(),
    };
    let world = World {
        source: system.source,
        names: system.names,
        clock: Arc::new(SystemClock::new()),
        policy: system.policy,
        mouse: !cli.no_mouse,
    };
    runtime::browse(world, settings)
}
