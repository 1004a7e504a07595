//! The key bindings: one table drives dispatch, the help and the footer.

use std::collections::BTreeMap;
use std::fmt;

use ratatui::crossterm::event::{KeyCode, KeyModifiers};
use serde::{Deserialize, Serialize};

mod chord;
mod table;

pub use chord::{Chord, UnknownKey};
pub use table::BINDINGS;
use table::named;

/// A bindable command. The configuration file has the names in lower case, with hyphens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Quits the program.
    Quit,
    /// Shows or hides the help.
    Help,
    /// Suspends the program.
    Suspend,
    /// Repaints the screen and refreshes.
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
    /// Shows the contents of the selected segment.
    Open,
    /// Leaves the screen.
    Back,
    /// Edits the filter.
    Filter,
    /// Accepts the input line.
    Accept,
    /// Discards the input line.
    Cancel,
    /// Sorts by the next column.
    SortNext,
    /// Sorts by the previous column.
    SortPrevious,
    /// Reverses the sort order.
    SortReverse,
    /// Choose the column to sort by.
    SortMenu,
    /// Sort by resident bytes.
    SortResident,
    /// Sort by size.
    SortSize,
    /// Sort by attachments.
    SortAttached,
    /// Sort by age.
    SortAge,
    /// Sort by identifier.
    SortId,
    /// Sort by owner.
    SortOwner,
    /// Show the segments of one user only.
    Users,
    /// Show the orphans only.
    Orphans,
    /// The settings.
    Setup,
    /// Listen to the mouse, or leave it to the terminal.
    Mouse,
    /// Shows or hides the details.
    Details,
    /// Pauses or resumes.
    Pause,
    /// Attaches and reads the contents again.
    Reload,
    /// Refreshes faster.
    Faster,
    /// Refreshes slower.
    Slower,
    /// Lists the attached processes.
    Processes,
    /// Shows the event log.
    Events,
    /// Lists the IPC namespaces.
    Namespaces,
    /// Selects and orders the columns.
    Columns,
    /// Groups by owner, creator, program, state, or not at all.
    Group,
    /// Shows where the memory goes.
    Memory,
    /// Shows what is under the cursor.
    Choose,
    /// Shows or hides the column.
    Toggle,
    /// Moves the column to the left.
    MoveUp,
    /// Moves the column to the right.
    MoveDown,
    /// Writes the event log to a file.
    Export,
    /// Finds the attached processes by attaching the segment for a moment.
    Probe,
    /// Toggles the mark.
    Mark,
    /// Marks every visible segment.
    MarkShown,
    /// Inverts the marks of the visible segments.
    MarkOthers,
    /// Clears the marks.
    Unmark,
    /// Marks the segment for removal, in the kernel.
    Remove,
    /// Changes owner, group and mode.
    Permit,
    /// Locks the segment in memory.
    Lock,
    /// Unlocks the segment.
    Unlock,
    /// Creates a segment.
    Create,
    /// Goes to an offset.
    Goto,
    /// Searches.
    Search,
    /// To the next match.
    SearchNext,
    /// To the previous match.
    SearchPrevious,
    /// Reverses the byte order of numbers.
    Endian,
    /// Shows the map of the segment.
    Map,
    /// Takes a snapshot.
    Snapshot,
    /// Compares with a snapshot.
    Compare,
    /// To the next difference.
    ChangeNext,
    /// To the previous difference.
    ChangePrevious,
    /// Compares an earlier or a later snapshot.
    Before,
    /// Compares with another snapshot, or with the current contents.
    After,
    /// Starts or clears the selection.
    Select,
    /// Copies to the terminal's clipboard.
    Copy,
    /// Copies as hexadecimal digits.
    CopyHex,
    /// Copies as text.
    CopyText,
    /// Copies as an array in C.
    CopyC,
    /// Copies as an array in Rust.
    CopyRust,
    /// Writes the bytes to a file.
    Dump,
    /// Writes a hex dump to a file.
    DumpHex,
    /// Loads a file into the segment.
    Load,
    /// Also reads pages of unknown state.
    ReadUnknown,
    /// Cancels a job, clears the selection or the matches, or goes back.
    Stop,
    /// Panics; debug builds only.
    #[serde(skip)]
    Panic,
}

/// The context of a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Everywhere except in an input line.
    Anywhere,
    /// In the table.
    List,
    /// In the bytes of a segment.
    Contents,
    /// In the contents, before a copy format is selected.
    Copy,
    /// In the map of a segment.
    Map,
    /// In the list of differences.
    Differences,
    /// In the list of processes.
    Processes,
    /// In the event log.
    Events,
    /// In the list of namespaces.
    Namespaces,
    /// In the list of columns.
    Columns,
    /// In the screen of the totals.
    Memory,
    /// In a dialog.
    Dialog,
    /// In a menu.
    Menu,
    /// In the help overlay.
    Help,
    /// In an input line.
    Line,
}

impl Place {
    /// Returns the heading in the help.
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
            Self::Memory => "In the totals of the memory",
            Self::Dialog => "In a dialog",
            Self::Menu => "In a menu",
            Self::Help => "In this help",
            Self::Line => "While typing",
        }
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Its context.
    pub place: Place,
    /// The keys, the preferred one first.
    pub keys: &'static [Chord],
    /// The command.
    pub command: Command,
    /// One or two words for the footer; empty for none.
    pub short: &'static str,
    /// The line in the help.
    pub about: &'static str,
}

/// A deliberate panic, for tests of the real program in a terminal.
const DEBUG_PANIC: Chord = named(KeyCode::F(12));

/// Changed keys of commands by context, from the configuration file.
pub type Changes = BTreeMap<Place, BTreeMap<Command, Vec<Chord>>>;

/// Why the keys cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BindingError {
    /// The command has no keys in this context.
    NoSuchCommand(Place, Command),
    /// Two commands of one context would have the same key.
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

/// Returns the name of a command or context in the configuration file.
#[must_use]
pub fn name(item: &impl Serialize) -> String {
    match serde_json::to_value(item) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// The bindings of this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    /// The keys of each row of [`BINDINGS`].
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
    /// Returns the table with other keys for some commands. A key given to one command is
    /// taken from the others of its context.
    ///
    /// # Errors
    ///
    /// If a command has no row in that context, or a key is given twice.
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

    /// Returns the rows of the table, each with its keys, the preferred one first.
    pub fn lines(&self) -> impl Iterator<Item = (&'static Binding, &[Chord])> {
        BINDINGS.iter().zip(self.keys.iter().map(Vec::as_slice))
    }

    /// Returns the command of a key in a context.
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
            // Letters are text there, and keys without a character edit the line.
            Place::Line => {
                let is_letter = !chord.control && matches!(chord.code, KeyCode::Char(_));
                let wanted = |found: &Command| matches!(found, Command::Suspend | Command::Help);
                find(Place::Anywhere).filter(|found| !is_letter && wanted(found))
            }
            // Letters go to the next line that begins with them.
            Place::Menu => {
                let is_letter = matches!(chord.code, KeyCode::Char(c) if c.is_alphanumeric());
                find(Place::Anywhere).filter(|_| chord.control || !is_letter)
            }
            _ => find(Place::Anywhere),
        })
    }

    /// Returns the bindings in the footer of a context, each with its preferred key.
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
                    // The table has another use for F5.
                    Place::Anywhere => Place::Events,
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
        let wrong = changes(Place::Help, Command::Open, "f");
        assert_eq!(
            Keymap::with(&wrong).unwrap_err().to_string(),
            "[keys.help] has no command `open`"
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
