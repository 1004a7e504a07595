//! The box of a dialog: its text, and the answers to a question.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr as _;

use super::{overlay, text};
use crate::app::App;
use crate::app::dialog::{Choice, Confirm, Dialog};
use crate::app::question::{self, TextLine};

pub(super) fn draw(app: &App, screen: Rect, buffer: &mut Buffer) {
    let (Some(dialog), Some(question)) = (&app.dialog, question::of(app)) else {
        return;
    };
    let area = question::area(app, &question);
    let inner = overlay::frame(app, area, &question.title, buffer).intersection(screen);
    let top = match dialog {
        Dialog::Confirm(confirm) => confirm.top,
        Dialog::Results(results) => results.top,
    };
    let (room, cut) = question::room(area, &question);
    let count = question.body.len();
    let mut lines: Vec<TextLine> = question.head;
    lines.extend(question.body.into_iter().skip(top).take(room));
    if cut {
        let to = (top + room).min(count);
        let words = format!("lines {}-{to} of {count}, Up/Down scroll", top + 1);
        lines.push((words, app.theme.dim()));
    }
    lines.extend(question.foot);
    // The answers and what has to be typed are visible on the smallest screen.
    let answers = u16::from(question.answers).min(inner.height);
    let height = inner.height - answers;
    let skipped = lines.len().saturating_sub(height.into());
    put(
        app,
        Rect { height, ..inner },
        lines.iter().skip(skipped),
        buffer,
    );
    if let Dialog::Confirm(confirm) = dialog {
        let last = Rect {
            y: inner.y + height,
            height: answers,
            ..inner
        };
        self::answers(app, confirm, last, buffer);
    }
}

fn put<'a>(app: &App, area: Rect, lines: impl Iterator<Item = &'a TextLine>, buffer: &mut Buffer) {
    for (y, (words, style)) in (area.y..area.bottom()).zip(lines) {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        let words = format!(" {words}");
        text::put(buffer, line, &words, false, app.theme.ellipsis(), *style);
    }
}

fn answers(app: &App, confirm: &Confirm, area: Rect, buffer: &mut Buffer) {
    if confirm.busy {
        return text::put(buffer, area, " at work", false, "", app.theme.title());
    }
    let pieces = question::answers(confirm).map(|(choice, words)| {
        let style = match (choice == confirm.choice, choice) {
            (true, _) => app.theme.selected(),
            (false, Choice::Go) if !confirm.is_proven() => app.theme.dim(),
            (false, _) => Style::new(),
        };
        (words, style)
    });
    let cells: usize = pieces.iter().map(|(words, _)| words.width() + 1).sum();
    if cells > usize::from(area.width) {
        // Only the one at the cursor, whole.
        let chosen = pieces.iter().find(|(words, _)| words.starts_with('['));
        if let Some((words, style)) = chosen {
            let words = format!("< {words} >");
            text::put(buffer, area, &words, false, app.theme.ellipsis(), *style);
        }
        return;
    }
    let pieces = pieces.iter().flat_map(|(words, style)| {
        let gap = (" ", Style::new());
        [gap, (words.as_str(), *style)]
    });
    text::put_pieces(buffer, area, pieces);
}
