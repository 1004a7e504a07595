//! An invented system, for tests and for the tour (`--demo`).
//!
//! Tests change it through [`Fake::change`]. It counts attachments, so a test can see
//! whether the browser releases them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{AllNamespaces, Contents, SnapshotOptions, Source, SourceError, Store, forced};
use crate::model::act::{Act, Creation, Outcome};
use crate::model::directory::Process;
use crate::model::dry_run::Caller;
use crate::model::scan::{Abilities, Finding, NamespaceScan, Probed, Scan};
use crate::model::segment::{Id, Identity, Segment};
use crate::model::snapshot::{Limits, Snapshot, Usage};

mod acts;
mod contents;
mod example;
mod names;
mod tour;

use contents::{FakeContents, FakeStore};
pub use tour::{Painting, Tour};

const UNREPORTED: &str = "this system does not show attached processes";

/// The state of the invented system.
#[derive(Clone, Debug, Default)]
pub struct System {
    /// Segments by identifier.
    pub segments: BTreeMap<Id, Segment>,
    /// Bytes of the segments; everything after them was never touched.
    pub bytes: BTreeMap<Id, Vec<u8>>,
    /// The parts of unknown state.
    pub unreported: BTreeMap<Id, Range<u64>>,
    /// Segments that this user may not read.
    pub unreadable: Vec<Id>,
    /// Segments that this user may not write.
    pub unwritable: Vec<Id>,
    /// Processes by number; a missing one has exited.
    pub processes: BTreeMap<i32, Process>,
    /// The attachments.
    pub scan: Scan,
    /// The system's abilities.
    pub abilities: Abilities,
    /// How often a probe attached a segment.
    pub probes: u64,
    /// The namespaces of the machine.
    pub namespaces: NamespaceScan,
    /// The systems of the other namespaces.
    pub others: BTreeMap<u64, Fake>,
    /// The system's limits.
    pub limits: Limits,
    /// Whether it reports only segments, as some systems do.
    pub tells_little: bool,
    /// The next sample fails with this message.
    pub failure: Option<String>,
    /// Every change of a segment fails with this message.
    pub refusal: Option<String>,
    /// Whether the user allowed destroying a segment by detaching it.
    pub may_destroy: bool,
    /// The browser's user; `None` is a superuser.
    pub caller: Option<Caller>,
    /// Attachments that the browser holds, by identifier.
    pub held: BTreeMap<Id, u64>,
    /// Computed bytes, below those of `bytes`.
    pub paintings: BTreeMap<Id, Painting>,
    /// Pages written over those, by segment and offset.
    pub written: BTreeMap<(Id, u64), Vec<u8>>,
    /// The changes over time, if any.
    pub tour: Option<Tour>,
}

/// An invented system shared by several threads.
#[derive(Clone, Debug, Default)]
pub struct Fake {
    system: Arc<Mutex<System>>,
}

impl Fake {
    /// Creates a system.
    #[must_use]
    pub fn new(system: System) -> Self {
        Self {
            system: Arc::new(Mutex::new(system)),
        }
    }

