//! The state of the browser and how it changes.
//!
//! ```text
//! Event → Action → update(&mut App, Action) → Vec<Effect>
//!                        App → ui::view(&App, &mut Frame)
//! ```
//!
//! [`update()`] is the only function that changes an [`App`]. It never blocks,
//! reads the system or asks for the time: what it wants done it returns as
//! [`Effect`]s, and what was done comes back as [`Action`]s. Invariants, kept
//! by [`App::settle`] at the end of every update: the selected row exists if
//! any does and is on the screen, and so is the cursor of the contents.

use std::time::Duration;

use ratatui::layout::{Rect, Size};

use crate::model::column::{self, Column, Context};
use crate::model::directory::Directory;
use crate::model::history::History;
use crate::model::log::{Entry, Log};
use crate::model::query::{self, Filter};
use crate::model::scan::{Abilities, Attachment};
use crate::model::segment::Segment;
use crate::model::snapshot::{Limits, Usage};
use crate::model::sort::Sort;
use crate::model::time::Now;
use crate::theme::Theme;

pub mod action;
pub mod contents;
pub mod cursor;
pub mod dialog;
pub mod effect;
pub mod event;
pub mod findings;
pub mod job;
pub mod keymap;
pub mod layout;
pub mod line;
pub mod marks;
pub mod panels;
pub mod rows;
mod update;

pub use action::Action;
pub use contents::ContentsView;
pub use dialog::Dialog;
pub use effect::Effect;
pub use job::Jobs;
pub use keymap::Keymap;
pub use line::Line;
pub use marks::Marks;
pub use panels::{Chooser, Events, Namespaces, ProcessFilter, Processes, Prompt};
pub use rows::{Arrangement, Grouping, Mark, Row, Rows, Shown};
pub use update::update;

/// What fills the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// The table of segments.
    List,
    /// The bytes of one segment.
    Contents,
    /// The whole of it, block by block.
    Map,
    /// What is different in it.
    Differences,
    /// Who has one segment attached.
    Processes,
    /// What happened.
    Events,
    /// The IPC namespaces of the machine.
    Namespaces,
    /// The columns to choose from.
    Columns,
}

/// A sentence in the footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Whether something failed.
    pub failed: bool,
    /// When it goes away, in steady time.
    pub until: Duration,
}

/// How long a notice stays.
const NOTICE: Duration = Duration::from_secs(6);
/// The refresh intervals that `+` and `-` step through, in milliseconds.
const PERIODS: [u64; 9] = [250, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000];

/// What the user may choose before the browser starts.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Columns, in order.
    pub columns: Vec<Column>,
    /// Order of the rows.
    pub sort: Sort,
    /// Text of the filter.
    pub filter: String,
    /// Between two looks at the system.
    pub period: Duration,
    /// Colors and drawing characters.
    pub theme: Theme,
    /// Which key does what.
    pub keymap: Keymap,
    /// Whether the pane under the table is shown at first.
    pub details: bool,
    /// Whom this program runs for: the effective user.
    pub uid: u32,
    /// Whether files may be loaded into segments.
    pub allow_write: bool,
    /// Whether segments may be changed at all.
    pub allow_change: bool,
    /// Whether segments may be attached although the detach destroys them.
    pub allow_destroy: bool,
    /// The time zone in which times are shown.
    pub zone: jiff::tz::TimeZone,
    /// What the system can do.
    pub abilities: Abilities,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            columns: column::DEFAULT.to_vec(),
            sort: Sort::default(),
            filter: String::new(),
            period: crate::source::live::PERIOD,
            theme: Theme::default(),
            keymap: Keymap::default(),
            details: true,
            uid: 0,
            allow_write: false,
            allow_change: true,
            allow_destroy: false,
            zone: jiff::tz::TimeZone::UTC,
            abilities: Abilities::default(),
        }
    }
}

