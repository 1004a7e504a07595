//! A map of a whole segment: for each block, whether it was ever touched, contains data,
//! and has changed since the last map.
//!
//! Blocks do not depend on the size of the screen, so that two maps can be compared; a
//! cell of the screen covers one or more of them. A block is unchanged if its pages are:
//! each page with data contributes a checksum of its bytes and its position; zeros
//! contribute nothing, touched or not.

use std::ops::Range;

use crate::source::byte_scan::Piece;

/// The unit of checksums.
const PAGE: u64 = 4096;
/// The maximum number of blocks.
const BLOCKS: u64 = 1 << 16;

/// One block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Whether a part of it was never touched.
    pub hole: bool,
    /// Whether a part was touched and contains only zeros.
    pub zero: bool,
    /// Whether a part contains data.
    pub data: bool,
    /// How many of its pages hold data.
    pub data_pages: u32,
    /// Whether a part is of unknown state.
    pub unknown: bool,
    sum: u64,
}

/// The contents of a segment, block by block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    size: u64,
    block: u64,
    blocks: Vec<Block>,
}

impl Map {
    /// Creates an empty map of a segment of `size` bytes.
    #[must_use]
    pub fn new(size: u64) -> Self {
        let block = size.div_ceil(BLOCKS).next_power_of_two().max(PAGE);
        let count = usize::try_from(size.div_ceil(block)).unwrap_or(0);
        Self {
            size,
            block,
            blocks: vec![Block::default(); count],
        }
    }

    /// Returns the number of bytes in a block.
    #[must_use]
    pub fn block_bytes(&self) -> u64 {
        self.block
    }

    /// Returns the blocks, in order.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Adds the next piece of a scan that starts at the beginning of the segment and has
    /// no overlap.
    pub fn take(&mut self, piece: &Piece<'_>) {
        match piece {
            Piece::Bytes { offset, bytes, .. } => self.bytes(*offset, bytes),
            Piece::Zeros(range) => self.mark(range, |block| block.hole = true),
            Piece::Unknown(range) => self.mark(range, |block| block.unknown = true),
        }
    }

    fn bytes(&mut self, offset: u64, bytes: &[u8]) {
        let mut at = offset;
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = usize::try_from(PAGE - at % PAGE).unwrap_or(1);
            let (page, behind) = rest.split_at(room.min(rest.len()));
            let block = self.blocks.get_mut(index(at, self.block));
            if let Some(block) = block {
                match is_zero(page) {
                    true => block.zero = true,
                    false => {
                        block.data = true;
                        block.data_pages = block.data_pages.saturating_add(1);
                        block.sum = block.sum.wrapping_add(sum(at, page));
                    }
                }
            }
            at += page.len() as u64;
            rest = behind;
        }
    }

    fn mark(&mut self, range: &Range<u64>, mark: impl Fn(&mut Block)) {
        let first = index(range.start, self.block);
        let end = index(range.end.saturating_sub(1), self.block) + 1;
        let blocks = self.blocks.get_mut(first..end.max(first));
        blocks.into_iter().flatten().for_each(mark);
    }

    /// Returns which blocks differ from an earlier map. Blocks that are or were unknown
    /// never count as different.
    #[must_use]
    pub fn changed_since(&self, earlier: &Self) -> Vec<bool> {
        if earlier.blocks.len() != self.blocks.len() {
            return vec![false; self.blocks.len()];
        }
        let pairs = self.blocks.iter().zip(&earlier.blocks);
        pairs
            .map(|(now, then)| !now.unknown && !then.unknown && now.sum != then.sum)
            .collect()
    }

    /// Returns the bytes that one of `cells` cells covers; all cells but the last cover
    /// equally many.
    #[must_use]
    pub fn bytes_per_cell(&self, cells: usize) -> u64 {
        let cells = u64::try_from(cells.max(1)).unwrap_or(u64::MAX);
        let blocks = (self.blocks.len() as u64).div_ceil(cells).max(1);
        self.block.saturating_mul(blocks)
    }

    /// Returns how many cells are needed if each covers this many bytes.
    #[must_use]
    pub fn cells(&self, per_cell: u64) -> usize {
        usize::try_from(self.size.div_ceil(per_cell.max(1))).unwrap_or(0)
    }

    /// Returns how full a cell is: eighths of its pages that hold data, rounded up.
    #[must_use]
    pub fn eighths(&self, cell: usize, per_cell: u64) -> usize {
        let start = (cell as u64).saturating_mul(per_cell);
        let pages = per_cell.min(self.size.saturating_sub(start)).div_ceil(PAGE);
        let blocks = self.blocks.get(self.blocks_of(cell, per_cell));
        let blocks = blocks.unwrap_or_default().iter();
        let data: u64 = blocks.map(|block| u64::from(block.data_pages)).sum();
        let eighths = (data * 8).div_ceil(pages.max(1)).min(8);
        usize::try_from(eighths).unwrap_or(8)
    }

    /// Returns the blocks of one cell.
    #[must_use]
    pub fn blocks_of(&self, cell: usize, per_cell: u64) -> Range<usize> {
        let each = usize::try_from(per_cell / self.block).unwrap_or(1).max(1);
        let first = cell.saturating_mul(each).min(self.blocks.len());
        first..(first.saturating_add(each)).min(self.blocks.len())
    }
}

fn index(at: u64, block: u64) -> usize {
    usize::try_from(at / block).unwrap_or(usize::MAX)
}

