//! The state of the browser and its updates.
//!
//! ```text
//! Event → Action → update(&mut App, Action) → Vec<Effect>
//!                        App → ui::view(&App, &mut Frame)
//! ```
//!
//! [`update()`] is the only function that changes an [`App`]. It never blocks, reads the
//! system or the clock: it returns operations as [`Effect`]s, and their results come back
//! as [`Action`]s. [`App::settle`] restores the invariants at the end of every update: if
//! there are rows, the selected one is visible, and so is the cursor of the contents.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::{Rect, Size};

use crate::model::column::{Column, Context};
use crate::model::directory::Directory;
use crate::model::history::Histories;
use crate::model::log::{Entry, Log};
use crate::model::query::{self, Filter};
use crate::model::scan::{Abilities, Attachment};
use crate::model::segment::{Id, Identity, Segment};
use crate::model::series::SeriesBook;
use crate::model::snapshot::{Limits, Usage};
use crate::model::sort::Sort;
use crate::model::structure::Recognized;
use crate::model::time::Now;
use crate::model::totals::Division;
use crate::theme::Theme;

pub mod action;
pub mod contents;
pub mod cursor;
pub mod dialog;
pub mod effect;
pub mod event;
pub mod findings;
pub mod footer;
pub mod help;
pub mod job;
pub mod keymap;
pub mod layout;
pub mod line;
pub mod marks;
pub mod memory;
pub mod menu;
pub mod panels;
pub mod question;
pub mod rows;
pub mod settings;
mod update;

pub use action::Action;
pub use contents::ContentsView;
pub use dialog::Dialog;
pub use effect::Effect;
pub use job::Jobs;
pub use keymap::Keymap;
pub use line::Line;
pub use marks::Marks;
pub use memory::MemoryView;
pub use panels::{Chooser, Events, Namespaces, Processes, Prompt, Subset};
pub use rows::{Arrangement, Group, Grouping, Mark, Row, Rows, Shown, Widths};
pub use settings::Settings;
pub use update::update;

/// The screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// The table of segments.
    List,
    /// The bytes of one segment.
    Contents,
    /// The map of one segment.
    Map,
    /// The differences in one segment.
    Differences,
    /// The processes that have one segment attached.
    Processes,
    /// The events.
    Events,
    /// The IPC namespaces of the machine.
    Namespaces,
    /// The column chooser.
    Columns,
    /// Where the memory goes.
    Memory,
}

/// A message in the footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The text.
    pub text: String,
    /// Whether it is a failure.
    pub failed: bool,
    /// When it disappears, in steady time.
    pub until: Duration,
}

/// How long a message is shown.
const NOTICE: Duration = Duration::from_secs(6);
/// The refresh intervals that `+` and `-` step through, in milliseconds.
const PERIODS: [u64; 9] = [250, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000];

/// The whole state of the browser.
#[derive(Debug)]
pub struct App {
    /// The time of the current action.
    pub now: Now,
    /// Size of the terminal, in cells.
    pub size: Size,
    /// The screen.
    pub screen: Screen,
    /// The help, which may lie over it.
    pub help: help::Help,
    /// The menu that lies over it.
    pub menu: Option<menu::Menu>,
    /// The segments.
    pub rows: Rows,
    /// Names for numbers.
    pub directory: Directory,
    /// The system's limits.
    pub limits: Limits,
    /// The system's usage.
    pub usage: Usage,
    /// Columns, in order.
    pub columns: Vec<Column>,
    /// How many of them are scrolled out at the left.
    pub columns_left: usize,
    /// Sort order.
    pub sort: Sort,
    /// The filter.
    pub filter: Filter,
    /// Text of the filter.
    pub filter_text: Line,
    /// The error of the text; the last valid filter stays in effect meanwhile.
    pub filter_error: Option<query::Error>,
    /// If set, only the segments of one process are shown.
    pub only: Option<Subset>,
    /// The grouping of rows.
    pub grouping: Option<Division>,
    /// The names of the collapsed groups.
    pub collapsed: BTreeSet<Arc<str>>,
    /// The input line.
    pub typing: Option<Prompt>,
    /// The file for the event log.
    pub export_path: Line,
    /// The change or creation, as typed.
    pub request: Line,
    /// The line that was entered last, to be shown again if it fails.
    pub submitted: Option<(Prompt, String)>,
    /// A segment that was created and is selected once it is listed.
    pub created: Option<Id>,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// The home directory, for `~` in the names of files.
    pub home: Option<PathBuf>,
    /// Where settings are saved.
    pub config_path: Option<PathBuf>,
    /// The marked segments.
    pub marks: Marks,
    /// The dialog over the screen.
    pub dialog: Option<Dialog>,
    /// The effective user.
    pub uid: u32,
    /// The input line of the contents.
    pub entry: Line,
    /// The error of that line.
    pub entry_error: Option<String>,
    /// Whether the details are shown.
    pub details: bool,
    /// Whether files may be loaded into segments.
    pub may_write: bool,
    /// Whether segments may be changed at all.
    pub may_change: bool,
    /// Whether segments may be attached although the detach destroys them.
    pub may_destroy: bool,
    /// The running jobs.
    pub jobs: Jobs,
    /// The displayed segment.
    pub contents: Option<ContentsView>,
    /// The system's abilities.
    pub abilities: Abilities,
    /// The known structures at the start of segments whose bytes were shown.
    pub structures: HashMap<Id, (Identity, Option<Recognized>)>,
    /// The attached processes.
    pub processes: Processes,
    /// The events.
    pub log: Log,
    /// The view of the event log.
    pub events: Events,
    /// The IPC namespaces.
    pub namespaces: Namespaces,
    /// The column chooser.
    pub chooser: Chooser,
    /// Where the memory goes.
    pub memory: MemoryView,
    /// The recent numbers of the header.
    pub history: Histories,
    /// The segments' changes since they were first seen.
    pub series: SeriesBook,
    /// Refresh interval.
    pub period: Duration,
    /// Whether the table is paused.
    pub paused: bool,
    /// Whether the terminal has the focus, if it reports that.
    pub focused: bool,
    /// Why the last sample failed.
    pub failure: Option<String>,
    /// A message in the footer.
    pub notice: Option<Notice>,
    /// Colors and drawing characters.
    pub theme: Theme,
    /// Those that the browser started with.
    pub first_theme: Theme,
    /// Key bindings.
    pub keymap: Keymap,
    /// Set when the screen must be redrawn.
    pub dirty: bool,
}

