//! The common parts of list panels: a caption, and lines with a cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::text;
use crate::app::App;
use crate::app::cursor::Cursor;
use crate::app::layout::Areas;

/// Draws the caption of a panel, with a note beside it.
pub(super) fn caption(app: &App, area: Rect, title: &str, remark: &str, buffer: &mut Buffer) {
    let title = format!(" {title}  ");
    text::put(buffer, area, &title, false, "", app.theme.title());
    let used = u16::try_from(title.width()).unwrap_or(u16::MAX);
    let rest = Rect {
        x: area.x.saturating_add(used),
        width: area.width.saturating_sub(used),
        ..area
    };
    let ellipsis = app.theme.ellipsis();
    text::put(buffer, rest, remark, false, ellipsis, app.theme.dim());
}

/// Draws the visible lines one by one, and marks the selected one.
pub(super) fn lines<T>(
    app: &App,
    areas: &Areas,
    cursor: Cursor,
    items: impl Iterator<Item = T>,
    buffer: &mut Buffer,
    build: impl Fn(T) -> (String, Style),
) {
    let area = areas.body;
    let shown = items.enumerate().skip(cursor.top);
    for (y, (index, item)) in (area.y..area.bottom()).zip(shown) {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        let (content, style) = build(item);
        text::put(buffer, line, &content, false, app.theme.ellipsis(), style);
        if index == cursor.position {
            buffer.set_style(line.intersection(buffer.area), app.theme.selected());
        }
    }
}

/// Draws a message in place of the lines, wrapped if it is long.
pub(super) fn sentence(app: &App, areas: &Areas, words: &str, style: Style, buffer: &mut Buffer) {
    let area = Rect {
        x: areas.body.x.saturating_add(1),
        width: areas.body.width.saturating_sub(1),
        ..areas.body
    };
    text::put_wrapped(buffer, area, words, app.theme.ellipsis(), style);
}
