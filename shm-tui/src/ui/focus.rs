//! Places the terminal's cursor in plain mode, because screen readers read its line.

use ratatui::layout::{Position, Rect};
use unicode_width::UnicodeWidthStr as _;

use crate::app::footer;
use crate::app::layout::{self, Areas};
use crate::app::{App, Screen, help, question};

/// Returns the cell of the selection, the input or the question.
pub(super) fn position(app: &App, areas: &Areas) -> Position {
    if app.help.open {
        return start(help::area(app), 1, 1);
    }
    if let Some(question) = question::of(app) {
        let area = question::area(app, &question);
        return start(area, 1, area.height.saturating_sub(2));
    }
    if let Some(menu) = &app.menu {
        let line = menu.cursor.position.saturating_sub(menu.cursor.top);
        return start(layout::menu(app), 0, cells(line));
    }
    if let Some(prompt) = app.typing {
        let (before, _) = footer::line_of(app, prompt).halves();
        let label = footer::label(prompt).width();
        return start(areas.footer, cells(label + before.width()), 0);
    }
    let line = |cursor: crate::app::cursor::Cursor| cells(cursor.position - cursor.top);
    match app.screen {
        Screen::List => {
            let line = app.rows.position().saturating_sub(app.rows.top());
            start(areas.rows, 0, cells(line))
        }
        Screen::Processes => start(areas.body, 0, line(app.processes.cursor)),
        Screen::Events => start(areas.body, 0, line(app.events.cursor)),
        Screen::Namespaces => start(areas.body, 0, line(app.namespaces.cursor)),
        Screen::Columns => start(areas.body, 0, line(app.chooser.cursor)),
        Screen::Memory => start(areas.body, 0, line(app.memory.cursor)),
        _ => start(areas.body, 0, 0),
    }
}

fn cells(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// Returns a cell of an area, or the nearest one inside it.
fn start(area: Rect, x: u16, y: u16) -> Position {
    Position {
        x: area.x + x.min(area.width.saturating_sub(1)),
        y: area.y + y.min(area.height.saturating_sub(1)),
    }
}
