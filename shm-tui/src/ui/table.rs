//! Draws the table of segments. Builds only the visible rows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::text;
use crate::app::layout::{self, Areas};
use crate::app::{App, Group, Mark, Row, Shown};
use crate::model::column::Column;
use crate::model::format;
use crate::model::totals::Division;

pub(super) fn draw(app: &App, areas: &Areas, buffer: &mut Buffer) {
    let columns = layout::columns(app, areas.titles);
    titles(app, areas.titles, &columns, buffer);
    let height = usize::from(areas.rows.height);
    for (y, shown) in (areas.rows.y..).zip(app.rows.visible(height)) {
        let line = Rect {
            y,
            height: 1,
            ..areas.rows
        };
        match shown {
            Shown::Row(row) => self::row(app, row, line, &columns, buffer),
            Shown::Heading(group) => heading(app, group, line, buffer),
        }
    }
    let selected = app.rows.position().checked_sub(app.rows.top());
    if let Some(y) = selected.and_then(|y| u16::try_from(y).ok())
        && y < areas.rows.height
        && app.rows.lines() > 0
    {
        let line = Rect {
            y: areas.rows.y + y,
            height: 1,
            ..areas.rows
        };
        buffer.set_style(line, app.theme.selected());
    }
    if app.rows.lines() == 0 {
        empty(app, areas.rows, buffer);
    }
}

fn titles(app: &App, area: Rect, columns: &[(Column, Rect)], buffer: &mut Buffer) {
    let style = app.theme.title().add_modifier(Modifier::UNDERLINED);
    buffer.set_style(area, style);
    for (column, place) in columns {
        let definition = column.definition();
        let room = usize::from(place.width);
        let mut title = match definition.title.len() > room {
            true => definition.short_title().to_owned(),
            false => definition.title.to_owned(),
        };
        if app.sort.column == *column && !app.theme.plain {
            let arrow = app.theme.arrow(app.sort.descending);
            // The arrow needs a cell: the gap to the left of a number.
            title = match definition.right {
                true => format!("{arrow}{title}"),
                false => format!("{title}{arrow}"),
            };
        }
        let mut place = Rect {
            y: area.y,
            height: area.height,
            ..*place
        };
        if definition.right {
            place.x -= 1;
            place.width += 1;
        } else {
            place.width += u16::from(place.right() < area.right());
        }
        text::put(
            buffer,
            place,
            &title,
            definition.right,
            app.theme.ellipsis(),
            style,
        );
    }
    more_columns(app, area, columns, buffer);
}

/// Marks in the titles that columns are out of sight.
fn more_columns(app: &App, area: Rect, shown: &[(Column, Rect)], buffer: &mut Buffer) {
    // In plain mode the sorted column is named in the header, in words.
    if app.theme.plain {
        return;
    }
    let style = app.theme.key();
    if app.columns_left > 0 {
        text::put(buffer, area, "<", false, "", style);
    }
    if layout::has_more(app, shown) {
        text::put(buffer, area, ">", true, "", style);
    }
}

fn row(app: &App, row: &Row, line: Rect, columns: &[(Column, Rect)], buffer: &mut Buffer) {
    let (sign, style) = match row.mark {
        Some((Mark::New, _)) => ("+", app.theme.fresh()),
        Some((Mark::Changed, _)) => ("*", app.theme.changed()),
        Some((Mark::Gone, _)) => ("-", app.theme.gone()),
        None => (" ", Style::new()),
    };
    let marked = app.marks.has(&row.segment) && !row.is_gone();
    if app.theme.plain {
        let word = match row.mark {
            Some((Mark::Gone, _)) => "gone",
            _ if marked => "marked",
            Some((Mark::New, _)) => "new",
            Some((Mark::Changed, _)) => "changed",
            None => "",
        };
        text::put(buffer, line, word, false, "", style);
    } else {
        text::put(buffer, line, sign, false, "", style);
    }
    if marked && !app.theme.plain {
        let second = Rect {
            x: line.x + 1,
            width: line.width.saturating_sub(1),
            ..line
        };
        text::put(
            buffer,
            second,
            app.theme.mark(),
            false,
            "",
            app.theme.title(),
        );
    }
    let mut cell = String::new();
    for (column, place) in columns {
        let place = Rect {
            y: line.y,
            height: 1,
            ..*place
        };
        let drawn = (place, style);
        super::cell::draw(app, *column, &row.segment, drawn, &mut cell, buffer);
    }
}

/// Draws the heading of a group, with its totals.
fn heading(app: &App, group: &Group, line: Rect, buffer: &mut Buffer) {
    let by = match app.grouping {
        Some(Division::Creator | Division::Program) => "created by ",
        _ => "",
    };
    let sign = app.theme.fold(group.collapsed);
    let count = format::counted(group.sum.segments, "segment");
    let size = format::size(group.sum.size);
    let mut words = format!(": {count}, {size}");
    if !group.sum.lacks_memory() {
        let resident = format::size(group.sum.resident);
        words.push_str(&format!(", {resident} resident"));
    }
    let name_style = match group.state {
        Some(state) => app.theme.state(state),
        None => Style::new(),
    };
    let title = app.theme.title();
    let name = format!("{by}{}", group.name);
    let pieces = [
        (sign, title),
        (" ", title),
        (name.as_str(), title.patch(name_style)),
        (words.as_str(), title),
    ];
    text::put_pieces(buffer, line, pieces);
}

/// Explains an empty table.
fn empty(app: &App, area: Rect, buffer: &mut Buffer) {
    let sentence = if !app.rows.begun() {
        match &app.failure {
            Some(failure) => failure.clone(),
            None => "reading the system".to_owned(),
        }
    } else if app.filter.is_empty() && app.only.is_none() {
        "there are no System V shared memory segments here".to_owned()
    } else {
        "no segment matches the filter; Esc clears it".to_owned()
    };
    let area = Rect {
        x: area.x.saturating_add(layout::gutter(app)),
        width: area.width.saturating_sub(layout::gutter(app)),
        ..area
    };
    let style = match app.failure.is_some() && !app.rows.begun() {
        true => app.theme.failure(),
        false => app.theme.dim(),
    };
    text::put_wrapped(buffer, area, &sentence, app.theme.ellipsis(), style);
}
