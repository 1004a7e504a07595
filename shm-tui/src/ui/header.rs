//! Draws the top lines: counts, sizes, limits, and the refresh state.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use unicode_width::UnicodeWidthStr;

use super::{plot, text};
use crate::app::App;
use crate::model::format;
use crate::model::history::History;

/// Shown for a figure that this system does not report.
const UNREPORTED: &str = "not reported";

/// Width of a history.
const HISTORY: usize = 10;

/// A part of the header; the parts with the largest number are dropped first.
struct Part(u8, Vec<(String, Style)>);

impl Part {
    fn width(&self) -> usize {
        self.1.iter().map(|(text, _)| text.width()).sum()
    }
}

pub(super) fn draw(app: &App, area: Rect, buffer: &mut Buffer) {
    let lines = [
        (counts(app), vec![status(app)]),
        (totals(app), vec![plots(app), sorted(app)]),
    ];
    for (y, (left, right)) in (area.y..area.bottom()).zip(lines) {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        let (left, right) = fit(left, right, usize::from(area.width));
        let used: usize = right.iter().map(Part::width).sum();
        put(&left, line, buffer);
        let used = u16::try_from(used).unwrap_or(u16::MAX).min(line.width);
        let end = Rect {
            x: line.right() - used,
            width: used,
            ..line
        };
        put(&right, end, buffer);
    }
}

fn put(parts: &[Part], line: Rect, buffer: &mut Buffer) {
    let pieces = parts.iter().flat_map(|part| &part.1);
    let pieces = pieces.map(|(text, style)| (text.as_str(), *style));
    text::put_pieces(buffer, line, pieces);
}

/// Drops the parts that do not fit.
fn fit(mut left: Vec<Part>, mut right: Vec<Part>, room: usize) -> (Vec<Part>, Vec<Part>) {
    loop {
        let all = left.iter().chain(&right);
        let used: usize = all.clone().map(Part::width).sum();
        let last = all.map(|part| part.0).max().unwrap_or(0);
        if used <= room || last == 0 {
            return (left, right);
        }
        left.retain(|part| part.0 < last);
        right.retain(|part| part.0 < last);
    }
}

fn status(app: &App) -> Part {
    let seconds = app.period.as_secs_f64();
    match app.paused {
        true => {
            let words = " PAUSED, p resumes ".to_owned();
            Part(0, vec![(words, app.theme.banner())])
        }
        false => {
            let words = format!("  every {seconds} s ");
            Part(2, vec![(words, app.theme.dim())])
        }
    }
}

/// Returns the values of the histories, if there are any.
fn plots(app: &App) -> Part {
    let histories = [
        &app.history.count,
        &app.history.resident,
        &app.history.swapped,
    ];
    let any = !app.theme.plain && histories.iter().any(|one| one.next_step().is_some());
    let words = if any { "  plots: 10 min, from 0" } else { "" };
    Part(6, vec![(words.to_owned(), app.theme.dim())])
}

/// Returns the sort column.
fn sorted(app: &App) -> Part {
    let arrow = app.theme.arrow(app.sort.descending);
    let words = format!("  sorted by {} {arrow} ", app.sort.column);
    Part(2, vec![(words, app.theme.dim())])
}

fn counts(app: &App) -> Vec<Part> {
    let plain = Style::new();
    let count = app.rows.count() as u64;
    let title = (" Segments ".to_owned(), app.theme.title());
    if !app.rows.begun() {
        return vec![Part(0, vec![title])];
    }
    let gap = || (" ".to_owned(), plain);
    let limit = app.limits.segments;
    let mut parts = vec![
        Part(0, vec![title, (of(count, limit), plain)]),
        Part(3, vec![gap(), gauge(app, count, limit)]),
        Part(4, history(app, &app.history.count)),
    ];
    let title = ("  Pages ".to_owned(), app.theme.title());
    match app.usage.pages {
        Some(pages) => {
            let limit = app.limits.pages;
            parts.push(Part(1, vec![title, (of(pages, limit), plain)]));
            parts.push(Part(5, vec![gap(), gauge(app, pages, limit)]));
        }
        None => {
            let unreported = (UNREPORTED.to_owned(), app.theme.dim());
            parts.push(Part(3, vec![title, unreported]));
        }
    }
    parts
}

fn totals(app: &App) -> Vec<Part> {
    let begun = app.rows.begun();
    let figure = |title: &str, bytes: Option<u64>| {
        let (words, style) = match bytes {
            Some(bytes) => (format::size(bytes), Style::new()),
            None => (UNREPORTED.to_owned(), app.theme.dim()),
        };
        vec![(format!("{title} "), app.theme.title()), (words, style)]
    };
    let mut parts = Vec::new();
    if begun {
        let total = app.rows.bytes();
        parts.push(Part(1, figure(" Total", Some(total))));
        parts.push(Part(0, figure("  Resident", app.usage.resident)));
        parts.push(Part(4, history(app, &app.history.resident)));
        parts.push(Part(1, figure("  Swapped", app.usage.swapped)));
        parts.push(Part(5, history(app, &app.history.swapped)));
    }
    if let Some(inode) = app.namespaces.entered {
        let words = format!("  in IPC namespace {inode}");
        parts.push(Part(0, vec![(words, app.theme.changed())]));
    }
    if app.usage.hidden > 0 {
        let words = format!("  {} more are hidden from you", app.usage.hidden);
        parts.push(Part(0, vec![(words, app.theme.changed())]));
    }
    // The loading message is shown where the rows will be.
    if let Some(failure) = app.failure.as_ref().filter(|_| begun) {
        let words = format!("  {failure}");
        parts.push(Part(0, vec![(words, app.theme.failure())]));
    }
    parts
}

/// Returns the last minutes, scaled to the largest value; nothing while they are
/// constant.
fn history(app: &App, history: &History) -> Vec<(String, Style)> {
    if app.theme.plain || history.next_step().is_none() {
        return Vec::new();
    }
    let values: Vec<u64> = history.values().collect();
    let line = plot::history(app.theme, &values, HISTORY);
    vec![(format!(" {line}"), app.theme.fresh())]
}

/// Formats a count and its limit.
fn of(count: u64, limit: Option<u64>) -> String {
    match limit {
        // The limit was lowered below the count.
        Some(limit) if limit < count => format!(
            "{}, limit {}",
            format::thousands(count),
            format::thousands(limit)
        ),
        Some(limit) => format!(
            "{} of {}",
            format::thousands(count),
            format::thousands(limit)
        ),
        None => format!("{}, no limit", format::thousands(count)),
    }
}

fn gauge(app: &App, count: u64, limit: Option<u64>) -> (String, Style) {
    const CELLS: u64 = 10;
    let Some(limit) = limit.filter(|limit| *limit > 0) else {
        return (String::new(), Style::new());
    };
    // Any nonzero value fills one cell; only the limit fills all of them.
    if app.theme.plain {
        let percent = u128::from(count) * 100 / u128::from(limit);
        return (format!("{percent} percent"), Style::new());
    }
    let share = u128::from(count) * u128::from(CELLS) / u128::from(limit);
    let cells = u64::try_from(share).unwrap_or(CELLS).min(CELLS);
    let cells = cells.max(u64::from(count > 0));
    let (full, empty) = app.theme.gauge();
    let style = match cells {
        0..7 => app.theme.fresh(),
        7..9 => app.theme.changed(),
        _ => app.theme.failure(),
    };
    let text = (0..CELLS)
        .map(|cell| if cell < cells { full } else { empty })
        .collect();
    (text, style)
}
