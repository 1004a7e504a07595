//! Handles keys and clicks in the table.

use super::{
    Command, Effect, acts, change_period, contents, drop_filter, groups, map, memory, menu, panels,
    period,
};
use crate::app::footer;
use crate::app::layout;
use crate::app::menu::MenuKind;
use crate::app::{App, Prompt, Screen};
use crate::model::column::Column;
use crate::model::sort::Sort;

pub(super) fn command(app: &mut App, command: Command, effects: &mut Vec<Effect>) {
    let page = isize::from(layout::areas(app).rows.height.max(1).cast_signed());
    match command {
        Command::Up => app.rows.step(-1),
        Command::Down => app.rows.step(1),
        Command::PageUp => app.rows.step(-page),
        Command::PageDown => app.rows.step(page),
        Command::First => app.rows.select(0),
        Command::Last => app.rows.select(usize::MAX),
        Command::Left => app.columns_left = app.columns_left.saturating_sub(1),
        Command::Right => move_right(app),
        Command::Open | Command::Mark if app.rows.group().is_some() => {
            groups::command(app, command);
        }
        Command::Open => contents::open(app),
        Command::Filter => app.typing = Some(Prompt::Filter),
        Command::Back => drop_filter(app),
        Command::SortMenu => menu::open(app, MenuKind::Sort),
        Command::Users => menu::open(app, MenuKind::Users),
        Command::Setup => menu::open(app, MenuKind::Setup),
        Command::Orphans => menu::toggle_orphans(app),
        Command::SortResident => menu::sort_by(app, Column::Resident),
        Command::SortSize => menu::sort_by(app, Column::Size),
        Command::SortAttached => menu::sort_by(app, Column::Attached),
        Command::SortAge => menu::sort_by(app, Column::Age),
        Command::SortId => menu::sort_by(app, Column::Id),
        Command::SortOwner => menu::sort_by(app, Column::Owner),
        Command::Processes => panels::open_processes(app, effects),
        Command::Events => app.screen = Screen::Events,
        Command::Namespaces => {
            app.screen = Screen::Namespaces;
            effects.push(Effect::ListNamespaces);
        }
        Command::Columns => panels::open_columns(app),
        Command::Group => groups::next(app),
        Command::Memory => memory::open(app),
        Command::SortNext => sort_by_neighbor(app, 1),
        Command::SortPrevious => sort_by_neighbor(app, -1),
        Command::SortReverse => sort(app, app.sort.chosen(app.sort.column)),
        Command::Details => app.details = !app.details,
        Command::Pause => {
            app.paused = !app.paused;
            effects.push(period(app));
            if !app.paused {
                effects.push(Effect::Refresh);
            }
        }
        Command::Faster => change_period(app, false, effects),
        Command::Slower => change_period(app, true, effects),
        _ => acts::command(app, command, effects),
    }
}

/// Scrolls by one column, if more columns exist than fit.
fn move_right(app: &mut App) {
    let titles = layout::areas(app).titles;
    let shown = layout::columns(app, titles);
    if layout::has_more(app, &shown) {
        app.columns_left += 1;
    }
}

fn sort(app: &mut App, sort: Sort) {
    app.sort = sort;
    app.reorder();
}

fn sort_by_neighbor(app: &mut App, by: isize) {
    let count = app.columns.len();
    let at = app
        .columns
        .iter()
        .position(|column| *column == app.sort.column);
    let next = match at {
        Some(at) => (at + count).saturating_add_signed(by) % count.max(1),
        None => 0,
    };
    if let Some(column) = app.columns.get(next).copied() {
        let descending = app.sort.descending;
        sort(app, Sort { column, descending });
    }
}

/// A click in the header sorts, one on a row selects, one on the selected row opens it.
pub(super) fn click(app: &mut App, x: u16, y: u16, effects: &mut Vec<Effect>) {
    let areas = layout::areas(app);
    let at = ratatui::layout::Position { x, y };
    let is_last = y + 1 == areas.footer.bottom() && areas.footer.contains(at);
    if app.help.open || (app.dialog.is_none() && app.typing.is_some()) {
        return;
    }
    if app.dialog.is_some() {
        return acts::click(app, x, y, effects);
    }
    if app.menu.is_some() {
        return menu::click(app, x, y, effects);
    }
    if is_last && app.notice.is_none() {
        if let Some(command) = footer::command_at(app, areas.footer.width, x) {
            super::command(app, command, effects);
        }
        return;
    }
    match app.screen {
        Screen::List => {}
        Screen::Contents => return contents::click(app, x, y),
        Screen::Map => return map::click(app, x, y),
        _ => return,
    }
    if areas.titles.contains(at) {
        let hit = layout::columns(app, areas.titles)
            .into_iter()
            .find(|(_, area)| area.contains(at));
        if let Some((column, _)) = hit {
            sort(app, app.sort.chosen(column));
        }
    } else if areas.rows.contains(at) {
        let position = app.rows.top() + usize::from(y - areas.rows.y);
        let again = position == app.rows.position();
        if again && app.rows.group().is_some() {
            groups::command(app, Command::Open);
        } else if again && app.rows.at(position).is_some() {
            contents::open(app);
        } else if position < app.rows.lines() {
            app.rows.select(position);
        }
    }
}
