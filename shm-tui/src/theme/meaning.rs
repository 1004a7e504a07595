//! Colors and signs of states, flags and classes of bytes. Each has a sign too, so that
//! nothing depends on colors.

use ratatui::style::{Color, Modifier, Style};

use super::Theme;
use crate::model::bytes::class::Class;
use crate::model::segment::Segment;
use crate::model::state::State;

/// A property of a segment that deserves a warning or a note, beside its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// Every user may write to it.
    Writable,
    /// It is never swapped out.
    Locked,
    /// It is made of huge pages.
    Huge,
}

/// Every flag, with its sign and its word.
pub const FLAGS: [(Flag, char, &str); 3] = [
    (Flag::Writable, 'W', "world-writable"),
    (Flag::Locked, 'L', "locked in memory"),
    (Flag::Huge, 'H', "huge pages"),
];

/// The word for a flag.
#[must_use]
pub fn word(flag: Flag) -> &'static str {
    let known = FLAGS.iter().find(|(known, _, _)| *known == flag);
    known.map_or("", |(_, _, word)| word)
}

/// Returns the flags of a segment with their signs, in the order of [`FLAGS`].
pub fn flags(segment: &Segment) -> impl Iterator<Item = (Flag, char)> + use<> {
    let set = [
        segment.is_world_writable(),
        segment.flags.locked,
        segment.flags.huge,
    ];
    let flags = FLAGS.into_iter().zip(set);
    flags.filter_map(|((flag, sign, _), set)| set.then_some((flag, sign)))
}

impl Theme {
    /// Returns the sign of a state.
    #[must_use]
    pub fn state_sign(self, state: State) -> &'static str {
        match (state, self.ascii) {
            // The word beside it says it.
            _ if self.plain => " ",
            (State::InUse, false) => "●",
            (State::InUse, true) => "*",
            (State::Idle, false) => "○",
            (State::Idle, true) => "o",
            (State::PossibleOrphan, _) => "?",
            (State::LikelyOrphan, _) => "!",
            (State::Removed, false) => "×",
            (State::Removed, true) => "x",
            (State::Unknown, false) => "·",
            (State::Unknown, true) => ".",
        }
    }

    /// Returns the style of a state.
    #[must_use]
    pub fn state(self, state: State) -> Style {
        let palette = self.palette;
        match state {
            State::InUse => self.of(palette.in_use),
            State::Idle => self.of(palette.idle),
            State::PossibleOrphan => self.of(palette.possible_orphan),
            State::LikelyOrphan => self.of(palette.orphan).add_modifier(Modifier::BOLD),
            State::Removed => self.of(palette.removed),
            State::Unknown => self.dim(),
        }
    }

    /// Returns the style of a flag.
    #[must_use]
    pub fn flag(self, flag: Flag) -> Style {
        let palette = self.palette;
        let color = match flag {
            Flag::Writable => palette.writable,
            Flag::Locked => palette.locked,
            Flag::Huge => palette.huge,
        };
        self.of(color).add_modifier(Modifier::BOLD)
    }

    /// Returns the style of a class of bytes.
    #[must_use]
    pub fn class(self, class: Class) -> Style {
        let palette = self.palette;
        match class {
            Class::Zero => self.dim(),
            Class::Printable => self.of(palette.printable),
            Class::Space => self.of(palette.space),
            Class::Control => self.of(palette.control),
            Class::High => self.of(palette.high),
        }
    }

    /// Returns the text for an unprintable byte.
    #[must_use]
    pub fn class_sign(self, class: Class) -> &'static str {
        match (class, self.ascii) {
            (Class::Zero, false) => "·",
            (Class::Space, false) => "_",
            (Class::Control, false) => "•",
            (Class::High, false) => "×",
            (Class::Printable, _) => " ",
            (_, true) => ".",
        }
    }

    /// The color of data in the map.
    #[must_use]
    pub fn data(self) -> Style {
        self.of(self.palette.printable)
    }

    /// Returns the style of a color; without colors no style, because a sign has the same
    /// meaning.
    fn of(self, color: Color) -> Style {
        match self.color {
            true => Style::new().fg(color),
            false => Style::new(),
        }
    }
}
