//! Where everything stands. Used by the view to draw, and by the update to know
//! how many rows fit and what a click hits, so that both agree.

use ratatui::layout::Rect;

use crate::app::{App, Prompt, Screen};
use crate::model::column::Column;

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
    /// The digits of the contents.
    pub bytes: Rect,
    /// The values at the cursor.
    pub inspector: Rect,
    /// Keys, filter or notice.
    pub footer: Rect,
}

impl Areas {
    /// The same without what lies outside of `screen`.
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
            bytes: self.bytes.intersection(screen),
            inspector: self.inspector.intersection(screen),
            footer: self.footer.intersection(screen),
        }
    }
}

/// Cells of the mark before the first column.
pub const GUTTER: u16 = 2;
/// Lines of the values at the cursor, with the line above them.
const INSPECTOR: u16 = 11;
/// Lines of the question before a file is loaded.
const LOADING: u16 = 11;
/// Lines of the details, with the line above them.
const DETAILS: u16 = 10;

/// Divides the screen. What matters least goes first when there is no room:
/// details, header, footer, titles.
#[must_use]
pub fn areas(app: &App) -> Areas {
    let screen = Rect::new(0, 0, app.size.width, app.size.height);
    let height = screen.height;
    let header = match height {
        0..6 => 0,
        6..14 => 1,
        _ => 2,
    };
    let explaining = app.typing == Some(Prompt::Filter) && app.filter_error.is_some();
    let footer = u16::from(height >= 3) + u16::from(height >= 5 && explaining);
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
    let titled = [Screen::Processes, Screen::Map, Screen::Differences];
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
    let inspector = inspector(app, body);
    Areas {
        header,
        titles,
        rows,
        details,
        caption: titles,
        titles2,
        body,
        bytes: Rect {
            height: body.height - inspector.height,
            ..body
        },
        inspector,
        footer,
    }
}

/// The lower part of the body, if the values at the cursor are shown; so
/// that the bytes stay in sight: half of it, or all but nine lines.
fn inspector(app: &App, body: Rect) -> Rect {
    let wanted = match &app.contents {
        Some(contents) if contents.loading.is_some() => LOADING,
        Some(contents) if contents.inspector => INSPECTOR,
        _ => 0,
    };
    let height = wanted.min((body.height / 2).max(body.height.saturating_sub(9)));
    Rect {
        y: body.bottom() - height,
        height,
        ..body
    }
}

/// The columns that fit beside each other, from the first in sight, and where; one that would be cut is
/// left out, but for the last if it is text.
#[must_use]
pub fn columns(app: &App, area: Rect) -> Vec<(Column, Rect)> {
    let mut fitting = Vec::with_capacity(app.columns.len());
    let right = area.right();
    let mut x = area.x.saturating_add(GUTTER);
    for column in app.columns.iter().skip(app.columns_left) {
        let definition = column.definition();
        let room = right.saturating_sub(x);
        let wanted = match column {
            // Half a key is none.
            Column::Key => definition.width.max(app.rows.key_width()),
            _ => definition.width,
        };
        let least = if definition.right { wanted } else { 8 };
        if room < least.min(wanted) {
            break;
        }
        let width = wanted.min(room);
        fitting.push((*column, Rect { x, width, ..area }));
        x = x.saturating_add(width + 1);
    }
    grow_last(&mut fitting, right);
    fitting
}

/// Gives the room that is left to the last column, if that is text.
fn grow_last(fitting: &mut [(Column, Rect)], right: u16) {
    if let Some((column, area)) = fitting.last_mut()
        && !column.definition().right
    {
        area.width = right.saturating_sub(area.x);
    }
}
