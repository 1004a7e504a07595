//! JSON for scripts. The names of the fields and their meaning are stable; a
//! change that breaks a reader raises [`VERSION`].

use serde::Serialize;

use crate::model::column::Context;
use crate::model::segment::Segment;
use crate::model::state;

/// The version of the schema.
pub const VERSION: u32 = 2;

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    segments: Vec<Record<'a>>,
}

/// One segment. What the system does not tell is `null`.
#[derive(Debug, Serialize)]
struct Record<'a> {
    /// The identifier.
    id: i32,
    /// The key as `0x` and hex digits: a string, since keys may have 64 bits.
    key: String,
    /// Name of the owner, or the number as text.
    owner: String,
    owner_uid: u32,
    group: String,
    group_gid: u32,
    creator: String,
    creator_uid: u32,
    creator_group: String,
    creator_gid: u32,
    /// Permission bits in octal, four digits.
    mode: String,
    /// Bytes.
    size: u64,
    /// Attachments.
    attached: u64,
    /// Any of `dest`, `locked`, `hugetlb`, `noreserve`.
    status: Vec<&'static str>,
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
    /// Process that attached or detached last; `null` if none has.
    last_pid: Option<i32>,
    last_command: Option<&'a str>,
    /// RFC 3339, in UTC.
    attach_time: Option<String>,
    detach_time: Option<String>,
    change_time: Option<String>,
}

/// `{"version": 2, "segments": [...]}`, with a line end.
///
/// # Errors
///
/// Never for these types; the encoder's type says it could.
pub fn document(segments: &[Segment], context: &Context<'_>) -> serde_json::Result<String> {
    let document = Document {
        version: VERSION,
        segments: segments
            .iter()
            .map(|segment| record(segment, context))
            .collect(),
    };
    pretty(&document)
}

fn record<'a>(segment: &Segment, context: &Context<'a>) -> Record<'a> {
    let names = context.directory;
    let seen = segment.last_use();
    Record {
        id: segment.id,
        key: segment.key.to_string(),
        owner: names.user(segment.owner).to_string(),
        owner_uid: segment.owner,
        group: names.group(segment.group).to_string(),
        group_gid: segment.group,
        creator: names.user(segment.creator).to_string(),
        creator_uid: segment.creator,
        creator_group: names.group(segment.creator_group).to_string(),
        creator_gid: segment.creator_group,
        mode: format!("{:04o}", segment.mode),
        size: segment.size,
        attached: segment.attached,
        status: segment.flags.labels().collect(),
        state: state::classify(segment, names, context.now).name(),
        resident: segment.memory.map(|memory| memory.resident),
        swapped: segment.memory.map(|memory| memory.swapped),
        creator_pid: Some(segment.creator_pid).filter(|pid| *pid != 0),
        creator_command: names.command(segment.creator_pid, segment.existed_at()),
        last_pid: Some(segment.last_pid).filter(|pid| *pid != 0),
        last_command: names.command(segment.last_pid, seen),
        attach_time: segment.attach_time.and_then(rfc3339),
        detach_time: segment.detach_time.and_then(rfc3339),
        change_time: segment.change_time.and_then(rfc3339),
    }
}

/// A document that takes several lines, with a line end.
pub(super) fn pretty(document: &impl Serialize) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(document)?;
    text.push('\n');
    Ok(text)
}

pub(super) fn rfc3339(seconds: i64) -> Option<String> {
    Some(jiff::Timestamp::from_second(seconds).ok()?.to_string())
}
