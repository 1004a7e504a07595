//! Draws text into cells.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

pub use crate::model::cells::{prefix, wrap};

/// Writes `text` into the first line of `area`, cut with `ellipsis` if it is too long,
/// and aligned to the right if `right` is set. Never writes outside.
pub fn put(buffer: &mut Buffer, area: Rect, text: &str, right: bool, ellipsis: &str, style: Style) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let room = usize::from(area.width);
    let width = text.width();
    if width <= room {
        let gap = if right { room - width } else { 0 };
        let x = area.x + u16::try_from(gap).unwrap_or(0);
        buffer.set_stringn(x, area.y, text, room, style);
        return;
    }
    let kept = prefix(text, room.saturating_sub(ellipsis.width()));
    let (x, _) = buffer.set_stringn(area.x, area.y, kept, room, style);
    buffer.set_stringn(x, area.y, ellipsis, usize::from(area.right() - x), style);
}

/// Writes pieces of different styles in sequence.
pub fn put_pieces<'a>(
    buffer: &mut Buffer,
    area: Rect,
    pieces: impl IntoIterator<Item = (&'a str, Style)>,
) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let mut x = area.x;
    for (text, style) in pieces {
        let room = usize::from(area.right().saturating_sub(x));
        (x, _) = buffer.set_stringn(x, area.y, text, room, style);
    }
}

/// Writes wrapped `text` into the lines of `area`.
pub fn put_wrapped(buffer: &mut Buffer, area: Rect, text: &str, ellipsis: &str, style: Style) {
    let lines = wrap(text, area.width.into());
    let last = lines.len().min(area.height.into());
    for (y, (index, line)) in (area.y..area.bottom()).zip(lines.iter().enumerate()) {
        let place = Rect {
            y,
            height: 1,
            ..area
        };
        if index + 1 == last && last < lines.len() {
            let cut = format!("{line} {}", lines.get(last).unwrap_or(&""));
            put(buffer, place, &cut, false, ellipsis, style);
        } else {
            put(buffer, place, line, false, ellipsis, style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(text: &str, width: u16, right: bool) -> String {
        let area = Rect::new(0, 0, width, 1);
        let mut buffer = Buffer::empty(area);
        put(&mut buffer, area, text, right, "…", Style::default());
        buffer.content.iter().map(|cell| cell.symbol()).collect()
    }

    #[test]
    fn long_text_is_cut_visibly() {
        assert_eq!(line("postgres", 5, false), "post…");
        assert_eq!(line("42", 5, true), "   42");
        // The second cell of a wide character is blank.
        assert_eq!(line("日本語", 4, false), "日 … ");
        assert_eq!(line("ab", 0, false), "");
    }

    proptest! {
        #[test]
        fn nothing_is_written_outside(
            text: String, x in 0..12u16, width in 0..12u16, right: bool,
        ) {
            let area = Rect::new(0, 0, 10, 2);
            let mut buffer = Buffer::empty(area);
            put(&mut buffer, Rect::new(x, 0, width, 1), &text, right, "…", Style::default());
            for column in (0..10).filter(|column| *column < x || *column >= x + width) {
                prop_assert_eq!(buffer[(column, 0)].symbol(), " ");
            }
        }
    }
}
