//! Keys and clicks in a menu, and the shortcuts that need none.

use ratatui::style::Color;

use super::{Command, Effect, change_period, panels, set_filter};
use crate::app::menu::{Menu, MenuChoice, MenuKind, items};
use crate::app::settings::{Choices, Setting};
use crate::app::{App, Line};
use crate::model::column::Column;
use crate::model::query::{self, Field};
use crate::theme::COLORS;

/// Opens a menu.
pub(super) fn open(app: &mut App, kind: MenuKind) {
    app.menu = Some(Menu::new(app, kind));
}

/// Keys in a menu.
pub(super) fn command(app: &mut App, command: Command, effects: &mut Vec<Effect>) {
    let height = crate::app::layout::menu(app).height;
    let Some(menu) = &mut app.menu else {
        return;
    };
    match command {
        Command::Accept => choose(app, effects),
        Command::Cancel if menu.kind == MenuKind::Colors => open(app, MenuKind::Setup),
        Command::Cancel => app.menu = None,
        Command::Left | Command::Right | Command::Faster | Command::Slower => {
            let forward = matches!(command, Command::Right | Command::Slower);
            match menu.selected().map(|item| item.choice.clone()) {
                Some(MenuChoice::Set(Setting::Rate)) => change_period(app, forward, effects),
                Some(MenuChoice::Color(index)) => next_color(app, index, forward),
                _ => return,
            }
            renew(app);
        }
        _ => menu.cursor.apply(command, height.into()),
    }
}

/// A letter in a menu.
pub(super) fn jump(app: &mut App, letter: char) {
    if let Some(menu) = &mut app.menu {
        menu.jump(letter);
    }
}

/// A click on a line of the menu chooses it.
pub(super) fn click(app: &mut App, x: u16, y: u16, effects: &mut Vec<Effect>) {
    let area = crate::app::layout::menu(app);
    let Some(menu) = &mut app.menu else {
        return;
    };
    if !area.contains(ratatui::layout::Position { x, y }) {
        return app.menu = None;
    }
    let position = menu.cursor.top + usize::from(y - area.y);
    if position < menu.items.len() {
        menu.cursor.position = position;
        choose(app, effects);
    }
}

fn choose(app: &mut App, effects: &mut Vec<Effect>) {
    let chosen = app.menu.as_ref().and_then(Menu::selected);
    match chosen.map(|item| item.choice.clone()) {
        Some(MenuChoice::Sort(column)) => {
            app.menu = None;
            sort_by(app, column);
        }
        Some(MenuChoice::Owner(name)) => {
            app.menu = None;
            set_term(app, Field::Owner, name.as_deref());
        }
        Some(MenuChoice::Set(setting)) => set(app, setting, effects),
        Some(MenuChoice::Color(index)) => {
            next_color(app, index, true);
            renew(app);
        }
        None => app.menu = None,
    }
}

/// Sorts by a column; the current one in reverse.
pub(super) fn sort_by(app: &mut App, column: Column) {
    app.sort = app.sort.chosen(column);
    app.reorder();
    app.rows.select(0);
}

/// Shows the orphans only, or all again.
pub(super) fn toggle_orphans(app: &mut App) {
    let text = app.filter_text.text();
    let orphans = query::term_of(text, Field::State).as_deref() == Some("orphan");
    set_term(app, Field::State, (!orphans).then_some("orphan"));
}

/// Changes one term of the filter.
fn set_term(app: &mut App, field: Field, value: Option<&str>) {
    let text = query::with_term(app.filter_text.text(), field, value);
    app.filter_text = Line::new(text);
    set_filter(app);
    app.rows.select(0);
}

/// Listens to the mouse, or leaves it to the terminal.
pub(super) fn toggle_mouse(app: &mut App, effects: &mut Vec<Effect>) {
    app.mouse = !app.mouse;
    effects.push(Effect::Mouse(app.mouse));
    let words = match app.mouse {
        true => "the mouse is on",
        false => "the mouse is off: the terminal selects text",
    };
    app.notify(words, false);
}

fn set(app: &mut App, setting: Setting, effects: &mut Vec<Effect>) {
    match setting {
        Setting::Columns => {
            app.menu = None;
            return panels::open_columns(app);
        }
        Setting::Sort => return open(app, MenuKind::Sort),
        Setting::Palette => return open(app, MenuKind::Colors),
        Setting::Rate => change_period(app, true, effects),
        Setting::Details => app.details = !app.details,
        Setting::Mouse => toggle_mouse(app, effects),
        Setting::Color => app.theme.color = !app.theme.color,
        Setting::Ascii => app.theme.ascii = !app.theme.ascii,
        Setting::Plain => {
            app.theme.plain = !app.theme.plain;
            // Lines and bars are not for screen readers.
            app.theme.ascii = app.theme.plain || app.first_theme.ascii;
        }
        Setting::Save => {
            app.menu = None;
            return match app.config_path.clone() {
                Some(path) => effects.push(Effect::Save(path, Box::new(Choices::of(app)))),
                None => app.notify(
                    "there is no place for a configuration: HOME is not set",
                    true,
                ),
            };
        }
    }
    renew(app);
}

/// The colors that every terminal has; any other is replaced by the first one.
const OFFERED: [Color; 17] = [
    Color::Reset,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
    Color::Black,
];

/// Gives a purpose the next color, or the one before.
fn next_color(app: &mut App, index: usize, forward: bool) {
    let Some((_, place, _)) = COLORS.get(index) else {
        return;
    };
    let color = place(&mut app.theme.palette);
    let at = OFFERED.iter().position(|offered| offered == color);
    let step = if forward { 1 } else { OFFERED.len() - 1 };
    let next = at.map_or(0, |at| (at + step) % OFFERED.len());
    *color = OFFERED.get(next).copied().unwrap_or(Color::Reset);
}

fn renew(app: &mut App) {
    if let Some(kind) = app.menu.as_ref().map(|menu| menu.kind) {
        let items = items(app, kind);
        if let Some(menu) = &mut app.menu {
            menu.renew(items);
        }
    }
}
