//! Which key does what: the one table that dispatch, the help overlay and the
//! footer are made from.

use std::collections::BTreeMap;
use std::fmt;

use ratatui::crossterm::event::{KeyCode, KeyModifiers};
use serde::{Deserialize, Serialize};

mod chord;
mod table;

pub use chord::{Chord, UnknownKey};
pub use table::BINDINGS;
use table::named;

/// What a key can be bound to. The configuration file has the names in lower
/// case, with hyphens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
    /// One byte, or one column, to the left.
    Left,
    /// One byte, or one column, to the right.
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
    /// Find who has the segment attached by attaching it for a moment.
    Probe,
    /// Mark the segment, or not any more.
    Mark,
    /// Mark every segment that is shown.
    MarkShown,
    /// Mark those shown that are not, and the other way round.
    MarkOthers,
    /// Mark none.
    Unmark,
    /// Mark for removal, in the kernel.
    Remove,
    /// Change owner, group and mode.
    Permit,
    /// Keep in memory.
    Lock,
    /// Let be swapped out again.
    Unlock,
    /// Make a segment.
    Create,
    /// Type an offset to go to.
    Goto,
    /// Type what to search for.
    Search,
    /// To the next match.
    SearchNext,
    /// To the match before.
    SearchPrevious,
    /// Turn the order of the bytes in numbers round.
    Endian,
    /// The whole segment, block by block.
    Map,
    /// Keep what is in the segment now.
    Snapshot,
    /// What is different since a snapshot.
    Compare,
    /// To the next range that is different.
    ChangeNext,
    /// To the range before that is different.
    ChangePrevious,
    /// Compare an earlier snapshot, or a later one.
    Before,
    /// Compare with another snapshot, or with what is there now.
    After,
    /// Begin or drop a selection.
    Select,
    /// Copy to the clipboard of the terminal.
    Copy,
    /// Copy as hexadecimal digits.
    CopyHex,
    /// Copy as text.
    CopyText,
    /// Copy as an array in C.
    CopyC,
    /// Copy as an array in Rust.
    CopyRust,
    /// Write bytes to a file.
    Dump,
    /// Write a table of digits to a file.
    DumpHex,
    /// Write a file over the bytes.
    Load,
    /// Read also what the system tells nothing about.
    ReadUnknown,
    /// Stop what goes on, drop the selection or the matches, or go back.
    Stop,
    /// Panic; debug builds only.
    #[serde(skip)]
    Panic,
}

/// Where a binding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Everywhere but where text is typed.
    Anywhere,
    /// In the table.
    List,
    /// In the bytes of a segment.
    Contents,
    /// In the bytes of a segment, before a way to copy is chosen.
    Copy,
    /// In the map of a segment.
    Map,
    /// In the list of what is different.
    Differences,
    /// In the list of processes.
    Processes,
    /// In the event log.
    Events,
    /// In the list of namespaces.
    Namespaces,
    /// In the list of columns.
    Columns,
    /// In a dialog.
    Dialog,
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
            Self::Copy => "After y, in the contents",
            Self::Map => "In the map of a segment",
            Self::Differences => "In the differences",
            Self::Processes => "In the processes of a segment",
            Self::Events => "In the event log",
            Self::Namespaces => "In the IPC namespaces",
            Self::Columns => "In the columns",
            Self::Dialog => "In a dialog",
            Self::Help => "In this help",
            Self::Line => "While typing",
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

/// Other keys for commands of places, as the configuration file has them.
pub type Changes = BTreeMap<Place, BTreeMap<Command, Vec<Chord>>>;

/// Why keys cannot be changed so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BindingError {
    /// The command has no keys in the place.
    NoSuchCommand(Place, Command),
    /// Two commands of one place would have the key.
    Twice(Place, Chord),
}

impl fmt::Display for BindingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchCommand(place, command) => write!(
                f,
                "[keys.{}] has no command `{}`",
                name(place),
                name(command)
            ),
            Self::Twice(place, chord) => {
                write!(f, "[keys.{}] gives `{chord}` to two commands", name(place))
            }
        }
    }
}

impl std::error::Error for BindingError {}

/// The name of a command or place in the configuration file.
#[must_use]
pub fn name(item: &impl Serialize) -> String {
    match serde_json::to_value(item) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// The table with the keys that count in this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    /// The keys of each line of [`BINDINGS`].
    keys: Vec<Vec<Chord>>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self {
            keys: BINDINGS
                .iter()
                .map(|binding| binding.keys.to_vec())
                .collect(),
        }
    }
}

