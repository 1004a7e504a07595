//! Draws where the memory goes: bytes by state, owner and creator, with bars.
//!
//! ```text
//! Where the memory goes  4 segments, 4.1G, 9M resident, 32M swapped
//!                   SEGMENTS    SIZE RESIDENT SWAPPED
//! by state
//! ● in use                 2      4G      68K      0B ▏░░░░░░░░░   1 %
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::{panel, plot, text};
use crate::app::App;
use crate::app::layout::Areas;
use crate::app::memory::Line;
use crate::model::format;
use crate::model::totals::{Division, Part, Sum};

/// Minimum and maximum width of the names.
const NAMES: (usize, usize) = (14, 32);
/// Width of the numbers after the name, with their gaps.
const NUMBERS: usize = 9 + 8 + 9 + 8;

pub(super) fn draw(app: &App, areas: &Areas, buffer: &mut Buffer) {
    let view = &app.memory;
    let whole = view.totals.whole;
    let remark = summary(&whole);
    panel::caption(app, areas.caption, "Where the memory goes", &remark, buffer);
    let width = usize::from(areas.body.width);
    let names = (width / 4).clamp(NAMES.0, NAMES.1);
    let titles = format!(
        " {:names$}{:>9}{:>8}{:>9}{:>8}",
        "", "SEGMENTS", "SIZE", "RESIDENT", "SWAPPED"
    );
    text::put(buffer, areas.titles2, &titles, false, "", app.theme.title());
    let lines = view.lines().enumerate().skip(view.cursor.top);
    for (y, (index, line)) in (areas.body.y..areas.body.bottom()).zip(lines) {
        let place = Rect {
            y,
            height: 1,
            ..areas.body
        };
        match line {
            Line::Blank => {}
            Line::Title(title) => {
                text::put(buffer, place, title, false, "", app.theme.title());
            }
            Line::Part(division, part) => {
                self::part(app, division, part, &whole, names, place, buffer);
            }
        }
        if index == view.cursor.position {
            buffer.set_style(place.intersection(buffer.area), app.theme.selected());
        }
    }
}

/// Returns the totals of all segments, as a sentence.
fn summary(whole: &Sum) -> String {
    let mut words = format!(
        "{}, {}",
        format::counted(whole.segments, "segment"),
        format::size(whole.size)
    );
    if whole.lacks_memory() {
        words.push_str("; this system does not report resident bytes: bars show sizes");
        return words;
    }
    words.push_str(&format!(
        ", {} resident, {} swapped; bars show resident bytes",
        format::size(whole.resident),
        format::size(whole.swapped)
    ));
    if whole.unknown > 0 {
        let count = format::counted(whole.unknown, "segment");
        words.push_str(&format!("; {count} not sampled yet"));
    }
    words
}

fn part(
    app: &App,
    division: Division,
    part: &Part,
    whole: &Sum,
    names: usize,
    line: Rect,
    buffer: &mut Buffer,
) {
    let (sign, style) = match part.state.filter(|_| division == Division::State) {
        Some(state) => (app.theme.state_sign(state), app.theme.state(state)),
        None => (" ", Style::new()),
    };
    let room = names.saturating_sub(2);
    let ellipsis = app.theme.ellipsis();
    let kept = match part.name.width() > room {
        true => format!(
            "{}{ellipsis}",
            text::prefix(&part.name, room.saturating_sub(ellipsis.width()))
        ),
        false => part.name.to_string(),
    };
    let name = format!(
        " {sign} {kept}{}",
        " ".repeat(room.saturating_sub(kept.width()))
    );
    let memory = |bytes| match part.sum.lacks_memory() {
        true => "-".to_owned(),
        false => format::size(bytes),
    };
    let numbers = format!(
        "{:>8}{:>8}{:>9}{:>8} ",
        format::thousands(part.sum.segments),
        format::size(part.sum.size),
        memory(part.sum.resident),
        memory(part.sum.swapped),
    );
    let (weight, all) = (part.sum.weight(whole), whole.weight(whole));
    let used = names + NUMBERS + 3;
    let cells = usize::from(line.width).saturating_sub(used + 6).min(60);
    let bar = plot::bar(app.theme, weight, 0, all, cells);
    let share = format!(" {:>3} %", percent(weight, all));
    let mut pieces = vec![(name.as_str(), style), (numbers.as_str(), Style::new())];
    if cells >= 4 {
        let [full, _, empty] = &bar;
        let color = match part.state {
            Some(_) => style,
            None => app.theme.fresh(),
        };
        pieces.push((full, color));
        pieces.push((empty, app.theme.dim()));
        pieces.push((&share, Style::new()));
    }
    text::put_pieces(buffer, line, pieces);
}

/// Rounds to hundredths.
fn percent(part: u64, whole: u64) -> u128 {
    let whole = u128::from(whole);
    (u128::from(part) * 200 + whole)
        .checked_div(whole * 2)
        .unwrap_or(0)
}
