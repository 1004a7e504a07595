//! Which key does what: the one table that dispatch, the help overlay and the
//! footer are made from.

use ratatui::crossterm::event::{KeyCode, KeyModifiers};

mod table;

pub use table::BINDINGS;
use table::{control, named};

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
