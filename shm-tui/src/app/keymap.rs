//! Which key does what: the one table that dispatch, the help overlay and the
//! footer are made from.

use ratatui::crossterm::event::{KeyCode, KeyModifiers};

/// What a key can be bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// End the program.
    Quit,
    /// Show or hide the help.
    Help,
    /// Give the terminal back to the shell for a while.
    Suspend,
    /// Paint the screen again and look at the system now.
    Refresh,
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One byte to the left.
    Left,
    /// One byte to the right.
    Right,
    /// One screen up.
    PageUp,
    /// One screen down.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// Look into the selected segment.
    Open,
    /// Leave what is shown.
    Back,
    /// Type a filter.
    Filter,
    /// Accept what was typed.
    Accept,
    /// Forget what was typed.
    Cancel,
    /// Sort by the next column.
    SortNext,
    /// Sort by the previous column.
    SortPrevious,
    /// Turn the order round.
    SortReverse,
    /// Show or hide the pane under the table.
    Details,
    /// Let the table, or the bytes, stand still.
    Pause,
    /// Read the contents again.
    Reload,
    /// Look more often.
    Faster,
    /// Look less often.
    Slower,
    /// Who has the segment attached.
    Processes,
    /// What happened.
    Events,
    /// The IPC namespaces of the machine.
    Namespaces,
    /// Choose and order the columns.
    Columns,
    /// Put rows together by owner, by creator, or not.
    Group,
    /// Show what the cursor is on.
    Choose,
    /// Show or hide the column.
    Toggle,
    /// Move the column to the left.
    MoveUp,
    /// Move the column to the right.
    MoveDown,
    /// Write the log to a file.
    Export,
    /// Panic; debug builds only.
    Panic,
}

/// Where a binding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Everywhere but where text is typed.
    Anywhere,
    /// In the table.
    List,
    /// In the bytes of a segment.
    Contents,
    /// In the list of processes.
    Processes,
    /// In the event log.
    Events,
    /// In the list of namespaces.
    Namespaces,
    /// In the list of columns.
    Columns,
    /// In the help overlay.
    Help,
    /// While a line is typed.
    Line,
}

impl Place {
    /// The heading in the help.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Anywhere => "Everywhere",
            Self::List => "In the table",
            Self::Contents => "In the contents of a segment",
            Self::Processes => "In the processes of a segment",
            Self::Events => "In the event log",
            Self::Namespaces => "In the IPC namespaces",
            Self::Columns => "In the columns",
            Self::Help => "In this help",
            Self::Line => "While typing",
        }
    }
}

/// One key with its modifiers. Shift is part of the character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord {
    /// The key.
    pub code: KeyCode,
    /// Whether the control key is held.
    pub control: bool,
}

const fn key(character: char) -> Chord {
    named(KeyCode::Char(character))
}

const fn control(character: char) -> Chord {
    Chord {
        code: KeyCode::Char(character),
        control: true,
    }
}

const fn named(code: KeyCode) -> Chord {
    Chord {
        code,
        control: false,
    }
}

impl std::fmt::Display for Chord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.control {
            f.write_str("Ctrl-")?;
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(character) if self.control => {
                write!(f, "{}", character.to_ascii_uppercase())
            }
            KeyCode::Char(character) => write!(f, "{character}"),
            KeyCode::F(number) => write!(f, "F{number}"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::Backspace => f.write_str("Backspace"),
            code => write!(f, "{code}"),
        }
    }
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where it counts.
    pub place: Place,
    /// The keys, the best one first.
    pub keys: &'static [Chord],
    /// What they do.
    pub command: Command,
    /// One or two words for the footer; empty for none.
    pub short: &'static str,
    /// A line for the help.
    pub about: &'static str,
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
        "type a filter: words, size>=1m, owner=x, state=orphan, !dest …",
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

/// A panic on purpose, for the tests of the real program in a terminal.
const DEBUG_PANIC: Chord = named(KeyCode::F(12));

/// What a key does in a place.
#[must_use]
pub fn command(place: Place, code: KeyCode, modifiers: KeyModifiers) -> Option<Command> {
    if modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    let chord = Chord {
        code,
        control: modifiers.contains(KeyModifiers::CONTROL),
    };
    if cfg!(debug_assertions) && chord == DEBUG_PANIC {
        return Some(Command::Panic);
    }
    let find = |place: Place| {
        BINDINGS
            .iter()
            .find(|binding| binding.place == place && binding.keys.contains(&chord))
            .map(|binding| binding.command)
    };
    find(place).or_else(|| match place {
        // Letters are text there, and the keys that are not edit the line.
        Place::Line => (chord == control('z')).then_some(Command::Suspend),
        _ => find(Place::Anywhere),
    })
}

/// The bindings that the footer of a place names.
pub fn footer(place: Place) -> impl Iterator<Item = &'static Binding> {
    let counts = move |binding: &&Binding| {
        !binding.short.is_empty()
            && (binding.place == place
                || (binding.place == Place::Anywhere && place != Place::Line))
    };
    BINDINGS.iter().filter(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_bound_twice_in_one_place() {
        for (index, binding) in BINDINGS.iter().enumerate() {
            for other in &BINDINGS[index + 1..] {
                if binding.place == other.place {
                    for chord in binding.keys {
                        assert!(!other.keys.contains(chord), "{chord} in {:?}", other.place);
                    }
                }
            }
        }
    }

    #[test]
    fn every_binding_is_dispatched_and_described() {
        for binding in BINDINGS {
            assert!(!binding.about.is_empty());
            for chord in binding.keys {
                let modifiers = match chord.control {
                    true => KeyModifiers::CONTROL,
                    false => KeyModifiers::NONE,
                };
                let place = match binding.place {
                    Place::Anywhere => Place::List,
                    place => place,
                };
                assert_eq!(command(place, chord.code, modifiers), Some(binding.command));
            }
        }
    }

    #[test]
    fn letters_are_text_while_typing() {
        for character in ['q', 'j', '?', ' ', '/'] {
            let code = KeyCode::Char(character);
            assert_eq!(command(Place::Line, code, KeyModifiers::NONE), None);
        }
    }
}
