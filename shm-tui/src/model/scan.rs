//! Scans of attached processes and of IPC namespaces.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::directory::Process;
use super::format;
use super::segment::{Id, Key, Segment};

/// A segment attached by a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The segment.
    pub id: Id,
    /// The key with which it was created, if the system reports it.
    pub key: Option<Key>,
    /// The process.
    pub pid: i32,
    /// Its first address in the process.
    pub start: u64,
    /// The address after its last.
    pub end: u64,
    /// Whether the process may write to it.
    pub writable: bool,
    /// How many attachments it counts as.
    pub pieces: u32,
    /// Resident bytes of it in the process, if requested.
    pub resident: Option<u64>,
}

/// How this system finds the processes that have a segment attached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Finding {
    /// Reads information about all processes, which changes nothing.
    #[default]
    Scan,
    /// Only a program that has the segment attached too can find them: a probe.
    Probe,
    /// Not at all, for this reason.
    Impossible(&'static str),
}

/// Describes a probe before it is requested.
pub const PROBE: &str = "this system shows the processes only to a program that has the segment attached too: a probe attaches it read-only for a moment, which changes its attach time and its last user";

/// The abilities of the running system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// How attached processes are found.
    pub finding: Finding,
    /// Whether segments can be locked in memory.
    pub locks: bool,
}

impl Default for Abilities {
    fn default() -> Self {
        Self {
            finding: Finding::Scan,
            locks: true,
        }
    }
}

/// The findings of a probe beside the attachments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probed {
    /// The probed segment; the scan covers no other.
    pub id: Id,
    /// Resident bytes of it, if the system counts them.
    pub resident: Option<u64>,
    /// Whether this method was seen to work on such a system.
    pub verified: bool,
}

/// Shown with an answer that nobody has verified on a running system.
pub const UNVERIFIED: &str = "from headers, not verified on a running system";

/// A scan of every process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Set for a probe, which covers one segment only.
    pub probed: Option<Probed>,
    /// How often the namespace had been switched before the scan.
    pub generation: u64,
    /// Every attachment, by segment, process and address.
    pub attachments: Vec<Attachment>,
    /// The states of the processes that have one.
    pub processes: HashMap<i32, Process>,
    /// The number of visible processes.
    pub total: u64,
    /// How many of them could not be inspected.
    pub unreadable: u64,
    /// Whether processes of other users are hidden.
    pub invisible: bool,
}

impl Attachment {
    /// Returns whether it may be an attachment of `segment`.
    fn may_be_of(&self, segment: &Segment) -> bool {
        self.id == segment.id
            && (segment.key.is_private() || self.key.is_none_or(|key| key == segment.key))
    }
}

impl Scan {
    /// Returns whether this scan covers a segment.
    #[must_use]
    pub fn covers(&self, segment: &Segment) -> bool {
        self.probed.is_none_or(|probed| probed.id == segment.id)
    }

    /// Returns the attachments of a segment. An attachment with another key belongs to an
    /// earlier segment with this identifier, or to another IPC namespace that the process
    /// has left; so do all if the segment has no attachments.
    pub fn of<'a>(&'a self, segment: &'a Segment) -> impl Iterator<Item = &'a Attachment> {
        let any = segment.attached > 0;
        self.fitting(segment).filter(move |_| any)
    }

    fn fitting<'a>(&'a self, segment: &'a Segment) -> impl Iterator<Item = &'a Attachment> {
        let fits = |found: &&Attachment| found.may_be_of(segment);
        self.attachments.iter().filter(fits)
    }

    /// Returns the segments that a process has attached.
    #[must_use]
    pub fn segments_of(&self, pid: i32) -> Vec<Id> {
        let mut ids: Vec<Id> = self
            .attachments
            .iter()
            .filter(|found| found.pid == pid)
            .map(|found| found.id)
            .collect();
        ids.dedup();
        ids
    }

    /// Returns how many attachments of `segment` were not found, without this program's
    /// own.
    #[must_use]
    pub fn missing(&self, segment: &Segment) -> u64 {
        segment.attached.saturating_sub(self.found(segment))
    }

    /// Returns how many more attachments were found than `segment` has: processes that
    /// share one address space have the same one, a process may have brought one from
    /// another IPC namespace, or one was detached since.
    #[must_use]
    pub fn surplus(&self, segment: &Segment) -> u64 {
        self.found(segment).saturating_sub(segment.attached)
    }

