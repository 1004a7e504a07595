//! Draws the top lines: counts, sizes, limits, and the refresh state.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::text;
use crate::app::App;
use crate::model::format;

/// Shown for a figure that this system does not report.
const UNREPORTED: &str = "not reported";

pub(super) fn draw(app: &App, area: Rect, buffer: &mut Buffer) {
    let lines = [counts(app), totals(app)];
    for (y, pieces) in (area.y..area.bottom()).zip(lines) {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        let pieces = pieces.iter().map(|(text, style)| (text.as_str(), *style));
        text::put_pieces(buffer, line, pieces);
    }
    let status = status(app);
    let style = match app.paused {
        true => app.theme.banner(),
        false => app.theme.dim(),
    };
    // The counts take precedence over the refresh state.
    if area.width >= 60 {
        let line = Rect {
            height: area.height.min(1),
            ..area
        };
        text::put(buffer, line, &status, true, app.theme.ellipsis(), style);
    }
}

fn status(app: &App) -> String {
    let seconds = app.period.as_secs_f64();
    match app.paused {
        true => " PAUSED, p resumes ".to_owned(),
        false => format!("every {seconds} s "),
    }
}

type Pieces = Vec<(String, Style)>;

fn counts(app: &App) -> Pieces {
    let plain = Style::new();
    let count = app.rows.count() as u64;
    let mut pieces = vec![(" Segments ".to_owned(), app.theme.title())];
    if !app.rows.begun() {
        return pieces;
    }
    pieces.push((of(count, app.limits.segments), plain));
    pieces.push((" ".to_owned(), plain));
    pieces.push(gauge(app, count, app.limits.segments));
    if let Some(pages) = app.usage.pages {
        pieces.push(("  Pages ".to_owned(), app.theme.title()));
        pieces.push((of(pages, app.limits.pages), plain));
        pieces.push((" ".to_owned(), plain));
        pieces.push(gauge(app, pages, app.limits.pages));
    } else {
        pieces.push(("  Pages ".to_owned(), app.theme.title()));
        pieces.push((UNREPORTED.to_owned(), app.theme.dim()));
    }
    pieces
}

fn totals(app: &App) -> Pieces {
    let plain = Style::new();
    let total = app.rows.bytes();
    let mut pieces = Vec::new();
    let mut add = |title: &str, bytes: Option<u64>| {
        let (words, style) = match bytes {
            Some(bytes) => (format!("{} ", format::size(bytes)), plain),
            None if app.rows.begun() => (format!("{UNREPORTED} "), app.theme.dim()),
            None => return,
        };
        pieces.push((format!(" {title} "), app.theme.title()));
        pieces.push((words, style));
    };
    add("Total", app.rows.begun().then_some(total));
    add("Resident", app.usage.resident);
    add("Swapped", app.usage.swapped);
    let line = sparkline(app);
    if !line.is_empty() {
        pieces.push((" ".to_owned(), plain));
        pieces.push((line, app.theme.fresh()));
    }
    if let Some(inode) = app.namespaces.entered {
        let text = format!("  in IPC namespace {inode}");
        pieces.push((text, app.theme.changed()));
    }
    if app.usage.hidden > 0 {
        let text = format!(" {} more are hidden from you", app.usage.hidden);
        pieces.push((text, app.theme.changed()));
    }
    // The loading message is shown where the rows will be.
    if let Some(failure) = app.failure.as_ref().filter(|_| app.rows.begun()) {
        pieces.push((format!(" {failure}"), app.theme.failure()));
    }
    pieces
}

/// Draws the recent totals, scaled to the largest value; nothing while they are constant.
fn sparkline(app: &App) -> String {
    const CELLS: usize = 30;
    if app.history.next_step().is_none() {
        return String::new();
    }
    let marks = app.theme.levels();
    let mut values: Vec<u64> = app.history.values().rev().take(CELLS).collect();
    values.reverse();
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    let top = marks.chars().count() as u64 - 1;
    let level = |value: u64| {
        let level = u128::from(value) * u128::from(top) / u128::from(most);
        usize::try_from(level).unwrap_or(0)
    };
    values
        .into_iter()
        .filter_map(|value| marks.chars().nth(level(value)))
        .collect()
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
