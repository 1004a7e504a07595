//! The fields a filter can name.

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
    /// In use, idle, orphan and so on.
    State,
    /// Bytes in main memory.
    Resident,
    /// Bytes swapped out.
    Swapped,
    /// The creator's process.
    CreatorPid,
    /// The last user's process.
    LastPid,
    /// Either process.
    Pid,
    /// Command of either process, or of one that has it attached.
    Command,
    /// Since creation or the last change.
    Age,
    /// Since the last attach.
    Attach,
    /// Since the last detach.
    Detach,
    /// Since the last use, while nobody has it attached.
    Unused,
}

/// What a field holds, and so what it can be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A plain number.
    Number,
    /// Octal digits.
    Octal,
    /// A key: 0x and hex digits, or decimal.
    Key,
    /// Bytes, with k, m, g, t.
    Size,
    /// A span of time, with s, m, h, d.
    Span,
    /// Text.
    Text,
    /// The name of a state.
    State,
}

/// A field, its names and what it holds.
#[derive(Clone, Copy, Debug)]
pub struct FieldDefinition {
    /// The field.
    pub field: Field,
    /// Its names, the usual one first.
    pub names: &'static [&'static str],
    /// What it holds.
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

/// Every field.
pub const FIELDS: [FieldDefinition; 20] = [
    define(Field::Id, &["id", "shmid"], Kind::Number, "id=32769"),
    define(Field::Key, &["key"], Kind::Key, "key=0x52e2c1"),
    define(Field::Owner, &["owner", "user"], Kind::Text, "owner=root"),
    define(Field::Group, &["group"], Kind::Text, "group~adm"),
    define(Field::Creator, &["creator"], Kind::Text, "creator!=root"),
    define(Field::Mode, &["mode", "perms"], Kind::Octal, "mode=666"),
    define(Field::Size, &["size", "bytes"], Kind::Size, "size>=1.5m"),
    define(
        Field::Attached,
        &["attached", "nattch"],
        Kind::Number,
        "nattch=0",
    ),
    define(Field::Status, &["status"], Kind::Text, "status=locked"),
    define(Field::State, &["state"], Kind::State, "state=orphan"),
    define(
        Field::Resident,
        &["resident", "rss"],
        Kind::Size,
        "rss>100m",
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
    define(Field::Command, &["cmd", "command"], Kind::Text, "cmd~java"),
    define(Field::Age, &["age"], Kind::Span, "age>2d"),
    define(Field::Attach, &["attach"], Kind::Span, "attach<5m"),
    define(Field::Detach, &["detach"], Kind::Span, "detach>=1d12h"),
    define(Field::Unused, &["unused"], Kind::Span, "unused>7d"),
];

impl Field {
    /// Its definition.
    #[must_use]
    pub fn definition(self) -> &'static FieldDefinition {
        let found = FIELDS.iter().find(|definition| definition.field == self);
        found.unwrap_or(&FIELDS[0])
    }

    /// The field of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static FieldDefinition> {
        let has = |known: &&str| known.eq_ignore_ascii_case(name);
        FIELDS.iter().find(|field| field.names.iter().any(has))
    }
}
