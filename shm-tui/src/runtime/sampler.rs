//! Samples the system at intervals, and reports changes.
//!
//! [`Sampler`] does the work, [`spawn`] starts its thread. Names and processes are looked
//! up once. Whether a process still runs is checked again only every few seconds, because
//! reading `/proc` costs more than listing the segments. With many segments, memory
//! figures are sampled only every few seconds too, and the last ones are shown meanwhile.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::Event;
use crate::app::action::Sampled;
use crate::model::diff::{self, Change};
use crate::model::directory::{Directory, Process};
use crate::model::segment::Segment;
use crate::model::snapshot::Snapshot;
use crate::source::{Names, SnapshotOptions, Source};

/// How long the state of a process is cached.
const PROCESS_AGE: Duration = Duration::from_secs(5);
/// How long the memory figures of many segments are cached: a sample with them takes
/// several times as long.
const MEMORY_AGE: Duration = Duration::from_secs(10);
/// Number of segments up to which memory is sampled every time.
const FEW: usize = 256;

/// Remembers the last sample, so that only changes are sent.
pub struct Sampler {
    source: Arc<dyn Source>,
    generation: u64,
    names: Arc<dyn Names>,
    last: Option<Snapshot>,
    failure: Option<String>,
    directory: Directory,
    asked: Option<Duration>,
    /// The time of the last memory figures.
    memory: Option<Duration>,
}

impl std::fmt::Debug for Sampler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sampler")
            .field(
                "segments",
                &self.last.as_ref().map(|last| last.segments.len()),
            )
            .finish_non_exhaustive()
    }
}

impl Sampler {
    /// Creates a sampler without a previous sample.
    #[must_use]
    pub fn new(source: Arc<dyn Source>, names: Arc<dyn Names>) -> Self {
        Self {
            source,
            generation: 0,
            names,
            last: None,
            failure: None,
            directory: Directory::default(),
            asked: None,
            memory: None,
        }
    }

    /// Switches to another source and forgets the previous sample.
    pub fn switch_source(&mut self, source: Arc<dyn Source>) {
        self.source = source;
        self.generation += 1;
        self.last = None;
        self.failure = None;
        self.memory = None;
    }

    /// Samples once, at the steady time `now`; `None` if nothing changed.
    pub fn sample(&mut self, now: Duration) -> Option<Sampled> {
        let options = SnapshotOptions {
            memory: self.wants_memory(now),
            totals: true,
        };
        let mut snapshot = match self.source.snapshot(options) {
            Ok(snapshot) => snapshot,
            Err(error) => return self.fail(error.to_string()),
        };
        let recovered = self.failure.take().is_some();
        let first = self.last.is_none();
        let last = self.last.take().unwrap_or_default();
        match options.memory {
            true => self.memory = Some(now),
            false => {
                keep_memory(&last.segments, &mut snapshot.segments);
                snapshot.add_up();
            }
        }
        let changes = diff::compare(&last.segments, &snapshot.segments);
        let directory = self.resolve_names(&snapshot.segments, &changes, now);
        let different = first
            || recovered
            || !changes.is_empty()
            || !directory.is_empty()
            || last.limits != snapshot.limits
            || last.usage != snapshot.usage;
        let sampled = different.then_some(Sampled {
            generation: self.generation,
            changes,
            directory,
            limits: snapshot.limits,
            usage: snapshot.usage,
            failure: None,
        });
        self.last = Some(snapshot);
        sampled
    }

    fn wants_memory(&self, now: Duration) -> bool {
        let few = |last: &Snapshot| last.segments.len() <= FEW;
        let is_old = |asked| now.saturating_sub(asked) >= MEMORY_AGE;
        self.last.as_ref().is_none_or(few) || self.memory.is_none_or(is_old)
    }

    fn fail(&mut self, message: String) -> Option<Sampled> {
        if self.failure.as_ref() == Some(&message) {
            return None;
        }
        self.failure = Some(message.clone());
        Some(Sampled {
            generation: self.generation,
            failure: Some(message),
            ..Sampled::default()
        })
    }

    /// Returns new names, and changed states of processes.
    fn resolve_names(
        &mut self,
        segments: &[Segment],
        changes: &[Change],
        now: Duration,
    ) -> Directory {
        let again = self
            .asked
            .is_none_or(|asked| now.saturating_sub(asked) >= PROCESS_AGE);
        if again {
            self.asked = Some(now);
        }
        let mut resolved = Directory::default();
        let mut seen = HashSet::new();
        let every = segments.iter().filter(|_| again);
        let different = changes.iter().filter_map(|change| match change {
            Change::Appeared(segment) | Change::Changed { after: segment, .. } => Some(segment),
            Change::Gone(_) => None,
        });
        for segment in every.chain(different) {
            for uid in [segment.owner, segment.creator] {
                if !self.directory.users.contains_key(&uid) && !resolved.users.contains_key(&uid) {
                    resolved
                        .users
                        .insert(uid, self.names.user(uid).map(Into::into));
                }
            }
            for gid in [segment.group, segment.creator_group] {
                if !self.directory.groups.contains_key(&gid) && !resolved.groups.contains_key(&gid)
                {
                    resolved
                        .groups
                        .insert(gid, self.names.group(gid).map(Into::into));
                }
            }
            let used = segment.counted_use().pid;
            for pid in [segment.creator_pid, segment.last_pid, used] {
                if pid > 0 && seen.insert(pid) {
                    self.resolve_process(pid, again, &mut resolved);
                }
            }
        }
        self.directory.merge(resolved.clone());
        resolved
    }

