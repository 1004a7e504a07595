//! JSON for scripts. Names and meanings of the fields are stable; an incompatible change
//! raises [`VERSION`].

use std::io::{self, BufWriter, Write};

use serde::ser::{Serialize, SerializeSeq as _, Serializer};

use super::indented::Indented;
use crate::model::column::{Column, Context};
use crate::model::directory::Directory;
use crate::model::format;
use crate::model::segment::{Flags, Segment};
use crate::model::state;

/// The version of the schema.
pub const VERSION: u32 = 2;

/// The columns in the document of segments.
pub const COLUMNS: [Column; 9] = [
    Column::Owner,
    Column::Group,
    Column::Creator,
    Column::CreatorGroup,
    Column::State,
    Column::Resident,
    Column::Swapped,
    Column::CreatorCommand,
    Column::LastCommand,
];

/// Bytes per write.
const PORTION: usize = 64 << 10;

#[derive(Debug, serde::Serialize)]
struct Document<'a> {
    version: u32,
    segments: Records<'a>,
}

/// The segments, converted to records while they are written.
#[derive(Debug)]
struct Records<'a> {
    segments: &'a [Segment],
    context: &'a Context<'a>,
}

impl Serialize for Records<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.segments.len()))?;
        let mut texts = Texts::default();
        for segment in self.segments {
            texts.set(segment, self.context.directory);
            list.serialize_element(&record(segment, &texts, self.context))?;
        }
        list.end()
    }
}

/// A segment. Values that the system does not report are `null`.
#[derive(Debug, serde::Serialize)]
struct Record<'a> {
    /// The identifier.
    id: i32,
    /// The key as `0x` and hex digits: a string, because keys may have 64 bits.
    key: &'a str,
    /// Name of the owner, or the number as text.
    owner: &'a str,
    owner_uid: u32,
    group: &'a str,
    group_gid: u32,
    creator: &'a str,
    creator_uid: u32,
    creator_group: &'a str,
    creator_gid: u32,
    /// Permission bits in octal, four digits.
    mode: &'a str,
    /// Bytes.
    size: u64,
    /// Attachments.
    attached: u64,
    /// Any of `dest`, `locked`, `hugetlb`, `noreserve`.
    status: Labels,
    /// One of `in-use`, `idle`, `possible-orphan`, `likely-orphan`, `removed`,
    /// `unknown`.
    state: &'static str,
    /// Bytes in main memory.
    resident: Option<u64>,
    /// Bytes swapped out.
    swapped: Option<u64>,
    /// Process that created it; `null` where the system does not report it.
    creator_pid: Option<i32>,
    creator_command: Option<&'a str>,
    /// Process that attached or detached last; `null` if none or unknown.
    last_pid: Option<i32>,
    last_command: Option<&'a str>,
    /// RFC 3339, in UTC.
    attach_time: Option<&'a str>,
    detach_time: Option<&'a str>,
    change_time: Option<&'a str>,
}

#[derive(Debug)]
struct Labels(Flags);

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.labels())
    }
}

/// The formatted texts of one record. Their memory is reused for the next record, and
/// equal texts are not formatted again.
#[derive(Debug, Default)]
struct Texts {
    key: String,
    owner: String,
    group: String,
    creator: String,
    creator_group: String,
    mode: String,
    attach_time: Moment,
    detach_time: Moment,
    change_time: Moment,
}

impl Texts {
    fn set(&mut self, segment: &Segment, names: &Directory) {
        let write = |text: &mut String, write: &dyn Fn(&mut String)| {
            text.clear();
            write(text);
        };
        write(&mut self.key, &|text| {
            format::push_key(text, segment.key.bits())
        });
        write(&mut self.owner, &|text| {
            names.push_user(segment.owner, text)
        });
        write(&mut self.group, &|text| {
            names.push_group(segment.group, text)
        });
        write(&mut self.creator, &|text| {
            names.push_user(segment.creator, text)
        });
        write(&mut self.creator_group, &|text| {
            names.push_group(segment.creator_group, text);
        });
        write(&mut self.mode, &|text| {
            format::push_octal(text, segment.mode)
        });
        self.attach_time.set(segment.attach_time);
        self.detach_time.set(segment.detach_time);
        self.change_time.set(segment.change_time);
    }
}

/// A time and its text.
#[derive(Debug, Default)]
struct Moment {
    seconds: Option<i64>,
    text: Option<String>,
}

impl Moment {
    fn set(&mut self, seconds: Option<i64>) {
        // Programs create many segments within one second.
        if self.seconds != seconds {
            self.seconds = seconds;
            self.text = seconds.and_then(rfc3339);
        }
    }

    fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }
}

/// Writes `{"version": 2, "segments": [...]}`, with a line end.
///
/// # Errors
///
/// If `out` fails.
pub fn document(
    out: &mut dyn Write,
    segments: &[Segment],
    context: &Context<'_>,
) -> io::Result<()> {
    let document = Document {
        version: VERSION,
        segments: Records { segments, context },
    };
    let mut out = BufWriter::with_capacity(PORTION, out);
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Indented::default());
    document.serialize(&mut serializer)?;
    out.write_all(b"\n")?;
    out.flush()
}

fn record<'a>(segment: &Segment, texts: &'a Texts, context: &'a Context<'_>) -> Record<'a> {
    let names = context.directory;
    let seen = segment.last_use();
    Record {
        id: segment.id,
        key: &texts.key,
        owner: &texts.owner,
        owner_uid: segment.owner,
        group: &texts.group,
        group_gid: segment.group,
        creator: &texts.creator,
        creator_uid: segment.creator,
        creator_group: &texts.creator_group,
        creator_gid: segment.creator_group,
        mode: &texts.mode,
        size: segment.size,
        attached: segment.attached,
        status: Labels(segment.flags),
        state: state::classify(segment, names, context.now).name(),
        resident: segment.memory.map(|memory| memory.resident),
        swapped: segment.memory.map(|memory| memory.swapped),
        creator_pid: Some(segment.creator_pid).filter(|pid| *pid != 0),
        creator_command: names.command(segment.creator_pid, segment.existed_at()),
        last_pid: Some(segment.last_pid).filter(|pid| *pid != 0),
        last_command: names.command(segment.last_pid, seen),
        attach_time: texts.attach_time.text(),
        detach_time: texts.detach_time.text(),
        change_time: texts.change_time.text(),
    }
}

/// A document that takes several lines, with a line end.
pub(crate) fn pretty(document: &impl Serialize) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(document)?;
    text.push('\n');
    Ok(text)
}

pub(super) fn rfc3339(seconds: i64) -> Option<String> {
    Some(jiff::Timestamp::from_second(seconds).ok()?.to_string())
}
