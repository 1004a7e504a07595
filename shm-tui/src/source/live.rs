//! The running system, through the `shm` crate.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use super::attached::{Place, lock};
use super::convert::{Own, failed, segment};
use super::gone_namespace::GoneNamespace;
use super::own_uses::OwnUses;
use super::{
    AllNamespaces, Contents, SnapshotOptions, Source, SourceError, Store, act, find_in_list,
    forced, huge_pages, in_namespace, probe, processes,
};
use crate::model::act::{Act, Creation, Outcome};
use crate::model::directory::Process;
use crate::model::dry_run::Caller;
use crate::model::scan::{Abilities, Namespace, NamespaceScan, NamespaceUsage, Scan};
use crate::model::segment::{Id, Identity, Name, Segment};
use crate::model::snapshot::{Limits, Snapshot, Totals, Usage};

/// Creates a source for the running system.
#[derive(Debug, Default)]
pub struct Live {
    own: Arc<Mutex<Own>>,
    /// The namespace; `None` is the program's own.
    namespace: Option<shm::Namespace>,
    /// Whether the user allowed destroying a segment by detaching it.
    may_destroy: bool,
    own_uses: Arc<OwnUses>,
}

/// How many processes are named for a namespace.
const NAMED: usize = 4;

/// The default refresh interval. DragonFly has no call that lists segments: its `ipcs` is
/// run, which took a quarter of an emulated core at one refresh per second.
pub const PERIOD: Duration = Duration::from_secs(if cfg!(target_os = "dragonfly") { 5 } else { 1 });

impl Live {
    /// Creates a source for the running system.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With `may`, also attaches segments that the detach would destroy ([`forced`]).
    #[must_use]
    pub fn may_destroy(self, may: bool) -> Self {
        Self {
            may_destroy: may,
            ..self
        }
    }
}

impl Source for Live {
    fn snapshot(&self, options: SnapshotOptions) -> Result<Snapshot, SourceError> {
        let own = lock(&self.own);
        let records = match (&self.namespace, options.memory) {
            (None, true) => shm::segments_with_memory(),
            (None, false) => shm::segments(),
            (Some(namespace), true) => namespace.segments_with_memory(),
            (Some(namespace), false) => namespace.segments(),
        };
        let records = records.map_err(failed)?;
        let (limits, mut usage) = match options.totals {
            true => {
                let limits = self.limits()?;
                let usage = match &self.namespace {
                    None => records.usage(),
                    Some(namespace) => namespace.usage(),
                };
                (limits, converted(usage.map_err(failed)?, limits.page_bytes))
            }
            false => Default::default(),
        };
        usage.hidden = records.unreadable as u64;
        let records = records.into_iter();
        let mut segments: Vec<Segment> = records.map(|stat| segment(&stat, &own)).collect();
        drop(own);
        segments.sort_by_key(|segment| segment.id);
        let namespace = self.inode();
        self.own_uses.before(namespace, &mut segments);
        let mut snapshot = Snapshot {
            segments,
            limits,
            usage,
            unlisted: None,
            namespace,
        };
        if options.totals {
            snapshot.add_up();
        }
        Ok(snapshot)
    }

    fn limits(&self) -> Result<Limits, SourceError> {
        Ok(Limits {
            rmid_forced: in_namespace::run(self.namespace.as_ref(), || Ok(forced::setting()))?,
            attach_removed: attach_removed(),
            ..self.maxima()?
        })
    }

    fn totals(&self) -> Result<Option<Totals>, SourceError> {
        // Elsewhere the totals come from the list.
        if !cfg!(target_os = "linux") || huge_pages::are_in_use() {
            return Ok(None);
        }
        let usage = match &self.namespace {
            None => shm::usage(),
            Some(namespace) => namespace.usage(),
        };
        let usage = usage.map_err(failed)?;
        let limits = self.maxima()?;
        Ok(Some(Totals {
            limits,
            segments: Some(usage.segments),
            largest: None,
            usage: converted(usage, limits.page_bytes),
        }))
    }

    fn find(&self, name: Name) -> Result<Option<Segment>, SourceError> {
        // Faster than listing all, but needs the right to read the segment.
        let stat = in_namespace::run(self.namespace.as_ref(), || Ok(stat_of(name)))?;
        match stat {
            Some(stat) => Ok(Some(segment(&stat, &lock(&self.own)))),
            None => find_in_list(self, name),
        }
    }

    fn open(&self, target: &Identity) -> Result<Box<dyn Contents>, SourceError> {
        self.place().open(target)
    }

    fn open_to_write(&self, target: &Identity) -> Result<Box<dyn Store>, SourceError> {
        self.place().open_to_write(target)
    }

    fn scan(&self, focus: Option<Id>) -> Result<Scan, SourceError> {
        let found = match &self.namespace {
            Some(namespace) => namespace.scan_processes(),
            None => shm::scan_processes(),
        };
        let found = found.map_err(failed)?;
        Ok(probe::model(
            &found.attachments,
            found.unreadable,
            found.invisible,
            focus,
        ))
    }

    fn abilities(&self) -> Abilities {
        probe::abilities()
    }

    fn probe(&self, target: &Identity) -> Result<Scan, SourceError> {
        match shm::process_search() {
            // Needs no attachment.
            shm::ProcessSearch::Scan => self.scan(Some(target.id)),
            _ => self.place().probe(target),
        }
    }

