//! Draws the help, from the table of keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{overlay, text};
use crate::app::App;
use crate::app::keymap::{Command, Keymap, Place};
use crate::model::query::FIELDS;
use crate::model::scan::{Abilities, Finding};

const PLACES: [Place; 13] = [
    Place::List,
    Place::Contents,
    Place::Copy,
    Place::Map,
    Place::Differences,
    Place::Processes,
    Place::Events,
    Place::Namespaces,
    Place::Columns,
    Place::Dialog,
    Place::Line,
    Place::Help,
    Place::Anywhere,
];

/// Example filters; the first cell is the filter.
const FILTERS: [(&str, &str); 6] = [
    ("java", "the word stands somewhere in the row"),
    ("size>=1.5m", "= != < <= > >=, with b k m g t or s m h d w"),
    ("owner=root", "= != and for a part of it ~ !~"),
    ("state=orphan", "also in-use, idle, removed, unknown"),
    (
        "!dest not x",
        "not; dest, locked, hugetlb, noreserve are flags",
    ),
    ("a (b or c)", "both; one of them"),
];
/// Marks the lines that list the fields.
const FIELD_LINES: &str = "fields";

/// Width of a key's description on a screen of 80 columns.
const ABOUT: usize = 57;

/// Shown at keys without a function on the running system.
const NO_LOCKS: &str = "nothing here: this system cannot lock segments";
const NO_PROBE: &str = "nothing here: this system shows it without attaching the segment";

/// Indentation of continuation lines: the width of the keys.
const GOES_ON: &str = " ";

/// Returns the lines of the help: headings, and keys with their functions.
fn lines(keymap: &Keymap, abilities: Abilities) -> Vec<(String, &'static str)> {
    let mut lines = Vec::new();
    for place in PLACES {
        lines.push((place.title().to_owned(), ""));
        let bindings = keymap.lines().filter(|(binding, _)| binding.place == place);
        for (binding, keys) in bindings {
            let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
            let mut keys = keys.join(" ");
            let about = match binding.command {
                Command::Lock | Command::Unlock if !abilities.locks => NO_LOCKS,
                Command::Probe if abilities.finding == Finding::Scan => NO_PROBE,
                _ => binding.about,
            };
            for about in text::wrap(about, ABOUT) {
                lines.push((std::mem::replace(&mut keys, GOES_ON.to_owned()), about));
            }
        }
        lines.push((String::new(), ""));
    }
    lines.push(("Filters".to_owned(), ""));
    for (example, about) in FILTERS {
        lines.push((example.to_owned(), about));
    }
    let fields = FIELDS.map(|field| field.names.first().copied().unwrap_or_default());
    for fields in fields.chunks(7) {
        lines.push((String::new(), FIELD_LINES));
        if let Some((keys, _)) = lines.last_mut() {
            *keys = fields.join(" ");
        }
    }
    lines
}

/// Returns the first visible line when the end is at the bottom.
#[must_use]
pub fn last_top(app: &App) -> u16 {
    let lines = u16::try_from(lines(&app.keymap, app.abilities).len()).unwrap_or(u16::MAX);
    lines.saturating_sub(app.size.height.saturating_sub(2))
}

pub(super) fn draw(app: &App, screen: Rect, buffer: &mut Buffer) {
    let lines = lines(&app.keymap, app.abilities);
    let inner = overlay::open(app, screen, (76, lines.len()), "Keys", buffer);
    let shown = lines.iter().skip(app.help_top.into());
    for (y, (keys, about)) in (inner.y..inner.bottom()).zip(shown) {
        let line = Rect {
            y,
            height: 1,
            ..inner
        };
        if *about == FIELD_LINES {
            let fields = format!("  {keys}");
            text::put(buffer, line, &fields, false, "", app.theme.dim());
        } else if about.is_empty() {
            text::put(buffer, line, keys, false, "", app.theme.title());
        } else {
            let keys = format!("  {keys:<14} ");
            let pieces = [(keys.as_str(), app.theme.key()), (*about, Style::new())];
            text::put_pieces(buffer, line, pieces);
        }
    }
}
