//! The map of a segment.

use super::{App, Command, Effect, job};
use crate::app::Screen;
use crate::app::job::Work;
use crate::app::layout;
use crate::model::bytes::map::Map;

/// Shows the map and renews it: marks what changed since the last map.
pub(super) fn open(app: &mut App, effects: &mut Vec<Effect>) {
    app.screen = Screen::Map;
    to_cursor(app);
    job::begin(app, Work::Map, effects);
}

/// Moves the cell cursor to the cell of the byte cursor.
fn to_cursor(app: &mut App) {
    let cells = layout::map(app, layout::areas(app).body).area() as usize;
    if let Some(contents) = &mut app.contents
        && let Some(map) = &contents.map.map
    {
        let cell = usize::try_from(contents.window.cursor / map.bytes_per_cell(cells));
        contents.map.cell = cell.unwrap_or(0);
    }
}

/// Stores a map, and marks the differences from the previous one.
pub(super) fn looked(app: &mut App, map: Map, unknown: u64) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    let view = &mut contents.map;
    let before = view.map.replace(map);
    view.unknown = unknown;
    match (before, &view.map) {
        (Some(before), Some(map)) => view.changed = map.changed_since(&before),
        _ => to_cursor(app),
    }
}

pub(super) fn command(app: &mut App, command: Command, effects: &mut Vec<Effect>) {
    let body = layout::map(app, layout::areas(app).body);
    let (row, page) = (usize::from(body.width), body.area() as usize);
    let Some(contents) = &mut app.contents else {
        return;
    };
    let cell = contents.map.cell;
    contents.map.cell = match command {
        Command::Up => cell.checked_sub(row).unwrap_or(cell),
        Command::Down => cell.saturating_add(row),
        Command::Left => cell.saturating_sub(1),
        Command::Right => cell.saturating_add(1),
        Command::PageUp | Command::First => 0,
        Command::PageDown | Command::Last => usize::MAX,
        _ => cell,
    };
    match command {
        Command::Back => {
            app.screen = Screen::Contents;
            job::cancel(app, effects, |job| job.work == Work::Map);
        }
        Command::Choose => go(app, page),
        Command::Reload => job::begin(app, Work::Map, effects),
        Command::ReadUnknown => super::contents::read_unknown(app, effects),
        Command::SearchNext => to_match(app, page, true),
        Command::SearchPrevious => to_match(app, page, false),
        _ => {}
    }
}

/// Shows the bytes of the selected cell: from its first match on, if it has any.
fn go(app: &mut App, cells: usize) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    let Some(map) = &contents.map.map else {
        return;
    };
    let per_cell = map.bytes_per_cell(cells);
    let start = (contents.map.cell as u64).saturating_mul(per_cell);
    let range = start..start.saturating_add(per_cell);
    let search = contents.search.as_ref();
    let hit = search.and_then(|search| search.next(start).filter(|hit| range.contains(hit)));
    contents.window.jump(hit.unwrap_or(start));
    app.screen = Screen::Contents;
}

/// Goes to the next or the previous cell in which a match begins.
fn to_match(app: &mut App, cells: usize, forward: bool) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    let (Some(map), Some(search)) = (&contents.map.map, &contents.search) else {
        return app.notify("no search yet: / in the contents starts one", true);
    };
    let per_cell = map.bytes_per_cell(cells);
    let start = (contents.map.cell as u64).saturating_mul(per_cell);
    let hit = match forward {
        true => search.next(start.saturating_add(per_cell)),
        false => search.previous(start),
    };
    if let Some(cell) = hit.and_then(|hit| usize::try_from(hit / per_cell).ok()) {
        contents.map.cell = cell;
    }
}

/// Moves the cursor to the clicked cell.
pub(super) fn click(app: &mut App, x: u16, y: u16) {
    let body = layout::map(app, layout::areas(app).body);
    if !body.contains((x, y).into()) {
        return;
    }
    let cell = usize::from(y - body.y) * usize::from(body.width) + usize::from(x - body.x);
    let Some(contents) = &mut app.contents else {
        return;
    };
    let map = contents.map.map.as_ref();
    let cells = map.map_or(0, |map| map.cells(map.bytes_per_cell(body.area() as usize)));
    if cell < cells {
        contents.map.cell = cell;
        go(app, body.area() as usize);
    }
}
