//! The bytes of the invented segments: written ones over computed ones.

use std::ops::Range;

use super::{Fake, System};
use crate::model::segment::Id;
use crate::source::{Contents, Region, RegionKind, Release, SourceError, Store, forced};

/// Size of a page of computed bytes that is stored once one of them is written.
const PAGE: u64 = 4096;

/// An invented segment, attached for reading.
pub(super) struct FakeContents {
    pub(super) fake: Fake,
    pub(super) id: Id,
    pub(super) size: u64,
    pub(super) had_others: bool,
}

impl Contents for FakeContents {
    fn size(&self) -> u64 {
        self.size
    }

    fn regions(&self, range: Range<u64>) -> Vec<Region> {
        let system = self.fake.lock();
        let data = system.data(self.id);
        let unreported = system.unreported.get(&self.id).cloned().unwrap_or(0..0);
        let end = range.end.min(self.size);
        let kind = |at: u64| {
            let next = data.partition_point(|part| part.end <= at);
            match data.get(next) {
                _ if unreported.contains(&at) => RegionKind::Unknown,
                Some(part) if part.contains(&at) => RegionKind::Data,
                _ => RegionKind::Hole,
            }
        };
        let mut edges = vec![range.start, unreported.start, unreported.end, end];
        edges.extend(data.iter().flat_map(|part| [part.start, part.end]));
        edges.retain(|edge| (range.start..=end).contains(edge));
        edges.sort_unstable();
        edges.dedup();
        let pairs = edges.iter().zip(edges.iter().skip(1));
        pairs
            .map(|(from, to)| Region {
                range: *from..*to,
                kind: kind(*from),
            })
            .collect()
    }

    fn copy(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        if offset.saturating_add(buffer.len() as u64) > self.size {
            return Err(SourceError::new("this is beyond the end of the segment"));
        }
        self.fake.lock().copy(self.id, offset, buffer);
        Ok(())
    }

    fn release(&self) -> Option<Release> {
        let system = self.fake.lock();
        let segment = system.segments.get(&self.id);
        let removed = segment.is_none_or(|segment| segment.flags.removed);
        let others = segment.map_or(0, |segment| segment.attached);
        let setting = || system.limits.rmid_forced;
        forced::release(removed, others, self.had_others, setting, || false)
    }
}

impl Drop for FakeContents {
    fn drop(&mut self) {
        if let Some(count) = self.fake.lock().held.get_mut(&self.id) {
            *count = count.saturating_sub(1);
        }
    }
}

/// An invented segment, attached for writing.
pub(super) struct FakeStore {
    pub(super) fake: Fake,
    pub(super) id: Id,
    pub(super) size: u64,
}

impl Store for FakeStore {
    fn write(&self, offset: u64, bytes: &[u8]) -> Result<(), SourceError> {
        let end = offset.saturating_add(bytes.len() as u64);
        if end > self.size {
            return Err(SourceError::new("this is beyond the end of the segment"));
        }
        self.fake.lock().write(self.id, offset, bytes);
        Ok(())
    }
}

impl System {
    /// Returns the parts of a segment that exist, in order.
    fn data(&self, id: Id) -> Vec<Range<u64>> {
        let bytes = self.bytes.get(&id).map_or(0, Vec::len) as u64;
        let mut parts: Vec<Range<u64>> = std::iter::once(0..bytes).collect();
        parts.extend(
            self.paintings
                .get(&id)
                .into_iter()
                .flat_map(|one| one.data.iter().cloned()),
        );
        let written = self.written.range((id, 0)..=(id, u64::MAX));
        parts.extend(written.map(|((_, start), page)| *start..*start + page.len() as u64));
        parts.retain(|part| !part.is_empty());
        parts.sort_unstable_by_key(|part| part.start);
        // Merged where they touch or overlap, so that both ends are in order.
        parts.dedup_by(|next, last| {
            let joined = next.start <= last.end;
            if joined {
                last.end = last.end.max(next.end);
            }
            joined
        });
        parts
    }

    /// Fills `buffer` with the bytes of a segment from `offset` on.
    fn copy(&self, id: Id, offset: u64, buffer: &mut [u8]) {
        buffer.fill(0);
        if let Some(painting) = self.paintings.get(&id) {
            let seconds = self.tour.as_ref().map_or(0, super::Tour::seconds);
            painting.copy(offset, seconds, buffer);
        }
        if let Some(bytes) = self.bytes.get(&id) {
            overlay(offset, buffer, 0, bytes);
        }
        let end = offset.saturating_add(buffer.len() as u64);
        let first = offset / PAGE * PAGE;
        for ((_, start), page) in self.written.range((id, first)..(id, end)) {
            overlay(offset, buffer, *start, page);
        }
    }

    /// Writes bytes to a segment.
    fn write(&mut self, id: Id, offset: u64, bytes: &[u8]) {
        if !self.paintings.contains_key(&id) {
            let end = usize::try_from(offset)
                .unwrap_or(usize::MAX)
                .saturating_add(bytes.len());
            let stored = self.bytes.entry(id).or_default();
            stored.resize(stored.len().max(end), 0);
            return overlay(0, stored, offset, bytes);
        }
        let end = offset.saturating_add(bytes.len() as u64);
        let mut start = offset / PAGE * PAGE;
        while start < end {
            let mut page = vec![0; usize::try_from(PAGE).unwrap_or(0)];
            self.copy(id, start, &mut page);
            overlay(start, &mut page, offset, bytes);
            self.written.insert((id, start), page);
            start += PAGE;
        }
    }
}

/// Copies the part of `bytes`, at offset `from`, that overlaps `buffer`, at `offset`.
fn overlay(offset: u64, buffer: &mut [u8], from: u64, bytes: &[u8]) {
    let skip = |ahead: u64| usize::try_from(ahead).unwrap_or(usize::MAX);
    let slots = buffer.iter_mut().skip(skip(from.saturating_sub(offset)));
    let bytes = bytes.iter().skip(skip(offset.saturating_sub(from)));
    slots.zip(bytes).for_each(|(slot, byte)| *slot = *byte);
}
