//! Translates terminal events into actions.

use ratatui::crossterm::event::{
    Event as TerminalEvent, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent,
    MouseEventKind,
};

use super::keymap::{Command, Place};
use super::line::Edit;
use super::{Action, App, Dialog, Prompt, Screen};

/// Returns the place whose keys apply now.
#[must_use]
pub fn place(app: &App) -> Place {
    match (app.help.open, app.help.typing) {
        (true, true) => Place::Line,
        (true, false) => Place::Help,
        (false, _) => below_help(app),
    }
}

/// The place that the help lies over.
#[must_use]
pub fn below_help(app: &App) -> Place {
    if app.dialog.is_some() {
        return Place::Dialog;
    }
    if app.menu.is_some() {
        return Place::Menu;
    }
    if app.typing.is_some() {
        return Place::Line;
    }
    match app.screen {
        Screen::List => Place::List,
        Screen::Contents if copying(app) => Place::Copy,
        Screen::Contents => Place::Contents,
        Screen::Map => Place::Map,
        Screen::Differences => Place::Differences,
        Screen::Processes => Place::Processes,
        Screen::Events => Place::Events,
        Screen::Namespaces => Place::Namespaces,
        Screen::Columns => Place::Columns,
        Screen::Memory => Place::Memory,
    }
}

/// Returns whether the next key selects the copy format.
fn copying(app: &App) -> bool {
    let contents = app.contents.as_ref();
    contents.is_some_and(|contents| contents.copying)
}

/// Returns the action for a terminal event; `None` for most.
#[must_use]
pub fn interpret(app: &App, event: TerminalEvent) -> Option<Action> {
    match event {
        TerminalEvent::Key(key) if key.kind != KeyEventKind::Release => press(app, key),
        TerminalEvent::Key(_) => None,
        TerminalEvent::Mouse(mouse) => point(mouse),
        TerminalEvent::Paste(text) => is_typed(app).then_some(Action::Edit(Edit::Insert(text))),
        TerminalEvent::Resize(width, height) => Some(Action::Resize(width, height)),
        TerminalEvent::FocusGained => Some(Action::Focus(true)),
        TerminalEvent::FocusLost => Some(Action::Focus(false)),
    }
}

/// Returns whether letters go into an input line.
fn is_typed(app: &App) -> bool {
    if app.help.open {
        return app.help.typing;
    }
    match &app.dialog {
        Some(Dialog::Confirm(confirm)) => confirm.proof.is_some(),
        Some(Dialog::Results(_)) => false,
        None => app.menu.is_none() && app.typing.is_some(),
    }
}

fn press(app: &App, key: KeyEvent) -> Option<Action> {
    if let Some(command) = app.keymap.command(place(app), key.code, key.modifiers) {
        return Some(Action::Command(command));
    }
    // No filter begins with this.
    let is_empty_filter =
        !app.help.open && app.typing == Some(Prompt::Filter) && app.filter_text.text().is_empty();
    if is_empty_filter && app.dialog.is_none() && key.code == KeyCode::Char('?') {
        return Some(Action::Command(Command::Help));
    }
    if let (Place::Menu, KeyCode::Char(letter)) = (place(app), key.code) {
        let plain = !key
            .modifiers
            .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        return plain.then_some(Action::Jump(letter));
    }
    if is_typed(app) {
        return edit(key.code, key.modifiers).map(Action::Edit);
    }
    None
}

/// The editing keys of shells.
fn edit(code: KeyCode, modifiers: KeyModifiers) -> Option<Edit> {
    let control = modifiers.contains(KeyModifiers::CONTROL);
    Some(match code {
        KeyCode::Char('a') if control => Edit::Home,
        KeyCode::Char('e') if control => Edit::End,
        KeyCode::Char('u') if control => Edit::EraseToStart,
        KeyCode::Char('w') if control => Edit::EraseWord,
        KeyCode::Char('d') if control => Edit::EraseAhead,
        KeyCode::Char(_) if control || modifiers.contains(KeyModifiers::ALT) => return None,
        KeyCode::Char(character) => Edit::Insert(character.to_string()),
        KeyCode::Backspace => Edit::EraseBack,
        KeyCode::Delete => Edit::EraseAhead,
        KeyCode::Left => Edit::Left,
        KeyCode::Right => Edit::Right,
        KeyCode::Home => Edit::Home,
        KeyCode::End => Edit::End,
        _ => return None,
    })
}

fn point(mouse: MouseEvent) -> Option<Action> {
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Action::Click {
            x: mouse.column,
            y: mouse.row,
        }),
        MouseEventKind::ScrollDown => Some(Action::Scroll(3)),
        MouseEventKind::ScrollUp => Some(Action::Scroll(-3)),
        _ => None,
    }
}
