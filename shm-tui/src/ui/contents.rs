//! The bytes of a segment.
//!
//! ```text
//! Segment 32769, 8.3M, live
//! 00000000  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00   .ELF............
//! ```
//!
//! The text column prints what is printable ASCII and a dot for everything
//! else, so that nothing a segment holds can reach the terminal as a command.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::layout::Areas;
use super::text;
use crate::app::App;
use crate::app::contents::{ContentsView, Standing};
use crate::model::bytes::window;
use crate::model::format;

pub(super) fn draw(app: &App, areas: &Areas, buffer: &mut Buffer) {
    let Some(contents) = &app.contents else {
        return;
    };
    caption(app, contents, areas.caption, buffer);
    if let Standing::Failed(why) = &contents.standing
        && contents.tracked.bytes().is_empty()
    {
        let line = Rect {
            height: areas.body.height.min(1),
            ..areas.body
        };
        let ellipsis = app.theme.ellipsis();
        let text = format!(" {why}");
        text::put(buffer, line, &text, false, ellipsis, app.theme.failure());
        return;
    }
    let mut offset = contents.window.top;
    for y in areas.body.y..areas.body.bottom() {
        if offset >= contents.window.size {
            break;
        }
        let line = Rect {
            y,
            height: 1,
            ..areas.body
        };
        row(app, contents, offset, line, buffer);
        offset = offset.saturating_add(contents.window.per_row);
    }
}

fn caption(app: &App, contents: &ContentsView, area: Rect, buffer: &mut Buffer) {
    let id = contents.target.id;
    let size = format::size(contents.target.size);
    let cursor = contents.window.cursor;
    let head = format!(" Segment {id}, {size}, at {cursor:#x}  ");
    let (state, style) = match &contents.standing {
        Standing::Opening => ("attaching".to_owned(), app.theme.dim()),
        Standing::Live => ("live, read-only".to_owned(), app.theme.fresh()),
        Standing::Held => (" HELD, p follows ".to_owned(), app.theme.banner()),
        Standing::Frozen(why) => (format!("detached: {why}"), app.theme.failure()),
        Standing::Failed(why) => (why.clone(), app.theme.failure()),
    };
    let pieces = [(head.as_str(), app.theme.title()), (state.as_str(), style)];
    text::put_pieces(buffer, area, pieces);
}

/// One row: offset, bytes, text. A byte not read yet is blank.
fn row(app: &App, contents: &ContentsView, offset: u64, line: Rect, buffer: &mut Buffer) {
    let window = &contents.window;
    let digits = window::offset_digits(window.size);
    let number = format!("{offset:0width$x}", width = usize::from(digits));
    text::put(buffer, line, &number, false, "", app.theme.dim());
    let per_row = u16::try_from(window.per_row).unwrap_or(1);
    let hex = line.x.saturating_add(digits + 2);
    let ascii = hex.saturating_add(per_row * 3 + per_row / 8 + 1);
    for column in 0..per_row {
        let at = offset.saturating_add(column.into());
        if at >= window.size {
            break;
        }
        let (byte, style) = cell(app, contents, at);
        let mut digits = String::with_capacity(2);
        match byte {
            // Writing to a string cannot fail.
            Some(byte) => write!(digits, "{byte:02x}").unwrap_or_default(),
            None => digits.push_str("  "),
        }
        let x = hex.saturating_add(column * 3 + column / 8);
        put_cell(buffer, line, x, &digits, style);
        let shown = match byte {
            Some(byte @ 0x20..0x7f) => char::from(byte).to_string(),
            Some(_) => ".".to_owned(),
            None => " ".to_owned(),
        };
        put_cell(buffer, line, ascii.saturating_add(column), &shown, style);
    }
}

fn put_cell(buffer: &mut Buffer, line: Rect, x: u16, text: &str, style: Style) {
    let width = line.right().saturating_sub(x);
    let area = Rect { x, width, ..line };
    text::put(buffer, area, text, false, "", style);
}

/// The byte at an offset, if it was read, and how it looks.
fn cell(app: &App, contents: &ContentsView, at: u64) -> (Option<u8>, Style) {
    let tracked = &contents.tracked;
    let index = at
        .checked_sub(tracked.offset())
        .and_then(|index| usize::try_from(index).ok());
    let byte = index.and_then(|index| tracked.bytes().get(index)).copied();
    let mut style = match (byte, index) {
        (Some(0), Some(index)) if tracked.heat(index, app.now.steady) == 0 => app.theme.dim(),
        (_, Some(index)) => app.theme.heat(tracked.heat(index, app.now.steady)),
        (_, None) => Style::new(),
    };
    if at == contents.window.cursor {
        style = style.patch(app.theme.selected());
    }
    (byte, style)
}
