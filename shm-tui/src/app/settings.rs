//! The settings: what the browser starts with, and what it can change and save.

use std::path::PathBuf;
use std::time::Duration;

use super::menu::{MenuChoice, MenuItem};
use super::{App, Keymap};
use crate::model::column::{self, Column};
use crate::model::scan::Abilities;
use crate::model::sort::Sort;
use crate::theme::Theme;

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
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// The home directory, for `~` in the names of files.
    pub home: Option<PathBuf>,
    /// Where settings are saved.
    pub config_path: Option<PathBuf>,
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
            mouse: true,
            home: None,
            config_path: None,
            abilities: Abilities::default(),
        }
    }
}

/// A line of the setup menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Opens the columns.
    Columns,
    /// Opens the menu of columns to sort by.
    Sort,
    /// Seconds between two samples.
    Rate,
    /// The pane under the table.
    Details,
    /// Whether the mouse is listened to.
    Mouse,
    /// Whether there are colors.
    Color,
    /// Opens the colors.
    Palette,
    /// Whether only ASCII is drawn.
    Ascii,
    /// Words instead of lines, bars and signs.
    Plain,
    /// Writes the settings to the configuration file.
    Save,
}

/// What the configuration file can keep of the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Columns, in order.
    pub columns: Vec<Column>,
    /// Order of the rows.
    pub sort: Sort,
    /// Between two samples.
    pub period: Duration,
    /// Whether the pane under the table is shown.
    pub details: bool,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// Colors and drawing characters.
    pub theme: Theme,
    /// Those that the browser started with.
    pub first_theme: Theme,
}

impl Choices {
    /// The settings as they are now.
    #[must_use]
    pub fn of(app: &App) -> Self {
        Self {
            columns: app.columns.clone(),
            sort: app.sort,
            period: app.period,
            details: app.details,
            mouse: app.mouse,
            theme: app.theme,
            first_theme: app.first_theme,
        }
    }
}

/// The lines of the setup menu.
#[must_use]
pub fn items(app: &App) -> Vec<MenuItem> {
    let on = |set: bool| if set { "on" } else { "off" }.to_owned();
    let item = |label: &str, note: String, setting: Setting| MenuItem {
        label: label.to_owned(),
        note,
        current: false,
        choice: MenuChoice::Set(setting),
    };
    let direction = match app.sort.descending {
        true => "descending",
        false => "ascending",
    };
    let sorted = format!("{}, {direction}", app.sort.column);
    let target = match &app.config_path {
        Some(path) => match app
            .home
            .as_ref()
            .and_then(|home| path.strip_prefix(home).ok())
        {
            Some(below) => format!("~/{}", below.display()),
            None => path.display().to_string(),
        },
        None => "no file: HOME is not set".to_owned(),
    };
    vec![
        item(
            "Columns",
            format!("{} shown", app.columns.len()),
            Setting::Columns,
        ),
        item("Sort", sorted, Setting::Sort),
        item(
            "Rate",
            format!("every {} s; + and - change it", app.period.as_secs_f64()),
            Setting::Rate,
        ),
        item("Details", on(app.details), Setting::Details),
        item(
            "Mouse",
            format!("{}; without it the terminal selects text", on(app.mouse)),
            Setting::Mouse,
        ),
        item("Color", on(app.theme.color), Setting::Color),
        item(
            "Palette",
            "which color means what".to_owned(),
            Setting::Palette,
        ),
        item("ASCII only", on(app.theme.ascii), Setting::Ascii),
        item(
            "Plain",
            format!(
                "{}; words instead of lines, bars and signs",
                on(app.theme.plain)
            ),
            Setting::Plain,
        ),
        item("Write", format!("to {target}"), Setting::Save),
    ]
}
