//! Snapshots of a segment, and their differences.
//!
//! A snapshot is stored in an unnamed file: for a segment larger than memory, that gives
//! an error about disk space instead of killing programs. It is as sparse as the segment,
//! and is read like one.

use std::fs::File;
use std::io;
use std::ops::{ControlFlow, Range};
use std::os::unix::fs::FileExt as _;

use super::byte_scan::{ByteScan, End, Outcome, PIECE, Piece};
use super::{Contents, Region, RegionKind, Release, SourceError};

/// The contents of a segment at one moment.
#[derive(Debug)]
pub struct Snapshot {
    /// Its number in this run.
    pub number: u64,
    /// Its time, in seconds since 1970.
    pub taken: i64,
    size: u64,
    file: File,
    regions: Vec<Region>,
}

impl PartialEq for Snapshot {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Snapshot {}

impl Snapshot {
    /// Copies a whole segment, as `scan` scans it. Returns `None` if it was canceled.
    ///
    /// # Errors
    ///
    /// If the segment cannot be read, or the file not be written.
    pub fn take(
        contents: &dyn Contents,
        scan: &ByteScan,
        number: u64,
        taken: i64,
        going: &mut dyn FnMut(u64) -> bool,
    ) -> Result<(Self, Outcome), SourceError> {
        let failed = |error: io::Error| {
            let place = std::env::temp_dir();
            SourceError::new(format!(
                "cannot keep a snapshot in {}: {error}",
                place.display()
            ))
        };
        let file = tempfile::tempfile().map_err(failed)?;
        let mut regions: Vec<Region> = Vec::new();
        let mut cover = |range: Range<u64>, kind: RegionKind| match regions.last_mut() {
            Some(last) if last.kind == kind => last.range.end = range.end,
            _ => regions.push(Region { range, kind }),
        };
        let outcome = scan.run(contents, going, &mut |piece| {
            match piece {
                Piece::Bytes { offset, bytes, .. } => {
                    file.write_all_at(bytes, offset).map_err(failed)?;
                    cover(offset..offset + bytes.len() as u64, RegionKind::Data);
                }
                Piece::Zeros(range) => cover(range, RegionKind::Hole),
                Piece::Unknown(range) => cover(range, RegionKind::Unknown),
            }
            Ok::<_, SourceError>(ControlFlow::Continue(()))
        })?;
        let snapshot = Self {
            number,
            taken,
            size: contents.size(),
            file,
            regions,
        };
        Ok((snapshot, outcome))
    }
}

impl Contents for Snapshot {
    fn size(&self) -> u64 {
        self.size
    }

    fn regions(&self, range: Range<u64>) -> Vec<Region> {
        let first = self
            .regions
            .partition_point(|region| region.range.end <= range.start);
        let rest = self.regions.iter().skip(first);
        rest.take_while(|region| region.range.start < range.end)
            .map(|region| Region {
                range: region.range.start.max(range.start)..region.range.end.min(range.end),
                kind: region.kind,
            })
            .collect()
    }

    fn copy(&self, offset: u64, buffer: &mut [u8]) -> Result<(), SourceError> {
        let read = self.file.read_exact_at(buffer, offset);
        read.map_err(|error| SourceError::new(format!("cannot read the snapshot: {error}")))
    }

    fn release(&self) -> Option<Release> {
        None
    }
}

/// Maximum number of ranges.
pub const MOST: usize = 10_000;
/// Changes with fewer unchanged bytes between them form one range.
const GAP: u64 = 8;
/// How many bytes of a range are kept for display.
pub const SHOWN: usize = 8;

/// A range of different bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its offsets.
    pub range: Range<u64>,
    /// Its first bytes, before.
    pub before: Vec<u8>,
    /// Its first bytes, after.
    pub after: Vec<u8>,
}

/// The differences between two moments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// The ranges, in order.
    pub changes: Vec<Change>,
    /// Whether there are more than listed.
    pub more: bool,
    /// Bytes that could not be compared, because their state is or was unknown.
    pub unknown: u64,
}

