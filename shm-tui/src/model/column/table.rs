//! The table of columns: names, titles, widths, and the defaults.

use super::Column;

/// The properties that every cell of a column shares.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// The column.
    pub column: Column,
    /// Its name for scripts and the command line.
    pub name: &'static str,
    /// Its title in the header.
    pub title: &'static str,
    /// Its width in the browser, in cells, without the gap.
    pub width: u16,
    /// Whether it is aligned to the right.
    pub right: bool,
    /// A line for the help.
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
pub const COLUMNS: [Definition; 29] = [
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
        Column::ResidentShare,
        "resident-share",
        "IN RAM",
        6,
        true,
        "resident bytes as a share of the size; a bar in the browser, hatched where swapped out",
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
        "the user who created it",
    ),
    define(
        Column::CreatorPid,
        "creator-pid",
        "CPID",
        7,
        true,
        "the process that created it",
    ),
    define(
        Column::CreatorCommand,
        "creator-command",
        "CREATED BY",
        22,
        false,
        "the command of the process that created it",
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
        "the command of the last user",
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
    define(
        Column::OwnerUid,
        "uid",
        "UID",
        10,
        true,
        "the owner's number",
    ),
    define(
        Column::GroupGid,
        "gid",
        "GID",
        10,
        true,
        "the number of the owner's group",
    ),
    define(
        Column::CreatorUid,
        "cuid",
        "CUID",
        10,
        true,
        "the number of the user who created it",
    ),
    define(
        Column::CreatorGroup,
        "cgroup",
        "CGROUP",
        10,
        false,
        "the group of the user who created it",
    ),
    define(
        Column::CreatorGid,
        "cgid",
        "CGID",
        10,
        true,
        "the number of that group",
    ),
    define(
        Column::ChangeTime,
        "ctime",
        "CHANGED AT",
        19,
        false,
        "when it was created, or its owner or mode changed",
    ),
    define(
        Column::AttachTime,
        "atime",
        "ATTACHED AT",
        19,
        false,
        "when it was last attached",
    ),
    define(
        Column::DetachTime,
        "dtime",
        "DETACHED AT",
        19,
        false,
        "when it was last detached",
    ),
];

impl Definition {
    /// The title where there is no room for the whole one.
    #[must_use]
    pub fn short_title(&self) -> &'static str {
        match self.column {
            Column::Attached => "ATT",
            _ => self.title,
        }
    }

    /// Whether its cells may be longer than any table is wide.
    #[must_use]
    pub fn grows(&self) -> bool {
        matches!(
            self.column,
            Column::CreatorCommand | Column::LastCommand | Column::AttachedCommands
        )
    }
}

/// The columns shown by default. Less important columns are
/// further to the right, and are left out first where there is no room.
pub const DEFAULT: [Column; 17] = [
    Column::Key,
    Column::Id,
    Column::Owner,
    Column::Size,
    Column::ResidentShare,
    Column::Attached,
    Column::State,
    Column::CreatorCommand,
    Column::Age,
    Column::Resident,
    Column::AttachedCommands,
    Column::LastCommand,
    Column::Perms,
    Column::Status,
    Column::CreatorPid,
    Column::LastPid,
    Column::AttachAge,
];

/// The default columns of `list`: without memory figures, which cost more than all the
/// others.
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
