//! The view of one segment: the displayed part and its bytes.

use std::ops::Range;

use ratatui::layout::Rect;

use super::findings::{Comparison, Loading, MapView, Search};
use crate::model::bytes::change::Tracked;
use crate::model::bytes::inspect::Endian;
use crate::model::bytes::window::{self, Window};
use crate::model::segment::Identity;
use crate::model::structure::{self, Recognized};

/// The state of reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadState {
    /// Requested, nothing read yet.
    Opening,
    /// Attached and read repeatedly.
    Live,
    /// Attached and paused by the user.
    Held,
    /// Detached, for this reason; the bytes read last are still shown.
    Frozen(String),
    /// Never attached, for this reason.
    Failed(String),
}

/// The view of one segment.
#[derive(Clone, Debug)]
pub struct ContentsView {
    /// The segment.
    pub target: Identity,
    /// The displayed part.
    pub window: Window,
    /// The bytes read last, and which of them changed.
    pub tracked: Tracked,
    /// How many of these bytes are of unknown state.
    pub unknown: u64,
    /// The state of reading.
    pub state: ReadState,
    /// Bytes that form one number.
    pub group: u64,
    /// The order of the bytes in a number.
    pub endian: Endian,
    /// Whether the inspector is shown.
    pub inspector: bool,
    /// Where the selection begins.
    pub anchor: Option<u64>,
    /// Whether the next key selects the copy format.
    pub copying: bool,
    /// Whether jobs read pages of unknown state.
    pub read_unknown: bool,
    /// The search.
    pub search: Option<Search>,
    /// The map.
    pub map: MapView,
    /// The comparison of snapshots.
    pub comparison: Comparison,
    /// The structure that the segment begins with, if it is a known one.
    pub structure: Option<Recognized>,
    /// The file to load.
    pub loading: Option<Loading>,
}

impl ContentsView {
    /// Creates a view at the start of `target`, with nothing read yet.
    #[must_use]
    pub fn new(target: Identity) -> Self {
        Self {
            target,
            window: Window::new(target.size),
            tracked: Tracked::default(),
            unknown: 0,
            state: ReadState::Opening,
            group: 1,
            endian: Endian::Little,
            inspector: false,
            anchor: None,
            copying: false,
            read_unknown: false,
            search: None,
            map: MapView::default(),
            comparison: Comparison::default(),
            structure: None,
            loading: None,
        }
    }

    /// Fits the window to its part of the screen.
    pub fn fit(&mut self, area: Rect) {
        let digits = window::offset_digits(self.window.size);
        let per_row = window::bytes_per_row(area.width, digits, self.group);
        self.window.resize(per_row, area.height.into());
    }

    /// Returns whether the segment is attached, or about to be.
    #[must_use]
    pub fn is_attached(&self) -> bool {
        matches!(
            self.state,
            ReadState::Opening | ReadState::Live | ReadState::Held
        )
    }

    /// Returns the selection, if any.
    #[must_use]
    pub fn selection(&self) -> Option<Range<u64>> {
        let anchor = self.anchor?;
        let cursor = self.window.cursor;
        Some(anchor.min(cursor)..anchor.max(cursor) + 1)
    }

    /// Returns the range to read: the displayed part, and enough around it to recognize a
    /// match or a value that is only partly on the screen.
    #[must_use]
    pub fn needed(&self) -> Range<u64> {
        let around = self.search.as_ref().map_or(0, |search| {
            u64::try_from(search.needle.len() - 1).unwrap_or(0)
        });
        let behind = around.max(window::LOOKAHEAD);
        let window = &self.window;
        let end = window.top.saturating_add(window.len());
        window.top.saturating_sub(around)..end.saturating_add(behind).min(window.size)
    }

    /// Looks for a known structure, if the bytes read last are those at the start.
    /// Returns whether they are.
    pub fn recognize(&mut self) -> bool {
        let size = usize::try_from(self.target.size).unwrap_or(usize::MAX);
        let Some(head) = self.bytes_of(&(0..structure::HEAD.min(size) as u64)) else {
            return false;
        };
        self.structure = structure::recognize(head, self.target.size);
        true
    }

    /// Returns the bytes from an offset on, as far as they were read.
    #[must_use]
    pub fn bytes_from(&self, offset: u64) -> &[u8] {
        let from = offset.checked_sub(self.tracked.offset());
        let from = from.and_then(|from| usize::try_from(from).ok());
        from.and_then(|from| self.tracked.bytes().get(from..))
            .unwrap_or_default()
    }

    /// Returns the bytes of a range, if all of them were read.
    #[must_use]
    pub fn bytes_of(&self, range: &Range<u64>) -> Option<&[u8]> {
        let length = usize::try_from(range.end - range.start).ok()?;
        self.bytes_from(range.start).get(..length)
    }
}
