//! What was found in the segment that is shown: matches, its map, snapshots
//! and what is different between them, and what is about to be written to it.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::cursor::Cursor;
use super::job::LoadPreview;
use crate::model::bytes::map::Map;
use crate::model::bytes::search::Needle;
use crate::source::snapshot::{Change, Difference, Snapshot};

/// A search and its matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// What is searched for.
    pub needle: Needle,
    /// Where the cursor was before.
    pub origin: u64,
    /// Where matches begin, in order.
    pub hits: Vec<u64>,
    /// Whether the cursor is to go to the first match from the origin on.
    pub jump: bool,
    /// How it ended; nothing while it goes on.
    pub end: Option<Searched>,
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Searched {
    /// Whether there may be more matches.
    pub more: bool,
    /// Bytes that the system tells nothing about.
    pub unknown: u64,
}

impl Search {
    /// The first match at or after an offset, else the first of all.
    #[must_use]
    pub fn next(&self, from: u64) -> Option<u64> {
        let index = self.hits.partition_point(|hit| *hit < from);
        self.hits.get(index).or(self.hits.first()).copied()
    }

    /// The last match before an offset, else the last of all.
    #[must_use]
    pub fn previous(&self, before: u64) -> Option<u64> {
        let index = self.hits.partition_point(|hit| *hit < before);
        let found = index.checked_sub(1).and_then(|index| self.hits.get(index));
        found.or(self.hits.last()).copied()
    }

    /// Which match begins at an offset, counted from 1.
    #[must_use]
    pub fn ordinal(&self, at: u64) -> Option<usize> {
        self.hits.binary_search(&at).ok().map(|index| index + 1)
    }

    /// Whether a match begins in a range.
    #[must_use]
    pub fn any_in(&self, range: &Range<u64>) -> bool {
        let index = self.hits.partition_point(|hit| *hit < range.start);
        self.hits.get(index).is_some_and(|hit| *hit < range.end)
    }
}

/// What is where in the segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapView {
    /// The last look.
    pub map: Option<Map>,
    /// Which blocks were different at the look before.
    pub changed: Vec<bool>,
    /// Bytes that the system tells nothing about.
    pub unknown: u64,
    /// The cell at the cursor.
    pub cell: usize,
}

/// The snapshots, and what is different.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The snapshots, the oldest first.
    pub snapshots: Vec<Arc<Snapshot>>,
    /// How many were taken: the number of the last one.
    pub taken: u64,
    /// Which is compared.
    pub before: usize,
    /// With which; nothing is what is there now.
    pub after: Option<usize>,
    /// What is different, once it was looked at.
    pub difference: Option<Difference>,
    /// The range at the cursor of the list.
    pub cursor: Cursor,
}

impl Comparison {
    /// The ranges that are different.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        self.difference
            .as_ref()
            .map_or(&[], |difference| &difference.changes)
    }

    /// Whether the byte at an offset is in one of them.
    #[must_use]
    pub fn differs(&self, at: u64) -> bool {
        let changes = self.changes();
        let index = changes.partition_point(|change| change.range.end <= at);
        changes
            .get(index)
            .is_some_and(|change| change.range.contains(&at))
    }
}

/// A file that is about to be written to the segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loading {
    /// The file.
    pub path: PathBuf,
    /// Where its bytes go.
    pub offset: u64,
    /// What that means.
    pub weight: LoadPreview,
}

impl Loading {
    /// What is written over.
    #[must_use]
    pub fn range(&self) -> Range<u64> {
        self.offset..self.offset.saturating_add(self.weight.length)
    }
}
