//! Draws the map of a segment, one cell for one or more blocks.
//!
//! ```text
//! Map of segment 7, 4G; 256K a cell  at 0x80000
//! · never touched  ░ zeros  █ data  ◆ changed since the last map  ● match
//! 00000000 █▅░░····························◆◆······
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{panel, text};
use crate::app::App;
use crate::app::contents::ContentsView;
use crate::app::layout::{self, Areas};
use crate::model::bytes::map::{Block, Map};
use crate::model::format;

pub(super) fn draw(app: &App, areas: &Areas, buffer: &mut Buffer) {
    let Some(contents) = &app.contents else {
        return;
    };
    let view = &contents.map;
    let id = contents.target.id;
    let running = app
        .jobs
        .running
        .iter()
        .map(|running| format!("{} {} %", running.job.work.label(), running.percent()));
    let running: Vec<String> = running.collect();
    let Some(map) = &view.map else {
        let title = format!("Map of segment {id}");
        panel::caption(app, areas.caption, &title, &running.join("  "), buffer);
        return;
    };
    let cells = layout::map(app, areas.body);
    let per_cell = map.bytes_per_cell(cells.area() as usize);
    let start = (view.cell as u64).saturating_mul(per_cell);
    let title = format!(
        "Map of segment {id}, {}; {} a cell; at {start:#x}",
        format::size(contents.target.size),
        format::size(per_cell)
    );
    let mut remark = running.join("  ");
    if view.unknown > 0 {
        let count = format::size(view.unknown);
        remark.push_str(&match contents.read_unknown {
            true => format!("  {count} of unknown state read"),
            false => format!("  {count} of unknown state (U reads it)"),
        });
    }
    panel::caption(app, areas.caption, &title, &remark, buffer);
    if app.theme.plain {
        return runs(app, contents, map, per_cell, areas.body, buffer);
    }
    legend(app, areas.titles2, buffer);
    let width = usize::from(cells.width).max(1);
    offsets(app, map, per_cell, areas.body, cells, buffer);
    for cell in 0..map.cells(per_cell) {
        let (x, y) = (cell % width, cell / width);
        let (Ok(x), Ok(y)) = (u16::try_from(x), u16::try_from(y)) else {
            break;
        };
        let place = Rect {
            x: cells.x.saturating_add(x),
            y: cells.y.saturating_add(y),
            width: 1,
            height: 1,
        };
        let (mark, mut style) = mark(app, contents, map, cell, per_cell);
        if cell == view.cell {
            style = style.patch(app.theme.selected());
        }
        text::put(buffer, place.intersection(cells), mark, false, "", style);
    }
}

/// What each sign of the map means, in words.
fn word(app: &App, mark: &str) -> &'static str {
    let marks = app.theme.map();
    match mark {
        _ if mark == marks.hole => "never touched",
        _ if mark == marks.zero => "zeros",
        _ if marks.data.contains(&mark) => "data",
        _ if mark == marks.changed => "changed since the last look",
        _ if mark == marks.hit => "match",
        _ => "unknown",
    }
}

/// The map in words, for plain mode: a line for each run of equal cells, from the
/// one at the cursor on.
fn runs(
    app: &App,
    contents: &ContentsView,
    map: &Map,
    per_cell: u64,
    area: Rect,
    buffer: &mut Buffer,
) {
    let size = contents.target.size;
    let mut cells = (contents.map.cell..map.cells(per_cell)).peekable();
    for y in area.y..area.bottom() {
        let Some(first) = cells.next() else {
            return;
        };
        let (mark, style) = mark(app, contents, map, first, per_cell);
        let mut last = first;
        while let Some(next) = cells.next_if(|next| {
            let (other, _) = self::mark(app, contents, map, *next, per_cell);
            word(app, other) == word(app, mark)
        }) {
            last = next;
        }
        let from = (first as u64).saturating_mul(per_cell);
        let to = (last as u64 + 1).saturating_mul(per_cell).min(size);
        let words = format!(
            " {from:#x} to {:#x}: {}",
            to.saturating_sub(1),
            word(app, mark)
        );
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        text::put(buffer, line, &words, false, app.theme.ellipsis(), style);
    }
}

/// The offset of each row's first cell, at the left.
fn offsets(app: &App, map: &Map, per_cell: u64, body: Rect, cells: Rect, buffer: &mut Buffer) {
    let width = u64::from(cells.width.max(1));
    let rows = (map.cells(per_cell) as u64).div_ceil(width);
    let digits = usize::from(cells.x - body.x).saturating_sub(1);
    if digits == 0 {
        return;
    }
    for (y, row) in (body.y..body.bottom()).zip(0..rows) {
        let line = Rect {
            y,
            height: 1,
            ..body
        };
        let offset = row.saturating_mul(width).saturating_mul(per_cell);
        let number = format!("{offset:0digits$x}");
        text::put(buffer, line, &number, false, "", app.theme.dim());
    }
}

fn legend(app: &App, area: Rect, buffer: &mut Buffer) {
    let marks = app.theme.map();
    let [few, .., all] = marks.data;
    let entries = [
        (marks.hole, "never touched", app.theme.dim()),
        (marks.zero, "zeros", app.theme.plain()),
        (few, "few", app.theme.data()),
        (all, "all pages hold data", app.theme.data()),
        (
            marks.changed,
            "changed since the last map",
            app.theme.changed(),
        ),
        (marks.unknown, "unknown", app.theme.failure()),
        (marks.hit, "match", app.theme.hit()),
    ];
    let words: Vec<String> = entries
        .iter()
        .map(|(_, word, _)| format!(" {word}  "))
        .collect();
    let pieces = entries
        .iter()
        .zip(&words)
        .flat_map(|((mark, _, style), word)| [(*mark, *style), (word.as_str(), app.theme.dim())]);
    let area = Rect {
        x: area.x.saturating_add(1),
        width: area.width.saturating_sub(1),
        ..area
    };
    text::put_pieces(buffer, area, pieces);
}

/// Returns the look of a cell: its most important block decides.
fn mark(
    app: &App,
    contents: &ContentsView,
    map: &Map,
    cell: usize,
    per_cell: u64,
) -> (&'static str, Style) {
    let marks = app.theme.map();
    let range = map.blocks_of(cell, per_cell);
    let blocks = map.blocks().get(range.clone()).unwrap_or_default();
    let any = |is: fn(&Block) -> bool| blocks.iter().any(is);
    let changed = contents.map.changed.get(range).unwrap_or_default();
    let start = (cell as u64).saturating_mul(per_cell);
    let bytes = start..start.saturating_add(per_cell);
    let search = contents.search.as_ref();
    if search.is_some_and(|search| search.any_in(&bytes)) {
        (marks.hit, app.theme.hit())
    } else if changed.contains(&true) {
        (marks.changed, app.theme.changed())
    } else if any(|block| block.data) {
        let level = map.eighths(cell, per_cell).saturating_sub(1);
        let mark = marks.data.get(level).copied().unwrap_or("");
        (mark, app.theme.data())
    } else if any(|block| block.unknown) {
        (marks.unknown, app.theme.failure())
    } else if any(|block| block.zero) {
        (marks.zero, app.theme.plain())
    } else {
        (marks.hole, app.theme.dim())
    }
}