    fn resolve_process(&self, pid: i32, again: bool, resolved: &mut Directory) {
        let known: Option<&Process> = self.directory.processes.get(&pid);
        if known.is_some() && !again {
            return;
        }
        let process = self.source.process(pid);
        if known != Some(&process) {
            resolved.processes.insert(pid, process);
        }
    }
}

/// Copies the previous memory figures to the segments of `after`. Both are ordered by
/// identifier.
fn keep_memory(before: &[Segment], after: &mut [Segment]) {
    let mut before = before.iter().peekable();
    for segment in after {
        while before.next_if(|known| known.id < segment.id).is_some() {}
        if let Some(known) = before.peek().filter(|known| known.is_same(segment)) {
            segment.memory = known.memory;
        }
    }
}

/// A message to the thread.
pub enum Request {
    /// Switch to another source, and sample it now.
    Source(Arc<dyn Source>),
    /// Sample now.
    Now,
    /// Sample at this interval; `None` is only on request.
    Period(Option<Duration>),
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Source(_) => f.write_str("Source"),
            Self::Now => f.write_str("Now"),
            Self::Period(period) => f.debug_tuple("Period").field(period).finish(),
        }
    }
}

/// Starts the thread; it ends when either side of its channels is dropped.
///
/// # Errors
///
/// If the system cannot start a thread.
pub fn spawn(
    mut sampler: Sampler,
    period: Duration,
    events: Sender<Event>,
) -> std::io::Result<Sender<Request>> {
    let (orders, received) = channel();
    thread::Builder::new()
        .name("sampler".to_owned())
        .spawn(move || run(&mut sampler, Some(period), &received, &events))?;
    Ok(orders)
}

fn run(
    sampler: &mut Sampler,
    mut period: Option<Duration>,
    orders: &Receiver<Request>,
    events: &Sender<Event>,
) {
    let start = Instant::now();
    let mut looked = start;
    let mut due = true;
    loop {
        if due {
            looked = Instant::now();
            if let Some(sampled) = sampler.sample(start.elapsed())
                && events.send(Event::Sampled(Box::new(sampled))).is_err()
            {
                return;
            }
        }
        let request = match period {
            Some(period) => {
                let wait = period.saturating_sub(looked.elapsed());
                orders.recv_timeout(wait)
            }
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        due = match request {
            Ok(Request::Now) | Err(RecvTimeoutError::Timeout) => true,
            Ok(Request::Period(new)) => {
                period = new;
                false
            }
            Ok(Request::Source(source)) => {
                sampler.switch_source(source);
                true
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::fake::Fake;

    fn sampler(fake: &Fake) -> Sampler {
        Sampler::new(Arc::new(fake.clone()), Arc::new(fake.clone()))
    }

    #[test]
    fn a_system_where_nothing_happens_tells_nothing() {
        let fake = Fake::example(1_000_000);
        let mut sampler = sampler(&fake);
        let first = sampler.sample(Duration::ZERO).unwrap();
        assert_eq!(first.changes.len(), 4);
        for second in 1..20 {
            assert_eq!(sampler.sample(Duration::from_secs(second)), None);
        }
    }

    #[test]
    fn the_figures_of_many_segments_are_looked_at_less_often_and_kept_meanwhile() {
        use crate::model::segment::Memory;

        let resident = |resident| {
            Some(Memory {
                resident,
                swapped: 0,
            })
        };
        let fake = Fake::default();
        fake.change(|system| {
            let segments = (0..1000).map(|id| Segment {
                id,
                memory: resident(1),
                ..Segment::default()
            });
            system.segments = segments.map(|segment| (segment.id, segment)).collect();
        });
        let mut sampler = sampler(&fake);
        assert_eq!(sampler.sample(Duration::ZERO).unwrap().changes.len(), 1000);
        let grow = |system: &mut crate::source::fake::System| {
            for segment in system.segments.values_mut() {
                segment.memory = resident(2);
            }
            let new = Segment {
                id: 5000,
                ..system.segments[&7]
            };
            system.segments.insert(new.id, new);
            system.segments.remove(&8);
        };
        fake.change(grow);
        let changes = sampler.sample(Duration::from_secs(1)).unwrap().changes;
        assert!(matches!(
            changes[..],
            [Change::Gone(Segment { id: 8, .. }), Change::Appeared(new)] if new.memory.is_none()
        ));
        let changes = sampler.sample(MEMORY_AGE).unwrap().changes;
        assert_eq!(changes.len(), 1000, "all of them have other figures now");
    }

    #[test]
    fn a_process_that_ends_is_noticed_within_seconds() {
        let fake = Fake::example(1_000_000);
        let mut sampler = sampler(&fake);
        sampler.sample(Duration::ZERO);
        fake.change(|system| system.processes.remove(&812));
        assert_eq!(sampler.sample(Duration::from_secs(1)), None);
        let resolved = sampler.sample(PROCESS_AGE).unwrap();
        assert_eq!(resolved.directory.process(812), &Process::Gone);
        assert_eq!(resolved.changes, []);
    }

    #[test]
    fn a_failure_is_told_once_and_so_is_its_end() {
        let fake = Fake::example(1_000_000);
        let mut sampler = sampler(&fake);
        sampler.sample(Duration::ZERO);
        fake.change(|system| system.failure = Some("no such thing".to_owned()));
        let failed = sampler.sample(Duration::ZERO).unwrap();
        assert_eq!(failed.failure.as_deref(), Some("no such thing"));
        assert_eq!(sampler.sample(Duration::ZERO), None);
        fake.change(|system| {
            system.failure = None;
            system.segments.remove(&0);
        });
        let back = sampler.sample(Duration::ZERO).unwrap();
        assert_eq!(back.failure, None);
        assert!(matches!(back.changes[..], [Change::Gone(_)]));
    }
}
