//! Attaches segments of this system; nothing else does.
//!
//! Attachments are counted under one lock with the listing of the system, so that they
//! can be subtracted exactly. [`forced`] decides whether a segment may be attached at
//! all.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::convert::{Own, failed, segment};
use super::own_uses::OwnUses;
use super::pages::Pages;
use super::viewers::{self, Viewers};
use super::{Contents, Region, RegionKind, Release, SourceError, Store, act, forced, in_namespace};
use crate::model::segment::{Id, Identity, Segment};

pub(super) fn lock(own: &Mutex<Own>) -> MutexGuard<'_, Own> {
    own.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How segments are attached, and the permissions for it.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) own: &'a Arc<Mutex<Own>>,
    /// The namespace; `None` is the program's own.
    pub(super) namespace: Option<&'a shm::Namespace>,
    /// Whether the user allowed destroying a segment by detaching it.
    pub(super) may_destroy: bool,
    /// Records that the last use was only a view.
    pub(super) own_uses: &'a Arc<OwnUses>,
}

impl Place<'_> {
    /// Attaches a segment read-only.
    pub(super) fn open(self, target: &Identity) -> Result<Box<dyn Contents>, SourceError> {
        let mut own = lock(self.own);
        let opened = in_namespace::run(self.namespace, || {
            self.attach(target, &own, true, shm::Segment::attach_read_only)
        })?;
        let pages = Pages::of(opened.attachment.view().as_ptr().addr());
        let held = Held::count(opened.attachment, target.id, &mut own, self.own);
        Ok(Box::new(Attached {
            handle: opened.handle,
            pages,
            held,
            namespace: self.namespace.cloned(),
            had_others: AtomicBool::new(opened.had_others),
            viewers: Viewers::default(),
            own_uses: Arc::clone(self.own_uses),
            unrecorded: opened.unrecorded,
        }))
    }

    /// Attaches a segment for writing.
    pub(super) fn open_to_write(self, target: &Identity) -> Result<Box<dyn Store>, SourceError> {
        let mut own = lock(self.own);
        let Opened { attachment, .. } = in_namespace::run(self.namespace, || {
            self.attach(target, &own, false, shm::Segment::attach)
        })?;
        let pages = Pages::of(attachment.view().as_ptr().addr());
        let base = attachment.view().as_ptr().addr() as u64;
        let held = Held::count(attachment, target.id, &mut own, self.own);
        Ok(Box::new(Writable { held, pages, base }))
    }
}

/// An attachment that is counted while it exists.
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

    /// `None` only during the drop.
    fn view(&self) -> Option<shm::View<'_, A>> {
        self.attachment.as_ref().map(shm::Attachment::view)
    }
}

