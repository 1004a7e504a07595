//! Changes segments on its own thread, because the system or a name service may be slow.
//! Every change passes the gate here once more.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::Event;
use super::gate::Policy;
use crate::app::{Action, Effect};
use crate::model::act::{Act, Creation, Outcome};
use crate::model::dry_run;
use crate::model::segment::Id;
use crate::source::{Names, SnapshotOptions, Source, SourceError};

/// A message to the thread.
pub enum Request {
    /// Run this effect.
    Do(Effect),
    /// Switch to another source.
    Source(Arc<dyn Source>),
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Do(effect) => f.debug_tuple("Do").field(effect).finish(),
            Self::Source(_) => f.write_str("Source"),
        }
    }
}

/// The state of the thread.
pub struct Actor {
    /// The system.
    pub source: Arc<dyn Source>,
    /// Names for its users and groups.
    pub names: Arc<dyn Names>,
    /// The permissions of this run.
    pub policy: Policy,
}

impl std::fmt::Debug for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Actor").finish_non_exhaustive()
    }
}

impl Actor {
    /// Runs an effect and returns its result; `None` for effects of other threads.
    #[must_use]
    pub fn perform(&self, effect: &Effect) -> Option<Action> {
        let words = |error: SourceError| error.to_string();
        Some(match effect {
            Effect::Act(acts) => {
                let one = |act: &Act| self.policy.act(&*self.source, act).map_err(words);
                let results = acts.iter().map(|act| (*act, one(act)));
                let (dry, results) = (false, results.collect());
                Action::Acted { dry, results }
            }
            Effect::TryAct(acts) => Action::Acted {
                dry: true,
                results: self.try_acts(acts),
            },
            Effect::Create(creation) => Action::Created {
                dry: false,
                result: self.policy.create(&*self.source, creation).map_err(words),
            },
            Effect::TryCreate(creation) => Action::Created {
                dry: true,
                result: self.try_create(creation).map_err(words),
            },
            Effect::Resolve(request) => {
                let user = |name: &str| self.names.uid(name);
                let group = |name: &str| self.names.gid(name);
                Action::Resolved(request.resolve(user, group))
            }
            _ => return None,
        })
    }

    /// Predicts how the acts would end now.
    fn try_acts(&self, acts: &[Act]) -> Vec<(Act, Result<Outcome, String>)> {
        let wanted = SnapshotOptions {
            memory: false,
            totals: false,
        };
        let snapshot = self.source.snapshot(wanted);
        let caller = self.source.caller();
        let one = |act: &Act| {
            let segments = &snapshot.as_ref().map_err(ToString::to_string)?.segments;
            let now = segments.iter().find(|segment| segment.id == act.target.id);
            dry_run::act(act, now, caller, |uid| self.names.user_or_number(uid))
        };
        acts.iter().map(|act| (*act, one(act))).collect()
    }

    /// Predicts whether the creation would succeed now.
    fn try_create(&self, creation: &Creation) -> Result<Id, SourceError> {
        let wanted = SnapshotOptions {
            memory: false,
            totals: true,
        };
        let snapshot = self.source.snapshot(wanted)?;
        let would = dry_run::create(creation, &snapshot);
        would.map(|()| 0).map_err(SourceError::new)
    }
}

/// Starts the thread; it ends when either side of its channels is dropped.
///
/// # Errors
///
/// If the system cannot start a thread.
pub fn spawn(actor: Actor, events: Sender<Event>) -> std::io::Result<Sender<Request>> {
    let (orders, received) = channel();
    thread::Builder::new()
        .name("actor".to_owned())
        .spawn(move || run(actor, &received, &events))?;
    Ok(orders)
}

fn run(mut actor: Actor, orders: &Receiver<Request>, events: &Sender<Event>) {
    while let Ok(request) = orders.recv() {
        match request {
            Request::Source(source) => actor.source = source,
            Request::Do(effect) => {
                if let Some(action) = actor.perform(&effect)
                    && events.send(Event::Acted(Box::new(action))).is_err()
                {
                    return;
                }
            }
        }
    }
}
