//! The event log, derived from the differences between two samples. A segment that came
//! and went between two samples leaves no trace.

use std::collections::VecDeque;

use super::column::Context;
use super::diff::Change;
use super::format;
use super::segment::{Id, Key, Segment};

/// Number of entries kept.
pub const KEPT: usize = 10_000;

/// The kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The segment was created.
    Created,
    /// It was attached this many times more.
    Attached(u64),
    /// It was detached this many times.
    Detached(u64),
    /// It was attached and detached again.
    Used,
    /// It has another owner or group.
    Owner,
    /// It has other permissions.
    Mode,
    /// It was locked in memory.
    Locked,
    /// It was unlocked.
    Unlocked,
    /// It was marked for removal.
    Removed,
    /// It was destroyed.
    Destroyed,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was seen, in seconds since the epoch.
    pub time: i64,
    /// The IPC namespace, if it is not the program's own.
    pub namespace: Option<u64>,
    /// The segment.
    pub id: Id,
    /// Its key.
    pub key: Key,
    /// The kind of event.
    pub event: Event,
    /// Its description.
    pub what: String,
    /// The process that caused it, as far as known.
    pub who: String,
}

impl Entry {
    /// Describes an event of a segment, seen at the context's time. `namespace` is set if
    /// it is not the program's own.
    #[must_use]
    pub fn new(
        event: Event,
        segment: &Segment,
        namespace: Option<u64>,
        context: &Context<'_>,
    ) -> Self {
        Self {
            time: context.now,
            namespace,
            id: segment.id,
            key: segment.key,
            event,
            what: what(event, segment, context),
            who: who(event, segment, context),
        }
    }

    /// Returns the entry as one line of text, with the time in the given form.
    #[must_use]
    pub fn line(&self, time: &str) -> String {
        let Self {
            id, key, what, who, ..
        } = self;
        // An identifier has no meaning outside its namespace.
        let namespace = self.namespace.map(|inode| format!("  ns {inode}"));
        let namespace = namespace.unwrap_or_default();
        format!("{time}{namespace}  {id:>10}  {key}  {what:<28}  {who}")
            .trim_end()
            .to_owned()
    }
}

/// The most recent events.
#[derive(Clone, Debug, Default)]
pub struct Log {
    entries: VecDeque<Entry>,
    /// How many old entries were dropped.
    dropped: usize,
}

impl Log {
    /// Derives the events of a change. The first sample causes none.
    pub fn record(&mut self, changes: &[Change], namespace: Option<u64>, context: &Context<'_>) {
        for (event, segment) in changes.iter().flat_map(happened) {
            if self.entries.len() == KEPT {
                self.entries.pop_front();
                self.dropped += 1;
            }
            let entry = Entry::new(event, &segment, namespace, context);
            self.entries.push_back(entry);
        }
    }

    /// Returns the entries, newest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter().rev()
    }

    /// Returns how many entries were dropped because there were too many.
    #[must_use]
    pub fn dropped(&self) -> usize {
        self.dropped
    }
}

/// Returns every event of a change, each with the segment as it is afterwards,
/// or was last.
#[must_use]
pub fn happened(change: &Change) -> Vec<(Event, Segment)> {
    match change {
        Change::Appeared(segment) => vec![(Event::Created, *segment)],
        Change::Gone(segment) => vec![(Event::Destroyed, *segment)],
        Change::Changed { before, after } => {
            let events = events(before, after).into_iter();
            events.map(|event| (event, *after)).collect()
        }
    }
}

/// Returns the process that caused an event and the time until which it was
/// seen alive. The kernel keeps the creator and the last process to attach or
/// detach; it does not record who removed, changed or locked a segment.
#[must_use]
pub fn cause(event: Event, segment: &Segment) -> Option<(i32, Option<i64>)> {
    let (pid, seen) = match event {
        Event::Created => (segment.creator_pid, segment.existed_at()),
        Event::Attached(_) | Event::Detached(_) | Event::Used => {
            (segment.last_pid, segment.last_use())
        }
        _ => return None,
    };
    (pid != 0).then_some((pid, seen))
}

