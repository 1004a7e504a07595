//! The help overlay.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{footer, overlay, text};
use crate::app::{App, help};

pub(super) fn draw(app: &App, screen: Rect, buffer: &mut Buffer) {
    let lines = help::shown(app);
    let mut inner = overlay::frame(app, help::area(app), "Help", buffer).intersection(screen);
    if help::searches(app) && inner.height > 0 {
        let line = Rect { height: 1, ..inner };
        match app.help.typing {
            true => _ = footer::line(app, "Search: ", &app.help.words, line, buffer),
            false => {
                let words = format!("Search: {}  (Esc clears)", app.help.words.text());
                text::put(buffer, line, &words, false, "", app.theme.title());
            }
        }
        inner.y += 1;
        inner.height -= 1;
    }
    let shown = lines.iter().skip(app.help.top);
    for (y, pieces) in (inner.y..inner.bottom()).zip(shown) {
        let line = Rect {
            y,
            height: 1,
            ..inner
        };
        let pieces = pieces.iter().map(|(text, style)| (text.as_str(), *style));
        text::put_pieces(buffer, line, pieces);
    }
    if lines.len() > app.help.top + usize::from(inner.height) {
        more(app, inner, buffer);
    }
}

/// Says at the bottom that there is more.
fn more(app: &App, inner: Rect, buffer: &mut Buffer) {
    let border = Rect {
        y: inner.bottom(),
        height: 1,
        ..inner
    };
    let words = " more: PgDn, / searches ";
    if usize::from(inner.width) > words.len() && border.intersects(buffer.area) {
        text::put(
            buffer,
            border,
            words,
            true,
            "",
            Style::new().patch(app.theme.dim()),
        );
    }
}
