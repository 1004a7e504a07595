//! The IPC namespaces of the machine.

use serde::Serialize;

use super::json::VERSION;
use crate::model::format;
use crate::model::scan::{Namespace, NamespaceScan};

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    /// How many processes did not show their namespace.
    unreadable_processes: u64,
    /// Whether processes of others cannot be seen at all.
    hidden_processes: bool,
    namespaces: Vec<Record<'a>>,
}

/// One namespace; sums are `null` where it cannot be entered.
#[derive(Debug, Serialize)]
struct Record<'a> {
    /// Its inode, as `lsns` shows it.
    namespace: u64,
    /// Whether this program is in it.
    own: bool,
    /// How many processes are in it.
    processes: u64,
    /// One of them.
    pid: Option<i32>,
    command: Option<&'a str>,
    segments: Option<u64>,
    /// Sizes of the segments together.
    bytes: Option<u64>,
    resident: Option<u64>,
    /// Why it could not be entered.
    error: Option<&'a str>,
}

fn record(namespace: &Namespace) -> Record<'_> {
    let first = namespace.processes.first();
    let usage = namespace.usage.as_ref();
    Record {
        namespace: namespace.inode,
        own: namespace.own,
        processes: namespace.count,
        pid: first.map(|(pid, _)| *pid),
        command: first
            .map(|(_, command)| &**command)
            .filter(|command| !command.is_empty()),
        segments: usage.ok().map(|usage| usage.segments),
        bytes: usage.ok().map(|usage| usage.bytes),
        resident: usage.ok().and_then(|usage| usage.resident),
        error: usage.err().map(String::as_str),
    }
}

/// `{"version": 2, "namespaces": [...]}`, with a line end.
///
/// # Errors
///
/// Never for these types; the encoder's type says it could.
pub fn document(scan: &NamespaceScan) -> serde_json::Result<String> {
    super::json::pretty(&Document {
        version: VERSION,
        unreadable_processes: scan.unreadable,
        hidden_processes: scan.invisible,
        namespaces: scan.list.iter().map(record).collect(),
    })
}

/// A table, one line a namespace.
#[must_use]
pub fn text(scan: &NamespaceScan) -> String {
    let rows = scan.list.iter().map(|namespace| {
        let record = record(namespace);
        let number = |value: Option<u64>| value.map(|value| value.to_string()).unwrap_or_default();
        let bytes = |value: Option<u64>| value.map(format::size).unwrap_or_default();
        [
            record.namespace.to_string(),
            if record.own { "own" } else { "" }.to_owned(),
            number(record.segments),
            bytes(record.bytes),
            bytes(record.resident),
            record.processes.to_string(),
            record.pid.map(|pid| pid.to_string()).unwrap_or_default(),
            record.command.unwrap_or_default().to_owned(),
        ]
    });
    let header = [
        "NAMESPACE",
        "OWN",
        "SEGMENTS",
        "BYTES",
        "RESIDENT",
        "PROCESSES",
        "PID",
        "COMMAND",
    ];
    let right = [true, false, true, true, true, true, true, false];
    super::text::lines(header, right, rows)
}
