//! The last line: the filter being typed, else a notice, else the keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::text;
use crate::app::App;
use crate::app::event;
use crate::app::keymap;

pub(super) fn draw(app: &App, area: Rect, buffer: &mut Buffer) {
    if app.editing {
        typed(app, area, buffer);
    } else if let Some(notice) = &app.notice {
        let style = match notice.failed {
            true => app.theme.failure(),
            false => app.theme.title(),
        };
        let text = format!(" {}", notice.text);
        text::put(buffer, area, &text, false, app.theme.ellipsis(), style);
    } else {
        keys(app, area, buffer);
    }
}

fn typed(app: &App, area: Rect, buffer: &mut Buffer) {
    let (before, after) = app.filter_text.halves();
    let mut rest = after.chars();
    let cursor = rest.next().unwrap_or(' ').to_string();
    let count = format!("   {} of {}", app.rows.shown(), app.rows.segments().count());
    let pieces = [
        (" Filter: ", app.theme.title()),
        (before, Style::new()),
        (cursor.as_str(), app.theme.selected()),
        (rest.as_str(), Style::new()),
        (count.as_str(), app.theme.dim()),
    ];
    text::put_pieces(buffer, area, pieces);
}

fn keys(app: &App, area: Rect, buffer: &mut Buffer) {
    let mut pieces = Vec::new();
    for binding in keymap::footer(event::place(app)) {
        if let Some(chord) = binding.keys.first() {
            pieces.push((format!(" {chord}"), app.theme.key()));
            pieces.push((format!(" {} ", binding.short), Style::new()));
        }
    }
    if !app.filter.is_empty() {
        let text = format!("  filter: {}", app.filter_text.text());
        pieces.push((text, app.theme.changed()));
    }
    let pieces = pieces.iter().map(|(text, style)| (text.as_str(), *style));
    text::put_pieces(buffer, area, pieces);
}