/// Returns the events between two states of one segment.
fn events(before: &Segment, after: &Segment) -> Vec<Event> {
    let mut events = Vec::new();
    let mut when = |happened: bool, event| {
        if happened {
            events.push(event);
        }
    };
    let more = after.attached.saturating_sub(before.attached);
    let fewer = before.attached.saturating_sub(after.attached);
    // This program's own attach changes the times as well.
    let foreign = after.own_attached == 0 && before.own_attached == 0;
    let used = after.attach_time != before.attach_time || after.detach_time != before.detach_time;
    when(more > 0, Event::Attached(more));
    when(fewer > 0, Event::Detached(fewer));
    when(used && foreign && more == 0 && fewer == 0, Event::Used);
    let owner = |s: &Segment| (s.owner, s.group);
    when(owner(before) != owner(after), Event::Owner);
    when(before.mode != after.mode, Event::Mode);
    when(!before.flags.locked && after.flags.locked, Event::Locked);
    when(before.flags.locked && !after.flags.locked, Event::Unlocked);
    when(!before.flags.removed && after.flags.removed, Event::Removed);
    events
}

fn what(event: Event, segment: &Segment, context: &Context<'_>) -> String {
    let times = |count: u64| match count {
        1 => String::new(),
        count => format!(" {count} times"),
    };
    let names = context.directory;
    match event {
        Event::Created => format!("created, {}", format::size(segment.size)),
        Event::Attached(count) => format!("attached{}", times(count)),
        Event::Detached(count) => format!("detached{}", times(count)),
        Event::Used => "attached and detached".to_owned(),
        Event::Owner => format!(
            "given to {}:{}",
            names.user(segment.owner),
            names.group(segment.group)
        ),
        Event::Mode => format!("permissions {}", format::permissions(segment.mode)),
        Event::Locked => "locked in memory".to_owned(),
        Event::Unlocked => "unlocked".to_owned(),
        Event::Removed => "marked for removal".to_owned(),
        Event::Destroyed => "destroyed".to_owned(),
    }
}

/// Formats the process behind an event and its command, as far as known.
fn who(event: Event, segment: &Segment, context: &Context<'_>) -> String {
    let Some((pid, seen)) = cause(event, segment) else {
        return String::new();
    };
    match context.directory.command(pid, seen) {
        Some(command) => format!("{pid} {command}"),
        None => pid.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::directory::Directory;
    use crate::model::segment::Flags;

    fn happened(before: Segment, after: Segment) -> Vec<Event> {
        let directory = Directory::default();
        let context = Context {
            directory: &directory,
            now: 0,
            exact: false,
        };
        let mut log = Log::default();
        log.record(&[Change::Changed { before, after }], None, &context);
        log.entries().rev().map(|entry| entry.event).collect()
    }

    #[test]
    fn every_difference_is_an_event() {
        let before = Segment {
            attached: 1,
            ..Segment::default()
        };
        let mut after = Segment {
            attached: 3,
            attach_time: Some(5),
            owner: 7,
            mode: 0o600,
            ..before
        };
        after.flags = Flags {
            locked: true,
            removed: true,
            ..Flags::default()
        };
        let expected = [
            Event::Attached(2),
            Event::Owner,
            Event::Mode,
            Event::Locked,
            Event::Removed,
        ];
        assert_eq!(happened(before, after), expected);
        let back = [
            Event::Detached(2),
            Event::Owner,
            Event::Mode,
            Event::Unlocked,
        ];
        assert_eq!(happened(after, before), back);
    }

    #[test]
    fn a_use_in_between_is_seen_by_its_time_unless_it_is_our_own() {
        let before = Segment::default();
        let mut after = Segment {
            attach_time: Some(9),
            ..before
        };
        assert_eq!(happened(before, after), [Event::Used]);
        after.own_attached = 1;
        assert_eq!(happened(before, after), []);
    }

    #[test]
    fn the_log_is_bounded_and_says_what_it_lost() {
        let directory = Directory::default();
        let context = Context {
            directory: &directory,
            now: 0,
            exact: false,
        };
        let mut log = Log::default();
        let changes = vec![Change::Appeared(Segment::default()); KEPT + 5];
        log.record(&changes, None, &context);
        assert_eq!((log.entries().len(), log.dropped()), (KEPT, 5));
    }
}
