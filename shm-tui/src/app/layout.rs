//! The layout of the screen. The view draws by it, and the update uses it to find out how
//! many rows fit and what a click hits, so both agree.

use ratatui::layout::Rect;

use crate::app::{App, ContentsView, Screen, Widths, footer};
use crate::model::bytes::window;
use crate::model::column::Column;
use crate::model::column::fit::{self, Fitted, Room, fit, is_pinned};
use crate::model::scan::Finding;

/// The parts of the screen; those without room are empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// Totals and gauges.
    pub header: Rect,
    /// Titles of the columns.
    pub titles: Rect,
    /// Rows of the table.
    pub rows: Rect,
    /// Details of the selected segment, with the line above them.
    pub details: Rect,
    /// The line above the body.
    pub caption: Rect,
    /// Titles of a panel, between its caption and its body.
    pub titles2: Rect,
    /// The bytes of a segment, or the lines of a panel.
    pub body: Rect,
    /// The selected process, below the list of processes.
    pub process: Rect,
    /// The digits of the contents.
    pub bytes: Rect,
    /// The inspector.
    pub inspector: Rect,
    /// Keys, filter or notice.
    pub footer: Rect,
}

impl Areas {
    /// Clips the areas to `screen`.
    #[must_use]
    pub fn clipped(self, screen: Rect) -> Self {
        Self {
            header: self.header.intersection(screen),
            titles: self.titles.intersection(screen),
            rows: self.rows.intersection(screen),
            details: self.details.intersection(screen),
            caption: self.caption.intersection(screen),
            titles2: self.titles2.intersection(screen),
            body: self.body.intersection(screen),
            process: self.process.intersection(screen),
            bytes: self.bytes.intersection(screen),
            inspector: self.inspector.intersection(screen),
            footer: self.footer.intersection(screen),
        }
    }
}

/// Width of a state: its sign, a gap and its word.
pub const STATE: u16 = 2 + 7;
/// Cells of the marks before the first column: signs, or words in plain mode.
#[must_use]
pub fn gutter(app: &App) -> u16 {
    if app.theme.plain { 9 } else { 2 }
}

/// Height of the inspector, with the line above it.
const INSPECTOR: u16 = 11;
/// Cells from which on a known structure is shown beside the values at the cursor, and
/// the cells that it has there.
const WIDE: u16 = 100;
const STRUCTURE: u16 = 46;
/// Height of the confirmation before a file is loaded.
const LOADING: u16 = 12;
/// Height of the details, with the line above them.
const DETAILS: u16 = 10;

/// Divides the screen. Without room the least important parts are dropped first: details,
/// header, footer, titles.
#[must_use]
pub fn areas(app: &App) -> Areas {
    let screen = Rect::new(0, 0, app.size.width, app.size.height);
    let height = screen.height;
    let header = match height {
        0..6 => 0,
        6..14 => 1,
        _ => 2,
    };
    let more = match says_what_is_shown(app) {
        true => 1,
        false => u16::try_from(footer::explanation(app).len()).unwrap_or(0),
    };
    let footer = u16::from(height >= 3) + if height >= 5 { more } else { 0 };
    let middle = height - header - footer;
    let details = match app.details && middle >= DETAILS + 6 {
        true => DETAILS,
        false => 0,
    };
    let titles = u16::from(middle >= 2);
    let mut y = 0;
    let mut take = |lines: u16| {
        let area = Rect::new(0, y, screen.width, lines);
        y += lines;
        area
    };
    let header = take(header);
    let titles = take(titles);
    let rows = take(middle - titles.height - details);
    let details = take(details);
    let footer = take(footer);
    let titled = [
        Screen::Processes,
        Screen::Map,
        Screen::Differences,
        Screen::Memory,
    ];
    let has_titles = titled.contains(&app.screen) && rows.height >= 2;
    let titles2 = Rect {
        height: u16::from(has_titles),
        ..rows
    };
    let body = Rect {
        y: rows.y + titles2.height,
        height: rows.height + details.height - titles2.height,
        ..rows
    };
    let (body, process) = with_process(app, body);
    let inspector = inspector(app, body);
    Areas {
        header,
        titles,
        rows,
        details,
        caption: titles,
        titles2,
        body,
        process,
        bytes: Rect {
            height: body.height - inspector.height,
            ..body
        },
        inspector,
        footer,
    }
}

/// Returns a box with room for this many lines in the middle of the screen, above its
/// last line if possible, so that the keys stay visible.
#[must_use]
pub fn centered(app: &App, width: u16, lines: usize) -> Rect {
    let screen = app.size;
    let width = screen.width.min(width);
    let lines = u16::try_from(lines.saturating_add(2)).unwrap_or(u16::MAX);
    let height = lines.min(screen.height);
    let free = screen.height - height;
    Rect {
        x: (screen.width - width) / 2,
        y: free / 2,
        width,
        height,
    }
}

/// Width of a menu, with its box.
const MENU: u16 = 64;

/// Returns the box of the open menu.
#[must_use]
pub fn menu_box(app: &App) -> Rect {
    let lines = app.menu.as_ref().map_or(0, |menu| menu.items.len());
    let area = centered(app, MENU, lines);
    // The last line shows the keys.
    let most = app.size.height.saturating_sub(1).max(3);
    Rect {
        height: area.height.min(most),
        ..area
    }
}

