//! The impure parts: threads, terminal, signals.
//!
//! ```text
//! input ──┐
//! signals ┤            ┌→ update → effects → gate → sampler, watcher, terminal
//! sampler ┼→ one channel
//! watcher ┘            └→ view, if the state is another
//! ```
//!
//! The drawing thread sleeps until something arrives or until the picture changes with
//! time; nothing polls.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};

use ratatui::Terminal;
use ratatui::crossterm::event::Event as TerminalEvent;

use crate::app::action::{Reading, Sampled};
use crate::app::job::Report;
use crate::app::{self, Action, App, Effect, Settings};
use crate::config;
use crate::model::bytes::copy;
use crate::model::scan::{NamespaceScan, Scan};
use crate::model::segment::Identity;
use crate::model::time::Clock;
use crate::source::{Names, Source};
use crate::ui;

pub mod actor;
mod export;
pub mod gate;
mod input;
mod jobs;
pub mod sampler;
pub mod scanner;
mod signals;
mod terminal;
pub mod watcher;

use actor::Actor;
use gate::Policy;
use input::Input;
use jobs::JobRunner;
use sampler::Sampler;
use watcher::Watcher;

/// An event for the drawing thread.
#[derive(Debug)]
pub enum Event {
    /// A key, the mouse, pasted text, or a change of the focus.
    Terminal(TerminalEvent),
    /// The terminal has a new size.
    Resized,
    /// A signal asked to stop the program.
    Stop,
    /// The program was resumed.
    Continued,
    /// The terminal is gone.
    TerminalGone,
    /// A sample has changes.
    Sampled(Box<Sampled>),
    /// The displayed segment was read.
    Contents(Identity, Reading),
    /// A job reports.
    Job(u64, Report),
    /// The processes were scanned, or could not be.
    Scanned(Result<Box<Scan>, String>),
    /// The namespaces were scanned, or could not be.
    Namespaces(Result<NamespaceScan, String>),
    /// Segments were changed, or could not be.
    Acted(Box<Action>),
}

/// The replaceable parts of the browser.
pub struct World {
    /// The source of segments.
    pub source: Arc<dyn Source>,
    /// The source of names.
    pub names: Arc<dyn Names>,
    /// The source of time.
    pub clock: Arc<dyn Clock>,
    /// The permissions of this run.
    pub policy: Policy,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}

/// Runs the browser until the user quits.
///
/// # Errors
///
/// If there is no terminal, or it fails.
pub fn browse(world: World, settings: Settings) -> io::Result<ExitCode> {
    require_terminal()?;
    let size = terminal::size()?;
    if size.width == 0 || size.height == 0 {
        return Err(io::Error::other(
            "the terminal reports a size of 0 columns or 0 lines (try `stty cols 80 rows 24`)",
        ));
    }
    restore_on_panic();
    let (events, received) = channel();
    signals::spawn(events.clone())?;
    // Started first: the first sample is taken while the terminal is set up.
    let sampler = Sampler::new(Arc::clone(&world.source), Arc::clone(&world.names));
    let sampler = sampler::spawn(sampler, settings.period, events.clone())?;
    let watcher = watcher::spawn(Watcher::new(Arc::clone(&world.source)), events.clone())?;
    let scanner = scanner::spawn(Arc::clone(&world.source), events.clone())?;
    let actor = actor::spawn(
        Actor {
            source: Arc::clone(&world.source),
            names: Arc::clone(&world.names),
            policy: world.policy,
        },
        events.clone(),
    )?;
    terminal::take(settings.mouse)?;
    let input = Input::start(events.clone())?;
    let app = App::new(settings, size, world.clock.now());
    let result = Terminal::new(terminal::Screen::new()).and_then(|terminal| {
        let mut browser = Browser {
            app,
            terminal,
            source: Arc::clone(&world.source),
            world,
            events,
            input: Some(input),
            job_runner: JobRunner::default(),
            sampler,
            watcher,
            scanner,
            actor,
        };
        browser.run(&received)
    });
    terminal::restore();
    result
}