fn is_zero(page: &[u8]) -> bool {
    // Most pages with data show it in the first bytes.
    page.chunks(64).all(|part| {
        let (words, rest) = part.as_chunks::<8>();
        let bits = words
            .iter()
            .fold(0, |bits, word| bits | u64::from_ne_bytes(*word));
        bits == 0 && rest.iter().all(|byte| *byte == 0)
    })
}

const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;

/// Returns a checksum of a page's bytes and its position. It computes eight sums side by
/// side, because each multiplication depends on the one before.
fn sum(at: u64, page: &[u8]) -> u64 {
    let mut lanes = [PRIME; 8];
    let (rows, rest) = page.as_chunks::<64>();
    for row in rows {
        let (words, _) = row.as_chunks::<8>();
        for (lane, word) in lanes.iter_mut().zip(words) {
            *lane = (*lane ^ u64::from_ne_bytes(*word)).wrapping_mul(PRIME);
            // Bits that reach only the high end must be mixed back down.
            *lane ^= *lane >> 32;
        }
    }
    let mut all = lanes.into_iter().fold(at, mix);
    for byte in rest {
        all = mix(all, u64::from(*byte));
    }
    mix(all, page.len() as u64)
}

fn mix(all: u64, part: u64) -> u64 {
    let mixed = (all.rotate_left(23) ^ part).wrapping_mul(PRIME);
    mixed ^ (mixed >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes(offset: u64, bytes: &[u8]) -> Piece<'_> {
        Piece::Bytes {
            offset,
            bytes,
            carried: 0,
        }
    }

    #[test]
    fn a_block_says_what_is_in_it() {
        let mut map = Map::new(5 * PAGE);
        map.take(&bytes(0, &[0; 4096]));
        map.take(&Piece::Zeros(PAGE..2 * PAGE));
        map.take(&Piece::Unknown(2 * PAGE..3 * PAGE));
        map.take(&bytes(3 * PAGE, &[[0; 4096], [1; 4096]].concat()));
        let seen: Vec<_> = map
            .blocks()
            .iter()
            .map(|b| (b.hole, b.zero, b.data, b.unknown))
            .collect();
        let (t, f) = (true, false);
        assert_eq!(
            seen,
            [
                (f, t, f, f),
                (t, f, f, f),
                (f, f, f, t),
                (f, t, f, f),
                (f, f, t, f)
            ]
        );
    }

    #[test]
    fn a_cell_is_as_full_as_its_pages() {
        let mut map = Map::new(20 * PAGE);
        map.take(&bytes(0, &[1; 4096]));
        map.take(&Piece::Zeros(PAGE..15 * PAGE));
        map.take(&bytes(15 * PAGE, &[7; 5 * 4096]));
        let eighths = |cell| map.eighths(cell, 10 * PAGE);
        assert_eq!([eighths(0), eighths(1), eighths(2)], [1, 4, 0]);
        // The last cell is smaller.
        assert_eq!(map.eighths(1, 16 * PAGE), 8);
    }

    #[test]
    fn large_segments_have_large_blocks() {
        let map = Map::new((1 << 40) + 1);
        assert!(map.blocks().len() as u64 <= BLOCKS);
        assert_eq!(map.block_bytes(), 1 << 25);
        assert_eq!(Map::new(1).blocks().len(), 1);
        assert_eq!(map.bytes_per_cell(1000) % map.block_bytes(), 0);
        assert!(map.cells(map.bytes_per_cell(1000)) <= 1000);
    }

    #[test]
    fn touching_a_hole_is_no_change_and_unknown_says_nothing() {
        let mut holes = Map::new(2 * PAGE);
        holes.take(&Piece::Zeros(0..2 * PAGE));
        let mut zeros = Map::new(2 * PAGE);
        zeros.take(&bytes(0, &[0; 8192]));
        assert_eq!(zeros.changed_since(&holes), [false, false]);
        let mut other = Map::new(2 * PAGE);
        other.take(&Piece::Unknown(0..PAGE));
        other.take(&bytes(PAGE, &[7; 4096]));
        assert_eq!(other.changed_since(&zeros), [false, true]);
    }

    proptest! {
        #[test]
        fn a_changed_byte_changes_its_block_and_no_other(
            seed: u8,
            at in 0..40_000usize,
            by in 1..=255u8,
            cut in 1..5usize,
        ) {
            let mut all: Vec<u8> = (0..40_000u32).map(|n| (n.wrapping_mul(n) >> 5) as u8 ^ seed).collect();
            let look = |all: &[u8], cut: usize| {
                let mut map = Map::new(all.len() as u64);
                for (index, piece) in all.chunks(cut * 4096).enumerate() {
                    map.take(&bytes((index * cut * 4096) as u64, piece));
                }
                map
            };
            let before = look(&all, cut);
            all[at] = all[at].wrapping_add(by);
            let changed = look(&all, 1).changed_since(&before);
            let expected: Vec<bool> = (0..changed.len()).map(|block| block == at / 4096).collect();
            prop_assert_eq!(changed, expected);
        }

        #[test]
        fn every_block_is_in_one_cell(size in 1..(1u64 << 45), cells in 1..3000usize) {
            let map = Map::new(size);
            let per_cell = map.bytes_per_cell(cells);
            let count = map.cells(per_cell);
            prop_assert!(count <= cells);
            let mut next = 0;
            for cell in 0..count {
                let blocks = map.blocks_of(cell, per_cell);
                prop_assert_eq!(blocks.start, next);
                prop_assert!(!blocks.is_empty());
                next = blocks.end;
            }
            prop_assert_eq!(next, map.blocks().len());
        }
    }
}