impl Keymap {
    /// The table with other keys for some commands. A key given to one command
    /// is taken from the others of its place.
    ///
    /// # Errors
    ///
    /// If a command has no line in that place, or a key is given twice.
    pub fn with(changes: &Changes) -> Result<Self, BindingError> {
        let mut map = Self::default();
        for (place, commands) in changes {
            let given: Vec<Chord> = commands.values().flatten().copied().collect();
            for (index, chord) in given.iter().enumerate() {
                if given.iter().skip(index + 1).any(|other| other == chord) {
                    return Err(BindingError::Twice(*place, *chord));
                }
            }
            for (binding, keys) in BINDINGS.iter().zip(&mut map.keys) {
                if binding.place == *place {
                    keys.retain(|chord| !given.contains(chord));
                }
            }
            for (command, chords) in commands {
                let mut lines = BINDINGS.iter().zip(&mut map.keys);
                let same =
                    |binding: &Binding| binding.place == *place && binding.command == *command;
                match lines.find(|(binding, _)| same(binding)) {
                    Some((_, keys)) => keys.clone_from(chords),
                    None => return Err(BindingError::NoSuchCommand(*place, *command)),
                }
            }
        }
        Ok(map)
    }

    /// The lines of the table, each with its keys, the best one first.
    pub fn lines(&self) -> impl Iterator<Item = (&'static Binding, &[Chord])> {
        BINDINGS.iter().zip(self.keys.iter().map(Vec::as_slice))
    }

    /// What a key does in a place.
    #[must_use]
    pub fn command(&self, place: Place, code: KeyCode, modifiers: KeyModifiers) -> Option<Command> {
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
            self.lines()
                .find(|(binding, keys)| binding.place == place && keys.contains(&chord))
                .map(|(binding, _)| binding.command)
        };
        find(place).or_else(|| match place {
            // Letters are text there, and the keys that are not edit the line.
            Place::Line => {
                let is_letter = !chord.control && matches!(chord.code, KeyCode::Char(_));
                let wanted = |found: &Command| matches!(found, Command::Suspend | Command::Help);
                find(Place::Anywhere).filter(|found| !is_letter && wanted(found))
            }
            _ => find(Place::Anywhere),
        })
    }

    /// The bindings that the footer of a place names, each with its best key.
    pub fn footer(&self, place: Place) -> impl Iterator<Item = (&'static Binding, Chord)> {
        self.lines().filter_map(move |(binding, keys)| {
            let counts = !binding.short.is_empty()
                && (binding.place == place
                    || (binding.place == Place::Anywhere && place != Place::Line));
            let first = keys.first().copied();
            first.filter(|_| counts).map(|chord| (binding, chord))
        })
    }
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
                let found = Keymap::default().command(place, chord.code, modifiers);
                assert_eq!(found, Some(binding.command));
            }
        }
    }

    #[test]
    fn letters_are_text_while_typing() {
        for character in ['q', 'j', '?', ' ', '/'] {
            let code = KeyCode::Char(character);
            let found = Keymap::default().command(Place::Line, code, KeyModifiers::NONE);
            assert_eq!(found, None);
        }
    }

    fn changes(place: Place, command: Command, key: &str) -> Changes {
        let keys = vec![key.parse().unwrap()];
        BTreeMap::from([(place, BTreeMap::from([(command, keys)]))])
    }

    #[test]
    fn a_key_given_to_one_command_is_taken_from_the_other() {
        let map = Keymap::with(&changes(Place::List, Command::Details, "q")).unwrap();
        let find = |key| map.command(Place::List, KeyCode::Char(key), KeyModifiers::NONE);
        assert_eq!(find('q'), Some(Command::Details));
        assert_eq!(find('d'), None);
        assert_eq!(find('/'), Some(Command::Filter));
        let found = map.command(Place::Contents, KeyCode::Char('q'), KeyModifiers::NONE);
        assert_eq!(found, Some(Command::Back));
    }

    #[test]
    fn keys_that_cannot_be_meant_are_refused() {
        let wrong = changes(Place::Help, Command::Filter, "f");
        assert_eq!(
            Keymap::with(&wrong).unwrap_err().to_string(),
            "[keys.help] has no command `filter`"
        );
        let mut twice = changes(Place::List, Command::Quit, "x");
        let list = twice.get_mut(&Place::List).unwrap();
        list.insert(Command::Open, vec!["x".parse().unwrap()]);
        assert_eq!(
            Keymap::with(&twice).unwrap_err().to_string(),
            "[keys.list] gives `x` to two commands"
        );
    }
}