fn require_terminal() -> io::Result<()> {
    let missing = [
        ("input", rustix::termios::isatty(rustix::stdio::stdin())),
        ("output", rustix::termios::isatty(rustix::stdio::stdout())),
    ]
    .into_iter()
    .find(|(_, is_terminal)| !is_terminal);
    match missing {
        Some((which, _)) => Err(io::Error::other(format!(
            "the browser needs a terminal, and its {which} is not one; `shm-tui list` prints the table without one"
        ))),
        None if std::env::var_os("TERM").is_some_and(|name| name == "dumb") => {
            Err(io::Error::other(
                "the browser cannot draw on this terminal (TERM=dumb); `shm-tui list` prints the table",
            ))
        }
        None => Ok(()),
    }
}

/// The terminal is restored before the message is printed, and a panic in any thread ends
/// the program: with a thread missing it would look alive and be dead.
fn restore_on_panic() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        terminal::restore();
        print(info);
        std::process::exit(101);
    }));
}

struct Browser {
    app: App,
    terminal: Terminal<terminal::Screen>,
    world: World,
    sampler: Sender<sampler::Request>,
    watcher: Sender<watcher::Request>,
    scanner: Sender<scanner::Request>,
    actor: Sender<actor::Request>,
    /// The current source: the system's, or that of another namespace.
    source: Arc<dyn Source>,
    events: Sender<Event>,
    /// `None` while a shell has the terminal.
    input: Option<Input>,
    job_runner: JobRunner,
}

/// Whether the loop continues.
type Flow = std::ops::ControlFlow<ExitCode>;

impl Browser {
    fn run(&mut self, events: &Receiver<Event>) -> io::Result<ExitCode> {
        loop {
            if self.app.dirty {
                self.app.dirty = false;
                let app = &self.app;
                self.terminal.draw(|frame| ui::view(app, frame))?;
            }
            let event = match self.wait(events) {
                Ok(event) => Some(event),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ok(ExitCode::FAILURE),
            };
            let mut flow = match event {
                Some(event) => self.handle(event)?,
                None => self.act(Action::Tick)?,
            };
            // Handles all waiting events before drawing.
            while let (Flow::Continue(()), Ok(event)) = (flow, events.try_recv()) {
                flow = self.handle(event)?;
            }
            if let Flow::Break(code) = flow {
                return Ok(code);
            }
        }
    }