/// Compares two moments of a segment, the later one as `scan` scans it.
///
/// # Errors
///
/// If either cannot be read.
pub fn compare(
    before: &dyn Contents,
    after: &dyn Contents,
    scan: &ByteScan,
    going: &mut dyn FnMut(u64) -> bool,
) -> Result<(Difference, End), SourceError> {
    let mut comparing = Comparing {
        before,
        buffer: vec![0; PIECE],
        zeros: vec![0; PIECE],
        found: Difference::default(),
    };
    let outcome = scan.run(after, going, &mut |piece| comparing.take(&piece))?;
    Ok((comparing.found, outcome.end))
}

struct Comparing<'a> {
    before: &'a dyn Contents,
    buffer: Vec<u8>,
    zeros: Vec<u8>,
    found: Difference,
}

impl Comparing<'_> {
    fn take(&mut self, piece: &Piece<'_>) -> Result<ControlFlow<()>, SourceError> {
        match piece {
            Piece::Unknown(range) => self.found.unknown += range.end - range.start,
            Piece::Zeros(range) => {
                for region in self.before.regions(range.clone()) {
                    match region.kind {
                        RegionKind::Unknown => {
                            self.found.unknown += region.range.end - region.range.start;
                        }
                        RegionKind::Hole => {}
                        RegionKind::Data => self.against_zeros(region.range)?,
                    }
                }
            }
            Piece::Bytes { offset, bytes, .. } => {
                let end = offset + bytes.len() as u64;
                for region in self.before.regions(*offset..end) {
                    let within = |at: u64| usize::try_from(at - offset).unwrap_or(usize::MAX);
                    let range = within(region.range.start)..within(region.range.end);
                    let Some(after) = bytes.get(range) else {
                        continue;
                    };
                    match region.kind {
                        RegionKind::Unknown => self.found.unknown += after.len() as u64,
                        RegionKind::Hole => self.against(region.range.start, after, false)?,
                        RegionKind::Data => self.against(region.range.start, after, true)?,
                    }
                }
            }
        }
        Ok(match self.found.more {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        })
    }

    fn against_zeros(&mut self, range: Range<u64>) -> Result<(), SourceError> {
        let zeros = std::mem::take(&mut self.zeros);
        let mut at = range.start;
        while at < range.end && !self.found.more {
            let left = usize::try_from(range.end - at).unwrap_or(usize::MAX);
            let part = zeros.get(..left.min(PIECE)).unwrap_or_default();
            self.against(at, part, true)?;
            at += part.len() as u64;
        }
        self.zeros = zeros;
        Ok(())
    }

    /// Compares with the earlier bytes at an offset: those of the snapshot, or zeros.
    fn against(&mut self, offset: u64, after: &[u8], kept: bool) -> Result<(), SourceError> {
        let mut buffer = std::mem::take(&mut self.buffer);
        if let Some(before) = buffer.get_mut(..after.len()) {
            match kept {
                true => self.before.copy(offset, before)?,
                false => before.fill(0),
            }
            self.found.add(offset, before, after);
        }
        self.buffer = buffer;
        Ok(())
    }
}

