//! The columns of the table: one definition for the browser, `shm-tui list` and
//! everything else that names a column.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::directory::Directory;
use super::format;
use super::segment::Segment;
use super::state;

pub mod fit;
mod table;
#[cfg(test)]
mod tests;

pub use table::{COLUMNS, DEFAULT, Definition, LISTED};

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
    /// Flags beside the permissions.
    Status,
    /// Bytes in main memory.
    Resident,
    /// Resident bytes as a share of the size.
    ResidentShare,
    /// Bytes swapped out.
    Swapped,
    /// The creator's name.
    Creator,
    /// The creating process.
    CreatorPid,
    /// Its command line.
    CreatorCommand,
    /// The process that attached or detached last.
    LastPid,
    /// Its command line.
    LastCommand,
    /// Age since creation, or the last change of owner or mode.
    Age,
    /// Time since the last attach.
    AttachAge,
    /// Time since the last detach.
    DetachAge,
    /// Its state.
    State,
    /// Commands that have it attached.
    AttachedCommands,
    /// The owner's number.
    OwnerUid,
    /// The number of the owner's group.
    GroupGid,
    /// The creator's number.
    CreatorUid,
    /// The creator's group.
    CreatorGroup,
    /// The number of the creator's group.
    CreatorGid,
    /// Time of creation, or of the last change of owner or mode.
    ChangeTime,
    /// Time of the last attach.
    AttachTime,
    /// Time of the last detach.
    DetachTime,
}

/// The context of a cell's text, beside the segment.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Names for numbers.
    pub directory: &'a Directory,
    /// Seconds since the epoch, to compute ages.
    pub now: i64,
    /// Whether sizes are exact numbers of bytes.
    pub exact: bool,
}

impl Column {
    /// Returns the properties that all its cells share.
    #[must_use]
    pub fn definition(self) -> &'static Definition {
        COLUMNS
            .iter()
            .find(|definition| definition.column == self)
            .unwrap_or(&COLUMNS[0])
    }

    /// Returns the text of its cell for `segment`; empty if unknown.
    #[must_use]
    pub fn cell(self, segment: &Segment, context: &Context<'_>) -> String {
        let mut text = String::new();
        self.write(segment, context, &mut text);
        text
    }

    /// Appends the text of its cell to `out`, so that tables of thousands of rows need no
    /// thousands of strings.
    pub fn write(self, segment: &Segment, context: &Context<'_>, out: &mut String) {
        let names = context.directory;
        match self {
            Self::Key => format::push_key(out, segment.key.bits()),
            Self::Id => format::push_number(out, segment.id),
            Self::Owner => names.push_user(segment.owner, out),
            Self::Creator => names.push_user(segment.creator, out),
            Self::Group => names.push_group(segment.group, out),
            Self::Perms => format::push_permissions(out, segment.mode),
            Self::Size => bytes(segment.size, context, out),
            Self::Attached => format::push_number(out, segment.attached),
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
            Self::ResidentShare => {
                if let Some(share) = segment.resident_share() {
                    let unit = if context.exact { "" } else { "%" };
                    format::push(out, format_args!("{share}{unit}"));
                }
            }
            Self::CreatorPid => pid(segment.creator_pid, out),
            Self::LastPid => pid(segment.last_pid, out),
            Self::CreatorCommand => {
                out.push_str(command(names, segment.creator_pid, segment.existed_at()));
            }
            Self::LastCommand => {
                out.push_str(command(names, segment.last_pid, segment.last_use()));
            }
            Self::State => out.push_str(state::classify(segment, names, context.now).label()),
            Self::AttachedCommands => {
                out.push_str(names.attached_commands(segment.id).unwrap_or_default());
            }
            Self::Age | Self::AttachAge | Self::DetachAge => {
                if let Some(time) = self.time(segment) {
                    format::push_age(out, context.now.saturating_sub(time));
                }
            }
            Self::OwnerUid => format::push_number(out, segment.owner),
            Self::GroupGid => format::push_number(out, segment.group),
            Self::CreatorUid => format::push_number(out, segment.creator),
            Self::CreatorGroup => names.push_group(segment.creator_group, out),
            Self::CreatorGid => format::push_number(out, segment.creator_group),
            Self::ChangeTime => clock(names, segment.change_time, out),
            Self::AttachTime => clock(names, segment.attach_time, out),
            Self::DetachTime => clock(names, segment.detach_time, out),
        }
    }

    /// Returns the time whose age the cell prints, if it prints one.
    #[must_use]
    pub fn time(self, segment: &Segment) -> Option<i64> {
        match self {
            Self::Age => segment.change_time,
            Self::AttachAge => segment.attach_time,
            Self::DetachAge => segment.detach_time,
            _ => None,
        }
    }

    /// Compares two segments, ascending: numbers as numbers, times as ages (youngest
    /// first, unknown last), text as text.
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
            Self::ResidentShare => share(a).cmp(&share(b)),
            Self::Swapped => a
                .memory
                .map(|m| m.swapped)
                .cmp(&b.memory.map(|m| m.swapped)),
            Self::Creator => names.user(a.creator).cmp(&names.user(b.creator)),
            Self::CreatorPid => a.creator_pid.cmp(&b.creator_pid),
            Self::LastPid => a.last_pid.cmp(&b.last_pid),
            Self::CreatorCommand => command(names, a.creator_pid, a.existed_at()).cmp(command(
                names,
                b.creator_pid,
                b.existed_at(),
            )),
            Self::LastCommand => command(names, a.last_pid, a.last_use()).cmp(command(
                names,
                b.last_pid,
                b.last_use(),
            )),
            Self::State => {
                let state = |segment| state::classify(segment, names, context.now);
                state(a).cmp(&state(b))
            }
            Self::AttachedCommands => names
                .attached_commands(a.id)
                .cmp(&names.attached_commands(b.id)),
            Self::OwnerUid => a.owner.cmp(&b.owner),
            Self::GroupGid => a.group.cmp(&b.group),
            Self::CreatorUid => a.creator.cmp(&b.creator),
            Self::CreatorGroup => names
                .group(a.creator_group)
                .cmp(&names.group(b.creator_group)),
            Self::CreatorGid => a.creator_group.cmp(&b.creator_group),
            Self::Age | Self::ChangeTime => age(a.change_time, b.change_time),
            Self::AttachAge | Self::AttachTime => age(a.attach_time, b.attach_time),
            Self::DetachAge | Self::DetachTime => age(a.detach_time, b.detach_time),
        }
    }
}

/// The resident share of a segment, finer than it is printed.
fn share(segment: &Segment) -> Option<u128> {
    let resident = u128::from(segment.memory?.resident);
    (resident << 32).checked_div(u128::from(segment.size))
}

fn bytes(count: u64, context: &Context<'_>, out: &mut String) {
    match context.exact {
        true => format::push_number(out, count),
        false => format::push_size(out, count),
    }
}

/// Returns a formatted time, if there is one.
fn clock(names: &Directory, time: Option<i64>, out: &mut String) {
    if let Some(time) = time {
        format::push_time(out, names.zone.as_ref(), time);
    }
}

/// Formats a process number, or a dash if the kernel has none.
fn pid(pid: i32, out: &mut String) {
    match pid {
        0 => out.push('-'),
        pid => format::push_number(out, pid),
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

/// The text is not the name of a column.
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