impl<A: shm::Access> Drop for Held<A> {
    fn drop(&mut self) {
        let mut own = lock(&self.own);
        // Detached under the lock, so that every listing counts right.
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
    /// Whether any other process was seen to have it attached.
    had_others: AtomicBool,
    /// Whether those processes are only viewers.
    viewers: Viewers,
    own_uses: Arc<OwnUses>,
    unrecorded: Option<String>,
}

impl Drop for Attached {
    /// Records the last use before the detach, which becomes the last use itself, unless
    /// that is an attach of ours, which is recorded already.
    fn drop(&mut self) {
        let own = lock(&self.held.own);
        let _ = in_namespace::run(self.namespace.as_ref(), || {
            let now = segment(&self.handle.stat().map_err(failed)?, &own);
            let pid = i32::try_from(std::process::id()).unwrap_or(0);
            if now.last_pid != pid {
                // If this fails, the detach counts as use.
                let attached = now.attach_time;
                let _ = self
                    .own_uses
                    .record_unless_used(now, attached, viewers::are_all);
            }
            Ok(())
        });
    }
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

/// A segment that was just attached.
pub(super) struct Opened<A: shm::Access> {
    handle: shm::Segment,
    pub(super) attachment: shm::Attachment<A>,
    /// Whether others had it attached before.
    had_others: bool,
    /// Why this attach counts as use of the segment from the next run on.
    unrecorded: Option<String>,
}

impl Place<'_> {
    /// Attaches exactly the given segment, and only if the detach does not destroy it.
    /// Must run on a thread in the segment's namespace, which has the decisive setting.
    /// With `looks`, records that this was only a view.
    pub(super) fn attach<A: shm::Access>(
        &self,
        target: &Identity,
        own: &Own,
        own_uses: bool,
        how: impl Fn(&shm::Segment) -> shm::Result<shm::Attachment<A>>,
    ) -> Result<Opened<A>, SourceError> {
        let another = || {
            let id = target.id;
            SourceError::new(format!("segment {id} is not the one that was listed"))
        };
        let handle = shm::Segment::open_id(shm::SegmentId::from_raw(target.id));
        let handle = handle.map_err(|error| refused(target, error))?;
        // Attaching shows in the counts of others, so it must not hit the wrong segment.
        let before = segment(&handle.stat().map_err(failed)?, own);
        if !target.is_still(&before) {
            return Err(another());
        }
        // If the others detach before the attach, they destroy the segment, and the
        // attach fails.
        if !self.may_destroy {
            forced::admit(
                target.id,
                before.attached,
                forced::setting,
                viewers::are_all,
            )?;
        }
        let attachment = how(&handle).map_err(|error| refused(target, error))?;
        // It may have been replaced between the two calls; now it is pinned.
        let now = segment(attachment.stat_when_attached(), own);
        if !target.is_still(&now) {
            return Err(another());
        }
        let recorded = match own_uses {
            true => {
                let attached = now.attach_time;
                self.own_uses
                    .record_unless_used(before, attached, viewers::are_all)
            }
            false => Ok(()),
        };
        Ok(Opened {
            handle,
            attachment,
            had_others: before.attached > 0,
            unrecorded: recorded.err().map(|error| error.to_string()),
        })
    }
}

/// Some systems answer for a segment that is marked for removal as if it no longer
/// existed, although they list it.
fn refused(target: &Identity, error: shm::Error) -> SourceError {
    let marked = || act::listed(target.id).is_some_and(|now| closed(target, &now));
    match error.cause() {
        shm::Cause::Gone if marked() => SourceError::new(format!(
            "segment {} is marked for removal, and this system lets nobody attach it any more",
            target.id
        )),
        _ => failed(error),
    }
}

/// Returns whether `now` is the given segment, and cannot be attached any more.
fn closed(target: &Identity, now: &Segment) -> bool {
    now.flags.removed && target.is_still(now)
}

impl Contents for Attached {
    fn unrecorded(&self) -> Option<&str> {
        self.unrecorded.as_deref()
    }

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
            kind: known,
        };
        if let Some(known_of_all) = self.pages.known() {
            return vec![known(known_of_all)];
        }
        let (Ok(from), Ok(to)) = (usize::try_from(range.start), usize::try_from(end)) else {
            return vec![known(RegionKind::Unknown)];
        };
        let Some(Ok(part)) = self.held.view().map(|view| view.slice(from..to)) else {
            return vec![known(RegionKind::Unknown)];
        };
        let shifted = part.residency().into_iter().map(|region| Region {
            range: range.start + region.range.start as u64..range.start + region.range.end as u64,
            kind: match region.residency {
                shm::Residency::Data => RegionKind::Data,
                shm::Residency::Hole => RegionKind::Hole,
                shm::Residency::Unknown => RegionKind::Unknown,
            },
        });
        shifted.collect()
    }

    fn copy(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        if let Some(result) = self.pages.read(offset, buffer) {
            return result;
        }
        let view = self.held.view();
        // Beyond the address space there is nothing to read.
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        match view.map(|view| view.read_exact_at(offset, buffer)) {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) => Err(SourceError::new(error.to_string())),
            None => Err(SourceError::new("the segment is detached")),
        }
    }

    fn release(&self) -> Option<Release> {
        let own = lock(&self.held.own);
        in_namespace::run(self.namespace.as_ref(), || {
            // Some systems report nothing at all about a removed segment.
            let stat = self.handle.stat().map_err(failed)?;
            let now = segment(&stat, &own);
            if now.attached > 0 {
                self.had_others.store(true, Ordering::Relaxed);
            }
            let had_others = self.had_others.load(Ordering::Relaxed);
            let removed = now.flags.removed;
            let only_viewers = || self.viewers.are_all(now.id, now.attached);
            Ok(forced::release(
                removed,
                now.attached,
                had_others,
                forced::setting,
                only_viewers,
            ))
        })
        .unwrap_or(Some(Release::Removed))
    }
}
