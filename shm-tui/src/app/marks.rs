//! The segments that an action is meant for. A mark is for a segment, not for
//! a row: it goes when the segment goes, and stays when the row moves or is
//! filtered out.

use std::collections::BTreeMap;

use super::rows::Rows;
use crate::model::segment::{Id, Segment};

/// The marked segments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    segments: BTreeMap<Id, Segment>,
}

impl Marks {
    /// Whether `segment` is marked.
    #[must_use]
    pub fn has(&self, segment: &Segment) -> bool {
        let marked = self.segments.get(&segment.id);
        marked.is_some_and(|marked| marked.is_same(segment))
    }

    /// How many are marked.
    #[must_use]
    pub fn count(&self) -> usize {
        self.segments.len()
    }

    /// Those marked, as last seen, by identifier.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.segments.values()
    }

    /// Marks a segment.
    pub fn set(&mut self, segment: &Segment) {
        self.segments.insert(segment.id, *segment);
    }

    /// Marks a segment, or not any more.
    pub fn toggle(&mut self, segment: &Segment) {
        match self.has(segment) {
            true => _ = self.segments.remove(&segment.id),
            false => self.set(segment),
        }
    }

    /// Marks none.
    pub fn clear(&mut self) {
        self.segments.clear();
    }

    /// Follows what happened to the segments.
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
