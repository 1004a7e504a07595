//! The frame of help and dialogs.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols::border;
use ratatui::widgets::{Block, Clear, Widget};

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

/// Clears this many lines in the middle of `screen`, draws a border, and returns the area
/// inside.
pub(super) fn open(
    app: &App,
    screen: Rect,
    (width, lines): (u16, usize),
    title: &str,
    buffer: &mut Buffer,
) -> Rect {
    let width = screen.width.min(width);
    let height = u16::try_from(lines + 2)
        .unwrap_or(u16::MAX)
        .min(screen.height);
    let area = Rect {
        x: screen.x + (screen.width - width) / 2,
        y: screen.y + (screen.height - height) / 2,
        width,
        height,
    };
    let set = match app.theme.ascii {
        true => ASCII,
        false => border::PLAIN,
    };
    Clear.render(area, buffer);
    Block::bordered()
        .border_set(set)
        .title(format!(" {title} "))
        .title_style(app.theme.title())
        .render(area, buffer);
    Rect {
        x: area.x + 1.min(area.width),
        y: area.y + 1.min(area.height),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}
