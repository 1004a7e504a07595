//! Formats the processes that have a segment attached.

use serde::Serialize;

use super::json::{VERSION, pretty};
use crate::model::directory::Process;
use crate::model::format;
use crate::model::scan::{Attachment, Scan, UNVERIFIED};
use crate::model::segment::Segment;
use crate::source::Names;

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    id: i32,
    key: String,
    /// Attachments, as the kernel counts them.
    attached: u64,
    /// How many of those were not found in any process.
    not_found: u64,
    /// How many more were found than the segment has.
    surplus: u64,
    /// How many processes could not be inspected.
    unreadable_processes: u64,
    /// Whether processes of other users are hidden.
    hidden_processes: bool,
    /// Whether the segment was attached to find them.
    probed: bool,
    /// Whether this method was seen to work on such a system.
    verified: bool,
    /// Resident bytes of the segment, if a probe reported them.
    resident: Option<u64>,
    processes: Vec<Record<'a>>,
}

/// An attachment; a process with several appears several times.
#[derive(Debug, Serialize)]
struct Record<'a> {
    pid: i32,
    uid: Option<u32>,
    user: Option<String>,
    command: Option<&'a str>,
    /// `rw` or `r`.
    access: &'static str,
    /// Addresses in the process, as `0x` and hex digits.
    start: String,
    end: String,
    /// Resident bytes in the process.
    resident: Option<u64>,
}

/// One JSON document, with a line end.
///
/// # Errors
///
/// Never for these types; the encoder's signature allows it.
pub fn document(segment: &Segment, scan: &Scan, names: &dyn Names) -> serde_json::Result<String> {
    pretty(&Document {
        version: VERSION,
        id: segment.id,
        key: segment.key.to_string(),
        attached: segment.attached,
        not_found: scan.missing(segment),
        surplus: scan.surplus(segment),
        unreadable_processes: scan.unreadable,
        hidden_processes: scan.invisible,
        probed: scan.probed.is_some(),
        verified: scan.probed.is_none_or(|probed| probed.verified),
        resident: scan.probed.and_then(|probed| probed.resident),
        processes: scan
            .of(segment)
            .map(|found| record(found, scan, names))
            .collect(),
    })
}

/// Formats a table, one line per attachment.
#[must_use]
pub fn text(segment: &Segment, scan: &Scan, names: &dyn Names) -> String {
    let rows = scan.of(segment).map(|found| {
        let record = record(found, scan, names);
        let uid = record.uid.map(|uid| uid.to_string());
        [
            record.pid.to_string(),
            record.user.or(uid).unwrap_or_default(),
            record.access.to_owned(),
            record.start,
            record.resident.map(format::size).unwrap_or_default(),
            record.command.unwrap_or_default().to_owned(),
        ]
    });
    let header = ["PID", "USER", "ACCESS", "ADDRESS", "RESIDENT", "COMMAND"];
    let right = [true, false, false, true, true, false];
    super::text::lines(header, right, rows)
}

/// Explains what could not be inspected, for standard error.
#[must_use]
pub fn gaps(segment: &Segment, scan: &Scan) -> Vec<String> {
    let coverage = scan.coverage(segment);
    let why = scan.gaps().filter(|_| scan.missing(segment) > 0);
    let unverified = scan.probed.filter(|probed| !probed.verified);
    let unverified = unverified.map(|_| format!("found {UNVERIFIED}"));
    coverage.into_iter().chain(why).chain(unverified).collect()
}

fn record<'a>(found: &Attachment, scan: &'a Scan, names: &dyn Names) -> Record<'a> {
    let (command, uid) = match scan.processes.get(&found.pid) {
        Some(Process::Running { command, user, .. }) => (Some(&**command), *user),
        _ => (None, None),
    };
    Record {
        pid: found.pid,
        uid,
        user: uid.and_then(|uid| names.user(uid)),
        command,
        access: if found.writable { "rw" } else { "r" },
        start: format!("{:#x}", found.start),
        end: format!("{:#x}", found.end),
        resident: found.resident,
    }
}
