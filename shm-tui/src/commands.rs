//! What a command line asks for, done.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong arguments (clap's own), 128 and the
//! number of a signal. Whoever stops reading our output has had enough: that is
//! no failure.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;

use crate::app::Settings;
use crate::cli::{Cli, Command, List, Show};
use crate::environment;
use crate::model::column::{self, COLUMNS, Column, Context};
use crate::model::segment::{Name, Segment};
use crate::model::time::{Clock as _, SystemClock};
use crate::output;
use crate::runtime::gate::Policy;
use crate::runtime::{self, World};
use crate::source::fake::Fake;
use crate::source::live::Live;
use crate::source::names::SystemNames;
use crate::source::{Names, Source, Wanted};

/// Runs the program with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let result = match &cli.command {
        Some(Command::List(arguments)) => list(&cli, arguments),
        Some(Command::Show(arguments)) => show(&cli, arguments),
        None => browse(&cli),
    };
    match result {
        Ok(code) => code,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if this fails too.
            let _ = writeln!(io::stderr(), "shm-tui: {error}");
            ExitCode::FAILURE
        }
    }
}

type Sources = (Arc<dyn Source>, Arc<dyn Names>);

fn sources(cli: &Cli) -> Sources {
    if cli.demo {
        let fake = Fake::example(SystemClock::new().now().wall);
        (Arc::new(fake.clone()), Arc::new(fake))
    } else {
        (Arc::new(Live::new()), Arc::new(SystemNames))
    }
}

fn browse(cli: &Cli) -> io::Result<ExitCode> {
    let (source, names) = sources(cli);
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
        source,
        names,
        clock: Arc::new(SystemClock::new()),
        policy: Policy {
            attach: !cli.no_attach,
        },
        mouse: !cli.no_mouse,
    };
    runtime::browse(world, settings)
}

fn columns(chosen: &Option<Vec<Column>>, otherwise: &[Column]) -> Vec<Column> {
    match chosen {
        Some(columns) => columns.clone(),
        None => otherwise.to_vec(),
    }
}

fn list(cli: &Cli, arguments: &List) -> io::Result<ExitCode> {
    let (source, names) = sources(cli);
    let columns = columns(&arguments.rows.columns, &column::LISTED);
    let filter = arguments.rows.filter.clone().unwrap_or_default().filter;
    // A filter looks at every column, and JSON has them all.
    let looked_at = match arguments.json || !filter.is_empty() {
        true => COLUMNS.map(|definition| definition.column).to_vec(),
        false => {
            let mut columns = columns.clone();
            columns.extend(arguments.rows.sort.map(|sort| sort.column));
            columns
        }
    };
    let memory = [Column::Resident, Column::Swapped];
    let snapshot = source
        .snapshot(Wanted {
            memory: memory.iter().any(|column| looked_at.contains(column)),
            totals: false,
        })
        .map_err(io::Error::other)?;
    let mut segments = snapshot.segments;
    let directory = output::directory(&segments, &looked_at, &*source, &*names);
    let context = Context {
        directory: &directory,
        now: SystemClock::new().now().wall,
        exact: arguments.bytes,
    };
    segments.retain(|segment| filter.is_empty() || filter.passes(segment, &context));
    if let Some(sort) = arguments.rows.sort {
        segments.sort_by(|a, b| sort.compare(a, b, &context));
    }
    let text = match arguments.json {
        true => output::json::document(&segments, &context)?,
        false => output::text::table(&segments, &columns, &context),
    };
    print(&text)
}

/// What is known of one segment does not include the limits of all.
const WANTED: Wanted = Wanted {
    memory: true,
    totals: false,
};

fn show(cli: &Cli, arguments: &Show) -> io::Result<ExitCode> {
    let (source, names) = sources(cli);
    let mut snapshot = source.snapshot(WANTED).map_err(io::Error::other)?;
    let name = arguments.segment;
    snapshot.segments.retain(|segment| name.names(segment));
    // Many segments are private: their key names none of them.
    if matches!(name, Name::Key(key) if key.is_private()) {
        return Err(io::Error::other(
            "key 0x00000000 names no segment: every private segment has it; use an identifier",
        ));
    }
    let Some(segment) = snapshot.segments.first() else {
        return Err(io::Error::other(format!("there is no segment with {name}")));
    };
    let every = COLUMNS.map(|definition| definition.column);
    let directory = output::directory(&snapshot.segments, &every, &*source, &*names);
    let context = Context {
        directory: &directory,
        now: SystemClock::new().now().wall,
        exact: true,
    };
    let text = match arguments.json {
        true => output::json::document(&snapshot.segments, &context)?,
        false => fields(segment, &context),
    };
    print(&text)
}

/// One line for every column.
fn fields(segment: &Segment, context: &Context<'_>) -> String {
    let mut text = String::new();
    for definition in COLUMNS {
        let cell = definition.column.cell(segment, context);
        text.push_str(&format!("{:<16} {cell}\n", definition.name));
    }
    text
}

fn print(text: &str) -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