    fn wait(&self, events: &Receiver<Event>) -> Result<Event, RecvTimeoutError> {
        match self.app.next_deadline() {
            Some(deadline) => {
                let now = self.world.clock.now().steady;
                events.recv_timeout(deadline.saturating_sub(now))
            }
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    fn handle(&mut self, event: Event) -> io::Result<Flow> {
        let action = match event {
            Event::Terminal(event) => app::event::interpret(&self.app, event),
            Event::Resized => {
                let size = terminal::size()?;
                Some(Action::Resize(size.width, size.height))
            }
            Event::Stop => return self.suspend().map(Flow::Continue),
            Event::Continued => return self.repaint().map(Flow::Continue),
            Event::TerminalGone => return Ok(Flow::Break(ExitCode::from(129))),
            Event::Sampled(sampled) => Some(Action::Sampled(sampled)),
            Event::Job(number, report) => Some(Action::JobReport(number, report)),
            Event::Scanned(result) => Some(Action::Scanned(result)),
            Event::Namespaces(result) => Some(Action::Namespaces(result)),
            Event::Acted(action) => {
                _ = self.sampler.send(sampler::Request::Now);
                Some(*action)
            }
            Event::Contents(target, reading) => Some(Action::Contents(target, reading)),
        };
        match action {
            Some(action) => self.act(action),
            None => Ok(Flow::Continue(())),
        }
    }

    fn act(&mut self, action: Action) -> io::Result<Flow> {
        let effects = app::update(&mut self.app, action, self.world.clock.now());
        for effect in effects {
            if let Err(refusal) = self.world.policy.admit(&effect) {
                _ = self.act(Action::Refused(refusal.0))?;
                if let Effect::Job(job) = effect {
                    let report = Report::Ended(Err(refusal.0.to_owned()));
                    // These effects cannot end the program.
                    let _ = self.act(Action::JobReport(job.number, report))?;
                }
                continue;
            }
            if let Flow::Break(code) = self.perform(effect)? {
                return Ok(Flow::Break(code));
            }
        }
        Ok(Flow::Continue(()))
    }

    /// Runs a permitted effect. A worker that no longer receives has panicked, which ends
    /// the program.
    fn perform(&mut self, effect: Effect) -> io::Result<Flow> {
        match effect {
            Effect::Quit => return Ok(Flow::Break(ExitCode::SUCCESS)),
            Effect::Suspend => self.suspend()?,
            Effect::Repaint => self.repaint()?,
            Effect::Refresh => _ = self.sampler.send(sampler::Request::Now),
            Effect::SetPeriod(period) => _ = self.sampler.send(sampler::Request::Period(period)),
            Effect::Show(part) => _ = self.watcher.send(watcher::Request::Show(part)),
            Effect::Hold => _ = self.watcher.send(watcher::Request::Hold),
            Effect::Close => _ = self.watcher.send(watcher::Request::Close),
            Effect::Scan(focus, period) => {
                _ = self.scanner.send(scanner::Request::Scan(focus, period));
            }
            Effect::Probe(target) => _ = self.scanner.send(scanner::Request::Probe(target)),
            Effect::StopScanning => _ = self.scanner.send(scanner::Request::Stop),
            Effect::ListNamespaces => _ = self.scanner.send(scanner::Request::Namespaces),
            Effect::Enter(inode) => self.enter(inode),
            Effect::Export(path, text) => {
                return self.act(Action::Exported(export::write(&path, &text)));
            }
            Effect::Act(_)
            | Effect::TryAct(_)
            | Effect::Create(_)
            | Effect::TryCreate(_)
            | Effect::Resolve(_) => _ = self.actor.send(actor::Request::Do(effect)),
            Effect::Job(job) => {
                let source = Arc::clone(&self.source);
                self.job_runner.start(source, *job, self.events.clone());
            }
            Effect::CancelJob(number) => self.job_runner.cancel(number),
            Effect::Clipboard(text) => terminal::send(&copy::sequence(&text))?,
            Effect::Mouse(on) => terminal::listen_to_mouse(on)?,
            Effect::Save(path, choices) => {
                return self.act(Action::Exported(config::save(&path, &choices)));
            }
            Effect::Panic => deliberate_panic(),
        }
        Ok(Flow::Continue(()))
    }

    /// Switches every worker to another namespace. The first sample shows whether it may
    /// be entered.
    fn enter(&mut self, inode: Option<u64>) {
        let source = self.world.source.enter(inode);
        self.source = Arc::clone(&source);
        _ = self
            .watcher
            .send(watcher::Request::Source(Arc::clone(&source)));
        _ = self
            .scanner
            .send(scanner::Request::Source(Arc::clone(&source)));
        _ = self.actor.send(actor::Request::Source(Arc::clone(&source)));
        _ = self.sampler.send(sampler::Request::Source(source));
    }

    /// Returns the terminal to the shell until the job is continued. Meanwhile the
    /// displayed segment is released, and nothing is sampled.
    fn suspend(&mut self) -> io::Result<()> {
        if !signals::can_stop() {
            self.app.notify(
                "no shell waits for this program, so it cannot be suspended",
                true,
            );
            return Ok(());
        }
        _ = self.watcher.send(watcher::Request::Close);
        _ = self.sampler.send(sampler::Request::Period(None));
        self.input = None;
        terminal::restore();
        signals::stop()?;
        terminal::take(self.app.mouse)?;
        self.input = Some(Input::start(self.events.clone())?);
        self.repaint()?;
        self.act(Action::Resumed).map(drop)
    }

    fn repaint(&mut self) -> io::Result<()> {
        self.app.size = terminal::size()?;
        self.app.dirty = true;
        self.terminal.clear()
    }
}

/// Only debug builds have a key for this.
#[allow(clippy::panic)]
fn deliberate_panic() {
    panic!("asked for by a key of the debug build");
}
