//! Draws a menu.
//!
//! ```text
//! ┌ Sort by ─────────────────────────────┐
//! │ KEY       the key                    │
//! │ SIZE      the size                   │
//! └──────────────────────────────────────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr as _;

use super::{overlay, text};
use crate::app::App;
use crate::app::layout;

pub(super) fn draw(app: &App, screen: Rect, buffer: &mut Buffer) {
    let Some(menu) = &app.menu else {
        return;
    };
    let inner = overlay::frame(app, layout::menu_box(app), menu.kind.title(), buffer);
    let inner = inner.intersection(screen);
    let widest = menu.items.iter().map(|item| item.label.width()).max();
    let labels = widest.unwrap_or(0);
    let shown = menu.items.iter().enumerate().skip(menu.cursor.top);
    for (y, (index, item)) in (inner.y..inner.bottom()).zip(shown) {
        let line = Rect {
            y,
            height: 1,
            ..inner
        };
        let gap = labels - item.label.width();
        let sign = match (app.theme.plain, item.current) {
            (false, true) => "*",
            (false, false) => " ",
            (true, true) => "current ",
            (true, false) => "",
        };
        let words = format!("{sign}{}{:gap$}  {}", item.label, "", item.note);
        let style = match item.current {
            true => app.theme.title(),
            false => app.theme.plain(),
        };
        text::put(buffer, line, &words, false, app.theme.ellipsis(), style);
        if index == menu.cursor.position {
            buffer.set_style(line.intersection(buffer.area), app.theme.selected());
        }
    }
}
