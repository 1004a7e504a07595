//! Results of jobs on the displayed segment: matches, the map, snapshots and their
//! differences, and the file to load.

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
    /// The pattern.
    pub needle: Needle,
    /// The cursor before the search.
    pub origin: u64,
    /// The offsets of the matches, in order.
    pub hits: Vec<u64>,
    /// Whether the cursor goes to the first match after the origin.
    pub jump: bool,
    /// How it ended; `None` while it runs.
    pub end: Option<Searched>,
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Searched {
    /// Whether there may be more matches.
    pub more: bool,
    /// Bytes of unknown state.
    pub unknown: u64,
}

impl Search {
    /// Returns the first match at or after an offset, else the first of all.
    #[must_use]
    pub fn next(&self, from: u64) -> Option<u64> {
        let index = self.hits.partition_point(|hit| *hit < from);
        self.hits.get(index).or(self.hits.first()).copied()
    }

    /// Returns the last match before an offset, else the last of all.
    #[must_use]
    pub fn previous(&self, before: u64) -> Option<u64> {
        let index = self.hits.partition_point(|hit| *hit < before);
        let found = index.checked_sub(1).and_then(|index| self.hits.get(index));
        found.or(self.hits.last()).copied()
    }

    /// Returns the number of the match at an offset, counted from 1.
    #[must_use]
    pub fn ordinal(&self, at: u64) -> Option<usize> {
        self.hits.binary_search(&at).ok().map(|index| index + 1)
    }

    /// Returns whether a match begins in a range.
    #[must_use]
    pub fn any_in(&self, range: &Range<u64>) -> bool {
        let index = self.hits.partition_point(|hit| *hit < range.start);
        self.hits.get(index).is_some_and(|hit| *hit < range.end)
    }
}

/// The map of the segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapView {
    /// The latest map.
    pub map: Option<Map>,
    /// The blocks that differ from the map before.
    pub changed: Vec<bool>,
    /// Bytes of unknown state.
    pub unknown: u64,
    /// The cell at the cursor.
    pub cell: usize,
}

/// The snapshots and their differences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The snapshots, oldest first.
    pub snapshots: Vec<Arc<Snapshot>>,
    /// The number of the latest snapshot.
    pub taken: u64,
    /// The older side of the comparison.
    pub before: usize,
    /// The newer side; `None` is the current contents.
    pub after: Option<usize>,
    /// The differences, once compared.
    pub difference: Option<Difference>,
    /// The selected range.
    pub cursor: Cursor,
}

impl Comparison {
    /// Returns the differing ranges.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        self.difference
            .as_ref()
            .map_or(&[], |difference| &difference.changes)
    }

    /// Returns whether the byte at an offset is in one of them.
    #[must_use]
    pub fn differs(&self, at: u64) -> bool {
        let changes = self.changes();
        let index = changes.partition_point(|change| change.range.end <= at);
        changes
            .get(index)
            .is_some_and(|change| change.range.contains(&at))
    }
}

/// A file to load into the segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loading {
    /// The file.
    pub path: PathBuf,
    /// The offset for its bytes.
    pub offset: u64,
    /// What loading it would do.
    pub weight: LoadPreview,
}

impl Loading {
    /// Returns the range that it overwrites.
    #[must_use]
    pub fn range(&self) -> Range<u64> {
        self.offset..self.offset.saturating_add(self.weight.length)
    }
}
