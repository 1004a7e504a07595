//! The structure that a segment begins with, as fields.
//!
//! ```text
//! ── PostgreSQL PGShmemHeader ──
//!  0x0   magic        679834894
//!  0x4   creatorPID   812 postgres
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text;
use crate::app::App;
use crate::model::directory::Process;
use crate::model::format;
use crate::model::structure::{Field, Meaning, Recognized};

/// Draws every field, the one that the cursor is in marked.
pub(super) fn draw(app: &App, found: &Recognized, cursor: u64, area: Rect, buffer: &mut Buffer) {
    let line = |y| Rect {
        y,
        height: 1,
        ..area
    };
    let rule = app.theme.rule().repeat(area.width.into());
    text::put(buffer, line(area.y), &rule, false, "", app.theme.dim());
    let title = format!(" {} ", found.title());
    let ellipsis = app.theme.ellipsis();
    text::put(
        buffer,
        line(area.y),
        &title,
        false,
        ellipsis,
        app.theme.title(),
    );
    let current = found.field_at(cursor);
    for (y, field) in (area.y + 1..area.bottom()).zip(&found.fields) {
        let words = format!(
            " {:<5} {:<11} {}",
            format!("{:#x}", field.offset),
            field.name,
            value(app, field)
        );
        text::put(buffer, line(y), &words, false, ellipsis, app.theme.plain());
        if current == Some(field) {
            buffer.set_style(line(y).intersection(buffer.area), app.theme.selected());
        }
    }
    let last = area.y + 1 + u16::try_from(found.fields.len()).unwrap_or(u16::MAX);
    if last < area.bottom() {
        let source = format!(" as in {}", found.source);
        text::put(
            buffer,
            line(last),
            &source,
            false,
            ellipsis,
            app.theme.dim(),
        );
    }
}

/// The field that the cursor is in, in one line; or where the fields are.
pub(super) fn line(app: &App, found: &Recognized, cursor: u64) -> String {
    match found.field_at(cursor) {
        Some(field) => format!("{}.{} = {}", found.title(), field.name, value(app, field)),
        None => {
            let end = found
                .fields
                .last()
                .map_or(0, |last| last.offset + last.length);
            format!("{} is at 0x0 to {end:#x}", found.title())
        }
    }
}

/// The structure and its fields, in one line.
pub(super) fn summary(app: &App, found: &Recognized) -> String {
    let fields = found
        .fields
        .iter()
        .filter(|field| field.meaning != Meaning::Magic);
    let fields = fields.map(|field| format!("{} {}", field.name, value(app, field)));
    format!(
        "{}: {}",
        found.title(),
        fields.collect::<Vec<_>>().join(", ")
    )
}

/// What stands in a field.
fn value(app: &App, field: &Field) -> String {
    let number = field.value;
    match field.meaning {
        Meaning::Magic if number == 0 => "found".to_owned(),
        Meaning::Magic | Meaning::Number => number.to_string(),
        Meaning::Pid => {
            let pid = i32::try_from(number).unwrap_or(0);
            match app.directory.process(pid) {
                Process::Running { command, .. } => format!("{pid} {}", format::harmless(command)),
                Process::Zombie | Process::Gone => format!("{pid} (ended)"),
                Process::Unknown => pid.to_string(),
            }
        }
        Meaning::Bytes => format!("{} ({})", format::thousands(number), format::size(number)),
        Meaning::Offset | Meaning::Address | Meaning::Device => format!("{number:#x}"),
    }
}
