//! The last line: the line being typed, else a notice, else the keys; and above
//! it which rows are shown, if not all.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::text;
use crate::app::footer::keys;
use crate::app::{App, Line, Prompt, layout};
use crate::model::format;
use crate::model::query::Error;

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

/// The line that a prompt is typed into.
pub(super) fn line_of(app: &App, prompt: Prompt) -> &Line {
    match prompt {
        Prompt::Filter => &app.filter_text,
        Prompt::Events => &app.events.filter,
        Prompt::Export => &app.export_path,
        Prompt::Permit | Prompt::Create => &app.request,
        _ => &app.entry,
    }
}

fn typed(app: &App, prompt: Prompt, area: Rect, buffer: &mut Buffer) {
    let typed = line_of(app, prompt);
    let label = format!(" {}: ", prompt.label());
    let top = Rect {
        height: area.height.min(1),
        ..area
    };
    let failure = match prompt {
        Prompt::Permit | Prompt::Create => app.notice.as_ref().map(|notice| notice.text.as_str()),
        _ => app.entry_error.as_deref(),
    };
    let remark = match prompt {
        _ if failure.is_some() => String::new(),
        Prompt::Filter => {
            let total = app.rows.count();
            format!("   {} of {total}", app.rows.shown())
        }
        _ if typed.text().is_empty() => format!("  {}", prompt.hint()),
        _ if typed.is_suggested() => "   typing replaces it".to_owned(),
        _ => String::new(),
    };
    let failure = failure.map(|why| format!("  {why}"));
    // What is wrong is never cut before what was typed is.
    let reserved = failure.as_ref().map_or(remark.width(), |why| why.width());
    let room = usize::from(area.width);
    let least = label.width() + 8;
    let reserved = reserved.min(room.saturating_sub(least));
    let line_area = Rect {
        width: area.width - u16::try_from(reserved).unwrap_or(0),
        ..top
    };
    let end = line(app, &label, typed, line_area, buffer);
    let rest = Rect {
        x: end,
        width: area.right().saturating_sub(end),
        ..top
    };
    let (words, style) = match &failure {
        Some(why) => (why.as_str(), app.theme.failure()),
        None => (remark.as_str(), app.theme.dim()),
    };
    text::put(buffer, rest, words, false, app.theme.ellipsis(), style);
    if prompt == Prompt::Filter
        && let Some(error) = &app.filter_error
    {
        let skipped = skipped(
            typed,
            usize::from(line_area.width).saturating_sub(label.width()),
        );
        explain(app, error, label.width(), skipped, area, buffer);
    }
}

/// Draws a line being typed with its cursor, and scrolls it sideways so that the
/// cursor is visible. Returns the first cell behind it.
pub(super) fn line(app: &App, label: &str, line: &Line, area: Rect, buffer: &mut Buffer) -> u16 {
    let room = usize::from(area.width).saturating_sub(label.width());
    let skipped = skipped(line, room);
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

/// How many characters are scrolled out at the left.
fn skipped(line: &Line, room: usize) -> usize {
    let (before, _) = line.halves();
    let mut cells = before.width() + 1;
    let mut skipped = 0;
    for character in before.chars() {
        if cells <= room {
            break;
        }
        cells -= character.width().unwrap_or(0);
        skipped += 1;
    }
    skipped
}

/// Draws the caret below the error, and the reason. On a single line the reason is right
/// of the prompt.
fn explain(
    app: &App,
    error: &Error,
    indent: usize,
    skipped: usize,
    area: Rect,
    buffer: &mut Buffer,
) {
    let style = app.theme.failure();
    if area.height < 2 {
        let words = format!(" {}", error.message);
        return text::put(buffer, area, &words, true, app.theme.ellipsis(), style);
    }
    let text = app.filter_text.text();
    let before: String = text.chars().take(error.at).skip(skipped).collect();
    let wrong: String = text
        .chars()
        .skip(error.at.max(skipped))
        .take(error.length)
        .collect();
    let line = Rect {
        y: area.y + 1,
        height: 1,
        ..area
    };
    let carets = "^".repeat(wrong.width().max(1));
    let room = usize::from(area.width);
    let gap = indent + before.width();
    // The reason stands behind the caret, or before it where there is more room.
    let behind = room.saturating_sub(gap + carets.width() + 1);
    let words = match error.message.width() > behind && gap > behind {
        false => format!("{:gap$}{carets} {}", "", error.message),
        true => {
            let reason = text::prefix(&error.message, gap.saturating_sub(2));
            let cut = if reason.len() < error.message.len() {
                app.theme.ellipsis()
            } else {
                ""
            };
            let reason = format!("{reason}{cut} ");
            format!("{reason:>gap$}{carets}")
        }
    };
    text::put(buffer, line, &words, false, app.theme.ellipsis(), style);
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
