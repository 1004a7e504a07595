//! Draws the screen: [`view`] only reads the state and writes cells.
//!
//! ```text
//! ┌ header ─ gauges, totals, state of the refresh ───────┐
//! │ titles                                               │
//! │ rows                                                 │
//! ├ details of the selected segment ─────────────────────┤
//! └ footer ─ keys, the filter being typed, or a notice ──┘
//! ```
//!
//! One file per panel. Only the visible rows are built, so a frame costs the same with
//! 32,768 segments as with 30.

use ratatui::Frame;

use crate::app::layout;
use crate::app::{App, Screen};

mod cell;
pub mod columns;
pub mod contents;
pub mod details;
pub mod dialog;
pub mod differences;
pub mod events;
pub mod focus;
pub mod footer;
pub mod header;
pub mod help;
mod history;
pub mod inspector;
pub mod loading;
pub mod map;
pub mod memory;
pub mod menu;
pub mod namespaces;
pub mod overlay;
pub mod panel;
pub mod plot;
pub mod processes;
mod structure;
pub mod table;
pub mod text;

/// Draws the whole screen.
pub fn view(app: &App, frame: &mut Frame<'_>) {
    let areas = layout::areas(app).clipped(frame.area());
    let buffer = frame.buffer_mut();
    header::draw(app, areas.header, buffer);
    match app.screen {
        Screen::List => {
            table::draw(app, &areas, buffer);
            details::draw(app, areas.details, buffer);
        }
        Screen::Contents => contents::draw(app, &areas, buffer),
        Screen::Map => map::draw(app, &areas, buffer),
        Screen::Differences => differences::draw(app, &areas, buffer),
        Screen::Processes => processes::draw(app, &areas, buffer),
        Screen::Events => events::draw(app, &areas, buffer),
        Screen::Namespaces => namespaces::draw(app, &areas, buffer),
        Screen::Columns => columns::draw(app, &areas, buffer),
        Screen::Memory => memory::draw(app, &areas, buffer),
    }
    footer::draw(app, areas.footer, buffer);
    menu::draw(app, frame.area(), frame.buffer_mut());
    dialog::draw(app, frame.area(), frame.buffer_mut());
    if app.help.open {
        help::draw(app, frame.area(), frame.buffer_mut());
    }
    if app.theme.plain {
        frame.set_cursor_position(focus::position(app, &areas));
    }
}
