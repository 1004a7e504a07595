//! The table of key bindings.

use ratatui::crossterm::event::KeyCode;

use super::{Binding, Chord, Command, Place};

mod contents;
mod menus;

const fn key(character: char) -> Chord {
    named(KeyCode::Char(character))
}

pub(super) const fn control(character: char) -> Chord {
    Chord {
        code: KeyCode::Char(character),
        control: true,
    }
}

pub(super) const fn named(code: KeyCode) -> Chord {
    Chord {
        code,
        control: false,
    }
}

const fn bind(
    place: Place,
    keys: &'static [Chord],
    command: Command,
    short: &'static str,
    about: &'static str,
) -> Binding {
    Binding {
        place,
        keys,
        command,
        short,
        about,
    }
}

/// The table. The binding of the narrower context wins.
pub const BINDINGS: &[Binding] =
    &joined::<LENGTH>([LIST, menus::BINDINGS, contents::BINDINGS, OTHERS]);

const LENGTH: usize = LIST.len() + menus::BINDINGS.len() + contents::BINDINGS.len() + OTHERS.len();

/// Concatenates tables. A wrong length does not compile.
#[allow(clippy::indexing_slicing)]
const fn joined<const N: usize>(parts: [&[Binding]; 4]) -> [Binding; N] {
    let mut all = [LIST[0]; N];
    let (mut part, mut next) = (0, 0);
    while part < parts.len() {
        let mut index = 0;
        while index < parts[part].len() {
            all[next] = parts[part][index];
            next += 1;
            index += 1;
        }
        part += 1;
    }
    assert!(next == N);
    all
}

const LIST: &[Binding] = &[
    bind(
        Place::List,
        &[key('q'), named(KeyCode::F(10))],
        Command::Quit,
        "quit",
        "quit",
    ),
    bind(
        Place::List,
        &[named(KeyCode::Enter), key('x')],
        Command::Open,
        "bytes",
        "show the contents of the segment, attached read-only while shown",
    ),
    bind(
        Place::List,
        &[key('/'), named(KeyCode::F(4)), key('f'), key('\\')],
        Command::Filter,
        "filter",
        "filter: words, size>=1m, owner=x, state=orphan, !dest ...",
    ),
    bind(
        Place::List,
        &[named(KeyCode::Esc)],
        Command::Back,
        "",
        "clear the filter",
    ),
    bind(
        Place::List,
        &[key('a'), named(KeyCode::F(3))],
        Command::Processes,
        "procs",
        "list the processes that have the segment attached",
    ),
    bind(
        Place::List,
        &[key('e')],
        Command::Events,
        "events",
        "event log: changes of the segments since the start",
    ),
    bind(
        Place::List,
        &[key('n')],
        Command::Namespaces,
        "",
        "list the IPC namespaces of the machine, and switch to another",
    ),
    bind(
        Place::List,
        &[key('c')],
        Command::Columns,
        "columns",
        "select and order the columns",
    ),
    bind(
        Place::List,
        &[named(KeyCode::Left), key('h')],
        Command::Left,
        "",
        "columns further to the left, if there are more than fit",
    ),
    bind(
        Place::List,
        &[named(KeyCode::Right), key('l')],
        Command::Right,
        "",
        "columns further to the right",
    ),
    bind(
        Place::List,
        &[key('o'), named(KeyCode::F(5)), key('t')],
        Command::Group,
        "group",
        "group by owner, creator, program, state, or not at all",
    ),
    bind(
        Place::List,
        &[key('M'), named(KeyCode::F(8))],
        Command::Memory,
        "memory",
        "where the memory goes: bytes by state, by owner and by creator",
    ),
    bind(
        Place::List,
        &[key('>'), key('s')],
        Command::SortNext,
        "",
        "sort by the next column",
    ),
    bind(
        Place::List,
        &[key('<'), key('S')],
        Command::SortPrevious,
        "",
        "sort by the previous column",
    ),
    bind(
        Place::List,
        &[key('r'), key('I')],
        Command::SortReverse,
        "reverse",
        "reverse the sort order",
    ),
    bind(
        Place::List,
        &[key('d')],
        Command::Details,
        "details",
        "show or hide the details of the segment",
    ),
    bind(
        Place::List,
        &[key('p')],
        Command::Pause,
        "pause",
        "pause or resume",
    ),
    bind(
        Place::List,
        &[key('+'), key('=')],
        Command::Faster,
        "",
        "refresh faster",
    ),
    bind(
        Place::List,
        &[key('-')],
        Command::Slower,
        "",
        "refresh slower",
    ),
    bind(
        Place::List,
        &[key(' ')],
        Command::Mark,
        "mark",
        "toggle the mark",
    ),
    bind(
        Place::List,
        &[key('*')],
        Command::MarkShown,
        "",
        "mark every visible segment",
    ),
    bind(
        Place::List,
        &[key('i')],
        Command::MarkOthers,
        "",
        "invert the marks of the visible segments",
    ),
    bind(
        Place::List,
        &[key('U')],
        Command::Unmark,
        "",
        "clear all marks",
    ),
    bind(
        Place::List,
        &[key('D'), named(KeyCode::F(9)), named(KeyCode::Delete)],
        Command::Remove,
        "remove",
        "remove the marked segments, or the selected one; asks first",
    ),
    bind(
        Place::List,
        &[key('m')],
        Command::Permit,
        "",
        "change owner, group or mode of the marked segments; asks first",
    ),
    bind(
        Place::List,
        &[key('L')],
        Command::Lock,
        "",
        "lock the marked segments in memory, or unlock them if all are locked; asks first",
    ),
    bind(
        Place::List,
        &[control('u')],
        Command::Unlock,
        "",
        "unlock the marked segments; asks first",
    ),
    bind(
        Place::List,
        &[key('C'), named(KeyCode::Insert)],
        Command::Create,
        "",
        "create a segment; asks first",
    ),
];

