//! The help: generated from the table of keys, the fields of filters, and a legend of
//! signs, states and colors; wrapped at any width, and searchable by words.

use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr as _;

use super::keymap::{Command, Place};
use super::line::Line;
use super::{App, event, layout};
use crate::model::cells;
use crate::model::query::FIELDS;
use crate::model::scan::Finding;

mod legend;

/// The state of the help.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    /// Whether it is shown.
    pub open: bool,
    /// The first visible line.
    pub top: usize,
    /// Only lines that contain every word of this are shown.
    pub words: Line,
    /// Whether the search is being edited.
    pub typing: bool,
}

/// A line of the help: pieces of text with their styles.
pub type HelpLine = Vec<(String, Style)>;

/// A section with a heading.
struct Section {
    /// The place whose keys it lists.
    place: Option<Place>,
    title: String,
    entries: Vec<Entry>,
}

/// A term and its meaning; without a term, a sentence.
struct Entry {
    term: String,
    style: Style,
    about: String,
}

const PLACES: [Place; 15] = [
    Place::List,
    Place::Contents,
    Place::Copy,
    Place::Map,
    Place::Differences,
    Place::Processes,
    Place::Events,
    Place::Namespaces,
    Place::Columns,
    Place::Memory,
    Place::Menu,
    Place::Dialog,
    Place::Line,
    Place::Help,
    Place::Anywhere,
];

/// Example filters.
const FILTERS: [(&str, &str); 10] = [
    ("java", "a cell of the row contains the word"),
    (
        "size>=1.5m",
        "= != < <= > >=, with b k m g t or s m h d w; spaces do not matter: size > 1 M",
    ),
    (
        "user:root",
        "a colon or == is =; != for others, ~ and !~ for a part of the text",
    ),
    ("owner=a,b", "one of a list"),
    ("owner=post*", "a glob: * any text, ? one character"),
    (
        "cmd=postgres",
        "the name of a program contains it; also created-by, used-by, attached-by",
    ),
    (
        "mode&002",
        "one of these bits is set: world-writable; also mode=640, mode=rw-r-----",
    ),
    (
        "ctime<2026-11-20",
        "moments: a day, 2026-11-20T08:00, 08:00, today, -2h",
    ),
    (
        "!dest not x",
        "not; dest, locked, hugetlb, noreserve are flags",
    ),
    ("a && (b || c)", "both, one of them; so do and, or"),
];

/// Shown at keys without a function on the running system.
const NO_LOCKS: &str = "no effect: this system cannot lock segments";
const NO_PROBE: &str = "no effect: this system shows the processes without a probe";

/// Returns the box of the help.
#[must_use]
pub fn area(app: &App) -> Rect {
    let count = lines(app, inner_width(app)).len();
    layout::centered(app, WIDTH, count + usize::from(searches(app)))
}

const WIDTH: u16 = 78;

fn inner_width(app: &App) -> usize {
    usize::from(layout::centered(app, WIDTH, 1).width.saturating_sub(2))
}

/// Returns whether the search takes a line of the box.
#[must_use]
pub fn searches(app: &App) -> bool {
    app.help.typing || !app.help.words.text().is_empty()
}

/// Returns the visible lines.
#[must_use]
pub fn shown(app: &App) -> Vec<HelpLine> {
    lines(app, inner_width(app))
}

/// Returns the first visible line when the end is at the bottom.
#[must_use]
pub fn last_top(app: &App) -> usize {
    let room = area(app)
        .height
        .saturating_sub(2 + u16::from(searches(app)));
    shown(app).len().saturating_sub(room.into())
}

/// Returns the first line of the current screen's section.
#[must_use]
pub fn start(app: &App) -> usize {
    let here = event::below_help(app);
    let width = inner_width(app);
    let mut top = 0;
    for section in sections(app) {
        if section.place == Some(here) {
            return top;
        }
        top += wrapped(app, &section, width).len();
    }
    0
}