/// The whole state of the browser.
#[derive(Debug)]
pub struct App {
    /// The time of the action that is being handled.
    pub now: Now,
    /// Cells of the terminal.
    pub size: Size,
    /// What fills the screen.
    pub screen: Screen,
    /// Whether the help lies over it.
    pub help: bool,
    /// First line of the help that is shown.
    pub help_top: u16,
    /// The segments.
    pub rows: Rows,
    /// Names for numbers.
    pub directory: Directory,
    /// What the system allows.
    pub limits: Limits,
    /// What is in use.
    pub usage: Usage,
    /// Columns, in order.
    pub columns: Vec<Column>,
    /// How many of them are out of sight at the left.
    pub columns_left: usize,
    /// Order of the rows.
    pub sort: Sort,
    /// Which rows are shown.
    pub filter: Filter,
    /// Text of the filter.
    pub filter_text: Line,
    /// Why the text is no filter; the last one that was is kept meanwhile.
    pub filter_error: Option<query::Error>,
    /// If set, only the segments of one process are shown.
    pub only: Option<ProcessFilter>,
    /// Which rows belong together.
    pub grouping: Option<Grouping>,
    /// The line that is being typed.
    pub typing: Option<Prompt>,
    /// Where events are written to.
    pub export_path: Line,
    /// What is to be changed or made, as typed.
    pub request: Line,
    /// The segments that an action is meant for.
    pub marks: Marks,
    /// The dialog that lies over the screen.
    pub dialog: Option<Dialog>,
    /// Whom this program runs for.
    pub uid: u32,
    /// The line that is typed for the contents, and what is wrong with it.
    pub entry: Line,
    /// What is wrong with it.
    pub entry_error: Option<String>,
    /// Whether the pane under the table is shown.
    pub details: bool,
    /// Whether files may be loaded into segments.
    pub may_write: bool,
    /// Whether segments may be changed at all.
    pub may_change: bool,
    /// Whether segments may be attached although the detach destroys them.
    pub may_destroy: bool,
    /// What goes through segments at the moment.
    pub jobs: Jobs,
    /// The segment whose bytes are shown.
    pub contents: Option<ContentsView>,
    /// What the system can do.
    pub abilities: Abilities,
    /// Who has segments attached.
    pub processes: Processes,
    /// What happened.
    pub log: Log,
    /// How the log is shown.
    pub events: Events,
    /// The namespaces of the machine.
    pub namespaces: Namespaces,
    /// The columns to choose from.
    pub chooser: Chooser,
    /// How the bytes of all segments went.
    pub history: History,
    /// Between two looks at the system.
    pub period: Duration,
    /// Whether the table stands still.
    pub paused: bool,
    /// Whether the terminal has the focus, as far as it tells.
    pub focused: bool,
    /// Why the last look at the system failed.
    pub failure: Option<String>,
    /// A sentence in the footer.
    pub notice: Option<Notice>,
    /// Colors and drawing characters.
    pub theme: Theme,
    /// Which key does what.
    pub keymap: Keymap,
    /// Set when the picture is not that of the state any more.
    pub dirty: bool,
}

impl App {
    /// A browser that has seen nothing yet.
    #[must_use]
    pub fn new(settings: Settings, size: Size, now: Now) -> Self {
        let (filter, filter_error) = match Filter::parse(&settings.filter) {
            Ok(filter) => (filter, None),
            Err(error) => (Filter::default(), Some(error)),
        };
        Self {
            now,
            size,
            screen: Screen::List,
            help: false,
            help_top: 0,
            rows: Rows::default(),
            directory: Directory {
                zone: Some(settings.zone),
                ..Directory::default()
            },
            limits: Limits::default(),
            usage: Usage::default(),
            columns: settings.columns,
            columns_left: 0,
            sort: settings.sort,
            filter,
            filter_text: Line::new(settings.filter),
            filter_error,
            only: None,
            grouping: None,
            typing: None,
            entry: Line::default(),
            entry_error: None,
            export_path: Line::new("shm-events.txt".to_owned()),
            request: Line::default(),
            marks: Marks::default(),
            dialog: None,
            uid: settings.uid,
            details: settings.details,
            may_write: settings.allow_write,
            may_change: settings.allow_change,
            may_destroy: settings.allow_destroy,
            jobs: Jobs::default(),
            contents: None,
            abilities: settings.abilities,
            processes: Processes::default(),
            log: Log::default(),
            events: Events::default(),
            namespaces: Namespaces::default(),
            chooser: Chooser::default(),
            history: History::default(),
            period: settings.period,
            paused: false,
            focused: true,
            failure: None,
            notice: None,
            theme: settings.theme,
            keymap: settings.keymap,
            dirty: true,
        }
    }

