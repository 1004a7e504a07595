//! The frame of help and dialogs.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols::border;
use ratatui::widgets::{Block, Clear, Widget};

use super::text;
use crate::app::App;

const ASCII: border::Set<'_> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// Clears `area`, draws a box round it, and returns what is inside. In plain mode
/// the title stands alone in the first line.
pub(super) fn frame(app: &App, area: Rect, title: &str, buffer: &mut Buffer) -> Rect {
    let inner = Rect {
        x: area.x + 1.min(area.width),
        y: area.y + 1.min(area.height),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    };
    let area = area.intersection(buffer.area);
    Clear.render(area, buffer);
    if app.theme.plain {
        // Without a box nothing may stand beside it: a line is read as a whole.
        let screen = buffer.area;
        let height = screen.height.saturating_sub(1);
        Clear.render(Rect { height, ..screen }, buffer);
        let line = Rect {
            x: inner.x,
            width: inner.width,
            height: area.height.min(1),
            ..area
        };
        text::put(buffer, line, title, false, "", app.theme.title());
        return inner;
    }
    let set = match app.theme.ascii {
        true => ASCII,
        false => border::PLAIN,
    };
    Block::bordered()
        .border_set(set)
        .title(format!(" {title} "))
        .title_style(app.theme.title())
        .render(area, buffer);
    inner
}
