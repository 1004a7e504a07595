//! Collects the matches of a search while the segment is scanned.

use std::ops::ControlFlow;
use std::ops::Range;

use super::search::Finder;
use crate::source::byte_scan::Piece;

/// How many matches are kept; with more, the pattern is not specific enough.
pub const MOST: usize = 1 << 16;

/// Collects matches from the pieces of a scan, whose overlap is one less than the length
/// of the pattern.
#[derive(Debug)]
pub struct Gather {
    finder: Finder,
    found: Vec<u64>,
    most: usize,
}

impl Gather {
    /// Creates an empty collection of at most `most` matches.
    #[must_use]
    pub fn new(finder: Finder, most: usize) -> Self {
        Self {
            finder,
            found: Vec::new(),
            most,
        }
    }

    /// Returns how many bytes of a piece must be repeated with the next one.
    #[must_use]
    pub fn overlap(&self) -> usize {
        self.finder.needle().len() - 1
    }

    /// Searches a piece; breaks when there are enough matches.
    pub fn take(&mut self, piece: &Piece<'_>) -> ControlFlow<()> {
        match piece {
            Piece::Bytes { offset, bytes, .. } => {
                // The carried bytes are too short for a match of their own.
                for at in self.finder.all(bytes) {
                    if self.found.len() >= self.most {
                        break;
                    }
                    self.found.push(*offset + at as u64);
                }
            }
            Piece::Zeros(range) if self.finder.needle().is_in_zeros() => {
                let starts = self.starts(range);
                let left = self.most - self.found.len();
                self.found.extend(starts.take(left));
            }
            Piece::Zeros(_) | Piece::Unknown(_) => {}
        }
        match self.found.len() >= self.most {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    /// Adds the matches that end in these zeros; the scan passed the zeros before them as
    /// bytes.
    fn starts(&self, zeros: &Range<u64>) -> Range<u64> {
        let before = self.overlap() as u64;
        zeros.start - before..zeros.end - before
    }

    /// Returns whether there are matches that were not reported yet.
    #[must_use]
    pub fn has_found(&self) -> bool {
        !self.found.is_empty()
    }

    /// Returns the matches found since the last call.
    pub fn found(&mut self) -> Vec<u64> {
        let found = std::mem::take(&mut self.found);
        self.most -= found.len();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::bytes::search::Needle;
    use crate::model::segment::Segment;
    use crate::source::byte_scan::ByteScan;
    use crate::source::fake::{Fake, System};
    use crate::source::{Source as _, SourceError};
    use proptest::prelude::*;

    fn search(
        text: &str,
        bytes: &[u8],
        size: u64,
        unreported: Range<u64>,
        most: usize,
    ) -> Vec<u64> {
        let segment = Segment {
            size,
            ..Segment::default()
        };
        let fake = Fake::new(System {
            segments: [(0, segment)].into(),
            bytes: [(0, bytes.to_vec())].into(),
            unreported: [(0, unreported)].into(),
            ..System::default()
        });
        let contents = fake.open(&segment.identity()).unwrap();
        let needle = Needle::parse(text, false).unwrap();
        let mut gather = Gather::new(Finder::new(needle), most);
        let mut scan = ByteScan::of(0..size);
        scan.overlap = gather.overlap();
        scan.run::<SourceError>(&*contents, &mut |_| true, &mut |piece| {
            Ok(gather.take(&piece))
        })
        .unwrap();
        gather.found()
    }

    #[test]
    fn a_match_may_lie_across_two_pieces_and_across_the_edge_of_a_hole() {
        let piece = crate::source::byte_scan::PIECE;
        let mut bytes = vec![1; piece + 10];
        bytes[piece - 2..piece + 2].copy_from_slice(b"abcd");
        assert_eq!(search("abcd", &bytes, 1 << 20, 0..0, 9), [piece as u64 - 2]);
        assert_eq!(
            search("x:01 00 00", &bytes, 1 << 20, 0..0, 9),
            [piece as u64 + 9]
        );
    }

    #[test]
    fn there_may_be_too_many() {
        assert_eq!(search("x:00", &[], 1 << 40, 0..0, 4), [0, 1, 2, 3]);
    }

    proptest! {
        #[test]
        fn it_finds_what_a_naive_search_finds(
            bytes in proptest::collection::vec(0..2u8, 0..40),
            size in 40..80u64,
            needle in proptest::collection::vec(0..2u8, 1..6),
            unreported in (0..80u64, 0..80u64),
        ) {
            let unreported = unreported.0.min(unreported.1)..unreported.0.max(unreported.1);
            let text: String = needle.iter().map(|byte| format!("{byte:02x}")).collect();
            let mut all: Vec<Option<u8>> = bytes.iter().copied().map(Some).collect();
            all.resize(size as usize, Some(0));
            for at in unreported.clone().filter(|at| *at < size) {
                all[at as usize] = None;
            }
            let wanted: Vec<Option<u8>> = needle.iter().copied().map(Some).collect();
            let expected: Vec<u64> = all
                .windows(needle.len())
                .zip(0..)
                .filter(|(window, _)| *window == &wanted[..])
                .map(|(_, at)| at)
                .collect();
            prop_assert_eq!(search(&format!("x:{text}"), &bytes, size, unreported, 1000), expected);
        }
    }
}
