//! Without a command: runs the browser.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::System;
use crate::app::Settings;
use crate::cli::Cli;
use crate::config::Config;
use crate::environment;
use crate::model::column;
use crate::model::time::SystemClock;
use crate::runtime::{self, World};
use crate::theme::Theme;

pub(super) fn run(cli: &Cli, system: System) -> io::Result<ExitCode> {
    let config = configuration(cli)?;
    let theme = theme(cli, &config);
    let settings = Settings {
        columns: match (&cli.rows.columns, config.columns) {
            (Some(columns), _) => columns.clone(),
            (None, Some(columns)) => columns,
            (None, None) => column::DEFAULT.to_vec(),
        },
        sort: cli.rows.sort.or(config.sort).unwrap_or_default(),
        filter: match &cli.rows.filter {
            Some(filter) => filter.text.clone(),
            None => config.filter.unwrap_or_default(),
        },
        period: cli
            .rate
            .or(config.rate)
            .unwrap_or(Settings::default().period),
        theme,
        keymap: config.keymap,
        details: config.details.unwrap_or(Settings::default().details),
        uid: rustix::process::geteuid().as_raw(),
        allow_write: cli.allow_write,
        allow_change: system.policy.change,
        allow_destroy: system.policy.may_destroy(),
        zone: jiff::tz::TimeZone::system(),
        abilities: system.source.abilities(),
        mouse: !cli.no_mouse && config.mouse.unwrap_or(true),
        home: variable("HOME")
            .filter(|home| !home.is_empty())
            .map(PathBuf::from),
        config_path: cli
            .config
            .clone()
            .or_else(|| environment::configuration(variable)),
    };
    let world = World {
        source: system.source,
        names: system.names,
        clock: Arc::new(SystemClock::new()),
        policy: system.policy,
    };
    runtime::browse(world, settings)
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Reads the configuration. A file named on the command line must exist.
fn configuration(cli: &Cli) -> io::Result<Config> {
    match (&cli.config, environment::configuration(variable)) {
        (Some(path), _) => Config::load(path),
        (None, Some(path)) if path.exists() => Config::load(&path),
        (None, _) => Ok(Config::default()),
    }
}

/// The command line overrides the configuration, which overrides the environment.
fn theme(cli: &Cli, config: &Config) -> Theme {
    let found = environment::theme(variable);
    let plain = cli.plain || config.plain.unwrap_or(false);
    Theme {
        color: config.color.unwrap_or(found.color),
        ascii: cli.ascii || plain || config.ascii.unwrap_or(found.ascii),
        palette: config.palette,
        plain,
    }
}
