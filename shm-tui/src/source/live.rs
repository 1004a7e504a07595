//! This system, through the `shm` crate: the only file that uses it.
//!
//! What this program has attached itself is counted under one lock with the
//! look at the system, so that it can be taken off the counts exactly.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Contents, Source, SourceError, Wanted, processes};
use crate::model::directory::Process;
use crate::model::segment::{Flags, Id, Identity, Key, Memory, Segment};
use crate::model::snapshot::{Limits, Snapshot, Usage};

/// How often this program has each segment attached.
type Own = HashMap<Id, u64>;

/// This system.
#[derive(Debug, Default)]
pub struct Live {
    own: Arc<Mutex<Own>>,
}

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
        let records = match wanted.memory {
            true => shm::segments_with_memory(),
            false => shm::segments(),
        };
        let records = records.map_err(failed)?;
        let hidden = records.unreadable as u64;
        let mut segments: Vec<Segment> = records.iter().map(|stat| segment(stat, &own)).collect();
        drop(own);
        segments.sort_by_key(|segment| segment.id);
        let (limits, mut usage) = match wanted.totals {
            true => (limits()?, usage()?),
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
        let another = || {
            let id = target.id;
            SourceError::new(format!("segment {id} is not the one that was listed"))
        };
        let mut own = lock(&self.own);
        let handle = shm::Segment::from_id(shm::SegmentId::from_raw(target.id)).map_err(failed)?;
        // Attaching shows in the counts of others: not to the wrong segment.
        let before = handle.stat().map_err(failed)?;
        if !target.is_still(&segment(&before, &own)) {
            return Err(another());
        }
        let attachment = handle.attach_read_only().map_err(failed)?;
        // Between the two calls it may have been replaced; now it is pinned.
        if !target.is_still(&segment(attachment.stat_when_attached(), &own)) {
            return Err(another());
        }
        *own.entry(target.id).or_default() += 1;
        Ok(Box::new(Attached {
            handle,
            attachment: Some(attachment),
            id: target.id,
            own: Arc::clone(&self.own),
        }))
    }

    fn process(&self, pid: i32) -> Process {
        processes::look_up(Path::new("/proc"), pid)
    }
}

/// A segment attached read-only.
struct Attached {
    handle: shm::Segment,
    attachment: Option<shm::Attachment<shm::ReadOnly>>,
    id: Id,
    own: Arc<Mutex<Own>>,
}

impl Contents for Attached {
    fn size(&self) -> u64 {
        self.attachment
            .as_ref()
            .map_or(0, |attachment| attachment.len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, SourceError> {
        let Some(attachment) = &self.attachment else {
            return Ok(0);
        };
        // Past the end of what can be addressed there is nothing to read.
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        Ok(attachment.view().read_at(buffer, offset))
    }

    fn is_removed(&self) -> bool {
        // Some systems tell nothing at all of a removed segment.
        match self.handle.stat() {
            Ok(stat) => stat.flags.marked_for_removal(),
            Err(_) => true,
        }
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        let mut own = lock(&self.own);
        // Detached under the lock, so that every look counts right.
        self.attachment = None;
        if let Some(count) = own.get_mut(&self.id) {
            *count = count.saturating_sub(1);
        }
    }
}

fn failed(error: shm::Error) -> SourceError {
    SourceError::new(error.to_string())
}

fn segment(stat: &shm::Stat, own: &Own) -> Segment {
    let id = stat.id.as_raw();
    let own_attached = own.get(&id).copied().unwrap_or(0).min(stat.attached);
    Segment {
        id,
        key: Key(key_bits(stat.key)),
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

/// Keys are 64 bits wide on one system, where only the low half is ever used.
#[allow(clippy::unnecessary_fallible_conversions, clippy::useless_conversion)]
fn key_bits(key: shm::Key) -> i32 {
    i32::try_from(key.as_raw()).unwrap_or(0)
}

fn limits() -> Result<Limits, SourceError> {
    let limits = shm::limits().map_err(failed)?;
    Ok(Limits {
        segments: limits.max_segments.at_most(),
        segment_bytes: limits.max_size.at_most(),
        smallest: Some(limits.min_size),
        pages: limits.max_pages.at_most(),
        page_bytes: limits.page_size,
    })
}

fn usage() -> Result<Usage, SourceError> {
    let usage = shm::usage().map_err(failed)?;
    let page = shm::limits().map_err(failed)?.page_size;
    let bytes = |pages: Option<u64>| pages.map(|pages| pages.saturating_mul(page));
    Ok(Usage {
        pages: Some(usage.pages),
        resident: bytes(usage.resident_pages),
        swapped: bytes(usage.swapped_pages),
        hidden: 0,
    })
}
