//! Shared by several test programs: an application that needs no system, and pictures of
//! its screen.
#![allow(dead_code, unreachable_pub)]
// Helpers of tests: what fails here fails the test.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Size;
use ratatui::style::{Color, Modifier};
use shm_tui::app::job::Work;
use shm_tui::app::{Action, App, Effect, Settings, event, update};
use shm_tui::model::scan::Scan;
use shm_tui::model::time::{Clock, Now};
use shm_tui::runtime::actor::Actor;
use shm_tui::runtime::gate::Policy;
use shm_tui::runtime::sampler::Sampler;
use shm_tui::runtime::watcher::{Request, Watcher};
use shm_tui::source::Source;
use shm_tui::source::fake::Fake;
use shm_tui::source::job::perform;
use shm_tui::theme::Theme;
use shm_tui::ui;

/// 2001-09-09 01:46:40, the moment at which every test begins.
pub const START: i64 = 1_000_000_000;

/// A clock that stands still until it is moved.
pub struct StoppedClock(AtomicI64);

impl StoppedClock {
    pub fn at(seconds: i64) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(seconds)))
    }

    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Now {
        Now {
            wall: self.0.load(Ordering::Relaxed),
            steady: Duration::ZERO,
        }
    }
}

/// The browser on an invented system, with the threads played by hand.
pub struct Stage {
    pub fake: Fake,
    pub app: App,
    pub now: Now,
    source: Arc<dyn Source>,
    sampler: Sampler,
    watcher: Watcher,
    pub policy: Policy,
    pub effects: Vec<Effect>,
    /// Whether files are read and written as asked for.
    pub files: bool,
}

fn touches_files(work: &Work) -> bool {
    matches!(work, Work::Dump(..) | Work::Load(..) | Work::PreviewLoad(_))
}

impl Stage {
    pub fn new(width: u16, height: u16) -> Self {
        Self::with(Fake::example(START), Settings::default(), width, height)
    }

    pub fn themed(theme: Theme, width: u16, height: u16) -> Self {
        let settings = Settings {
            theme,
            ..Settings::default()
        };
        Self::with(Fake::example(START), settings, width, height)
    }

    pub fn with(fake: Fake, mut settings: Settings, width: u16, height: u16) -> Self {
        settings.abilities = fake.abilities();
        let now = Now {
            wall: START,
            steady: Duration::ZERO,
        };
        let mut stage = Self {
            app: App::new(settings, Size { width, height }, now),
            now,
            sampler: Sampler::new(Arc::new(fake.clone()), Arc::new(fake.clone())),
            watcher: Watcher::new(Arc::new(fake.clone())),
            source: Arc::new(fake.clone()),
            policy: Policy::default(),
            fake,
            effects: Vec::new(),
            files: false,
        };
        stage.look();
        stage
    }

    /// Handles one action, and returns the requested effects.
    pub fn act(&mut self, action: Action) {
        for effect in update(&mut self.app, action, self.now) {
            let request = match effect {
                Effect::Show(part) => Some(Request::Show(part)),
                Effect::Hold => Some(Request::Hold),
                Effect::Close => Some(Request::Close),
                _ => None,
            };
            self.perform(&effect);
            self.effects.push(effect);
            let readings = request.map(|request| self.watcher.handle(request));
            for (target, reading) in readings.into_iter().flatten() {
                self.act(Action::Contents(target, reading));
            }
        }
    }

    /// What the scanner and the sampler do when asked.
    fn perform(&mut self, effect: &Effect) {
        match effect {
            Effect::Scan(focus, _) => {
                let scan = self.source.scan(*focus);
                let generation = self.app.namespaces.generation;
                let scan = scan.map(|scan| Box::new(Scan { generation, ..scan }));
                let scan = scan.map_err(|error| error.to_string());
                self.act(Action::Scanned(scan));
            }
            Effect::Probe(target) => {
                let scan = self.policy.probe(&*self.source, target);
                let generation = self.app.namespaces.generation;
                let scan = scan.map(|scan| Box::new(Scan { generation, ..scan }));
                let scan = scan.map_err(|error| error.to_string());
                self.act(Action::Scanned(scan));
            }
            Effect::ListNamespaces => {
                let list = self.source.namespaces().map_err(|error| error.to_string());
                self.act(Action::Namespaces(list));
            }
            Effect::Enter(inode) => {
                self.source = self.source.enter(*inode);
                self.sampler.switch_source(Arc::clone(&self.source));
                self.look();
            }
            Effect::Act(_)
            | Effect::TryAct(_)
            | Effect::Create(_)
            | Effect::TryCreate(_)
            | Effect::Resolve(_) => {
                if let Some(done) = self.actor().perform(effect) {
                    self.act(done);
                    self.look();
                }
            }
            // Random keys must not make files.
            Effect::Job(job) if self.files || !touches_files(&job.work) => {
                // What no machine has would take for ever.
                let wanted = || job.target.size < 1 << 48;
                let mut reports = Vec::new();
                let mut tell = |report| {
                    reports.push(report);
                    true
                };
                perform(&*self.source, job, &wanted, &mut tell);
                for report in reports {
                    self.act(Action::JobReport(job.number, report));
                }
            }
            _ => {}
        }
    }