    /// Reads or changes the system.
    pub fn change<T>(&self, change: impl FnOnce(&mut System) -> T) -> T {
        change(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, System> {
        let mut system = self.system.lock().unwrap_or_else(PoisonError::into_inner);
        tour::advance(&mut system);
        system
    }
}

impl Source for Fake {
    fn snapshot(&self, options: SnapshotOptions) -> Result<Snapshot, SourceError> {
        let system = self.lock();
        if let Some(message) = &system.failure {
            return Err(SourceError::new(message));
        }
        let figure = (!system.tells_little).then_some(0);
        let mut usage = Usage {
            pages: figure,
            resident: figure,
            swapped: figure,
            hidden: 0,
        };
        let mut segments = Vec::with_capacity(system.segments.len());
        for segment in system.segments.values() {
            let mut segment = *segment;
            let figures = segment.memory.unwrap_or_default();
            usage.pages = usage
                .pages
                .map(|pages| pages + segment.size.div_ceil(system.limits.page_bytes.max(1)));
            usage.resident = usage.resident.map(|sum| sum + figures.resident);
            usage.swapped = usage.swapped.map(|sum| sum + figures.swapped);
            segment.own_attached = system.held.get(&segment.id).copied().unwrap_or(0);
            segment.memory = segment
                .memory
                .filter(|_| options.memory && !system.tells_little);
            segments.push(segment);
        }
        Ok(Snapshot {
            segments,
            limits: system.limits,
            usage,
            unlisted: None,
            namespace: None,
        })
    }

    fn limits(&self) -> Result<Limits, SourceError> {
        Ok(self.lock().limits)
    }

    fn open(&self, target: &Identity) -> Result<Box<dyn Contents>, SourceError> {
        let mut system = self.lock();
        let id = target.id;
        let Some(segment) = system.segments.get(&id).copied() else {
            return Err(SourceError::new(format!(
                "cannot attach segment {id}: it no longer exists"
            )));
        };
        if !target.is_still(&segment) {
            return Err(SourceError::new(format!(
                "segment {id} is not the one that was listed"
            )));
        }
        if system.unreadable.contains(&id) {
            return Err(SourceError::new(format!(
                "cannot attach segment {id}: permission denied"
            )));
        }
        if !system.may_destroy {
            let setting = || Some(system.limits.rmid_forced.unwrap_or(false));
            forced::admit(id, segment.attached, setting, |_, _| false)?;
        }
        *system.held.entry(id).or_default() += 1;
        Ok(Box::new(FakeContents {
            fake: self.clone(),
            id,
            size: segment.size,
            had_others: segment.attached > 0,
        }))
    }

    fn open_to_write(&self, target: &Identity) -> Result<Box<dyn Store>, SourceError> {
        let id = target.id;
        self.open(target)?;
        if self.lock().unwritable.contains(&id) {
            return Err(SourceError::new(format!(
                "cannot attach segment {id} for writing: permission denied"
            )));
        }
        Ok(Box::new(FakeStore {
            fake: self.clone(),
            id,
            size: target.size,
        }))
    }

    fn scan(&self, focus: Option<Id>) -> Result<Scan, SourceError> {
        let system = self.lock();
        if let Some(message) = &system.failure {
            return Err(SourceError::new(message));
        }
        match system.abilities.finding {
            _ if system.tells_little => return Err(SourceError::new(UNREPORTED)),
            Finding::Scan => {}
            Finding::Probe => return Err(SourceError::new("a probe can find them")),
            Finding::Impossible(why) => return Err(SourceError::new(why)),
        }
        let mut scan = system.scan.clone();
        scan.processes = system.processes.clone().into_iter().collect();
        for found in scan.attachments.iter_mut() {
            found.resident = found.resident.filter(|_| focus == Some(found.id));
        }
        Ok(scan)
    }

    fn abilities(&self) -> Abilities {
        let system = self.lock();
        match system.tells_little {
            true => Abilities {
                finding: Finding::Impossible(UNREPORTED),
                ..system.abilities
            },
            false => system.abilities,
        }
    }

    fn probe(&self, target: &Identity) -> Result<Scan, SourceError> {
        let attached = self.open(target)?;
        let mut system = self.lock();
        system.probes += 1;
        let found = system.scan.attachments.iter();
        let memory = system.segments.get(&target.id).and_then(|one| one.memory);
        let scan = Scan {
            attachments: found.filter(|one| one.id == target.id).cloned().collect(),
            processes: system.processes.clone().into_iter().collect(),
            probed: Some(Probed {
                id: target.id,
                resident: memory.map(|memory| memory.resident),
                verified: false,
            }),
            ..system.scan.clone()
        };
        drop(system);
        drop(attached);
        Ok(scan)
    }

    fn namespaces(&self) -> Result<NamespaceScan, SourceError> {
        let system = self.lock();
        match &system.failure {
            Some(message) => Err(SourceError::new(message)),
            None if system.tells_little => {
                Err(SourceError::new("this system has no IPC namespaces"))
            }
            None => Ok(system.counted_namespaces()),
        }
    }

    fn all_namespaces(&self) -> Result<AllNamespaces, SourceError> {
        let mut scan = self.namespaces()?;
        let list = std::mem::take(&mut scan.list).into_iter().map(|namespace| {
            let source: Arc<dyn Source> = match (namespace.own, namespace.usage) {
                (true, _) => Arc::new(self.clone()),
                (false, Ok(_)) => self.enter(Some(namespace.inode)),
                (false, Err(why)) => Arc::new(Self::new(System {
                    failure: Some(why),
                    ..System::default()
                })),
            };
            (namespace.inode, source)
        });
        Ok(AllNamespaces {
            list: list.collect(),
            scan,
        })
    }

    fn enter(&self, inode: Option<u64>) -> Arc<dyn Source> {
        match inode.and_then(|inode| self.lock().others.get(&inode).cloned()) {
            Some(other) => Arc::new(other),
            None => Arc::new(self.clone()),
        }
    }

    fn act(&self, act: &Act) -> Result<Outcome, SourceError> {
        self.lock().act(act)
    }

    fn create(&self, creation: &Creation) -> Result<Id, SourceError> {
        self.lock().create(creation)
    }

    fn process(&self, pid: i32) -> Process {
        let system = self.lock();
        match system.tells_little {
            true => Process::Unknown,
            false => system.processes.get(&pid).cloned().unwrap_or(Process::Gone),
        }
    }

    fn caller(&self) -> Caller {
        self.lock().caller.unwrap_or(Caller::SUPERUSER)
    }
}
