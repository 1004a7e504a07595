//! Events, one per line.

use serde::Serialize;

use super::json::{VERSION, rfc3339};
use crate::model::column::Context;
use crate::model::log::{Entry, Event, cause};
use crate::model::segment::Segment;

/// The first line: all later events are reported.
#[derive(Debug, Serialize)]
struct Begin {
    version: u32,
    time: Option<String>,
    event: &'static str,
    /// The inode of the IPC namespace, if the system has them.
    namespace: Option<u64>,
    /// The number of segments.
    segments: u64,
}

#[derive(Debug, Serialize)]
struct Record<'a> {
    version: u32,
    /// When it was seen: RFC 3339, in UTC.
    time: Option<String>,
    event: &'static str,
    /// The inode of the IPC namespace, if the system has them.
    namespace: Option<u64>,
    id: i32,
    key: String,
    /// How many attachments were added or removed.
    count: Option<u64>,
    /// The process that caused it, if the kernel records it.
    pid: Option<i32>,
    command: Option<&'a str>,
    /// Name of the owner, or the number as text.
    owner: String,
    owner_uid: u32,
    /// Permission bits in octal, four digits.
    mode: String,
    /// Bytes.
    size: u64,
    /// Attachments.
    attached: u64,
}

/// Formats the first line of JSON.
///
/// # Errors
///
/// Never for these types; the encoder's signature allows it.
pub fn begin(now: i64, segments: usize, namespace: Option<u64>) -> serde_json::Result<String> {
    line(&Begin {
        version: VERSION,
        time: rfc3339(now),
        event: "watching",
        namespace,
        segments: segments as u64,
    })
}

/// Formats an event of a segment as a line of JSON.
///
/// # Errors
///
/// Never for these types; the encoder's signature allows it.
pub fn json(
    event: Event,
    segment: &Segment,
    namespace: Option<u64>,
    context: &Context<'_>,
) -> serde_json::Result<String> {
    let cause = cause(event, segment);
    line(&Record {
        version: VERSION,
        time: rfc3339(context.now),
        event: name(event),
        namespace,
        id: segment.id,
        key: segment.key.to_string(),
        count: match event {
            Event::Attached(count) | Event::Detached(count) => Some(count),
            _ => None,
        },
        pid: cause.map(|(pid, _)| pid),
        command: cause.and_then(|(pid, seen)| context.directory.command(pid, seen)),
        owner: context.directory.user(segment.owner).to_string(),
        owner_uid: segment.owner,
        mode: format!("{:04o}", segment.mode),
        size: segment.size,
        attached: segment.attached,
    })
}

/// Formats an event as a line of text.
#[must_use]
pub fn text(entry: &Entry) -> String {
    let time = rfc3339(entry.time).unwrap_or_else(|| entry.time.to_string());
    let mut line = entry.line(&time);
    line.push('\n');
    line
}

fn line(record: &impl Serialize) -> serde_json::Result<String> {
    let mut text = serde_json::to_string(record)?;
    text.push('\n');
    Ok(text)
}

fn name(event: Event) -> &'static str {
    match event {
        Event::Created => "created",
        Event::Attached(_) => "attached",
        Event::Detached(_) => "detached",
        Event::Used => "used",
        Event::Owner => "owner",
        Event::Mode => "mode",
        Event::Locked => "locked",
        Event::Unlocked => "unlocked",
        Event::Removed => "removed",
        Event::Destroyed => "destroyed",
    }
}
