//! Draws the cells of the table: text, and for some columns signs, colors and bars.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::{plot, text};
use crate::app::{App, layout};
use crate::model::column::Column;
use crate::model::command::Command;
use crate::model::segment::Segment;
use crate::model::state;
use crate::theme::{self, Flag};

/// Draws the cell of `column`; `row` is the style of cells without their own. `cell` is a
/// reused buffer: rows are drawn without a string per cell.
pub(super) fn draw(
    app: &App,
    column: Column,
    segment: &Segment,
    (place, row): (Rect, Style),
    cell: &mut String,
    buffer: &mut Buffer,
) {
    cell.clear();
    let ellipsis = app.theme.ellipsis();
    match column {
        Column::State => state(app, segment, (place, row), buffer),
        Column::ResidentShare => share(app, segment, (place, row), buffer),
        Column::CreatorCommand | Column::LastCommand => {
            column.write(segment, &app.context(), cell);
            match cell.is_empty() {
                true => exited(app, column, segment, (place, row), cell, buffer),
                false => command(app, cell, (place, row), buffer),
            }
        }
        _ => {
            column.write(segment, &app.context(), cell);
            let warns = column == Column::Perms && segment.is_world_writable();
            let style = match warns {
                true => row.patch(app.theme.flag(Flag::Writable)),
                false => row,
            };
            let right = column.definition().right;
            text::put(buffer, place, cell, right, ellipsis, style);
        }
    }
}

/// Draws the sign and the word of the state, and a letter for each flag.
fn state(app: &App, segment: &Segment, (place, row): (Rect, Style), buffer: &mut Buffer) {
    let names = &app.directory;
    let state = state::classify(segment, names, app.now.wall);
    let style = row.patch(app.theme.state(state));
    if app.theme.plain {
        let flags = theme::flags(segment).map(|(flag, _)| theme::word(flag));
        let words: Vec<&str> = std::iter::once(state.label()).chain(flags).collect();
        let mut words = words.join(", ");
        // The details say the flags in full.
        if words.len() > usize::from(place.width) {
            words.truncate(state.label().len());
        }
        return text::put(buffer, place, &words, false, "", style);
    }
    let word = format!("{} {}", app.theme.state_sign(state), state.label());
    text::put(buffer, place, &word, false, app.theme.ellipsis(), style);
    let mut x = place.x.saturating_add(layout::STATE + 1);
    for (flag, sign) in theme::flags(segment) {
        let width = place.right().saturating_sub(x).min(1);
        let letter = Rect { x, width, ..place };
        let style = row.patch(app.theme.flag(flag));
        text::put(
            buffer,
            letter,
            sign.encode_utf8(&mut [0; 4]),
            false,
            "",
            style,
        );
        x = x.saturating_add(1);
    }
}

/// Draws a bar of the resident bytes within the size, in the color of the state, because
/// an orphan wastes its resident memory.
fn share(app: &App, segment: &Segment, (place, row): (Rect, Style), buffer: &mut Buffer) {
    let Some(memory) = segment.memory else {
        return;
    };
    if app.theme.plain {
        // A word instead of a bar; nothing is no percent, all is a hundred.
        let whole = u128::from(segment.size.max(1));
        let percent = (u128::from(memory.resident) * 100 / whole).min(100);
        let words = format!("{percent} %");
        return text::put(buffer, place, &words, false, app.theme.ellipsis(), row);
    }
    let cells = usize::from(place.width);
    let (part, more) = (memory.resident, memory.swapped);
    let [full, hatched, empty] = plot::bar(app.theme, part, more, segment.size, cells);
    let state = state::classify(segment, &app.directory, app.now.wall);
    let style = row.patch(app.theme.state(state));
    let pieces = [
        (full.as_str(), style),
        (hatched.as_str(), style),
        (empty.as_str(), row.patch(app.theme.dim())),
    ];
    text::put_pieces(buffer, place, pieces);
}

/// Draws the program in bold and its arguments, cut in the middle.
fn command(app: &App, line: &str, (place, row): (Rect, Style), buffer: &mut Buffer) {
    let fit = Command::of(line).fit(place.width.into(), app.theme.ellipsis());
    let program = row.add_modifier(Modifier::BOLD);
    let arguments = row.patch(app.theme.dim());
    let pieces = fit.program.map(|piece| (piece, program));
    let pieces = pieces
        .into_iter()
        .chain(fit.arguments.map(|piece| (piece, arguments)));
    text::put_pieces(buffer, place, pieces);
}

/// Draws the number of a process whose command is unknown.
fn exited(
    app: &App,
    column: Column,
    segment: &Segment,
    (place, row): (Rect, Style),
    cell: &mut String,
    buffer: &mut Buffer,
) {
    let number = match column {
        Column::CreatorCommand => Column::CreatorPid,
        _ => Column::LastPid,
    };
    cell.push_str("pid ");
    let start = cell.len();
    number.write(segment, &app.context(), cell);
    if cell.get(start..) != Some("-") {
        let style = row.patch(app.theme.dim());
        text::put(buffer, place, cell, false, app.theme.ellipsis(), style);
    }
}
