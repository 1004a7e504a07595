//! The columns of the table: one definition each for the browser, for
//! `shm-tui list` and for everything that names a column.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::directory::Directory;
use super::format;
use super::segment::Segment;
use super::state;

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The key.
    Key,
    /// The identifier.
    Id,
    /// The owner's name.
    Owner,
    /// The owner's group.
    Group,
    /// Permission bits.
    Perms,
    /// Size in bytes.
    Size,
    /// Attachments.
    Attached,
    /// What the kernel keeps beside the permissions.
    Status,
    /// Bytes in main memory.
    Resident,
    /// Bytes swapped out.
    Swapped,
    /// The creator's name.
    Creator,
    /// Process that made it.
    CreatorPid,
    /// Its command line.
    CreatorCommand,
    /// Process that attached or detached last.
    LastPid,
    /// Its command line.
    LastCommand,
    /// Since creation, or the last change of owner or mode.
    Age,
    /// Since the last attach.
    AttachAge,
    /// Since the last detach.
    DetachAge,
    /// Whether it is used.
    State,
    /// Commands that have it attached.
    AttachedCommands,
}

/// What is the same for every cell of a column.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// The column defined.
    pub column: Column,
    /// What scripts and the command line call it.
    pub name: &'static str,
    /// What stands in the header.
    pub title: &'static str,
    /// Cells wide in the browser, without the gap.
    pub width: u16,
    /// Whether numbers are lined up at the right.
    pub right: bool,
    /// One line for the help.
    pub about: &'static str,
}

const fn define(
    column: Column,
    name: &'static str,
    title: &'static str,
    width: u16,
    right: bool,
    about: &'static str,
) -> Definition {
    Definition {
        column,
        name,
        title,
        width,
        right,
        about,
    }
}

/// Every column, in the order of the chooser.
pub const COLUMNS: [Definition; 20] = [
    define(Column::Key, "key", "KEY", 10, false, "the key"),
    define(Column::Id, "id", "ID", 10, true, "the identifier"),
    define(Column::Owner, "owner", "OWNER", 10, false, "the owner"),
    define(
        Column::Group,
        "group",
        "GROUP",
        10,
        false,
        "the owner's group",
    ),
    define(
        Column::Perms,
        "perms",
        "PERMS",
        9,
        false,
        "the permission bits",
    ),
    define(Column::Size, "size", "SIZE", 7, true, "the size"),
    define(
        Column::Attached,
        "attached",
        "ATTACHED",
        8,
        true,
        "the number of attachments",
    ),
    define(
        Column::Status,
        "status",
        "STATUS",
        11,
        false,
        "dest, locked, hugetlb, noreserve",
    ),
    define(
        Column::Resident,
        "resident",
        "RESIDENT",
        8,
        true,
        "bytes in main memory",
    ),
    define(
        Column::Swapped,
        "swapped",
        "SWAPPED",
        7,
        true,
        "bytes swapped out",
    ),
    define(
        Column::Creator,
        "creator",
        "CREATOR",
        10,
        false,
        "the user who made it",
    ),
    define(
        Column::CreatorPid,
        "creator-pid",
        "CPID",
        7,
        true,
        "the process that made it",
    ),
    define(
        Column::CreatorCommand,
        "creator-command",
        "CREATED BY",
        22,
        false,
        "the command of the process that made it",
    ),
    define(
        Column::LastPid,
        "last-pid",
        "LPID",
        7,
        true,
        "the process that attached or detached last",
    ),
    define(
        Column::LastCommand,
        "last-command",
        "LAST USED BY",
        22,
        false,
        "the command of the process that attached or detached last",
    ),
    define(
        Column::Age,
        "age",
        "AGE",
        7,
        true,
        "since creation, or the last change of owner or mode",
    ),
    define(
        Column::AttachAge,
        "attach",
        "ATTACH",
        7,
        true,
        "since the last attach",
    ),
    define(
        Column::DetachAge,
        "detach",
        "DETACH",
        7,
        true,
        "since the last detach",
    ),
    define(
        Column::State,
        "state",
        "STATE",
        7,
        false,
        "in use, idle, orphan?, orphan, removed, unknown",
    ),
    define(
        Column::AttachedCommands,
        "attached-commands",
        "ATTACHED BY",
        22,
        false,
        "the commands that have it attached",
    ),
];

