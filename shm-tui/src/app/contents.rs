//! The view into one segment: which part of it is shown and what was read.

use std::ops::Range;

use ratatui::layout::Rect;

use super::findings::{Comparison, Loading, MapView, Search};
use crate::model::bytes::change::Tracked;
use crate::model::bytes::inspect::Endian;
use crate::model::bytes::window::{self, Window};
use crate::model::segment::Identity;

/// How far the reading has got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadState {
    /// Asked for, nothing read yet.
    Opening,
    /// Attached, and read again and again.
    Live,
    /// Attached, and standing still because the user said so.
    Held,
    /// Not attached any more, and why; what was read last is still shown.
    Frozen(String),
    /// Never attached, and why.
    Failed(String),
}

/// The view into one segment.
#[derive(Clone, Debug)]
pub struct ContentsView {
    /// The segment.
    pub target: Identity,
    /// The part that is shown.
    pub window: Window,
    /// The bytes last read, and which of them changed.
    pub tracked: Tracked,
    /// How many of these bytes the system tells nothing about.
    pub unknown: u64,
    /// How far the reading has got.
    pub state: ReadState,
    /// Bytes that are shown as one number.
    pub group: u64,
    /// The order of the bytes in a number.
    pub endian: Endian,
    /// Whether the values at the cursor are shown.
    pub inspector: bool,
    /// Where the selection began.
    pub anchor: Option<u64>,
    /// Whether the next key says how to copy.
    pub copying: bool,
    /// Whether jobs read what the system tells nothing about.
    pub read_unknown: bool,
    /// What is searched for.
    pub search: Option<Search>,
    /// What is where.
    pub map: MapView,
    /// What was different before.
    pub comparison: Comparison,
    /// What is about to be written.
    pub loading: Option<Loading>,
}

impl ContentsView {
    /// A view at the start of `target`, with nothing read yet.
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
            loading: None,
        }
    }

    /// Fits the window to the part of the screen it has.
    pub fn fit(&mut self, area: Rect) {
        let digits = window::offset_digits(self.window.size);
        let per_row = window::bytes_per_row(area.width, digits, self.group);
        self.window.resize(per_row, area.height.into());
    }

    /// Whether the segment is attached, or about to be.
    #[must_use]
    pub fn is_attached(&self) -> bool {
        matches!(
            self.state,
            ReadState::Opening | ReadState::Live | ReadState::Held
        )
    }

    /// What is selected, if anything.
    #[must_use]
    pub fn selection(&self) -> Option<Range<u64>> {
        let anchor = self.anchor?;
        let cursor = self.window.cursor;
        Some(anchor.min(cursor)..anchor.max(cursor) + 1)
    }

    /// What has to be read: what is shown, and so much around it that a match
    /// or a value that is only partly on the screen can be told.
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

    /// The bytes from an offset on, as far as they were read.
    #[must_use]
    pub fn bytes_from(&self, offset: u64) -> &[u8] {
        let from = offset.checked_sub(self.tracked.offset());
        let from = from.and_then(|from| usize::try_from(from).ok());
        from.and_then(|from| self.tracked.bytes().get(from..))
            .unwrap_or_default()
    }

    /// The bytes of a range, if all of them were read.
    #[must_use]
    pub fn bytes_of(&self, range: &Range<u64>) -> Option<&[u8]> {
        let length = usize::try_from(range.end - range.start).ok()?;
        self.bytes_from(range.start).get(..length)
    }
}
