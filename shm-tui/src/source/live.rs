//! This system, through the `shm` crate: the only file that uses it.
//!
//! What this program has attached itself is counted under one lock with the
//! look at the system, so that it can be taken off the counts exactly.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::pages::Pages;
use super::{Contents, Known, Region, Source, SourceError, Store, Wanted, act, inside, processes};
use crate::model::act::{Act, Creation, Outcome};
use crate::model::directory::Process;
use crate::model::scan::{Attachment, Namespace, NamespaceScan, Scan};
use crate::model::segment::{Flags, Id, Identity, Key, Memory, Segment};
use crate::model::snapshot::{Limits, Snapshot, Usage};

/// How often this program has each segment attached.
pub(super) type Own = HashMap<Id, u64>;

/// This system.
#[derive(Debug, Default)]
pub struct Live {
    own: Arc<Mutex<Own>>,
    /// `None` is the program's own.
    namespace: Option<shm::Namespace>,
}

/// Processes that are named for a namespace.
const NAMED: usize = 4;

impl Live {
    /// This system.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

fn lock(own: &Mutex<Own>) -> MutexGuard<'_, Own> {
    own.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Source for Live {
    fn snapshot(&self, wanted: Wanted) -> Result<Snapshot, SourceError> {
        let own = lock(&self.own);
        let records = match (&self.namespace, wanted.memory) {
            (None, true) => shm::segments_with_memory(),
            (None, false) => shm::segments(),
            (Some(namespace), true) => namespace.segments_with_memory(),
            (Some(namespace), false) => namespace.segments(),
        };
        let records = records.map_err(failed)?;
        let hidden = records.unreadable as u64;
        let mut segments: Vec<Segment> = records.iter().map(|stat| segment(stat, &own)).collect();
        drop(own);
        segments.sort_by_key(|segment| segment.id);
        let (limits, mut usage) = match wanted.totals {
            true => self.totals()?,
            false => Default::default(),
        };
        usage.hidden = hidden;
        Ok(Snapshot {
            segments,
            limits,
            usage,
        })
    }

    fn open(&self, target: &Identity) -> Result<Box<dyn Contents>, SourceError> {
        let mut own = lock(&self.own);
        let namespace = self.namespace.as_ref();
        let (handle, attachment) = inside::run(namespace, || {
            attach(target, &own, shm::Segment::attach_read_only)
        })?;
        let pages = Pages::of(attachment.view().as_ptr().addr());
        let held = Held::count(attachment, target.id, &mut own, &self.own);
        Ok(Box::new(Attached {
            handle,
            pages,
            held,
            namespace: self.namespace.clone(),
        }))
    }

    fn open_to_write(&self, target: &Identity) -> Result<Box<dyn Store>, SourceError> {
        let mut own = lock(&self.own);
        let namespace = self.namespace.as_ref();
        let (_, attachment) =
            inside::run(namespace, || attach(target, &own, shm::Segment::attach))?;
        let pages = Pages::of(attachment.view().as_ptr().addr());
        let base = attachment.view().as_ptr().addr() as u64;
        let held = Held::count(attachment, target.id, &mut own, &self.own);
        Ok(Box::new(Writable { held, pages, base }))
    }

    fn scan(&self, focus: Option<Id>) -> Result<Scan, SourceError> {
        let found = match &self.namespace {
            Some(namespace) => namespace.scan_processes(),
            None => shm::scan_processes(),
        };
        let found = found.map_err(failed)?;
        let own = i32::try_from(std::process::id()).unwrap_or(0);
        let mut scan = Scan {
            total: processes::count(Path::new("/proc")),
            unreadable: found.unreadable as u64,
            invisible: found.invisible,
            ..Scan::default()
        };
        // What this program shows is not counted anywhere.
        for found in found.attachments.iter().filter(|found| found.pid != own) {
            let id = found.id.as_raw();
            let process = |pid| processes::look_up(Path::new("/proc"), pid);
            scan.processes
                .entry(found.pid)
                .or_insert_with(|| process(found.pid));
            scan.attachments.push(Attachment {
                id,
                key: found.original_key.map(|key| Key(key.bits())),
                pid: found.pid,
                start: found.start,
                end: found.end,
                writable: found.writable,
                pieces: found.pieces,
                resident: (focus == Some(id))
                    .then(|| processes::resident(Path::new("/proc"), found.pid, found.start))
                    .flatten(),
            });
        }
        Ok(scan)
    }

    fn namespaces(&self) -> Result<NamespaceScan, SourceError> {
        let found = shm::namespaces().map_err(failed)?;
        let own = shm::Namespace::own().inode();
        let list = found.list.iter().map(|namespace| {
            let pids = namespace.processes();
            let named = pids.iter().take(NAMED).map(|pid| {
                let process = processes::look_up(Path::new("/proc"), *pid);
                match process {
                    Process::Running { command, .. } => (*pid, command),
                    Process::Gone | Process::Unknown => (*pid, "".into()),
                }
            });
            let segments = namespace.segments();
            Namespace {
                inode: namespace.inode().unwrap_or(0),
                own: namespace.inode() == own,
                processes: named.collect(),
                count: pids.len() as u64,
                segments: segments
                    .map(|segments| segments.len() as u64)
                    .map_err(|error| error.to_string()),
            }
        });
        Ok(NamespaceScan {
            list: list.collect(),
            unreadable: found.unreadable as u64,
            invisible: found.invisible,
        })
    }

    fn enter(&self, inode: Option<u64>) -> Arc<dyn Source> {
        let found = inode.and_then(|inode| {
            let list = shm::namespaces().ok()?.list;
            list.into_iter().find(|found| found.inode() == Some(inode))
        });
        match (inode, found) {
            (Some(_), None) => Arc::new(Vanished),
            (_, namespace) => Arc::new(Self {
                own: Arc::default(),
                namespace,
            }),
        }
    }

    fn act(&self, wanted: &Act) -> Result<Outcome, SourceError> {
        inside::run(self.namespace.as_ref(), || act::act(wanted))
    }

    fn create(&self, creation: &Creation) -> Result<Id, SourceError> {
        inside::run(self.namespace.as_ref(), || act::create(creation))
    }

    fn process(&self, pid: i32) -> Process {
        processes::look_up(Path::new("/proc"), pid)
    }
}

impl Live {
    fn totals(&self) -> Result<(Limits, Usage), SourceError> {
        let (limits, usage) = match &self.namespace {
            None => (shm::limits(), shm::usage()),
            Some(namespace) => (namespace.limits(), namespace.usage()),
        };
        let (limits, usage) = (limits.map_err(failed)?, usage.map_err(failed)?);
        let page = limits.page_size;
        let bytes = |pages: Option<u64>| pages.map(|pages| pages.saturating_mul(page));
        let usage = Usage {
            pages: Some(usage.pages),
            resident: bytes(usage.resident_pages),
            swapped: bytes(usage.swapped_pages),
            hidden: 0,
        };
        let limits = Limits {
            segments: limits.max_segments.at_most(),
            segment_bytes: limits.max_size.at_most(),
            smallest: Some(limits.min_size),
            pages: limits.max_pages.at_most(),
            page_bytes: page,
        };
        Ok((limits, usage))
    }
}

/// A namespace that no process is in any more.
#[derive(Debug)]
struct Vanished;

impl Vanished {
    fn error() -> SourceError {
        SourceError::new("this IPC namespace no longer exists; n shows those that do")
    }
}

impl Source for Vanished {
    fn snapshot(&self, _: Wanted) -> Result<Snapshot, SourceError> {
        Err(Self::error())
    }

