//! The settings at the start, and those that can be changed and saved.

use std::path::PathBuf;
use std::time::Duration;

use super::menu::{MenuChoice, MenuItem};
use super::{App, Keymap};
use crate::model::column::{self, Column};
use crate::model::scan::Abilities;
use crate::model::sort::Sort;
use crate::theme::Theme;

/// The user's settings at the start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Columns, in order.
    pub columns: Vec<Column>,
    /// Sort order.
    pub sort: Sort,
    /// The filter.
    pub filter: String,
    /// Refresh interval.
    pub period: Duration,
    /// Colors and drawing characters.
    pub theme: Theme,
    /// Key bindings.
    pub keymap: Keymap,
    /// Whether the details are shown at first.
    pub details: bool,
    /// The effective user.
    pub uid: u32,
    /// Whether files may be loaded into segments.
    pub allow_write: bool,
    /// Whether segments may be changed at all.
    pub allow_change: bool,
    /// Whether segments may be attached although the detach destroys them.
    pub allow_destroy: bool,
    /// The time zone for displayed times.
    pub zone: jiff::tz::TimeZone,
    /// Whether mouse events are enabled.
    pub mouse: bool,
    /// The home directory, for `~` in file names.
    pub home: Option<PathBuf>,
    /// The file to which settings are saved.
    pub config_path: Option<PathBuf>,
    /// The system's abilities.
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
    /// Refresh interval.
    Rate,
    /// The details.
    Details,
    /// Whether mouse events are enabled.
    Mouse,
    /// Whether colors are used.
    Color,
    /// Opens the colors.
    Palette,
    /// Whether only ASCII is used.
    Ascii,
    /// Whether words replace lines, bars and signs.
    Plain,
    /// Writes the settings to the configuration file.
    Save,
}

/// The part of the state that the configuration file can store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Columns, in order.
    pub columns: Vec<Column>,
    /// Sort order.
    pub sort: Sort,
    /// Refresh interval.
    pub period: Duration,
    /// Whether the details are shown.
    pub details: bool,
    /// Whether mouse events are enabled.
    pub mouse: bool,
    /// Colors and drawing characters.
    pub theme: Theme,
    /// The theme at the start.
    pub first_theme: Theme,
}

impl Choices {
    /// Returns the current settings.
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

/// Returns the lines of the setup menu.
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
