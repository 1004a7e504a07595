//! Acts on segments of the invented system.

use std::collections::BTreeSet;

use super::{System, Tour};
use crate::model::act::{Act, Creation, Operation, Outcome};
use crate::model::scan::{Attachment, NamespaceScan, NamespaceUsage};
use crate::model::segment::{Id, Key, Segment};
use crate::source::SourceError;

/// The creator of segments in the invented system.
const CREATOR_PID: i32 = 4242;

impl System {
    /// Acts on a segment, after reading it again.
    pub(super) fn act(&mut self, act: &Act) -> Result<Outcome, SourceError> {
        let id = act.target.id;
        if let Err(verdict) = act.check(self.segments.get(&id)) {
            return verdict
                .map_err(|unfit| SourceError::new(format!("segment {id} is left alone: {unfit}")));
        }
        if let Some(message) = &self.refusal {
            return Err(SourceError::new(message));
        }
        let Some(segment) = self.segments.get_mut(&id) else {
            return Ok(Outcome::WasGone);
        };
        match act.operation {
            Operation::Remove => self.remove(id),
            Operation::Permit(permissions) => {
                segment.owner = permissions.owner.unwrap_or(segment.owner);
                segment.group = permissions.group.unwrap_or(segment.group);
                segment.mode = permissions.mode.unwrap_or(segment.mode);
                segment.change_time = segment.change_time.map(|time| time + 1);
            }
            Operation::Lock => segment.flags.locked = true,
            Operation::Unlock => segment.flags.locked = false,
        }
        Ok(Outcome::Done)
    }

    /// Creates a segment, unless its key is taken.
    pub(super) fn create(&mut self, creation: &Creation) -> Result<Id, SourceError> {
        let key = creation.key.unwrap_or_default();
        let taken = |segment: &Segment| !key.is_private() && segment.key == key;
        if self.segments.values().any(taken) {
            return Err(SourceError::new(format!(
                "cannot create the segment with key {key}: a segment with this key already exists"
            )));
        }
        let id = self.segments.keys().next_back().map_or(0, |id| id + 1);
        let segment = Segment {
            id,
            key,
            size: creation.size,
            mode: creation.mode,
            creator_pid: CREATOR_PID,
            change_time: Some(self.tour.as_ref().map_or(0, Tour::now)),
            ..Segment::default()
        };
        self.segments.insert(id, segment);
        Ok(id)
    }

    /// Removes it as a kernel does: nobody finds it by its key any more, and the last
    /// detach destroys it.
    fn remove(&mut self, id: Id) {
        match self.segments.get_mut(&id) {
            Some(segment) if segment.attached + self.held.get(&id).unwrap_or(&0) > 0 => {
                segment.flags.removed = true;
                segment.key = Key(0);
            }
            _ => _ = self.segments.remove(&id),
        }
    }

    /// Counts the current segments of the namespaces.
    pub(super) fn counted_namespaces(&self) -> NamespaceScan {
        let mut scan = self.namespaces.clone();
        for namespace in &mut scan.list {
            let other = self.others.get(&namespace.inode);
            let sum = |system: &Self| {
                let segments: Vec<Segment> = system.segments.values().copied().collect();
                NamespaceUsage::of(&segments)
            };
            let now = match (namespace.own, other) {
                (true, _) => sum(self),
                (false, Some(other)) => other.change(|system| sum(system)),
                (false, None) => continue,
            };
            if let Ok(usage) = &mut namespace.usage {
                *usage = now;
            }
        }
        scan
    }

    /// Ends a process, and detaches its segments.
    pub(super) fn end_process(&mut self, pid: i32, now: i64) {
        self.processes.remove(&pid);
        let theirs = self
            .scan
            .attachments
            .iter()
            .filter(|found| found.pid == pid);
        let ids: BTreeSet<Id> = theirs.map(|found| found.id).collect();
        ids.into_iter().for_each(|id| self.detach(id, pid, now));
    }

    /// Detaches a segment from a process, and destroys it if it is marked for removal and
    /// has no other attachment.
    pub(super) fn detach(&mut self, id: Id, pid: i32, now: i64) {
        let before = self.scan.attachments.len();
        let is_it = |found: &Attachment| found.id == id && found.pid == pid;
        self.scan.attachments.retain(|found| !is_it(found));
        let count = (before - self.scan.attachments.len()) as u64;
        let Some(segment) = self.segments.get_mut(&id).filter(|_| count > 0) else {
            return;
        };
        segment.attached = segment.attached.saturating_sub(count);
        segment.detach_time = Some(now);
        segment.last_pid = pid;
        if segment.flags.removed && segment.attached == 0 {
            self.segments.remove(&id);
        }
    }
}
