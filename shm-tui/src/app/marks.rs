//! The marked segments, to which an action applies. A mark belongs to a segment, not to a
//! row: it disappears with the segment, and stays when the row moves or is filtered out.

use std::collections::BTreeMap;

use super::rows::Rows;
use crate::model::segment::{Id, Segment};

/// The marked segments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    segments: BTreeMap<Id, Segment>,
}

impl Marks {
    /// Returns whether `segment` is marked.
    #[must_use]
    pub fn has(&self, segment: &Segment) -> bool {
        let marked = self.segments.get(&segment.id);
        marked.is_some_and(|marked| marked.is_same(segment))
    }

    /// Returns the number of marks.
    #[must_use]
    pub fn count(&self) -> usize {
        self.segments.len()
    }

    /// Returns the marked segments, as last seen, by identifier.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.segments.values()
    }

    /// Marks a segment.
    pub fn set(&mut self, segment: &Segment) {
        self.segments.insert(segment.id, *segment);
    }

    /// Toggles the mark of a segment.
    pub fn toggle(&mut self, segment: &Segment) {
        match self.has(segment) {
            true => _ = self.segments.remove(&segment.id),
            false => self.set(segment),
        }
    }

    /// Clears the marks.
    pub fn clear(&mut self) {
        self.segments.clear();
    }

    /// Updates the marks after changes of the segments.
    pub fn follow(&mut self, rows: &Rows) {
        self.segments.retain(|id, marked| match rows.segment(*id) {
            Some(now) if marked.is_same(now) => {
                *marked = *now;
                true
            }
            _ => false,
        });
    }
}