impl App {
    /// Creates a browser without a sample.
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
            help: help::Help::default(),
            menu: None,
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
            collapsed: BTreeSet::new(),
            typing: None,
            entry: Line::default(),
            entry_error: None,
            export_path: Line::suggestion("shm-events.txt".to_owned()),
            request: Line::default(),
            submitted: None,
            created: None,
            mouse: settings.mouse,
            home: settings.home,
            config_path: settings.config_path,
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
            structures: HashMap::new(),
            processes: Processes::default(),
            log: Log::default(),
            events: Events::default(),
            namespaces: Namespaces::default(),
            chooser: Chooser::default(),
            memory: MemoryView::default(),
            history: Histories::default(),
            series: SeriesBook::default(),
            period: settings.period,
            paused: false,
            focused: true,
            failure: None,
            notice: None,
            theme: settings.theme,
            first_theme: settings.theme,
            keymap: settings.keymap,
            dirty: true,
        }
    }

    /// Returns the context of a cell's text.
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        Context {
            directory: &self.directory,
            now: self.now.wall,
            exact: false,
        }
    }

    /// Shows `text` in the footer for a while.
    pub fn notify(&mut self, text: impl Into<String>, failed: bool) {
        self.notice = Some(Notice {
            text: text.into(),
            failed,
            until: self.now.steady + NOTICE,
        });
    }

    /// Updates the order of the rows after changes of the sort and filter columns.
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
            grouping: self.grouping.map(|by| Grouping {
                by,
                collapsed: &self.collapsed,
            }),
        };
        self.rows.arrange(&how, &context);
    }

    /// Returns the segment whose processes are shown, as last seen.
    #[must_use]
    pub fn target(&self) -> Option<&Segment> {
        let target = self.processes.target.as_ref()?;
        let now = self.rows.segment(target.id);
        now.filter(|now| target.is_same(now)).or(Some(target))
    }

    /// Returns the attachments of that segment.
    #[must_use]
    pub fn attachments(&self) -> Vec<&Attachment> {
        match (&self.processes.scan, self.target()) {
            (Some(scan), Some(target)) => scan.of(target).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the visible entries of the log, newest first.
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

    /// Restores the invariants of the module.
    pub fn settle(&mut self) {
        let areas = layout::areas(self);
        self.settle_overlays();
        let last = layout::scrolling(self).saturating_sub(1);
        self.columns_left = self.columns_left.min(last);
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
            Screen::Memory => {
                let length = self.memory.lines().count();
                self.memory.cursor.settle(length, height);
            }
            Screen::Map => self.settle_map(layout::map(self, areas.body)),
            Screen::Differences => {
                if let Some(contents) = &mut self.contents {
                    let length = contents.comparison.changes().len();
                    contents.comparison.cursor.settle(length, height);
                }
            }
            Screen::List | Screen::Contents => {}
        }
    }

    /// Brings what lies over the screen into the room that it has.
    fn settle_overlays(&mut self) {
        let height = usize::from(layout::menu(self).height);
        if let Some(menu) = &mut self.menu {
            menu.cursor.settle(menu.items.len(), height);
        }
        if self.help.open {
            self.help.top = self.help.top.min(help::last_top(self));
        }
        if let Some(last) = question::last_top(self) {
            match &mut self.dialog {
                Some(Dialog::Confirm(confirm)) => confirm.top = confirm.top.min(last),
                Some(Dialog::Results(results)) => results.top = results.top.min(last),
                None => {}
            }
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

    /// Returns when the screen changes without an event: an age advances, a mark or a
    /// message disappears, a changed byte fades. In steady time.
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
            update::scan_due(self),
            self.next_series_step(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// When the history of the selected segment steps.
    fn next_series_step(&self) -> Option<Duration> {
        let row = self
            .rows
            .selected()
            .filter(|_| self.screen == Screen::List)?;
        self.series.of(&row.segment)?.next_step(self.now.steady)
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
