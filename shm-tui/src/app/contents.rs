//! The view into one segment: which part of it is shown and what was read.

use ratatui::layout::Rect;

use crate::model::bytes::change::Tracked;
use crate::model::bytes::window::{self, Window};
use crate::model::segment::Identity;

/// How far the reading has got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
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
    pub standing: Standing,
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
            standing: Standing::Opening,
        }
    }

    /// Fits the window to the part of the screen it has.
    pub fn fit(&mut self, area: Rect) {
        let digits = window::offset_digits(self.window.size);
        let per_row = window::bytes_per_row(area.width, digits);
        self.window.resize(per_row, area.height.into());
    }

    /// Whether the segment is attached, or about to be.
    #[must_use]
    pub fn is_attached(&self) -> bool {
        matches!(
            self.standing,
            Standing::Opening | Standing::Live | Standing::Held
        )
    }
}