impl Difference {
    fn add(&mut self, offset: u64, before: &[u8], after: &[u8]) {
        if before == after {
            return;
        }
        let rows = before.chunks(64).zip(after.chunks(64));
        for (row, (was, is)) in (0_usize..).step_by(64).zip(rows) {
            if was == is {
                continue;
            }
            let bytes = was.iter().zip(is).enumerate();
            for (column, _) in bytes.filter(|(_, (was, is))| was != is) {
                let index = row + column;
                let at = offset + index as u64;
                if let Some(last) = self.changes.last_mut()
                    && at < last.range.end + GAP
                {
                    last.range.end = at + 1;
                    continue;
                }
                if self.changes.len() == MOST {
                    self.more = true;
                    return;
                }
                let shown = |bytes: &[u8]| bytes.iter().skip(index).take(SHOWN).copied().collect();
                self.changes.push(Change {
                    range: at..at + 1,
                    before: shown(before),
                    after: shown(after),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::segment::Segment;
    use crate::source::Source as _;
    use crate::source::fake::{Fake, System};
    use proptest::prelude::*;

    const ALL: ByteScan = ByteScan {
        range: 0..400_000,
        unknown: crate::source::byte_scan::Unknown::Skip,
        overlap: 0,
    };

    fn system(bytes: &[u8], unreported: Range<u64>) -> (Fake, Box<dyn Contents>) {
        let segment = Segment {
            size: 400_000,
            ..Segment::default()
        };
        let fake = Fake::new(System {
            segments: [(0, segment)].into(),
            bytes: [(0, bytes.to_vec())].into(),
            unreported: [(0, unreported)].into(),
            ..System::default()
        });
        let contents = fake.open(&segment.identity()).unwrap();
        (fake, contents)
    }

    fn snapshot(contents: &dyn Contents, number: u64) -> Snapshot {
        Snapshot::take(contents, &ALL, number, 0, &mut |_| true)
            .unwrap()
            .0
    }

    #[test]
    fn nothing_differs_from_itself_and_unknown_is_not_compared() {
        let (fake, contents) = system(&[1; 10_000], 5000..6000);
        let one = snapshot(&*contents, 1);
        let same = compare(&one, &*contents, &ALL, &mut |_| true).unwrap().0;
        assert!(same.changes.is_empty());
        assert_eq!(same.unknown, 1000);
        // Known now, but unknown then.
        fake.change(|system| system.unreported.clear());
        let same = compare(&one, &*contents, &ALL, &mut |_| true).unwrap().0;
        assert_eq!((same.changes.len(), same.unknown), (0, 1000));
    }

    #[test]
    fn there_may_be_too_many_changes() {
        let (fake, contents) = system(&[0; 400_000], 0..0);
        let one = snapshot(&*contents, 1);
        fake.change(|system| {
            let bytes = system.bytes.get_mut(&0).unwrap();
            bytes.iter_mut().step_by(16).for_each(|byte| *byte = 1);
        });
        let different = compare(&one, &*contents, &ALL, &mut |_| true).unwrap().0;
        assert!(different.more);
        assert_eq!(different.changes.len(), MOST);
    }

    proptest! {
        #[test]
        fn every_changed_byte_is_in_a_range_and_ranges_begin_and_end_with_one(
            length in 0..300_000usize,
            grown in 0..300_000usize,
            writes in proptest::collection::vec((0..300_000usize, 1..=255u8), 0..30),
        ) {
            let before = vec![7_u8; length];
            let mut after = before.clone();
            after.resize(grown, 0);
            for (at, by) in writes {
                if let Some(byte) = after.get_mut(at) {
                    *byte = byte.wrapping_add(by);
                }
            }
            let (fake, contents) = system(&before, 0..0);
            let one = snapshot(&*contents, 1);
            fake.change(|system| system.bytes.insert(0, after.clone()));
            let live = compare(&one, &*contents, &ALL, &mut |_| true).unwrap().0;
            let two = snapshot(&*contents, 2);
            let kept = compare(&one, &two, &ALL, &mut |_| true).unwrap().0;
            prop_assert_eq!(&live, &kept);
            let at = |bytes: &[u8], at: u64| bytes.get(at as usize).copied().unwrap_or(0);
            let differs = |offset: u64| at(&before, offset) != at(&after, offset);
            let mut position = 0;
            for change in &live.changes {
                prop_assert!((position..change.range.start).all(|offset| !differs(offset)));
                prop_assert!(differs(change.range.start) && differs(change.range.end - 1));
                prop_assert_eq!(change.before[0], at(&before, change.range.start));
                prop_assert_eq!(change.after[0], at(&after, change.range.start));
                position = change.range.end;
            }
            prop_assert!((position..400_000).all(|offset| !differs(offset)));
        }
    }
}