/// The columns shown when nothing else is asked for.
pub const DEFAULT: [Column; 15] = [
    Column::Key,
    Column::Id,
    Column::Owner,
    Column::Perms,
    Column::Size,
    Column::Attached,
    Column::State,
    Column::Status,
    Column::Age,
    Column::CreatorPid,
    Column::CreatorCommand,
    Column::LastPid,
    Column::LastCommand,
    Column::AttachAge,
    Column::Resident,
];

/// The columns that `list` prints when nothing else is asked for: without
/// memory figures, which cost more than all the rest.
pub const LISTED: [Column; 13] = [
    Column::Key,
    Column::Id,
    Column::Owner,
    Column::Perms,
    Column::Size,
    Column::Attached,
    Column::State,
    Column::Status,
    Column::Age,
    Column::CreatorPid,
    Column::CreatorCommand,
    Column::LastPid,
    Column::LastCommand,
];

/// What a cell's text depends on, beside the segment.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Names for numbers.
    pub directory: &'a Directory,
    /// Seconds since the epoch, for ages.
    pub now: i64,
    /// Whether sizes are exact numbers of bytes.
    pub exact: bool,
}

impl Column {
    /// What is the same for all its cells.
    #[must_use]
    pub fn definition(self) -> &'static Definition {
        COLUMNS
            .iter()
            .find(|definition| definition.column == self)
            .unwrap_or(&COLUMNS[0])
    }

    /// The text of its cell for `segment`; empty where nothing is known.
    #[must_use]
    pub fn cell(self, segment: &Segment, context: &Context<'_>) -> String {
        let mut text = String::new();
        self.write(segment, context, &mut text);
        text
    }

    /// Appends the text of its cell to `out`: tables of thousands of rows do
    /// without thousands of strings.
    pub fn write(self, segment: &Segment, context: &Context<'_>, out: &mut String) {
        let names = context.directory;
        match self {
            Self::Key => format::push_key(out, segment.key.bits()),
            Self::Id => format::push(out, segment.id),
            Self::Owner => names.push_user(segment.owner, out),
            Self::Creator => names.push_user(segment.creator, out),
            Self::Group => out.push_str(&names.group(segment.group)),
            Self::Perms => format::push_permissions(out, segment.mode),
            Self::Size => bytes(segment.size, context, out),
            Self::Attached => format::push(out, segment.attached),
            Self::Status => {
                for (index, label) in segment.flags.labels().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    out.push_str(label);
                }
            }
            Self::Resident | Self::Swapped => {
                if let Some(memory) = segment.memory {
                    let count = match self {
                        Self::Resident => memory.resident,
                        _ => memory.swapped,
                    };
                    bytes(count, context, out);
                }
            }
            Self::CreatorPid => pid(segment.creator_pid, out),
            Self::LastPid => pid(segment.last_pid, out),
            Self::CreatorCommand => {
                out.push_str(command(names, segment.creator_pid, segment.change_time));
            }
            Self::LastCommand => {
                out.push_str(command(names, segment.last_pid, segment.last_use()));
            }
            Self::State => out.push_str(state::judge(segment, names, context.now).label()),
            Self::AttachedCommands => {
                out.push_str(names.attached_commands(segment.id).unwrap_or_default());
            }
            Self::Age | Self::AttachAge | Self::DetachAge => {
                if let Some(time) = self.time(segment) {
                    format::push_age(out, context.now.saturating_sub(time));
                }
            }
        }
    }

    /// The time whose distance from now the cell prints, if it prints one.
    #[must_use]
    pub fn time(self, segment: &Segment) -> Option<i64> {
        match self {
            Self::Age => segment.change_time,
            Self::AttachAge => segment.attach_time,
            Self::DetachAge => segment.detach_time,
            _ => None,
        }
    }

    /// Which of two segments comes first, ascending: numbers as numbers, times
    /// as ages (the youngest first, the unknown last), text as text.
    #[must_use]
    pub fn compare(self, a: &Segment, b: &Segment, context: &Context<'_>) -> Ordering {
        let names = context.directory;
        let age = |a: Option<i64>, b: Option<i64>| {
            (a.is_none(), a.map(std::cmp::Reverse)).cmp(&(b.is_none(), b.map(std::cmp::Reverse)))
        };
        match self {
            Self::Key => a.key.bits().cmp(&b.key.bits()),
            Self::Id => a.id.cmp(&b.id),
            Self::Owner => names.user(a.owner).cmp(&names.user(b.owner)),
            Self::Group => names.group(a.group).cmp(&names.group(b.group)),
            Self::Perms => a.mode.cmp(&b.mode),
            Self::Size => a.size.cmp(&b.size),
            Self::Attached => a.attached.cmp(&b.attached),
            Self::Status => a.flags.labels().cmp(b.flags.labels()),
            Self::Resident => a
                .memory
                .map(|m| m.resident)
                .cmp(&b.memory.map(|m| m.resident)),
            Self::Swapped => a
                .memory
                .map(|m| m.swapped)
                .cmp(&b.memory.map(|m| m.swapped)),
            Self::Creator => names.user(a.creator).cmp(&names.user(b.creator)),
            Self::CreatorPid => a.creator_pid.cmp(&b.creator_pid),
            Self::LastPid => a.last_pid.cmp(&b.last_pid),
            Self::CreatorCommand => command(names, a.creator_pid, a.change_time).cmp(command(
                names,
                b.creator_pid,
                b.change_time,
            )),
            Self::LastCommand => command(names, a.last_pid, a.last_use()).cmp(command(
                names,
                b.last_pid,
                b.last_use(),
            )),
            Self::State => {
                let state = |segment| state::judge(segment, names, context.now);
                state(a).cmp(&state(b))
            }
            Self::AttachedCommands => names
                .attached_commands(a.id)
                .cmp(&names.attached_commands(b.id)),
            Self::Age => age(a.change_time, b.change_time),
            Self::AttachAge => age(a.attach_time, b.attach_time),
            Self::DetachAge => age(a.detach_time, b.detach_time),
        }
    }
}