    fn namespaces(&self) -> Result<NamespaceScan, SourceError> {
        let found = shm::namespaces().map_err(failed)?;
        let own = shm::Namespace::own().inode();
        let list = found.list.iter().map(|namespace| {
            let pids = namespace.processes();
            let named = pids.iter().take(NAMED).map(|pid| {
                let process = processes::of(*pid);
                match process {
                    Process::Running { command, .. } => (*pid, command),
                    Process::Zombie | Process::Gone | Process::Unknown => (*pid, "".into()),
                }
            });
            let plain = |segments: shm::Segments| {
                let own = Own::default();
                segments
                    .into_iter()
                    .map(|stat| segment(&stat, &own))
                    .collect::<Vec<Segment>>()
            };
            let segments = namespace.segments_with_memory().map(plain);
            Namespace {
                inode: namespace.inode().unwrap_or(0),
                own: namespace.inode() == own,
                processes: named.collect(),
                count: pids.len() as u64,
                usage: segments
                    .map(|segments| NamespaceUsage::of(&segments))
                    .map_err(|error| error.to_string()),
            }
        });
        Ok(NamespaceScan {
            list: list.collect(),
            unreadable: found.unreadable as u64,
            invisible: found.invisible,
        })
    }

    fn all_namespaces(&self) -> Result<AllNamespaces, SourceError> {
        let found = shm::namespaces().map_err(failed)?;
        let own = shm::Namespace::own().inode();
        let mut list: Vec<(u64, Arc<dyn Source>)> = Vec::with_capacity(found.list.len());
        for namespace in found.list {
            let inode = namespace.inode();
            let source = Arc::new(Self {
                own: Arc::default(),
                namespace: (inode != own).then_some(namespace),
                may_destroy: self.may_destroy,
                own_uses: Arc::clone(&self.own_uses),
            });
            let place = if inode == own { 0 } else { list.len() };
            list.insert(place, (inode.unwrap_or(0), source));
        }
        Ok(AllNamespaces {
            list,
            scan: NamespaceScan {
                list: Vec::new(),
                unreadable: found.unreadable as u64,
                invisible: found.invisible,
            },
        })
    }

    fn enter(&self, inode: Option<u64>) -> Arc<dyn Source> {
        let found = inode.and_then(|inode| {
            let list = shm::namespaces().ok()?.list;
            list.into_iter().find(|found| found.inode() == Some(inode))
        });
        match (inode, found) {
            (Some(_), None) => Arc::new(GoneNamespace),
            (_, namespace) => Arc::new(Self {
                own: Arc::default(),
                namespace,
                may_destroy: self.may_destroy,
                own_uses: Arc::clone(&self.own_uses),
            }),
        }
    }

    fn act(&self, options: &Act) -> Result<Outcome, SourceError> {
        in_namespace::run(self.namespace.as_ref(), || act::act(options))
    }

    fn create(&self, creation: &Creation) -> Result<Id, SourceError> {
        in_namespace::run(self.namespace.as_ref(), || act::create(creation))
    }

    fn process(&self, pid: i32) -> Process {
        processes::of(pid)
    }

    fn caller(&self) -> Caller {
        super::caller::caller()
    }
}

impl Live {
    /// Returns the IPC namespace, if the system has any.
    fn inode(&self) -> Option<u64> {
        match &self.namespace {
            Some(namespace) => namespace.inode(),
            None => shm::Namespace::own().inode(),
        }
    }

    fn place(&self) -> Place<'_> {
        Place {
            own: &self.own,
            namespace: self.namespace.as_ref(),
            may_destroy: self.may_destroy,
            own_uses: &self.own_uses,
        }
    }

    /// Returns the limits alone, without the behavior at removal.
    fn maxima(&self) -> Result<Limits, SourceError> {
        let limits = match &self.namespace {
            None => shm::limits(),
            Some(namespace) => namespace.limits(),
        };
        let limits = limits.map_err(failed)?;
        Ok(Limits {
            segments: limits.max_segments.at_most(),
            segment_bytes: limits.max_size.at_most(),
            smallest: Some(limits.min_size),
            pages: limits.max_pages.at_most(),
            page_bytes: limits.page_size,
            ..Limits::default()
        })
    }
}

/// Returns the usage in bytes.
fn converted(usage: shm::Usage, page: u64) -> Usage {
    let bytes = |pages: Option<u64>| pages.map(|pages| pages.saturating_mul(page));
    Usage {
        pages: Some(usage.pages),
        resident: bytes(usage.resident_pages),
        swapped: bytes(usage.swapped_pages),
        hidden: 0,
    }
}

/// Returns one segment without listing all, if this process may read it and the system
/// reports as much about one as in its list.
fn stat_of(name: Name) -> Option<shm::Stat> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let handle = match name {
        Name::Id(id) => shm::Segment::from_id(shm::SegmentId::from_raw(id)),
        Name::Key(key) => shm::Segment::find(shm::Key::from_bits(key.bits())?).ok()??,
    };
    let stat = handle.stat().ok()?;
    // Another process may have removed it, and its identifier been reused.
    let is_it = match name {
        Name::Id(_) => true,
        Name::Key(key) => stat.key.bits() == key.bits(),
    };
    is_it.then_some(stat)
}

/// Returns whether a removed segment can be attached by its identifier. Queried once: if
/// the system's setting is unreadable, a private segment is tried.
fn attach_removed() -> Option<bool> {
    static KNOWN: OnceLock<Option<bool>> = OnceLock::new();
    *KNOWN.get_or_init(|| shm::attaches_after_removal().ok())
}