    fn open(&self, _: &Identity) -> Result<Box<dyn Contents>, SourceError> {
        Err(Self::error())
    }

    fn open_to_write(&self, _: &Identity) -> Result<Box<dyn Store>, SourceError> {
        Err(Self::error())
    }

    fn scan(&self, _: Option<Id>) -> Result<Scan, SourceError> {
        Err(Self::error())
    }

    fn namespaces(&self) -> Result<NamespaceScan, SourceError> {
        Live::new().namespaces()
    }

    fn enter(&self, inode: Option<u64>) -> Arc<dyn Source> {
        Live::new().enter(inode)
    }

    fn act(&self, _: &Act) -> Result<Outcome, SourceError> {
        Err(Self::error())
    }

    fn create(&self, _: &Creation) -> Result<Id, SourceError> {
        Err(Self::error())
    }

    fn process(&self, pid: i32) -> Process {
        Live::new().process(pid)
    }
}

/// An attachment that is counted while it lasts.
struct Held<A: shm::Access> {
    attachment: Option<shm::Attachment<A>>,
    id: Id,
    own: Arc<Mutex<Own>>,
}

impl<A: shm::Access> Held<A> {
    fn count(
        attachment: shm::Attachment<A>,
        id: Id,
        counts: &mut Own,
        own: &Arc<Mutex<Own>>,
    ) -> Self {
        *counts.entry(id).or_default() += 1;
        Self {
            attachment: Some(attachment),
            id,
            own: Arc::clone(own),
        }
    }

    /// There until it is dropped.
    fn view(&self) -> Option<shm::View<'_, A>> {
        self.attachment.as_ref().map(shm::Attachment::view)
    }
}

impl<A: shm::Access> Drop for Held<A> {
    fn drop(&mut self) {
        let mut own = lock(&self.own);
        // Detached under the lock, so that every look counts right.
        self.attachment = None;
        if let Some(count) = own.get_mut(&self.id) {
            *count = count.saturating_sub(1);
        }
    }
}

/// A segment attached read-only.
struct Attached {
    handle: shm::Segment,
    pages: Pages,
    held: Held<shm::ReadOnly>,
    namespace: Option<shm::Namespace>,
}

