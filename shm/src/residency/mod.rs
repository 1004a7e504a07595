//! Reports which parts of an attachment hold data, without touching them.
//!
//! Reading a page that was never touched makes the kernel allocate it: reading every page
//! of a sparse segment of 64 GiB is an outage. A program that scans (searches, compares,
//! dumps) calls this first and skips the holes.

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "unknown.rs"]
mod system;

use alloc::vec::Vec;
use core::ops::Range;

use crate::{Access, View};

/// The state of a part of a view, found out without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Residency {
    /// It was written or read before and has memory or swap space.
    Data,
    /// It was never touched. Reading it gives zeros, and allocates every page read.
    Hole,
    /// Not reported by the system: it may be either. Never take it for zeros.
    Unknown,
}

/// A part of a view, from [`View::residency`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Region {
    /// Offsets from the start of the view, in bytes; never empty.
    pub range: Range<usize>,
    /// Its state.
    pub residency: Residency,
}

impl<A: Access> View<'_, A> {
    /// Returns which parts of the view hold data, without touching any.
    ///
    /// The regions are in order, cover the view, and neighbors differ. A hole may be
    /// filled the moment after.
    ///
    /// On Linux the kernel reports the data and holes of the mapping (`SEEK_DATA` in
    /// `/proc/self/map_files`, which needs `CAP_SYS_ADMIN` or `CAP_CHECKPOINT_RESTORE`).
    /// Without that right, `mincore(2)` is used for a segment with nothing swapped out.
    /// Of huge pages, only those that this process has touched itself are reported. On
    /// the other systems everything is [`Residency::Unknown`]: their `mincore(2)` reports
    /// resident pages, not those that were ever touched.
    ///
    /// ```
    /// use shm::{Residency, Segment};
    ///
    /// let segment = Segment::private(1 << 20)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// attachment.view().write(300_000, &1_u8)?;
    ///
    /// for region in attachment.view().residency() {
    ///     match region.residency {
    ///         // It can be skipped: there are only zeros.
    ///         Residency::Hole => assert!(!region.range.contains(&300_000)),
    ///         Residency::Data | Residency::Unknown => {}
    ///     }
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn residency(self) -> Vec<Region> {
        let mut regions = Regions::new(self.len());
        system::inspect(self.as_ptr().addr(), &mut regions);
        regions.finish()
    }
}

/// Regions under construction, from the start of the view to its end.
#[derive(Debug)]
pub(crate) struct Regions {
    found: Vec<Region>,
    len: usize,
}

impl Regions {
    fn new(len: usize) -> Self {
        Self {
            found: Vec::new(),
            len,
        }
    }

    /// Returns the end of the covered part.
    fn covered(&self) -> usize {
        self.found.last().map_or(0, |region| region.range.end)
    }

    /// Covers the view up to an offset; ignores parts beyond its end or already covered.
    fn cover(&mut self, end: usize, residency: Residency) {
        let start = self.covered();
        let end = end.min(self.len);
        if end <= start {
            return;
        }
        match self.found.last_mut() {
            Some(last) if last.residency == residency => last.range.end = end,
            _ => self.found.push(Region {
                range: start..end,
                residency,
            }),
        }
    }

    fn finish(mut self) -> Vec<Region> {
        self.cover(self.len, Residency::Unknown);
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_cover_the_view_and_alike_neighbors_are_one() {
        let mut regions = Regions::new(100);
        regions.cover(10, Residency::Hole);
        regions.cover(20, Residency::Hole);
        regions.cover(15, Residency::Data);
        regions.cover(30, Residency::Data);
        regions.cover(0, Residency::Hole);
        let found = regions.finish();
        let expected = [
            (0..20, Residency::Hole),
            (20..30, Residency::Data),
            (30..100, Residency::Unknown),
        ];
        let expected = expected.map(|(range, residency)| Region { range, residency });
        assert_eq!(found, expected);
        assert_eq!(Regions::new(0).finish(), []);
    }
}
