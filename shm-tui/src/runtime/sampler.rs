//! Looks at the system again and again, and tells what is different.
//!
//! [`Sampler`] is the work, [`spawn`] the thread that does it. Names and
//! processes are looked up once; whether a process still runs is asked again
//! every few seconds, as `/proc` is dear compared with the segments.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::Event;
use crate::app::action::Sampled;
use crate::model::diff;
use crate::model::directory::{Directory, Process};
use crate::model::segment::Segment;
use crate::model::snapshot::Snapshot;
use crate::source::{Names, Source, Wanted};

/// How long what is known of a process is believed.
const PROCESS_AGE: Duration = Duration::from_secs(5);

/// The memory of what was told already.
pub struct Sampler {
    source: Arc<dyn Source>,
    names: Arc<dyn Names>,
    last: Option<Snapshot>,
    failure: Option<String>,
    directory: Directory,
    asked: Option<Duration>,
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
    /// A sampler that has told nothing yet.
    #[must_use]
    pub fn new(source: Arc<dyn Source>, names: Arc<dyn Names>) -> Self {
        Self {
            source,
            names,
            last: None,
            failure: None,
            directory: Directory::default(),
            asked: None,
        }
    }

    /// Looks at another system from now on, of which nothing was told yet.
    pub fn turn_to(&mut self, source: Arc<dyn Source>) {
        self.source = source;
        self.last = None;
        self.failure = None;
    }

    /// Looks once, at the steady time `now`; nothing if nothing is different.
    pub fn look(&mut self, now: Duration) -> Option<Sampled> {
        let snapshot = match self.source.snapshot(Wanted::ALL) {
            Ok(snapshot) => snapshot,
            Err(error) => return self.fail(error.to_string()),
        };
        let recovered = self.failure.take().is_some();
        let first = self.last.is_none();
        let last = self.last.take().unwrap_or_default();
        let changes = diff::compare(&last.segments, &snapshot.segments);
        let directory = self.look_up(&snapshot.segments, now);
        let different = first
            || recovered
            || !changes.is_empty()
            || !directory.is_empty()
            || last.limits != snapshot.limits
            || last.usage != snapshot.usage;
        let sampled = different.then_some(Sampled {
            changes,
            directory,
            limits: snapshot.limits,
            usage: snapshot.usage,
            failure: None,
        });
        self.last = Some(snapshot);
        sampled
    }

    fn fail(&mut self, message: String) -> Option<Sampled> {
        if self.failure.as_ref() == Some(&message) {
            return None;
        }
        self.failure = Some(message.clone());
        Some(Sampled {
            failure: Some(message),
            ..Sampled::default()
        })
    }

    /// Names not known yet, and processes that are different.
    fn look_up(&mut self, segments: &[Segment], now: Duration) -> Directory {
        let again = self
            .asked
            .is_none_or(|asked| now.saturating_sub(asked) >= PROCESS_AGE);
        if again {
            self.asked = Some(now);
        }
        let mut news = Directory::default();
        let mut met = HashSet::new();
        for segment in segments {
            for uid in [segment.owner, segment.creator] {
                if !self.directory.users.contains_key(&uid) && !news.users.contains_key(&uid) {
                    news.users.insert(uid, self.names.user(uid).map(Into::into));
                }
            }
            for gid in [segment.group, segment.creator_group] {
                if !self.directory.groups.contains_key(&gid) && !news.groups.contains_key(&gid) {
                    news.groups
                        .insert(gid, self.names.group(gid).map(Into::into));
                }
            }
            for pid in [segment.creator_pid, segment.last_pid] {
                if pid > 0 && met.insert(pid) {
                    self.look_up_process(pid, again, &mut news);
                }
            }
        }
        self.directory.merge(news.clone());
        news
    }

    fn look_up_process(&self, pid: i32, again: bool, news: &mut Directory) {
        let known: Option<&Process> = self.directory.processes.get(&pid);
        if known.is_some() && !again {
            return;
        }
        let process = self.source.process(pid);
        if known != Some(&process) {
            news.processes.insert(pid, process);
        }
    }
}

/// What the thread can be told.
pub enum Order {
    /// Look at another system from now on, and now.
    Source(Arc<dyn Source>),
    /// Look now.
    Now,
    /// Look this often; `None` is only when told.
    Period(Option<Duration>),
}

impl std::fmt::Debug for Order {
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
/// If the system gives no thread.
pub fn spawn(
    mut sampler: Sampler,
    period: Duration,
    events: Sender<Event>,
) -> std::io::Result<Sender<Order>> {
    let (orders, received) = channel();
    thread::Builder::new()
        .name("sampler".to_owned())
        .spawn(move || run(&mut sampler, Some(period), &received, &events))?;
    Ok(orders)
}

fn run(
    sampler: &mut Sampler,
    mut period: Option<Duration>,
    orders: &Receiver<Order>,
    events: &Sender<Event>,
) {
    let start = Instant::now();
    let mut looked = start;
    let mut due = true;
    loop {
        if due {
            looked = Instant::now();
            if let Some(sampled) = sampler.look(start.elapsed())
                && events.send(Event::Sampled(Box::new(sampled))).is_err()
            {
                return;
            }
        }
        let order = match period {
            Some(period) => {
                let wait = period.saturating_sub(looked.elapsed());
                orders.recv_timeout(wait)
            }
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        due = match order {
            Ok(Order::Now) | Err(RecvTimeoutError::Timeout) => true,
            Ok(Order::Period(new)) => {
                period = new;
                false
            }
            Ok(Order::Source(source)) => {
                sampler.turn_to(source);
                true
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::diff::Change;
    use crate::source::fake::Fake;

    fn sampler(fake: &Fake) -> Sampler {
        Sampler::new(Arc::new(fake.clone()), Arc::new(fake.clone()))
    }

    #[test]
    fn a_system_where_nothing_happens_tells_nothing() {
        let fake = Fake::example(1_000_000);
        let mut sampler = sampler(&fake);
        let first = sampler.look(Duration::ZERO).unwrap();
        assert_eq!(first.changes.len(), 4);
        for second in 1..20 {
            assert_eq!(sampler.look(Duration::from_secs(second)), None);
        }
    }

    #[test]
    fn a_process_that_ends_is_noticed_within_seconds() {
        let fake = Fake::example(1_000_000);
        let mut sampler = sampler(&fake);
        sampler.look(Duration::ZERO);
        fake.change(|system| system.processes.remove(&812));
        assert_eq!(sampler.look(Duration::from_secs(1)), None);
        let news = sampler.look(PROCESS_AGE).unwrap();
        assert_eq!(news.directory.process(812), &Process::Gone);
        assert_eq!(news.changes, []);
    }

    #[test]
    fn a_failure_is_told_once_and_so_is_its_end() {
        let fake = Fake::example(1_000_000);
        let mut sampler = sampler(&fake);
        sampler.look(Duration::ZERO);
        fake.change(|system| system.failure = Some("no such thing".to_owned()));
        let failed = sampler.look(Duration::ZERO).unwrap();
        assert_eq!(failed.failure.as_deref(), Some("no such thing"));
        assert_eq!(sampler.look(Duration::ZERO), None);
        fake.change(|system| {
            system.failure = None;
            system.segments.remove(&0);
        });
        let back = sampler.look(Duration::ZERO).unwrap();
        assert_eq!(back.failure, None);
        assert!(matches!(back.changes[..], [Change::Gone(_)]));
    }
}
