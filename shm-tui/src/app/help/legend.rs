//! The meaning of signs, states and colors.

use super::{Entry, Section};
use crate::app::App;
use crate::model::bytes::class::{CLASSES, Class};
use crate::model::state::{STATES, State};
use crate::theme::FLAGS;

/// The meaning of each state.
fn about(state: State) -> &'static str {
    match state {
        State::InUse => "at least one process has it attached",
        State::Idle => "no process has it attached, and its creator runs",
        State::PossibleOrphan => {
            "no process has it attached and its creator has exited, but not for long, or its last \
             user runs"
        }
        State::LikelyOrphan => {
            "no process has it attached, and its creator and last user have exited: for an hour, \
             or a day if it has a key"
        }
        State::Removed => "marked for removal: the kernel destroys it at the last detach",
        State::Unknown => "no process has it attached, and its creator is unknown",
    }
}

/// Returns the sections of the legend.
pub(super) fn sections(app: &App) -> [Section; 3] {
    [states(app), signs(app), colors(app)]
}

fn entry(term: &str, style: ratatui::style::Style, about: &str) -> Entry {
    Entry {
        term: term.to_owned(),
        style,
        about: about.to_owned(),
    }
}

fn states(app: &App) -> Section {
    let theme = app.theme;
    let entries = STATES.into_iter().map(|(state, _, label)| {
        let term = format!("{} {label}", theme.state_sign(state));
        entry(term.trim_start(), theme.state(state), about(state))
    });
    Section {
        place: None,
        title: "States".to_owned(),
        entries: entries.collect(),
    }
}

fn signs(app: &App) -> Section {
    let theme = app.theme;
    let map = theme.map();
    let [few, .., full] = map.data;
    let (bar, empty) = theme.gauge();
    let entries = [
        ("+", theme.fresh(), "a new row"),
        ("*", theme.changed(), "a row that changed"),
        ("-", theme.gone(), "a row whose segment is gone"),
        (theme.mark(), theme.title(), "marked for an action"),
        (bar, theme.fresh(), "resident, within the size"),
        (theme.hatch(), theme.plain(), "swapped out, within the size"),
        (empty, theme.dim(), "not in memory, within the size"),
        (
            theme.arrow(false),
            theme.title(),
            "sorted, the smallest first",
        ),
        (
            theme.arrow(true),
            theme.title(),
            "sorted, the largest first",
        ),
        (
            "< >",
            theme.key(),
            "there are more columns: Left and Right show them",
        ),
        (map.hole, theme.plain(), "in the map: never touched"),
        (map.zero, theme.plain(), "in the map: zeros"),
        (few, theme.data(), "in the map: few pages hold data"),
        (full, theme.data(), "in the map: all pages hold data"),
        (
            map.changed,
            theme.changed(),
            "in the map: changed since the last scan",
        ),
        (map.unknown, theme.plain(), "in the map: unknown"),
        (map.hit, theme.plain(), "in the map: a match begins here"),
    ];
    let entries = entries.map(|(sign, style, about)| entry(sign, style, about));
    let flags = FLAGS.map(|(flag, sign, about)| {
        let about = format!("beside the state: {about}");
        entry(&sign.to_string(), theme.flag(flag), &about)
    });
    let classes = CLASSES
        .into_iter()
        .filter(|(class, _)| *class != Class::Printable)
        .map(|(class, word)| {
            let about = format!("in the text of the bytes: {word}");
            entry(theme.class_sign(class), theme.class(class), &about)
        });
    let entries: Vec<Entry> = entries.into_iter().chain(flags).chain(classes).collect();
    Section {
        place: None,
        title: "Signs".to_owned(),
        entries,
    }
}

fn colors(app: &App) -> Section {
    let theme = app.theme;
    let entries = [
        ("key", theme.key(), "keys here and in the last line"),
        ("new", theme.fresh(), "a new row"),
        (
            "changed",
            theme.changed(),
            "a changed row, a byte that changed a while ago",
        ),
        ("just now", theme.heat(3), "a byte that has just changed"),
        ("gone", theme.gone(), "a row whose segment is gone"),
        ("failure", theme.failure(), "a failure"),
        (" PAUSED ", theme.banner(), "an unusual state: paused"),
        ("text", theme.class(Class::Printable), "printable bytes"),
        ("space", theme.class(Class::Space), "white space"),
        ("control", theme.class(Class::Control), "control characters"),
        ("high", theme.class(Class::High), "bytes from 0x80 on"),
        ("selected", theme.selected(), "the cursor"),
    ];
    let entries = entries.map(|(word, style, about)| entry(word, style, about));
    Section {
        place: None,
        title: "Colors".to_owned(),
        entries: entries.into(),
    }
}