    fn found(&self, segment: &Segment) -> u64 {
        let fitting = self.fitting(segment);
        fitting.map(|found| u64::from(found.pieces)).sum()
    }

    /// Explains a difference between the attachments found and those that the segment
    /// has; `None` without a difference.
    #[must_use]
    pub fn coverage(&self, segment: &Segment) -> Option<String> {
        match (self.missing(segment), self.surplus(segment)) {
            (0, 0) => None,
            (0, surplus) => Some(format!(
                "{surplus} more found than the segment has: processes share memory, or brought an attachment from another IPC namespace"
            )),
            (missing, _) => {
                let all = format::counted(segment.attached, "attachment");
                let verb = if missing == 1 { "was" } else { "were" };
                Some(format!("{missing} of {all} {verb} found in no process"))
            }
        }
    }

    /// Explains what could not be inspected; `None` if everything could.
    #[must_use]
    pub fn gaps(&self) -> Option<String> {
        if self.invisible {
            return Some("processes of other users are hidden from you".to_owned());
        }
        match (self.unreadable, self.total) {
            (0, _) => None,
            (count, 0) => {
                let count = format::counted(count, "process");
                Some(format!("{count} could not be inspected"))
            }
            (count, total) => {
                let total = format::counted(total, "process");
                Some(format!("{count} of {total} could not be inspected"))
            }
        }
    }

    /// Returns the commands that have each segment attached: `postgres x7, psql`.
    #[must_use]
    pub fn commands<'a>(
        &self,
        segments: impl Iterator<Item = &'a Segment>,
    ) -> HashMap<Id, Arc<str>> {
        let segments: HashMap<Id, &Segment> =
            segments.map(|segment| (segment.id, segment)).collect();
        let mut counts: BTreeMap<Id, BTreeMap<&str, u32>> = BTreeMap::new();
        let mut last = None;
        let fits = |found: &&Attachment| {
            let segment = segments.get(&found.id);
            segment.is_some_and(|segment| segment.attached > 0 && found.may_be_of(segment))
        };
        for found in self.attachments.iter().filter(fits) {
            // A process with two attachments counts once.
            if last.replace((found.id, found.pid)) == Some((found.id, found.pid)) {
                continue;
            }
            let name = match self.processes.get(&found.pid) {
                Some(Process::Running { command, .. }) => program(command),
                _ => "?",
            };
            *counts.entry(found.id).or_default().entry(name).or_default() += 1;
        }
        let text = |names: BTreeMap<&str, u32>| {
            let names: Vec<String> = names
                .into_iter()
                .map(|(name, count)| match count {
                    1 => name.to_owned(),
                    _ => format!("{name} x{count}"),
                })
                .collect();
            Arc::from(names.join(", "))
        };
        counts
            .into_iter()
            .map(|(id, names)| (id, text(names)))
            .collect()
    }
}

/// Returns the name of the program of a command line, without its directories and arguments.
#[must_use]
pub fn program(command: &str) -> &str {
    let first = command.split_whitespace().next().unwrap_or(command);
    let name = first.rsplit('/').next().unwrap_or(first);
    name.trim_end_matches(':')
}

/// A scan of the IPC namespaces of the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamespaceScan {
    /// The namespaces of the processes.
    pub list: Vec<Namespace>,
    /// How many processes could not be inspected.
    pub unreadable: u64,
    /// Whether processes of other users are hidden.
    pub invisible: bool,
}

impl NamespaceScan {
    /// Explains what could not be inspected; `None` if everything could.
    #[must_use]
    pub fn gaps(&self) -> Option<String> {
        match (self.invisible, self.unreadable) {
            (true, _) => Some("processes of other users are hidden from you".to_owned()),
            (false, 0) => None,
            (false, 1) => Some("1 process could not be inspected".to_owned()),
            (false, count) => Some(format!("{count} processes could not be inspected")),
        }
    }
}

impl NamespaceScan {
    /// How many namespaces cannot be entered and why, as a sentence; nothing if all can.
    #[must_use]
    pub fn closed(&self) -> Option<String> {
        let closed = self
            .list
            .iter()
            .filter_map(|namespace| namespace.usage.as_ref().err());
        closed_namespaces(closed.map(String::as_str), self.list.len())
    }
}

