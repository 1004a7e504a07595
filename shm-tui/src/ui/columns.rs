//! Draws the column chooser.

use ratatui::buffer::Buffer;

use super::panel;
use crate::app::App;
use crate::app::layout::Areas;

pub(super) fn draw(app: &App, areas: &Areas, buffer: &mut Buffer) {
    let remark = "left to right in the table, top to bottom here";
    panel::caption(app, areas.caption, "Columns", remark, buffer);
    let columns = app.chooser.columns.iter();
    let cursor = app.chooser.cursor;
    panel::lines(app, areas, cursor, columns, buffer, |(column, shown)| {
        let definition = column.definition();
        let sign = match (app.theme.plain, *shown) {
            (false, true) => "[x]",
            (false, false) => "[ ]",
            (true, true) => "shown ",
            (true, false) => "hidden",
        };
        let line = format!(
            " {sign} {:<13} {:<18} {}",
            definition.title, definition.name, definition.about
        );
        let style = match shown {
            true => app.theme.plain(),
            false => app.theme.dim(),
        };
        (line, style)
    });
}
