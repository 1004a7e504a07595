//! The table itself: a line for everything that a key does.

use ratatui::crossterm::event::KeyCode;

use super::{Binding, Chord, Command, Place};

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

/// The table. Of two bindings of one key, that of the narrower place counts.
pub const BINDINGS: &[Binding] = &[
    bind(Place::List, &[key('q')], Command::Quit, "quit", "quit"),
    bind(
        Place::List,
        &[named(KeyCode::Enter), key('x')],
        Command::Open,
        "bytes",
        "show the contents of the segment, attached read-only while shown",
    ),
    bind(
        Place::List,
        &[key('/'), key('f')],
        Command::Filter,
        "filter",
        "type a filter: words, size>=1m, owner=x, state=orphan, !dest ...",
    ),
    bind(
        Place::List,
        &[named(KeyCode::Esc)],
        Command::Back,
        "",
        "drop the filter",
    ),
    bind(
        Place::List,
        &[key('a')],
        Command::Processes,
        "processes",
        "who has the segment attached",
    ),
    bind(
        Place::List,
        &[key('e')],
        Command::Events,
        "events",
        "what happened to the segments since the start",
    ),
    bind(
        Place::List,
        &[key('n')],
        Command::Namespaces,
        "",
        "the IPC namespaces of the machine: look into another",
    ),
    bind(
        Place::List,
        &[key('c')],
        Command::Columns,
        "columns",
        "choose and order the columns",
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
        &[key('o')],
        Command::Group,
        "",
        "put rows together by owner, by creator, or not",
    ),
    bind(
        Place::List,
        &[key('>'), key('s')],
        Command::SortNext,
        "sort",
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
        &[key('r')],
        Command::SortReverse,
        "reverse",
        "turn the order round",
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
        &[key('p'), key(' ')],
        Command::Pause,
        "pause",
        "let the table stand still, or go on",
    ),
    bind(
        Place::List,
        &[key('+'), key('=')],
        Command::Faster,
        "",
        "look at the system more often",
    ),
    bind(
        Place::List,
        &[key('-')],
        Command::Slower,
        "",
        "look at the system less often",
    ),
    bind(
        Place::Contents,
        &[key('q'), named(KeyCode::Esc)],
        Command::Back,
        "back",
        "detach and go back to the table",
    ),
    bind(
        Place::Contents,
        &[named(KeyCode::Left), key('h')],
        Command::Left,
        "",
        "one byte to the left",
    ),
    bind(
        Place::Contents,
        &[named(KeyCode::Right), key('l')],
        Command::Right,
        "",
        "one byte to the right",
    ),
    bind(
        Place::Contents,
        &[key('p'), key(' ')],
        Command::Pause,
        "hold",
        "let the bytes stand still, or follow them again",
    ),
    bind(
        Place::Contents,
        &[key('r')],
        Command::Reload,
        "",
        "attach and read again, after the segment was let go",
    ),
    bind(
        Place::Processes,
        &[named(KeyCode::Enter)],
        Command::Choose,
        "its segments",
        "show only the segments that this process has attached",
    ),
    bind(
        Place::Processes,
        &[key('r')],
        Command::Reload,
        "again",
        "look at the processes again",
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
        "show only entries in which every word typed stands",
    ),
    bind(
        Place::Events,
        &[key('w')],
        Command::Export,
        "write",
        "write the entries shown to a new file",
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
        "look into it",
        "show the segments of this namespace",
    ),
    bind(
        Place::Namespaces,
        &[key('r')],
        Command::Reload,
        "again",
        "look for namespaces again",
    ),
    bind(
        Place::Namespaces,
        &[key('q'), named(KeyCode::Esc)],
        Command::Back,
        "back",
        "go back to the table",
    ),
    bind(
        Place::Columns,
        &[key(' '), named(KeyCode::Enter)],
        Command::Toggle,
        "show or hide",
        "show or hide the column",
    ),
    bind(
        Place::Columns,
        &[key('<'), key('K')],
        Command::MoveUp,
        "to the left",
        "move the column to the left",
    ),
    bind(
        Place::Columns,
        &[key('>'), key('J')],
        Command::MoveDown,
        "to the right",
        "move the column to the right",
    ),
    bind(
        Place::Columns,
        &[key('q'), named(KeyCode::Esc), key('c')],
        Command::Back,
        "back",
        "go back to the table",
    ),
    bind(
        Place::Help,
        &[key('q'), named(KeyCode::Esc), named(KeyCode::Enter)],
        Command::Help,
        "back",
        "close the help",
    ),
    bind(
        Place::Line,
        &[named(KeyCode::Enter)],
        Command::Accept,
        "keep",
        "keep what was typed",
    ),
    bind(
        Place::Line,
        &[named(KeyCode::Esc), control('c')],
        Command::Cancel,
        "drop",
        "drop what was typed",
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
        "to the first",
    ),
    bind(
        Place::Anywhere,
        &[named(KeyCode::End), key('G')],
        Command::Last,
        "",
        "to the last",
    ),
    bind(
        Place::Anywhere,
        &[control('l'), named(KeyCode::F(5))],
        Command::Refresh,
        "",
        "paint the screen again and look at the system now",
    ),
    bind(
        Place::Anywhere,
        &[control('z')],
        Command::Suspend,
        "",
        "give the terminal back to the shell; `fg` goes on",
    ),
    bind(Place::Anywhere, &[control('c')], Command::Quit, "", "quit"),
];
