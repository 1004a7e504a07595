//! Runs the command line: one file per command.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong arguments (clap's own), 3 refused because it
//! would destroy a segment, 128 plus the number of a signal. If the reader of the output
//! closes it, that is not a failure.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;

use crate::cli::{Cli, Command};
use crate::config;
use crate::model::column::{Column, Context};
use crate::model::directory::Directory;
use crate::model::segment::{Name, Segment};
use crate::model::snapshot::Snapshot;
use crate::model::time::{Clock, FixedClock, SystemClock};
use crate::runtime::gate::Policy;
use crate::source::fake::Fake;
use crate::source::live::Live;
use crate::source::names::SystemNames;
use crate::source::{self, Names, SnapshotOptions, Source};

mod all_namespaces;
mod browse;
mod complete;
mod dump;
mod generate;
mod key;
mod limits;
mod list;
mod metrics;
mod namespaces;
mod processes;
mod remove;
mod show;
mod watch;

/// The exit code of a refusal to destroy a segment.
const WOULD_DESTROY: u8 = 3;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    let done = match Cli::try_parse() {
        Ok(cli) => command(&cli),
        Err(unparsed) => print_usage_error(&unparsed),
    };
    match done {
        Ok(code) => code,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            print_warning(&error);
            ExitCode::FAILURE
        }
    }
}

/// Prints the help or the version, or the error in the arguments.
fn print_usage_error(unparsed: &clap::Error) -> io::Result<ExitCode> {
    unparsed.print()?;
    io::stdout().flush()?;
    Ok(u8::try_from(unparsed.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from))
}

fn command(cli: &Cli) -> io::Result<ExitCode> {
    if let Some(what) = cli.generate {
        return generate::run(what);
    }
    if let Some(namespace) = &cli.namespace {
        // The arguments belong to different levels; clap supports conflicts only within
        // one.
        if cli.demo {
            print_warning(&"--namespace cannot be used with --demo");
            return Ok(ExitCode::from(2));
        }
        source::enter(&namespace.path).map_err(io::Error::other)?;
    }
    let system = System::new(cli);
    if cli.print_config {
        print(&config::default_file())?;
        return Ok(ExitCode::SUCCESS);
    }
    match &cli.command {
        None => browse::run(cli, system),
        Some(Command::List(arguments)) => list::run(&system, arguments),
        Some(Command::Show(arguments)) => show::run(&system, arguments),
        Some(Command::Dump(arguments)) => dump::run(&system, arguments),
        Some(Command::Processes(arguments)) => processes::run(&system, arguments),
        Some(Command::Limits(arguments)) => limits::run(&system, arguments),
        Some(Command::Remove(arguments)) => remove::run(&system, arguments),
        Some(Command::Watch(arguments)) => watch::run(&system, arguments),
        Some(Command::Metrics(arguments)) => metrics::run(&system, arguments),
        Some(Command::Namespaces(arguments)) => namespaces::run(&system, arguments),
        Some(Command::Key(arguments)) => key::run(arguments),
        Some(Command::Complete(arguments)) => complete::run(cli, arguments),
    }
}

/// The context of every command.
struct System {
    source: Arc<dyn Source>,
    names: Arc<dyn Names>,
    policy: Policy,
    /// Whether another IPC namespace was selected.
    entered: bool,
}

impl System {
    fn new(cli: &Cli) -> Self {
        let policy = Policy {
            attach: !cli.no_attach,
            change: !cli.read_only,
            write: cli.allow_write,
            destroy: cli.allow_destroy,
        };
        let (source, names): (Arc<dyn Source>, Arc<dyn Names>) = match cli.demo {
            true => {
                let fake = Fake::tour(tour_clock(&cli.command));
                (Arc::new(fake.clone()), Arc::new(fake))
            }
            false => {
                let live = Live::new().may_destroy(policy.may_destroy());
                (Arc::new(live), Arc::new(SystemNames))
            }
        };
        Self {
            source,
            names,
            policy,
            entered: cli.namespace.is_some(),
        }
    }
}

/// Returns the clock of the invented system: for a command that samples it once, it
/// stands still.
fn tour_clock(command: &Option<Command>) -> Arc<dyn Clock> {
    let clock = SystemClock::new();
    match command {
        None | Some(Command::Watch(_)) => Arc::new(clock),
        Some(_) => Arc::new(FixedClock(clock.now())),
    }
}

/// Seconds since the epoch.
fn now() -> i64 {
    SystemClock::new().now().wall
}

fn context(directory: &Directory, exact: bool) -> Context<'_> {
    Context {
        directory,
        now: now(),
        exact,
    }
}

fn columns(chosen: &Option<Vec<Column>>, otherwise: &[Column]) -> Vec<Column> {
    match chosen {
        Some(columns) => columns.clone(),
        None => otherwise.to_vec(),
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Prints an error message; if printing fails, nobody is left to receive it.
fn print_warning(message: &dyn std::fmt::Display) {
    let _ = writeln!(io::stderr(), "shm-tui: {message}");
}

/// Samples everything, or only the limits if the segments cannot be listed: then the
/// reason is printed, and it is not a failure.
fn limits_at_least(system: &System) -> io::Result<Snapshot> {
    let why = match system.source.snapshot(SnapshotOptions::ALL) {
        Ok(snapshot) => return Ok(snapshot),
        Err(error) => error,
    };
    // If there are no limits either, the first reason counts.
    let limits = system.source.limits();
    let limits = limits.map_err(|_| io::Error::other(why.clone()))?;
    print_warning(&why);
    Ok(Snapshot {
        limits,
        unlisted: Some(why.to_string()),
        ..Snapshot::default()
    })
}

/// Returns the segment that the command line names.
fn named(segments: &[Segment], name: Name) -> io::Result<Segment> {
    require_key(name)?;
    let found = segments.iter().find(|segment| name.names(segment));
    found.copied().ok_or_else(|| unnamed(name))
}

/// Refuses the key of private segments: many have it, so it names none of them.
fn require_key(name: Name) -> io::Result<()> {
    match name {
        Name::Key(key) if key.is_private() => Err(io::Error::other(
            "key 0x00000000 names no segment: every private segment has it; use an identifier",
        )),
        _ => Ok(()),
    }
}

fn unnamed(name: Name) -> io::Error {
    io::Error::other(format!("there is no segment with {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_need_no_listing() {
        let fake = Fake::example(1_000_000);
        let system = System {
            source: Arc::new(fake.clone()),
            names: Arc::new(fake.clone()),
            policy: Policy::default(),
            entered: false,
        };
        assert_eq!(limits_at_least(&system).unwrap().unlisted, None);
        fake.change(|system| system.failure = Some("ipcs: /dev/mem: Permission denied".to_owned()));
        let snapshot = limits_at_least(&system).unwrap();
        assert_eq!(
            snapshot.unlisted.as_deref(),
            Some("ipcs: /dev/mem: Permission denied")
        );
        assert_eq!(snapshot.limits, fake.change(|system| system.limits));
    }
}
