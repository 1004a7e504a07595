//! Draws the last line: the filter prompt, a message, or the keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use unicode_width::UnicodeWidthStr;

use super::text;
use crate::app::event;
use crate::app::{App, Prompt, Screen};
use crate::model::query::Error;

pub(super) fn draw(app: &App, area: Rect, buffer: &mut Buffer) {
    if let Some(prompt) = app.typing {
        typed(app, prompt, area, buffer);
    } else if let Some(notice) = app.notice.as_ref().filter(|_| app.dialog.is_none()) {
        let style = app.theme.notice(notice.failed);
        let text = format!(" {}", notice.text);
        text::put(buffer, area, &text, false, app.theme.ellipsis(), style);
    } else {
        keys(app, area, buffer);
    }
}

fn typed(app: &App, prompt: Prompt, area: Rect, buffer: &mut Buffer) {
    let line = match prompt {
        Prompt::Filter => &app.filter_text,
        Prompt::Events => &app.events.filter,
        Prompt::Export => &app.export_path,
        Prompt::Permit | Prompt::Create => &app.request,
        _ => &app.entry,
    };
    let label = format!(" {}: ", prompt.label());
    let (before, after) = line.halves();
    let mut rest = after.chars();
    let cursor = rest.next().unwrap_or(' ').to_string();
    let count = match prompt {
        Prompt::Filter => {
            let total = app.rows.count();
            format!("   {} of {total}", app.rows.shown())
        }
        Prompt::Permit | Prompt::Create if app.notice.is_some() => {
            let notice = app.notice.as_ref();
            notice.map_or(String::new(), |notice| format!("   {}", notice.text))
        }
        _ if line.text().is_empty() => format!("  {}", prompt.hint()),
        _ => String::new(),
    };
    let pieces = [
        (label.as_str(), app.theme.title()),
        (before, Style::new()),
        (cursor.as_str(), app.theme.selected()),
        (rest.as_str(), Style::new()),
        (count.as_str(), app.theme.dim()),
    ];
    let top = Rect {
        height: area.height.min(1),
        ..area
    };
    text::put_pieces(buffer, top, pieces);
    if let Some(why) = &app.entry_error {
        let words = format!(" {why}");
        let style = app.theme.failure();
        text::put(buffer, top, &words, true, app.theme.ellipsis(), style);
    }
    if prompt == Prompt::Filter
        && let Some(error) = &app.filter_error
    {
        explain(app, error, label.len(), area, buffer);
    }
}

/// Draws the caret below the error, and the reason. On a single line the reason is right
/// of the prompt.
fn explain(app: &App, error: &Error, indent: usize, area: Rect, buffer: &mut Buffer) {
    let style = app.theme.failure();
    if area.height < 2 {
        let words = format!(" {}", error.message);
        return text::put(buffer, area, &words, true, app.theme.ellipsis(), style);
    }
    let text = app.filter_text.text();
    let before: String = text.chars().take(error.at).collect();
    let wrong: String = text.chars().skip(error.at).take(error.length).collect();
    let gap = " ".repeat(indent + before.width());
    let carets = "^".repeat(wrong.width().max(1));
    let line = Rect {
        y: area.y + 1,
        height: 1,
        ..area
    };
    let words = format!("{gap}{carets} {}", error.message);
    text::put(buffer, line, &words, false, app.theme.ellipsis(), style);
}

fn keys(app: &App, area: Rect, buffer: &mut Buffer) {
    let mut pieces = chosen(app);
    let width = |(chord, short): &(String, String)| chord.width() + short.width();
    let mut keys: Vec<(String, String)> = app
        .keymap
        .footer(event::place(app))
        .map(|(binding, chord)| (format!(" {chord}"), format!(" {} ", binding.short)))
        .collect();
    let used: usize = pieces.iter().map(|(text, _)| text.width()).sum();
    let room = usize::from(area.width).saturating_sub(used);
    // Shows keys only whole; the last one, which opens the help, stays longest.
    while keys.len() > 1 && keys.iter().map(width).sum::<usize>() > room {
        keys.remove(keys.len() - 2);
    }
    for (chord, short) in keys {
        pieces.push((chord, app.theme.key()));
        pieces.push((short, Style::new()));
    }
    let pieces = pieces.iter().map(|(text, style)| (text.as_str(), *style));
    text::put_pieces(buffer, area, pieces);
}

/// Names the filter before the keys, because hidden rows are easily forgotten.
fn chosen(app: &App) -> Vec<(String, Style)> {
    let mut pieces = Vec::new();
    if app.screen != Screen::List {
        return pieces;
    }
    if app.marks.count() > 0 {
        let text = format!(" {} marked ", app.marks.count());
        pieces.push((text, app.theme.changed()));
    }
    if let Some(only) = &app.only {
        let text = format!(" only segments of process {} ", only.pid);
        pieces.push((text, app.theme.changed()));
    }
    if !app.filter.is_empty() {
        let text = format!(" only {} ", app.filter_text.text());
        pieces.push((text, app.theme.changed()));
    }
    pieces
}
