//! The last line: the line being typed, else a notice, else the keys; and above
//! it which rows are shown, if not all.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr as _;

use super::text;
use crate::app::footer::{self, keys};
use crate::app::{App, Line, Prompt, layout};
use crate::model::format;

pub(super) fn draw(app: &App, area: Rect, buffer: &mut Buffer) {
    if let Some(prompt) = app.typing {
        return typed(app, prompt, area, buffer);
    }
    let mut last = area;
    let mut chosen = Vec::new();
    if layout::says_what_is_shown(app) {
        chosen = self::chosen(app);
    }
    if area.height > 1 {
        last.y += area.height - 1;
        last.height = 1;
        let pieces = chosen.drain(..);
        put(area, &pieces.collect::<Vec<_>>(), buffer);
    }
    if let Some(notice) = app.notice.as_ref().filter(|_| app.dialog.is_none()) {
        let style = app.theme.notice(notice.failed);
        let words = format!(" {}", notice.text);
        return text::put(buffer, last, &words, false, app.theme.ellipsis(), style);
    }
    // Without a line of its own, what is shown stands before the keys.
    let used: usize = chosen.iter().map(|(words, _)| words.width()).sum();
    let room = last
        .width
        .saturating_sub(u16::try_from(used).unwrap_or(u16::MAX));
    for key in keys(app, room) {
        chosen.push((key.key, app.theme.key()));
        chosen.push((key.label, Style::new()));
    }
    put(last, &chosen, buffer);
}

fn put(area: Rect, pieces: &[(String, Style)], buffer: &mut Buffer) {
    let line = Rect {
        height: area.height.min(1),
        ..area
    };
    let pieces = pieces.iter().map(|(words, style)| (words.as_str(), *style));
    text::put_pieces(buffer, line, pieces);
}

fn typed(app: &App, prompt: Prompt, area: Rect, buffer: &mut Buffer) {
    let typed = footer::line_of(app, prompt);
    let label = footer::label(prompt);
    let top = Rect {
        height: area.height.min(1),
        ..area
    };
    let explained = footer::explanation(app);
    let failure = footer::failure(app).filter(|_| explained.is_empty());
    let end = line(app, &label, typed, top, buffer);
    let rest = Rect {
        x: end,
        width: area.right().saturating_sub(end),
        ..top
    };
    let remark = match prompt {
        Prompt::Filter => {
            let total = app.rows.count();
            format!("   {} of {total}", app.rows.shown())
        }
        _ if typed.text().is_empty() => format!("  {}", prompt.hint()),
        _ if typed.is_suggested() => "   typing replaces it".to_owned(),
        _ => String::new(),
    };
    let (words, style) = match &failure {
        Some(why) => (format!("  {why}"), app.theme.failure()),
        None => (remark, app.theme.dim()),
    };
    text::put(buffer, rest, &words, false, app.theme.ellipsis(), style);
    for (y, words) in (area.y + 1..area.bottom()).zip(explained) {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        let style = app.theme.failure();
        text::put(buffer, line, &words, false, app.theme.ellipsis(), style);
    }
}

/// Draws a line being typed with its cursor, and scrolls it sideways so that the
/// cursor is visible. Returns the first cell behind it.
pub(super) fn line(app: &App, label: &str, line: &Line, area: Rect, buffer: &mut Buffer) -> u16 {
    let room = usize::from(area.width).saturating_sub(label.width());
    let skipped = line.scrolled(room);
    let (before, after) = line.halves();
    let before: String = before.chars().skip(skipped).collect();
    let mut rest = after.chars();
    let cursor = rest.next().unwrap_or(' ').to_string();
    let style = match line.is_suggested() {
        true => app.theme.selected(),
        false => Style::new(),
    };
    let pieces = [
        (label, app.theme.title()),
        (before.as_str(), style),
        (cursor.as_str(), app.theme.selected()),
        (rest.as_str(), style),
    ];
    text::put_pieces(buffer, area, pieces);
    let cells = label.width() + before.width() + cursor.width() + rest.as_str().width();
    let cells = u16::try_from(cells).unwrap_or(u16::MAX).min(area.width);
    area.x.saturating_add(cells)
}

/// Which rows are shown, if not all, and what is marked.
fn chosen(app: &App) -> Vec<(String, Style)> {
    let style = app.theme.changed();
    let mut pieces = Vec::new();
    if app.marks.count() > 0 {
        let sum = format::sum(app.marks.segments());
        pieces.push((format!(" marked: {sum} "), style));
    }
    if let Some(only) = &app.only {
        let words = format!(" only segments {} ", only.what);
        pieces.push((words, style));
    }
    if !app.filter.is_empty() {
        let shown = app.rows.shown();
        let words = format!(
            " only {} ({shown} of {}) ",
            app.filter_text.text(),
            app.rows.count()
        );
        pieces.push((words, style));
    }
    pieces
}