    fn actor(&self) -> Actor {
        Actor {
            source: Arc::clone(&self.source),
            names: Arc::new(self.fake.clone()),
            policy: self.policy,
        }
    }

    /// The sampler looks.
    pub fn look(&mut self) {
        if let Some(sampled) = self.sampler.sample(self.now.steady) {
            self.act(Action::Sampled(Box::new(sampled)));
        }
    }

    /// The watcher reads.
    pub fn read(&mut self) {
        for (target, reading) in self.watcher.read(false) {
            self.act(Action::Contents(target, reading));
        }
    }

    /// Time goes by, and the threads notice.
    pub fn wait(&mut self, seconds: u64) {
        self.now.wall += i64::try_from(seconds).unwrap();
        self.now.steady += Duration::from_secs(seconds);
        self.look();
        self.read();
        self.act(Action::Tick);
    }

    /// Keys as they are typed; names of others in angle brackets.
    pub fn press(&mut self, keys: &str) {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let (code, length) = match rest.strip_prefix('<').and_then(|r| r.split_once('>')) {
                Some((name, _)) if name.len() > 1 => (named(name), name.len() + 2),
                _ => (KeyCode::Char(first), first.len_utf8()),
            };
            rest = &rest[length..];
            self.key(code, KeyModifiers::NONE);
        }
    }

    pub fn key(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        let key = Event::Key(KeyEvent::new(code, modifiers));
        if let Some(action) = event::interpret(&self.app, key) {
            self.act(action);
        }
    }

    /// A click on the first cell that shows `words`.
    pub fn click(&mut self, words: &str) {
        let picture = self.picture();
        let mut lines = picture.lines().enumerate();
        let found = lines.find_map(|(y, line)| Some((line.find(words)?, y, line)));
        let (byte, y, line) = found.unwrap_or_else(|| panic!("no {words} in\n{picture}"));
        let x = line[..byte].chars().count();
        self.act(Action::Click {
            x: x.try_into().unwrap(),
            y: y.try_into().unwrap(),
        });
    }

    pub fn resize(&mut self, width: u16, height: u16) {
        self.act(Action::Resize(width, height));
    }

    pub fn buffer(&self) -> Buffer {
        let backend = TestBackend::new(self.app.size.width, self.app.size.height);
        let mut terminal = Terminal::new(backend).unwrap();
        terminal.draw(|frame| ui::view(&self.app, frame)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// The characters on the screen.
    pub fn picture(&self) -> String {
        plane(&self.buffer(), |cell| cell.symbol().to_owned())
    }

    /// The characters, and below them a letter for the style of each.
    pub fn styled(&self) -> String {
        let buffer = self.buffer();
        let styles = plane(&buffer, |cell| style_letter(cell).to_string());
        format!("{}\n--- styles ---\n{styles}", self.picture())
    }
}

fn named(name: &str) -> KeyCode {
    match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "PgDn" => KeyCode::PageDown,
        "PgUp" => KeyCode::PageUp,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "Backspace" => KeyCode::Backspace,
        "Space" => KeyCode::Char(' '),
        "Tab" => KeyCode::Tab,
        name if name.starts_with('F') => KeyCode::F(name[1..].parse().unwrap()),
        other => panic!("no key {other}"),
    }
}

fn plane(buffer: &Buffer, letter: impl Fn(&Cell) -> String) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let line: String = (0..buffer.area.width)
            .map(|x| letter(&buffer[(x, y)]))
            .collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// One letter a style: R reversed, X crossed out, U underlined, B bold, D dim,
/// without those the first letter of the color. A dot: reversed and colored.
fn style_letter(cell: &Cell) -> char {
    let has = |modifier| cell.modifier.contains(modifier);
    let color = match cell.fg {
        Color::Red => 'r',
        Color::Green => 'g',
        Color::Yellow => 'y',
        Color::Cyan => 'c',
        _ => ' ',
    };
    if cell.bg != Color::Reset {
        if has(Modifier::REVERSED) { 'h' } else { 'H' }
    } else if has(Modifier::REVERSED) {
        if color == ' ' { 'R' } else { '.' }
    } else if has(Modifier::CROSSED_OUT) {
        'X'
    } else if has(Modifier::UNDERLINED) {
        'U'
    } else if color != ' ' {
        color
    } else if has(Modifier::BOLD) {
        'B'
    } else if has(Modifier::DIM) {
        'D'
    } else {
        ' '
    }
}
