//! The fields of filters.

/// A property of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The identifier.
    Id,
    /// The key.
    Key,
    /// The owner, by name or number.
    Owner,
    /// The owner's group.
    Group,
    /// The creator, by name or number.
    Creator,
    /// The permission bits.
    Mode,
    /// Bytes.
    Size,
    /// Attachments.
    Attached,
    /// dest, locked, hugetlb, noreserve.
    Status,
    /// Its state.
    State,
    /// Bytes in main memory.
    Resident,
    /// Resident bytes in hundredths of the size.
    ResidentShare,
    /// Bytes swapped out.
    Swapped,
    /// The creator's process.
    CreatorPid,
    /// The last user's process.
    LastPid,
    /// Either process.
    Pid,
    /// Command of any process that created it, used it last or has it attached.
    Command,
    /// Command of the process that created it.
    CreatorCommand,
    /// Command of the process that attached or detached last.
    LastCommand,
    /// Commands that have it attached.
    AttachedCommands,
    /// Time since creation or the last change.
    Age,
    /// Time since the last attach.
    Attach,
    /// Time since the last detach.
    Detach,
    /// Time since the last use, while unattached.
    Unused,
    /// The owner's number.
    OwnerUid,
    /// The number of the owner's group.
    GroupGid,
    /// The creator's number.
    CreatorUid,
    /// The creator's group, by name or number.
    CreatorGroup,
    /// The number of the creator's group.
    CreatorGid,
    /// Time of creation or of the last change.
    ChangeTime,
    /// Time of the last attach.
    AttachTime,
    /// Time of the last detach.
    DetachTime,
}

/// The type of a field, which determines its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A plain number.
    Number,
    /// Permission bits: octal digits, or letters as in the table.
    Mode,
    /// A key: 0x and hex digits, or decimal.
    Key,
    /// Bytes, with k, m, g, t.
    Size,
    /// A duration, with s, m, h, d.
    Span,
    /// A day, a time of day, or a time before now.
    Moment,
    /// Text.
    Text,
    /// A command line, compared by the name of its program.
    Command,
    /// The name of a state.
    State,
    /// A label of the status column.
    Status,
}

/// A field, its names and its type.
#[derive(Clone, Copy, Debug)]
pub struct FieldDefinition {
    /// The field.
    pub field: Field,
    /// Its names, the preferred one first.
    pub names: &'static [&'static str],
    /// Its type.
    pub kind: Kind,
    /// An example of a comparison with it.
    pub example: &'static str,
}

const fn define(
    field: Field,
    names: &'static [&'static str],
    kind: Kind,
    example: &'static str,
) -> FieldDefinition {
    FieldDefinition {
        field,
        names,
        kind,
        example,
    }
}

/// Every field. Each column of the table has one with its name.
pub const FIELDS: [FieldDefinition; 32] = [
    define(Field::Id, &["id", "shmid"], Kind::Number, "id=32769"),
    define(Field::Key, &["key"], Kind::Key, "key=0x52e2c1"),
    define(Field::Owner, &["owner", "user"], Kind::Text, "owner=root"),
    define(Field::OwnerUid, &["uid"], Kind::Number, "uid=1000"),
    define(Field::Group, &["group"], Kind::Text, "group~adm"),
    define(Field::GroupGid, &["gid"], Kind::Number, "gid=100"),
    define(Field::Creator, &["creator"], Kind::Text, "creator!=root"),
    define(Field::CreatorUid, &["cuid"], Kind::Number, "cuid>=1000"),
    define(Field::CreatorGroup, &["cgroup"], Kind::Text, "cgroup=adm"),
    define(Field::CreatorGid, &["cgid"], Kind::Number, "cgid=100"),
    define(Field::Mode, &["mode", "perms"], Kind::Mode, "mode&002"),
    define(Field::Size, &["size", "bytes"], Kind::Size, "size>=1.5m"),
    define(
        Field::Attached,
        &["attached", "nattch"],
        Kind::Number,
        "nattch=0",
    ),
    define(Field::Status, &["status"], Kind::Status, "status=locked"),
    define(Field::State, &["state"], Kind::State, "state=orphan"),
    define(
        Field::Resident,
        &["resident", "rss"],
        Kind::Size,
        "rss>100m",
    ),
    define(
        Field::ResidentShare,
        &["resident-share"],
        Kind::Number,
        "resident-share>=50",
    ),
    define(Field::Swapped, &["swapped", "swap"], Kind::Size, "swap>0"),
    define(
        Field::CreatorPid,
        &["cpid", "creator-pid"],
        Kind::Number,
        "cpid=812",
    ),
    define(
        Field::LastPid,
        &["lpid", "last-pid"],
        Kind::Number,
        "lpid!=0",
    ),
    define(Field::Pid, &["pid"], Kind::Number, "pid=812"),
    define(
        Field::Command,
        &["cmd", "command"],
        Kind::Command,
        "cmd=postgres",
    ),
    define(
        Field::CreatorCommand,
        &["creator-command", "created-by"],
        Kind::Command,
        "created-by=java",
    ),
    define(
        Field::LastCommand,
        &["last-command", "used-by"],
        Kind::Command,
        "used-by=psql",
    ),
    define(
        Field::AttachedCommands,
        &["attached-commands", "attached-by"],
        Kind::Command,
        "attached-by=Xorg",
    ),
    define(Field::Age, &["age"], Kind::Span, "age>2d"),
    define(Field::Attach, &["attach"], Kind::Span, "attach<5m"),
    define(Field::Detach, &["detach"], Kind::Span, "detach>=1d12h"),
    define(Field::Unused, &["unused"], Kind::Span, "unused>7d"),
    define(
        Field::ChangeTime,
        &["ctime"],
        Kind::Moment,
        "ctime<2026-11-20",
    ),
    define(Field::AttachTime, &["atime"], Kind::Moment, "atime=today"),
    define(Field::DetachTime, &["dtime"], Kind::Moment, "dtime>-2h"),
];

impl Field {
    /// Returns its definition.
    #[must_use]
    pub fn definition(self) -> &'static FieldDefinition {
        let found = FIELDS.iter().find(|definition| definition.field == self);
        found.unwrap_or(&FIELDS[0])
    }

    /// Returns the field with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static FieldDefinition> {
        let has = |known: &&str| known.eq_ignore_ascii_case(name);
        FIELDS.iter().find(|field| field.names.iter().any(has))
    }
}

impl FieldDefinition {
    /// Returns its preferred name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    /// Returns the numeric counterpart of this field.
    pub(super) fn text_instead(&self) -> Option<&'static str> {
        match self.field {
            Field::OwnerUid => Some("owner"),
            Field::GroupGid => Some("group"),
            Field::CreatorUid => Some("creator"),
            Field::CreatorGid => Some("cgroup"),
            Field::CreatorPid => Some("created-by"),
            Field::LastPid => Some("used-by"),
            Field::Pid => Some("cmd"),
            _ => None,
        }
    }
}