    /// What the text of a cell depends on.
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        Context {
            directory: &self.directory,
            now: self.now.wall,
            exact: false,
        }
    }

    /// Says `text` in the footer for a while.
    pub fn notify(&mut self, text: impl Into<String>, failed: bool) {
        self.notice = Some(Notice {
            text: text.into(),
            failed,
            until: self.now.steady + NOTICE,
        });
    }

    /// Brings the order of the rows up to date with what they are sorted and
    /// filtered by.
    pub fn reorder(&mut self) {
        let context = Context {
            directory: &self.directory,
            now: self.now.wall,
            exact: false,
        };
        let how = Arrangement {
            sort: self.sort,
            filter: &self.filter,
            only: self.only.as_ref().map(|only| only.ids.as_slice()),
            grouping: self.grouping,
        };
        self.rows.arrange(&how, &context);
    }

    /// The segment whose processes are shown, as last seen.
    #[must_use]
    pub fn target(&self) -> Option<&Segment> {
        let target = self.processes.target.as_ref()?;
        let now = self.rows.segment(target.id);
        now.filter(|now| target.is_same(now)).or(Some(target))
    }

    /// The attachments of the segment whose processes are shown.
    #[must_use]
    pub fn attachments(&self) -> Vec<&Attachment> {
        match (&self.processes.scan, self.target()) {
            (Some(scan), Some(target)) => scan.of(target).collect(),
            _ => Vec::new(),
        }
    }

    /// The entries of the log that are shown, the newest first.
    pub fn shown_events(&self) -> impl Iterator<Item = &Entry> {
        let words: Vec<String> = self
            .events
            .filter
            .text()
            .split_whitespace()
            .map(str::to_lowercase)
            .collect();
        self.log.entries().filter(move |entry| {
            let line = entry.line("").to_lowercase();
            words.iter().all(|word| line.contains(word))
        })
    }

    /// Makes the invariants of the module hold again.
    pub fn settle(&mut self) {
        let areas = layout::areas(self);
        self.columns_left = self.columns_left.min(self.columns.len().saturating_sub(1));
        self.rows.settle(usize::from(areas.rows.height));
        if let Some(contents) = &mut self.contents {
            contents.fit(areas.bytes);
        }
        let height = usize::from(areas.body.height);
        match self.screen {
            Screen::Processes => {
                let length = self.attachments().len();
                self.processes.cursor.settle(length, height);
            }
            Screen::Events => {
                let length = self.shown_events().count();
                self.events.cursor.settle(length, height);
            }
            Screen::Namespaces => {
                let list = self.namespaces.list.as_ref();
                let length = list.and_then(|list| list.as_ref().ok());
                let length = length.map_or(0, |scan| scan.list.len());
                self.namespaces.cursor.settle(length, height);
            }
            Screen::Columns => {
                let length = self.chooser.columns.len();
                self.chooser.cursor.settle(length, height);
            }
            Screen::Map => self.settle_map(areas.body),
            Screen::Differences => {
                if let Some(contents) = &mut self.contents {
                    let length = contents.comparison.changes().len();
                    contents.comparison.cursor.settle(length, height);
                }
            }
            Screen::List | Screen::Contents => {}
        }
    }

    fn settle_map(&mut self, body: Rect) {
        if let Some(contents) = &mut self.contents
            && let Some(map) = &contents.map.map
        {
            let cells = map.cells(map.bytes_per_cell(body.area() as usize));
            contents.map.cell = contents.map.cell.min(cells.saturating_sub(1));
        }
    }

    /// When the picture changes although nothing happens: an age steps, a mark
    /// or a notice goes away, a changed byte cools. In steady time.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Duration> {
        let fade = match (self.screen, &self.contents) {
            (Screen::Contents, Some(contents)) => contents.tracked.next_fade(self.now.steady),
            _ => None,
        };
        [
            fade,
            self.notice.as_ref().map(|notice| notice.until),
            self.rows.next_expiry(),
            self.history.next_step(),
            self.next_age_step(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn next_age_step(&self) -> Option<Duration> {
        if self.screen != Screen::List {
            return None;
        }
        let areas = layout::areas(self);
        let now = self.now.wall;
        let step_of = |time: i64| crate::model::format::age_steps_in(now - time);
        let shown = self.rows.visible(usize::from(areas.rows.height));
        let rows = shown.filter_map(|line| match line {
            Shown::Row(row) => Some(&row.segment),
            Shown::Heading(_) => None,
        });
        let in_table = rows.flat_map(|segment| {
            let columns = self.columns.iter();
            columns.filter_map(move |column| column.time(segment))
        });
        let in_details = self.rows.selected().into_iter().flat_map(|row| {
            let segment = &row.segment;
            [
                segment.change_time,
                segment.attach_time,
                segment.detach_time,
            ]
            .into_iter()
            .flatten()
        });
        let steps = in_table.chain(in_details).map(step_of).min()?;
        Some(self.now.steady + Duration::from_secs(u64::try_from(steps).unwrap_or(1)))
    }
}