fn lines(app: &App, width: usize) -> Vec<HelpLine> {
    let words = app.help.words.text().to_lowercase();
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut lines = Vec::new();
    for mut section in sections(app) {
        let title = section.title.to_lowercase();
        section.entries.retain(|entry| {
            let text = format!("{title} {} {}", entry.term, entry.about).to_lowercase();
            words.iter().all(|word| text.contains(word))
        });
        if !section.entries.is_empty() {
            lines.extend(wrapped(app, &section, width));
        }
    }
    if lines.is_empty() {
        let text = format!("nothing about {}", app.help.words.text());
        lines.push(vec![(text, app.theme.dim())]);
    }
    lines
}

fn sections(app: &App) -> Vec<Section> {
    let mut sections: Vec<Section> = PLACES.map(|place| keys(app, place)).into();
    sections.push(filters(app));
    sections.extend(legend::sections(app));
    sections
}

fn keys(app: &App, place: Place) -> Section {
    let bindings = app
        .keymap
        .lines()
        .filter(|(binding, _)| binding.place == place);
    let entries = bindings.map(|(binding, keys)| {
        let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
        let about = match binding.command {
            Command::Lock | Command::Unlock if !app.abilities.locks => NO_LOCKS,
            Command::Probe if app.abilities.finding == Finding::Scan => NO_PROBE,
            _ => binding.about,
        };
        Entry {
            term: keys.join(" "),
            style: app.theme.key(),
            about: about.to_owned(),
        }
    });
    Section {
        place: Some(place),
        title: place.title().to_owned(),
        entries: entries.collect(),
    }
}

fn filters(app: &App) -> Section {
    let examples = FILTERS.into_iter().map(|(example, about)| Entry {
        term: example.to_owned(),
        style: app.theme.key(),
        about: about.to_owned(),
    });
    let names = FIELDS.map(|field| field.name()).join(" ");
    let fields = Entry {
        term: "fields".to_owned(),
        style: app.theme.title(),
        about: names,
    };
    Section {
        place: None,
        title: "Filters".to_owned(),
        entries: examples.chain([fields]).collect(),
    }
}

/// Width of a term.
const TERM: usize = 16;

/// Formats a section in lines of at most `width` cells, followed by an empty one.
fn wrapped(app: &App, section: &Section, width: usize) -> Vec<HelpLine> {
    let plain = app.theme.plain();
    let titles = cells::wrap(&section.title, width).into_iter();
    let mut lines: Vec<HelpLine> = titles
        .map(|title| vec![(title.to_owned(), app.theme.title())])
        .collect();
    // Side by side if both have room, else one below the other.
    let beside = width >= TERM + 24;
    for entry in &section.entries {
        let indent = if beside { TERM + 2 } else { 4 };
        let about = cells::wrap(&entry.about, width.saturating_sub(indent).max(1));
        let mut about = about.into_iter();
        let fits = beside && entry.term.width() < TERM;
        if fits {
            let gap = TERM - entry.term.width();
            let first = about.next().unwrap_or_default();
            lines.push(vec![
                ("  ".to_owned(), plain),
                (entry.term.clone(), entry.style),
                (format!("{:gap$}{first}", ""), plain),
            ]);
        } else {
            let terms = cells::wrap(&entry.term, width.saturating_sub(2).max(1));
            let terms = terms.into_iter();
            lines.extend(terms.map(|term| {
                let indent = ("  ".to_owned(), plain);
                vec![indent, (term.to_owned(), entry.style)]
            }));
        }
        let rest = about.filter(|about| !about.is_empty());
        lines.extend(rest.map(|about| vec![(format!("{:indent$}{about}", ""), plain)]));
    }
    lines.push(Vec::new());
    lines
}

/// Opens the help at the current screen's section, or closes it.
pub fn toggle(app: &mut App) {
    let open = !app.help.open;
    app.help = Help {
        open,
        ..Help::default()
    };
    if open {
        app.help.top = start(app);
    }
}
