//! A menu over the screen: a column to sort by, a user, or the settings.
//!
//! Arrow keys move, Enter chooses, Esc leaves. A letter goes to the next item
//! that begins with it.

use std::collections::BTreeMap;

use super::App;
use super::cursor::Cursor;
use super::settings::{self, Setting};
use crate::model::column::{COLUMNS, Column};
use crate::model::format;
use crate::model::query::{self, Field};
use crate::theme::COLORS;

/// What a menu is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuKind {
    /// The column to sort by.
    Sort,
    /// The user whose segments are shown.
    Users,
    /// The settings, which can be saved.
    Setup,
    /// The colors, each with what it is for.
    Colors,
}

impl MenuKind {
    /// The title of the box.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Sort => "Sort by",
            Self::Users => "Segments of",
            Self::Setup => "Setup",
            Self::Colors => "Colors: Right and Left change them",
        }
    }
}

/// What choosing an item does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MenuChoice {
    /// Sorts by a column; the current one in reverse.
    Sort(Column),
    /// Shows the segments of an owner, or of all.
    Owner(Option<String>),
    /// Changes a setting.
    Set(Setting),
    /// Changes the color of this number in [`COLORS`].
    Color(usize),
}

/// One line of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuItem {
    /// What is chosen.
    pub label: String,
    /// What there is to know about it.
    pub note: String,
    /// Whether it is the one that counts now.
    pub current: bool,
    /// What choosing it does.
    pub choice: MenuChoice,
}

/// A menu and the cursor in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    /// What it is about.
    pub kind: MenuKind,
    /// Its lines.
    pub items: Vec<MenuItem>,
    /// The line of the cursor.
    pub cursor: Cursor,
}

impl Menu {
    /// The menu of this kind, with the cursor on what counts now.
    #[must_use]
    pub fn new(app: &App, kind: MenuKind) -> Self {
        let items = items(app, kind);
        let position = items.iter().position(|item| item.current).unwrap_or(0);
        let cursor = match kind {
            MenuKind::Setup | MenuKind::Colors => Cursor::default(),
            _ => Cursor { position, top: 0 },
        };
        Self {
            kind,
            items,
            cursor,
        }
    }

    /// Renews the lines after a change of the state, and keeps the cursor.
    pub fn renew(&mut self, items: Vec<MenuItem>) {
        self.items = items;
    }

    /// The item at the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<&MenuItem> {
        self.items.get(self.cursor.position)
    }

    /// Goes to the next item that begins with `letter`, in any case; returns
    /// whether there is one.
    pub fn jump(&mut self, letter: char) -> bool {
        let begins = |item: &MenuItem| {
            let first = item.label.chars().next();
            first.is_some_and(|first| first.to_lowercase().eq(letter.to_lowercase()))
        };
        let count = self.items.len();
        let mut after = (1..=count).map(|step| (self.cursor.position + step) % count.max(1));
        let found = after.find(|index| self.items.get(*index).is_some_and(begins));
        if let Some(found) = found {
            self.cursor.position = found;
        }
        found.is_some()
    }
}

/// The lines of a menu as the state is now.
#[must_use]
pub fn items(app: &App, kind: MenuKind) -> Vec<MenuItem> {
    match kind {
        MenuKind::Sort => columns(app),
        MenuKind::Users => users(app),
        MenuKind::Setup => settings::items(app),
        MenuKind::Colors => colors(app),
    }
}

/// What people sort by first, then all other columns of the table, then the rest.
const FIRST: [Column; 6] = [
    Column::Resident,
    Column::Size,
    Column::Attached,
    Column::Age,
    Column::Owner,
    Column::Id,
];

fn columns(app: &App) -> Vec<MenuItem> {
    let every = COLUMNS.iter().map(|definition| definition.column);
    let mut columns: Vec<Column> = FIRST.to_vec();
    for column in app.columns.iter().copied().chain(every) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    let columns = columns.into_iter();
    let item = |column: Column| {
        let definition = column.definition();
        MenuItem {
            label: definition.title.to_owned(),
            note: definition.about.to_owned(),
            current: app.sort.column == column,
            choice: MenuChoice::Sort(column),
        }
    };
    columns.map(item).collect()
}

/// Every purpose of a color, with its color.
fn colors(app: &App) -> Vec<MenuItem> {
    let mut palette = app.theme.palette;
    let items = COLORS
        .iter()
        .enumerate()
        .map(|(index, (name, place, about))| {
            let color = place(&mut palette).to_string().to_lowercase();
            MenuItem {
                label: (*name).to_owned(),
                note: format!("{color:<13} {about}"),
                current: false,
                choice: MenuChoice::Color(index),
            }
        });
    items.collect()
}

/// The owners of segments, those with the most bytes first.
fn users(app: &App) -> Vec<MenuItem> {
    let mut owners: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
    for segment in app.rows.existing() {
        let (count, bytes) = owners.entry(segment.owner).or_default();
        *count += 1;
        *bytes = bytes.saturating_add(segment.size);
    }
    let mut owners: Vec<_> = owners.into_iter().collect();
    owners.sort_by_key(|(uid, (_, bytes))| (std::cmp::Reverse(*bytes), *uid));
    let chosen = query::term_of(app.filter_text.text(), Field::Owner);
    let note = |count: u64, bytes: u64| {
        let count = format::counted(count, "segment");
        format!("{count}, {}", format::size(bytes))
    };
    let total = owners.iter().map(|(_, (_, bytes))| *bytes);
    let total = total.fold(0u64, u64::saturating_add);
    let all = MenuItem {
        label: "all users".to_owned(),
        note: note(app.rows.count() as u64, total),
        current: chosen.is_none(),
        choice: MenuChoice::Owner(None),
    };
    let others = owners.into_iter().map(|(uid, (count, bytes))| {
        let name = app.directory.user(uid).to_string();
        MenuItem {
            note: note(count, bytes),
            current: chosen.as_deref() == Some(name.as_str()),
            choice: MenuChoice::Owner(Some(name.clone())),
            label: name,
        }
    });
    std::iter::once(all).chain(others).collect()
}
