//! `shm-tui dump`: copies the bytes of a segment to a file or to standard output.
//!
//! A signal removes an incomplete file and exits with 128 plus its number.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::{self, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::{System, WOULD_DESTROY, named, print_warning};
use crate::app::Effect;
use crate::app::effect::Part;
use crate::cli;
use crate::model::format;
use crate::output::background::Background;
use crate::output::dump::{Dump, Error, Going, remove_partial};
use crate::source::byte_scan::{End, Outcome};
use crate::source::{Contents, SnapshotOptions};

/// Looking up names needs neither memory figures nor limits.
const WANTED: SnapshotOptions = SnapshotOptions {
    memory: false,
    totals: false,
};
/// Interval of progress messages.
const PERIOD: Duration = Duration::from_millis(200);

/// Runs the command.
pub(super) fn run(system: &System, arguments: &cli::Dump) -> io::Result<ExitCode> {
    let snapshot = system.source.snapshot(WANTED).map_err(io::Error::other)?;
    let segment = named(&snapshot.segments, arguments.segment)?;
    let whole = Part {
        target: segment.identity(),
        offset: 0,
        length: segment.size,
    };
    let admitted = system.policy.admit(&Effect::Show(whole));
    admitted.map_err(|refusal| io::Error::other(refusal.0))?;
    let range = arguments.range.unwrap_or(cli::Part {
        start: 0,
        end: None,
    });
    let end = range.end.unwrap_or(segment.size);
    if end > segment.size || range.start > end {
        let (id, size) = (segment.id, segment.size);
        return Err(io::Error::other(format!(
            "segment {id} ends at {size} ({size:#x}): the range is outside"
        )));
    }
    let dump = Dump {
        range: range.start..end,
        hex: arguments.hex,
    };
    let what_is_left = match &arguments.output {
        Some(path) => format!("{} was removed", path.display()),
        None => "the output is incomplete".to_owned(),
    };
    end_at_signals(what_is_left.clone())?;
    let contents = match system.source.open(&segment.identity()) {
        Ok(contents) => contents,
        Err(error) if error.destroys() => {
            print_warning(&error);
            return Ok(ExitCode::from(WOULD_DESTROY));
        }
        Err(error) => return Err(io::Error::other(error)),
    };
    if let Some(why) = contents.unrecorded() {
        let id = segment.id;
        print_warning(&format!(
            "this counts as use of segment {id}, since it could not be recorded: {why}"
        ));
    }
    let mut progress = Progress::new(end - range.start);
    let mut going = |at: u64| {
        progress.show(at.saturating_sub(dump.range.start));
        true
    };
    let result = match &arguments.output {
        Some(path) => dump.to_file(&*contents, path, &mut going),
        None => to_stdout(&dump, contents, &mut going),
    };
    progress.clear();
    match result {
        Ok(outcome) => conclude(outcome, &what_is_left),
        Err(Error::Write(error)) => Err(match &arguments.output {
            Some(path) => io::Error::other(format!("cannot write {}: {error}", path.display())),
            None => error,
        }),
        Err(error) => Err(io::Error::other(error.to_string())),
    }
}

/// Writes to standard output, whose reader may stall: the segment is released meanwhile
/// if necessary, and as soon as all of it was read.
fn to_stdout(dump: &Dump, contents: Box<dyn Contents>, going: Going<'_>) -> Result<Outcome, Error> {
    let stdout = rustix::io::dup(io::stdout()).map_err(|error| Error::Write(error.into()))?;
    let due = Cell::new(None);
    let may_wait = || {
        due.set(contents.release());
        due.get().is_none()
    };
    let mut out = Background::new(File::from(stdout), may_wait).map_err(Error::Write)?;
    let result = dump.to_stream(&*contents, &mut out, going);
    let last = out.last();
    drop(contents);
    match (result, due.get()) {
        (Err(Error::Write(_)), Some(why)) => Ok(Outcome {
            end: End::Released(why),
            unknown: 0,
        }),
        (Ok(outcome), _) if outcome.end == End::Complete => {
            last.wait().map_err(Error::Write)?;
            Ok(outcome)
        }
        (result, _) => result,
    }
}

fn conclude(outcome: Outcome, what_is_left: &str) -> io::Result<ExitCode> {
    if let End::Released(why) = outcome.end {
        return Err(io::Error::other(format!(
            "the segment was released: {why}; {what_is_left}"
        )));
    }
    if outcome.unknown > 0 {
        let count = format::counted(outcome.unknown, "byte");
        print_warning(&format!(
            "{count} of unknown state read, which may have allocated memory"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// Ends the program at a signal, even while a write waits for its reader.
fn end_at_signals(what_is_left: String) -> io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            if let Some(signal) = signals.forever().next() {
                remove_partial();
                clear_line();
                print_warning(&format!("canceled; {what_is_left}"));
                process::exit(128 + signal);
            }
        })?;
    Ok(())
}

/// Shows progress, on a terminal.
struct Progress {
    total: u64,
    shown: Option<Instant>,
    begun: Instant,
    visible: bool,
}

impl Progress {
    fn new(total: u64) -> Self {
        Self {
            total,
            shown: None,
            begun: Instant::now(),
            visible: io::stderr().is_terminal(),
        }
    }

    fn show(&mut self, done: u64) {
        let last = self.shown.unwrap_or(self.begun);
        if !self.visible || last.elapsed() < PERIOD {
            return;
        }
        self.shown = Some(Instant::now());
        let percent = u128::from(done) * 100 / u128::from(self.total.max(1));
        let (done, total) = (format::size(done), format::size(self.total));
        let _ = write!(io::stderr(), "\r\x1b[K{percent:3} %  {done} of {total}");
    }

    fn clear(&self) {
        if self.shown.is_some() {
            clear_line();
        }
    }
}

fn clear_line() {
    if io::stderr().is_terminal() {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
}