/// A segment attached for writing.
struct Writable {
    held: Held<shm::ReadWrite>,
    pages: Pages,
    base: u64,
}

impl Store for Writable {
    fn write(&self, offset: u64, bytes: &[u8]) -> Result<(), SourceError> {
        let view = self.held.view();
        let size = view.map_or(0, |view| view.len() as u64);
        if offset.saturating_add(bytes.len() as u64) > size {
            return Err(SourceError::new("this is beyond the end of the segment"));
        }
        if let Some(result) = self.pages.write(self.base, offset, bytes) {
            return result;
        }
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        match view.map(|view| view.write_all_at(offset, bytes)) {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) => Err(SourceError::new(error.to_string())),
            None => Err(SourceError::new("the segment is detached")),
        }
    }
}

/// Attaches the segment that is meant, and no other.
fn attach<A: shm::Access>(
    target: &Identity,
    own: &Own,
    how: impl Fn(&shm::Segment) -> shm::Result<shm::Attachment<A>>,
) -> Result<(shm::Segment, shm::Attachment<A>), SourceError> {
    let another = || {
        let id = target.id;
        SourceError::new(format!("segment {id} is not the one that was listed"))
    };
    let handle = shm::Segment::from_id(shm::SegmentId::from_raw(target.id)).map_err(failed)?;
    // Attaching shows in the counts of others: not to the wrong segment.
    let before = handle.stat().map_err(failed)?;
    if !target.is_still(&segment(&before, own)) {
        return Err(another());
    }
    let attachment = how(&handle).map_err(failed)?;
    // Between the two calls it may have been replaced; now it is pinned.
    if !target.is_still(&segment(attachment.stat_when_attached(), own)) {
        return Err(another());
    }
    Ok((handle, attachment))
}

impl Contents for Attached {
    fn size(&self) -> u64 {
        self.held.view().map_or(0, |view| view.len() as u64)
    }

    fn regions(&self, range: Range<u64>) -> Vec<Region> {
        let end = range.end.min(self.size());
        if range.start >= end {
            return Vec::new();
        }
        let known = |known| Region {
            range: range.start..end,
            known,
        };
        if let Some(known_of_all) = self.pages.known() {
            return vec![known(known_of_all)];
        }
        let (Ok(from), Ok(to)) = (usize::try_from(range.start), usize::try_from(end)) else {
            return vec![known(Known::Unknown)];
        };
        let Some(Ok(part)) = self.held.view().map(|view| view.slice(from..to)) else {
            return vec![known(Known::Unknown)];
        };
        let shifted = part.residency().into_iter().map(|region| Region {
            range: range.start + region.range.start as u64..range.start + region.range.end as u64,
            known: match region.residency {
                shm::Residency::Data => Known::Data,
                shm::Residency::Hole => Known::Hole,
                shm::Residency::Unknown => Known::Unknown,
            },
        });
        shifted.collect()
    }

    fn copy(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        if let Some(result) = self.pages.read(offset, buffer) {
            return result;
        }
        let view = self.held.view();
        // Past the end of what can be addressed there is nothing to read.
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        match view.map(|view| view.read_exact_at(offset, buffer)) {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) => Err(SourceError::new(error.to_string())),
            None => Err(SourceError::new("the segment is detached")),
        }
    }

    fn is_removed(&self) -> bool {
        // Some systems tell nothing at all of a removed segment.
        let stat = inside::run(self.namespace.as_ref(), || {
            self.handle.stat().map_err(failed)
        });
        stat.map_or(true, |stat| stat.flags.marked_for_removal())
    }
}

pub(super) fn failed(error: shm::Error) -> SourceError {
    SourceError::new(error.to_string())
}

pub(super) fn segment(stat: &shm::Stat, own: &Own) -> Segment {
    let id = stat.id.as_raw();
    let own_attached = own.get(&id).copied().unwrap_or(0).min(stat.attached);
    Segment {
        id,
        key: Key(stat.key.bits()),
        size: stat.size,
        // Permission bits are nine.
        mode: u16::try_from(stat.mode.bits()).unwrap_or(0),
        flags: Flags {
            removed: stat.flags.marked_for_removal(),
            locked: stat.flags.locked(),
            huge: stat.flags.huge_pages(),
            no_reserve: false,
        },
        owner: stat.owner_uid,
        group: stat.owner_gid,
        creator: stat.creator_uid,
        creator_group: stat.creator_gid,
        creator_pid: stat.creator_pid,
        last_pid: stat.last_pid,
        attached: stat.attached - own_attached,
        own_attached,
        attach_time: stat.attach_time.map(shm::Timestamp::as_secs),
        detach_time: stat.detach_time.map(shm::Timestamp::as_secs),
        change_time: stat.change_time.map(shm::Timestamp::as_secs),
        memory: stat.memory.map(|memory| Memory {
            resident: memory.resident,
            swapped: memory.swapped,
        }),
    }
}
