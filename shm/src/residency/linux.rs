//! Linux: `SEEK_DATA` in `/proc/self/map_files`, else `mincore(2)`.

use std::fs::{self, File};

use super::{Regions, Residency};
use crate::decode::maps::{self, Mapping};
use crate::sys::mappings::is_of_ordinary_pages;
use crate::sys::{memory, pages};

/// Covers the regions of the view that starts at `base`. Regions left uncovered count as
/// unknown.
pub(super) fn inspect(base: usize, regions: &mut Regions) {
    // All threads share their mappings.
    let Ok(text) = fs::read("/proc/self/maps") else {
        return;
    };
    for mapping in maps::mappings(&text) {
        let Some(part) = Part::of(&mapping, base, regions.len) else {
            continue;
        };
        // Between two pieces of a mapping that was split.
        regions.cover(part.start, Residency::Unknown);
        if !by_holes(&mapping, part, regions) {
            let is_exact =
                || is_of_ordinary_pages(mapping.device) && nothing_is_swapped(mapping.inode);
            by_mincore(part, base, is_exact, regions);
        }
        regions.cover(part.end, Residency::Unknown);
    }
}

/// The part of the view in one mapping, as offsets in the view.
#[derive(Debug, Clone, Copy)]
struct Part {
    start: usize,
    end: usize,
    /// The offset of the part's first byte in the mapped file, the segment.
    in_segment: u64,
}

impl Part {
    fn of(mapping: &Mapping, base: usize, len: usize) -> Option<Self> {
        let (first, last) = (
            usize::try_from(mapping.start).ok()?,
            usize::try_from(mapping.end).ok()?,
        );
        let start = first.max(base);
        let end = last.min(base.checked_add(len)?);
        let skipped = (start.checked_sub(first)?) as u64;
        (start < end).then(|| Self {
            start: start - base,
            end: end - base,
            in_segment: mapping.offset + skipped,
        })
    }

    /// Returns the offset in the view of an offset in the segment, at most the part's
    /// end.
    fn in_view(self, in_segment: u64) -> usize {
        let distance = usize::try_from(in_segment.saturating_sub(self.in_segment));
        distance.map_or(self.end, |distance| {
            self.start.saturating_add(distance).min(self.end)
        })
    }
}

/// Exact, also for swapped pages; but hugetlbfs reports everything as data.
fn by_holes(mapping: &Mapping, part: Part, regions: &mut Regions) -> bool {
    let path = format!("/proc/self/map_files/{:x}-{:x}", mapping.start, mapping.end);
    let Ok(file) = File::open(path) else {
        return false;
    };
    if pages::is_huge(&file) != Some(false) {
        return false;
    }
    let end = part.in_segment + (part.end - part.start) as u64;
    if part.end - part.start <= FEW * crate::sys::page_size() {
        return by_pages(&file, part, end, regions);
    }
    let mut position = part.in_segment;
    while position < end {
        let Ok(data) = pages::next_data(&file, position) else {
            return false;
        };
        let Some(data) = data.filter(|data| *data < end) else {
            regions.cover(part.end, Residency::Hole);
            return true;
        };
        regions.cover(part.in_view(data), Residency::Hole);
        let Ok(hole) = pages::next_hole(&file, data) else {
            return false;
        };
        regions.cover(part.in_view(hole), Residency::Data);
        // A hole that somebody keeps filling must not cause an endless loop.
        position = hole.max(data + 1);
    }
    true
}

/// For up to this many pages each one is queried: the search for the next hole visits
/// every page up to it, possibly to the end of a large segment.
const FEW: usize = 32;

fn by_pages(file: &File, part: Part, end: u64, regions: &mut Regions) -> bool {
    let page = crate::sys::page_size() as u64;
    let mut position = part.in_segment;
    while position < end {
        let Ok(data) = pages::next_data(file, position) else {
            return false;
        };
        let data = data.unwrap_or(end).min(end);
        regions.cover(part.in_view(data), Residency::Hole);
        position = (data / page + 1) * page;
        if data < end {
            regions.cover(part.in_view(position), Residency::Data);
        }
    }
    true
}

/// Number of pages per call of `mincore`.
const PAGES: usize = 4096;

/// Classifies pages. Resident ones are data. Others were never touched if the answer is
/// exact before and after: the pages are ordinary ones, and nothing of the segment is
/// swapped out. For huge pages `mincore` reports only those that this process has
/// touched.
fn by_mincore(part: Part, base: usize, mut is_exact: impl FnMut() -> bool, regions: &mut Regions) {
    let certain = is_exact();
    let page = crate::sys::page_size();
    let mut absent = Vec::new();
    let mut seen = Regions::new(regions.len);
    seen.cover(part.start, Residency::Unknown);
    let mut start = part.start;
    while start < part.end {
        // The first page may begin before the view.
        let first = (base + start) / page * page;
        let count = (base + part.end - first).div_ceil(page).min(PAGES);
        absent.clear();
        absent.resize(count, 0);
        if memory::in_memory(first, &mut absent).is_err() {
            return;
        }
        for (index, flags) in absent.iter().enumerate() {
            let end = (first + (index + 1) * page - base).min(part.end);
            let present = flags & 1 != 0;
            seen.cover(
                end,
                if present {
                    Residency::Data
                } else {
                    Residency::Hole
                },
            );
            start = end;
        }
    }
    let certain = certain && is_exact();
    for region in seen.found {
        let residency = match region.residency {
            Residency::Hole if !certain => Residency::Unknown,
            other => other,
        };
        regions.cover(region.range.end, residency);
    }
}

fn nothing_is_swapped(inode: u64) -> bool {
    // The inode of a segment's mapping is its identifier.
    crate::segments_with_memory().is_ok_and(|segments| {
        segments
            .iter()
            .find(|stat| u64::try_from(stat.id.as_raw()) == Ok(inode))
            .and_then(|stat| stat.memory)
            .is_some_and(|memory| memory.swapped == 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Segment;

    #[test]
    fn linux_absent_pages_are_holes_only_if_nothing_is_swapped_before_and_after() {
        let page = crate::sys::page_size();
        let segment = Segment::private(8 * page).unwrap();
        let attachment = segment.attach().unwrap();
        segment.remove().unwrap();
        attachment.view().write(3 * page, &1_u8).unwrap();
        let part = Part {
            start: 0,
            end: 8 * page,
            in_segment: 0,
        };
        let told = |before, after| {
            let mut answers = [before, after].into_iter();
            let mut regions = Regions::new(8 * page);
            let base = attachment.as_ptr().addr();
            by_mincore(part, base, || answers.next().unwrap(), &mut regions);
            let found = regions.finish();
            assert_eq!(found[1].residency, Residency::Data);
            (found[0].residency, found[2].residency)
        };
        assert_eq!(told(true, true), (Residency::Hole, Residency::Hole));
        assert_eq!(told(true, false), (Residency::Unknown, Residency::Unknown));
        // It is not asked again in vain.
        assert_eq!(told(false, true), (Residency::Unknown, Residency::Unknown));
    }
}