/// How many of `all` namespaces could not be entered, and the first reason.
#[must_use]
pub fn closed_namespaces<'a>(
    reasons: impl Iterator<Item = &'a str> + Clone,
    all: usize,
) -> Option<String> {
    let count = reasons.clone().count();
    let first = reasons.into_iter().next()?;
    let all = format::counted(all as u64, "IPC namespace");
    Some(format!("{count} of {all} could not be entered: {first}"))
}

/// One IPC namespace of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// Its number, as in `lsns`.
    pub inode: u64,
    /// Whether it is this program's.
    pub own: bool,
    /// The processes in it, with their command lines.
    pub processes: Vec<(i32, Arc<str>)>,
    /// The number of its processes.
    pub count: u64,
    /// What its segments take, or why that cannot be read.
    pub usage: Result<NamespaceUsage, String>,
}

/// What the segments of a namespace take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NamespaceUsage {
    /// How many there are.
    pub segments: u64,
    /// Their sizes together.
    pub bytes: u64,
    /// Bytes of them in main memory, where the system reports it.
    pub resident: Option<u64>,
}

impl NamespaceUsage {
    /// Adds segments up.
    #[must_use]
    pub fn of(segments: &[Segment]) -> Self {
        let memory = segments.iter().filter_map(|segment| segment.memory);
        let resident = memory
            .map(|memory| memory.resident)
            .reduce(u64::saturating_add);
        Self {
            segments: segments.len() as u64,
            bytes: segments
                .iter()
                .fold(0, |sum, segment| segment.size.saturating_add(sum)),
            resident: if segments.is_empty() {
                Some(0)
            } else {
                resident
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(id: Id, pid: i32, start: u64) -> Attachment {
        Attachment {
            id,
            key: Some(Key(5)),
            pid,
            start,
            end: start + 4096,
            writable: true,
            pieces: 1,
            resident: None,
        }
    }

    fn scan() -> Scan {
        let running = |command: &str| Process::Running {
            command: command.into(),
            started: None,
            user: None,
        };
        Scan {
            attachments: vec![
                found(1, 10, 0),
                found(1, 10, 8192),
                found(1, 11, 0),
                found(1, 12, 0),
                found(2, 10, 0),
            ],
            processes: [
                (10, running("/usr/bin/postgres -D x")),
                (11, running("postgres: checkpointer")),
                (12, running("psql")),
            ]
            .into(),
            total: 214,
            unreadable: 3,
            invisible: false,
            ..Scan::default()
        }
    }

    #[test]
    fn commands_are_counted_by_process() {
        let segment = |id, attached| Segment {
            id,
            key: Key(5),
            attached,
            ..Segment::default()
        };
        let commands = scan().commands([segment(1, 4), segment(2, 1)].iter());
        assert_eq!(&*commands[&1], "postgres x2, psql");
        assert_eq!(&*commands[&2], "postgres");
        let commands = scan().commands([segment(1, 0)].iter());
        assert!(commands.is_empty(), "not attached");
    }

    #[test]
    fn what_was_not_found_is_told() {
        let segment = Segment {
            id: 1,
            key: Key(5),
            attached: 6,
            ..Segment::default()
        };
        assert_eq!(scan().missing(&segment), 2);
        assert_eq!(
            scan().gaps().as_deref(),
            Some("3 of 214 processes could not be inspected")
        );
        let another = Segment {
            key: Key(6),
            ..segment
        };
        assert_eq!(scan().of(&another).count(), 0, "an earlier segment");
    }

    #[test]
    fn more_attachments_than_the_segment_has_are_said() {
        let mut segment = Segment {
            id: 1,
            key: Key(5),
            attached: 3,
            ..Segment::default()
        };
        assert_eq!((scan().missing(&segment), scan().surplus(&segment)), (0, 1));
        let said = scan().coverage(&segment).unwrap();
        assert!(said.starts_with("1 more found"), "{said}");
        assert_eq!(scan().of(&segment).count(), 4);
        segment.attached = 4;
        assert_eq!(scan().coverage(&segment), None);
        segment.attached = 0;
        assert_eq!(
            (scan().of(&segment).count(), scan().surplus(&segment)),
            (0, 4)
        );
    }

    #[test]
    fn a_process_has_each_segment_once() {
        assert_eq!(scan().segments_of(10), [1, 2]);
        assert_eq!(scan().segments_of(12), [1]);
    }
}