/// Returns the lines of the open menu.
#[must_use]
pub fn menu(app: &App) -> Rect {
    let area = menu_box(app);
    Rect {
        x: area.x + 1.min(area.width),
        y: area.y + 1.min(area.height),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// Returns whether a line above the keys names the filter.
#[must_use]
pub fn says_what_is_shown(app: &App) -> bool {
    let chosen = app.marks.count() > 0 || app.only.is_some() || !app.filter.is_empty();
    app.screen == Screen::List && app.typing.is_none() && chosen
}

/// Returns the lower part of the body, if the inspector is shown: half of it, or all but
/// nine lines, so that the bytes stay visible.
fn inspector(app: &App, body: Rect) -> Rect {
    let wanted = match &app.contents {
        // The overwritten range matters more than the bytes above it.
        Some(contents) if contents.loading.is_some() => {
            let height = LOADING.min(body.height.saturating_sub(1));
            return Rect {
                y: body.bottom() - height,
                height,
                ..body
            };
        }
        Some(contents) if contents.inspector => {
            INSPECTOR + u16::from(contents.structure.is_some() && body.width < WIDE)
        }
        _ => 0,
    };
    let height = wanted.min((body.height / 2).max(body.height.saturating_sub(9)));
    Rect {
        y: body.bottom() - height,
        height,
        ..body
    }
}

/// Lines of the selected process, with the line above them.
const PROCESS: u16 = 5;

/// Divides the body of the list of processes: the list, and the selected one if there is
/// room for it.
fn with_process(app: &App, body: Rect) -> (Rect, Rect) {
    let lines = match app.screen == Screen::Processes && body.height >= PROCESS + 5 {
        true => PROCESS,
        false => 0,
    };
    let list = Rect {
        height: body.height - lines,
        ..body
    };
    let process = Rect {
        y: list.bottom(),
        height: lines,
        ..body
    };
    (list, process)
}

/// Divides the inspector: the values, and a known structure beside them, or below them
/// in one line. Without a structure the second part is empty.
#[must_use]
pub fn inspected(contents: &ContentsView, area: Rect) -> (Rect, Rect) {
    let (right, below) = match contents.structure {
        Some(_) if area.width >= WIDE => (STRUCTURE, 0),
        Some(_) => (0, area.height.min(1)),
        None => (0, 0),
    };
    let values = Rect {
        width: area.width - right,
        height: area.height - below,
        ..area
    };
    let rest = match below {
        0 => Rect {
            x: values.right(),
            width: right,
            ..area
        },
        _ => Rect {
            y: values.bottom(),
            height: below,
            ..area
        },
    };
    (values, rest)
}

/// Returns the cells of the map within `body`: after the offsets, and as many per row as
/// give round offsets, where there is room.
#[must_use]
pub fn map(app: &App, body: Rect) -> Rect {
    let size = app.contents.as_ref().map_or(0, |view| view.target.size);
    let gutter = window::offset_digits(size) + 1;
    let Some(room) = body.width.checked_sub(gutter).filter(|room| *room >= 16) else {
        return body;
    };
    Rect {
        x: body.x + gutter,
        width: room - room % 16,
        ..body
    }
}

/// Returns the columns that fit side by side, and their positions.
#[must_use]
pub fn columns(app: &App, area: Rect) -> Vec<(Column, Rect)> {
    let (rooms, skipped) = (rooms(app), app.columns_left);
    // The last cell is for the sign that there are more.
    let room = area.width.saturating_sub(gutter(app) + 1);
    let fitted = fit(&rooms, room, skipped, Some(app.sort.column));
    let place = |fitted: Fitted| {
        let place = Rect {
            x: area.x.saturating_add(gutter(app) + fitted.x),
            width: fitted.width,
            ..area
        };
        (fitted.column, place)
    };
    fitted.into_iter().map(place).collect()
}

/// Returns whether columns after the last visible one are out of sight.
#[must_use]
pub fn has_more(app: &App, shown: &[(Column, Rect)]) -> bool {
    let rooms = rooms(app);
    let scrolling = rooms.iter().filter(|room| !is_pinned(room.column));
    let mut scrolling = scrolling.skip(app.columns_left);
    scrolling.any(|room| shown.iter().all(|(column, _)| *column != room.column))
}

/// Returns how many columns scroll sideways.
#[must_use]
pub fn scrolling(app: &App) -> usize {
    let rooms = rooms(app);
    rooms.iter().filter(|room| !is_pinned(room.column)).count()
}

/// Returns the room that each column needs. Columns that are unknown on this system, or
/// empty in every row, take none unless the rows are sorted by them.
fn rooms(app: &App) -> Vec<Room> {
    let widths = app.rows.widths();
    let is_empty = |column: Column| match column {
        Column::Status => !widths.status,
        Column::Resident | Column::ResidentShare | Column::Swapped => {
            app.rows.lines() > 0 && !widths.memory
        }
        Column::AttachedCommands => app.abilities.finding != Finding::Scan,
        _ => false,
    };
    let columns = app.columns.iter().copied();
    let columns = columns.filter(|column| *column == app.sort.column || !is_empty(*column));
    let width = app.size.width;
    columns.map(|column| need(column, &widths, width)).collect()
}

/// Returns the room that a column needs.
fn need(column: Column, widths: &Widths, width: u16) -> Room {
    let definition = column.definition();
    let cells = |cells| (cells, cells);
    let title = u16::try_from(definition.short_title().len()).unwrap_or(u16::MAX);
    let (least, most) = match column {
        // Half a key is useless.
        Column::Key => cells(widths.key.max(definition.width)),
        Column::Id => cells(widths.id.max(5)),
        Column::Attached => cells(widths.attached.max(title)),
        Column::Owner => cells(widths.owner.clamp(title + 1, definition.width)),
        Column::State => cells(STATE + widths.flags + u16::from(widths.flags > 0)),
        _ => fit::cells(definition, width),
    };
    Room {
        column,
        least,
        most,
    }
}