const OTHERS: &[Binding] = &[
    bind(
        Place::Processes,
        &[named(KeyCode::Enter)],
        Command::Choose,
        "its segments",
        "show only the segments that this process has attached",
    ),
    bind(
        Place::Processes,
        &[key('P')],
        Command::Probe,
        "",
        "probe, if the system has no other way: attach the segment read-only for a moment, which changes its attach time and last user",
    ),
    bind(
        Place::Processes,
        &[key('r')],
        Command::Reload,
        "again",
        "scan the processes again",
    ),
    bind(
        Place::Processes,
        &[key('q'), named(KeyCode::Esc)],
        Command::Back,
        "back",
        "go back to the table",
    ),
    bind(
        Place::Events,
        &[key('/'), key('f')],
        Command::Filter,
        "filter",
        "show only entries that contain every word typed",
    ),
    bind(
        Place::Events,
        &[key('w')],
        Command::Export,
        "write",
        "write the visible entries to a new file",
    ),
    bind(
        Place::Events,
        &[key('q'), named(KeyCode::Esc)],
        Command::Back,
        "back",
        "go back to the table",
    ),
    bind(
        Place::Namespaces,
        &[named(KeyCode::Enter)],
        Command::Choose,
        "switch to it",
        "show the segments of this namespace",
    ),
    bind(
        Place::Namespaces,
        &[key('r')],
        Command::Reload,
        "again",
        "list the namespaces again",
    ),
    bind(
        Place::Namespaces,
        &[key('q'), named(KeyCode::Esc)],
        Command::Back,
        "back",
        "go back to the table",
    ),
    bind(
        Place::Memory,
        &[named(KeyCode::Enter)],
        Command::Choose,
        "show",
        "show only the segments of this line",
    ),
    bind(
        Place::Memory,
        &[key('q'), named(KeyCode::Esc), key('M')],
        Command::Back,
        "back",
        "go back to the table",
    ),
    bind(
        Place::Anywhere,
        &[key('?'), named(KeyCode::F(1))],
        Command::Help,
        "help",
        "show or hide this help",
    ),
    bind(
        Place::Anywhere,
        &[named(KeyCode::Up), key('k')],
        Command::Up,
        "",
        "one row up",
    ),
    bind(
        Place::Anywhere,
        &[named(KeyCode::Down), key('j')],
        Command::Down,
        "",
        "one row down",
    ),
    bind(
        Place::Anywhere,
        &[named(KeyCode::PageUp), control('b')],
        Command::PageUp,
        "",
        "one screen up",
    ),
    bind(
        Place::Anywhere,
        &[named(KeyCode::PageDown), control('f')],
        Command::PageDown,
        "",
        "one screen down",
    ),
    bind(
        Place::Anywhere,
        &[named(KeyCode::Home), key('g')],
        Command::First,
        "",
        "go to the first",
    ),
    bind(
        Place::Anywhere,
        &[named(KeyCode::End), key('G')],
        Command::Last,
        "",
        "go to the last",
    ),
    bind(
        Place::Anywhere,
        &[control('l'), named(KeyCode::F(5))],
        Command::Refresh,
        "",
        "repaint the screen and refresh now",
    ),
    bind(
        Place::Anywhere,
        &[control('z')],
        Command::Suspend,
        "",
        "suspend; `fg` resumes",
    ),
    bind(
        Place::Anywhere,
        &[control('t')],
        Command::Mouse,
        "",
        "turn the mouse on or off; without it the terminal selects text",
    ),
    bind(
        Place::Anywhere,
        &[control('c'), named(KeyCode::F(10))],
        Command::Quit,
        "",
        "quit",
    ),
];
