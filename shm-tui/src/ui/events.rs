//! Draws the event log, newest first.

use ratatui::buffer::Buffer;

use super::panel;
use crate::app::App;
use crate::app::layout::Areas;
use crate::model::log::Event;

pub(super) fn draw(app: &App, areas: &Areas, buffer: &mut Buffer) {
    let total = app.log.entries().len();
    let shown = app.shown_events().count();
    let mut remark = match shown == total {
        true => format!("{total} since the start"),
        false => format!("{shown} of {total} since the start"),
    };
    if app.log.dropped() > 0 {
        remark.push_str(&format!(", {} older ones dropped", app.log.dropped()));
    }
    if !app.events.filter.text().is_empty() {
        remark.push_str(&format!("; with {}", app.events.filter.text()));
    }
    panel::caption(app, areas.caption, "Events", &remark, buffer);
    if shown == 0 {
        let words = match total {
            0 => "no events yet; segments that come and go between two refreshes are not seen",
            _ => "no event contains these words",
        };
        return panel::sentence(app, areas, words, app.theme.dim(), buffer);
    }
    let cursor = app.events.cursor;
    panel::lines(app, areas, cursor, app.shown_events(), buffer, |entry| {
        let style = match entry.event {
            Event::Created => app.theme.fresh(),
            Event::Removed | Event::Destroyed => app.theme.failure(),
            _ => app.theme.plain(),
        };
        (
            format!(" {}", entry.line(&app.directory.clock(entry.time))),
            style,
        )
    });
}