fn bytes(count: u64, context: &Context<'_>, out: &mut String) {
    match context.exact {
        true => format::push(out, count),
        false => format::push_size(out, count),
    }
}

/// A process number, or a dash where the kernel has none.
fn pid(pid: i32, out: &mut String) {
    match pid {
        0 => out.push('-'),
        pid => format::push(out, pid),
    }
}

fn command(names: &Directory, pid: i32, seen: Option<i64>) -> &str {
    names.command(pid, seen).unwrap_or_default()
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.definition().name)
    }
}

/// The text is the name of no column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownColumn(String);

impl fmt::Display for UnknownColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown column `{}`; the columns are ", self.0)?;
        for (index, definition) in COLUMNS.iter().enumerate() {
            let gap = if index == 0 { "" } else { ", " };
            write!(f, "{gap}{}", definition.name)?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownColumn {}

impl FromStr for Column {
    type Err = UnknownColumn;

    fn from_str(text: &str) -> Result<Self, UnknownColumn> {
        COLUMNS
            .iter()
            .find(|definition| definition.name.eq_ignore_ascii_case(text))
            .map(|definition| definition.column)
            .ok_or_else(|| UnknownColumn(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_defined_once_and_found_by_its_name() {
        for definition in COLUMNS {
            assert_eq!(definition.name.parse(), Ok(definition.column));
            assert_eq!(definition.column.definition().name, definition.name);
            assert!(definition.title.len() <= usize::from(definition.width));
        }
    }

    #[test]
    fn an_unknown_column_is_answered_with_the_known_ones() {
        let message = "sise".parse::<Column>().unwrap_err().to_string();
        assert!(message.starts_with("unknown column `sise`"), "{message}");
        assert!(message.contains("size, attached"), "{message}");
    }

    #[test]
    fn the_youngest_comes_first_and_the_never_used_last() {
        let at = |time| Segment {
            attach_time: time,
            ..Segment::default()
        };
        let mut list = [at(None), at(Some(5)), at(Some(9))];
        let directory = Directory::default();
        let context = Context {
            directory: &directory,
            now: 10,
            exact: false,
        };
        list.sort_by(|a, b| Column::AttachAge.compare(a, b, &context));
        assert_eq!(list.map(|s| s.attach_time), [Some(9), Some(5), None]);
    }
}
