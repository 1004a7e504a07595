//! The last line: its keys and their positions, for drawing and for clicks.
//!
//! The table has a bar of function keys like `htop`; the other screens show the keys of
//! their table.

use ratatui::crossterm::event::{KeyCode, KeyModifiers};
use unicode_width::UnicodeWidthStr as _;

use super::keymap::{Command, Place};
use super::{App, Line, Prompt, Screen, event};
use crate::model::cells;

/// A key of the last line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FooterKey {
    /// First cell.
    pub x: u16,
    /// Width in cells.
    pub width: u16,
    /// The key, with the separator before it.
    pub key: String,
    /// Its label, with the separator after it.
    pub label: String,
    /// The command of a click.
    pub command: Command,
}

/// Width of a function key and its label: ten of them fit 80 columns.
const CELL: usize = 6;
/// The function keys by priority, for narrow screens.
const IMPORTANCE: [u8; 10] = [1, 10, 9, 4, 6, 3, 7, 2, 5, 8];

/// Returns the keys of the last line, from left to right, as many as fit `width`.
#[must_use]
pub fn keys(app: &App, width: u16) -> Vec<FooterKey> {
    let place = event::place(app);
    let keys = match place {
        Place::List if app.screen == Screen::List => bar(app, width.into()),
        place => words(app, place, width.into()),
    };
    let mut x: u16 = 0;
    let placed = keys.into_iter().map(|(key, label, command)| {
        let width = u16::try_from(key.width() + label.width()).unwrap_or(u16::MAX);
        let at = x;
        x = x.saturating_add(width);
        FooterKey {
            x: at,
            width,
            key,
            label,
            command,
        }
    });
    placed.collect()
}

/// Returns the command of a click on this cell of the last line.
#[must_use]
pub fn command_at(app: &App, width: u16, x: u16) -> Option<Command> {
    let mut keys = keys(app, width).into_iter();
    let hit = keys.find(|key| (key.x..key.x.saturating_add(key.width)).contains(&x));
    hit.map(|key| key.command)
}

type Piece = (String, String, Command);

/// Returns the bar of function keys, followed by other keys if there is room.
fn bar(app: &App, width: usize) -> Vec<Piece> {
    let find = |number: u8| {
        let command = app
            .keymap
            .command(Place::List, KeyCode::F(number), KeyModifiers::NONE)?;
        let label = bar_label(app, command);
        (!label.is_empty()).then(|| (number, format!("F{number}"), label, command))
    };
    let mut found: Vec<_> = (1..=10).filter_map(find).collect();
    let wide = |pieces: &[(u8, String, String, Command)]| {
        let cells = pieces
            .iter()
            .map(|(_, key, label, _)| key.width() + label.width().max(CELL));
        let last = pieces
            .last()
            .map_or(0, |(_, _, label, _)| CELL.saturating_sub(label.width()));
        cells.sum::<usize>().saturating_sub(last)
    };
    for number in IMPORTANCE.iter().rev() {
        if wide(&found) <= width || found.len() == 1 {
            break;
        }
        found.retain(|(known, ..)| known != number);
    }
    let used = wide(&found);
    let shown: Vec<Command> = found.iter().map(|(_, _, _, command)| *command).collect();
    let mut pieces: Vec<Piece> = found
        .into_iter()
        .map(|(_, key, label, command)| (key, format!("{label:<CELL$}"), command))
        .collect();
    let mut room = width.saturating_sub(used);
    let others = app.keymap.footer(Place::List);
    for (binding, chord) in others.filter(|(binding, _)| !shown.contains(&binding.command)) {
        let piece = (
            format!("  {chord}"),
            format!(" {}", binding.short),
            binding.command,
        );
        let cells = piece.0.width() + piece.1.width();
        if cells > room {
            break;
        }
        room -= cells;
        pieces.push(piece);
    }
    pieces
}

/// Returns the label of a command in the bar.
fn bar_label(app: &App, command: Command) -> String {
    let mut lines = app.keymap.lines().map(|(binding, _)| binding);
    let found = lines.find(|binding| {
        let here = matches!(binding.place, Place::List | Place::Anywhere);
        here && binding.command == command && !binding.short.is_empty()
    });
    let word = found.map_or("", |binding| binding.short);
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).take(CELL).collect(),
        None => String::new(),
    }
}

/// Returns the keys in the table of a place; only whole ones, and the last one, which
/// opens the help, stays longest.
fn words(app: &App, place: Place, width: usize) -> Vec<Piece> {
    let mut keys: Vec<Piece> = app
        .keymap
        .footer(place)
        .map(|(binding, chord)| {
            let label = format!(" {} ", binding.short);
            (format!(" {chord}"), label, binding.command)
        })
        .collect();
    let cells = |(key, label, _): &Piece| key.width() + label.width();
    while keys.len() > 1 && keys.iter().map(cells).sum::<usize>() > width {
        keys.remove(keys.len() - 2);
    }
    keys
}

/// The line that a prompt is typed into.
#[must_use]
pub fn line_of(app: &App, prompt: Prompt) -> &Line {
    match prompt {
        Prompt::Filter => &app.filter_text,
        Prompt::Events => &app.events.filter,
        Prompt::Export => &app.export_path,
        Prompt::Permit | Prompt::Create => &app.request,
        _ => &app.entry,
    }
}

/// What stands before a line being typed.
#[must_use]
pub fn label(prompt: Prompt) -> String {
    format!(" {}: ", prompt.label())
}

/// What is wrong with the line being typed.
#[must_use]
pub fn failure(app: &App) -> Option<&str> {
    match app.typing? {
        Prompt::Filter => app
            .filter_error
            .as_ref()
            .map(|error| error.message.as_str()),
        Prompt::Permit | Prompt::Create => app.notice.as_ref().map(|notice| notice.text.as_str()),
        _ => app.entry_error.as_deref(),
    }
}

/// The lines below the one being typed that say what is wrong with it: carets for a
/// filter, and the reason where it does not fit beside them.
#[must_use]
pub fn explanation(app: &App) -> Vec<String> {
    let (Some(prompt), Some(why)) = (app.typing, failure(app)) else {
        return Vec::new();
    };
    let width = usize::from(app.size.width);
    // Four lines for the rest of the screen.
    let most = usize::from(app.size.height).saturating_sub(4).min(4);
    let (line, label) = (line_of(app, prompt), label(prompt).width());
    let mut lines = Vec::new();
    let mut beside = width.saturating_sub(label + line.text().width() + 3);
    if let (Prompt::Filter, Some(error)) = (prompt, &app.filter_error) {
        let scrolled = line.scrolled(width.saturating_sub(label));
        let text = line.text();
        let before: String = text.chars().take(error.at).skip(scrolled).collect();
        let wrong = text.chars().skip(error.at.max(scrolled)).take(error.length);
        let wrong: String = wrong.collect();
        let carets = "^".repeat(wrong.width().max(1));
        let gap = label + before.width();
        beside = width.saturating_sub(gap + carets.len() + 1);
        lines.push(format!("{:gap$}{carets}", ""));
        if why.width() <= beside
            && let Some(first) = lines.first_mut()
        {
            first.push(' ');
            first.push_str(why);
        }
    }
    if why.width() > beside {
        let wrapped = cells::wrap(why, width.saturating_sub(2).max(1));
        lines.extend(wrapped.into_iter().map(|line| format!(" {line}")));
    }
    lines.truncate(most);
    lines
}
