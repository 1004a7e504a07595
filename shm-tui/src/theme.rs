//! Colors and drawing characters. Body text has the terminal's own colors, so that it is
//! readable on light and dark; everything that color conveys is also marked without
//! color.

use ratatui::style::{Color, Modifier, Style};

mod meaning;
mod palette;

pub use meaning::{FLAGS, Flag, flags, word};
pub use palette::{COLORS, Palette, Setting};

/// How the browser looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Whether colors are used.
    pub color: bool,
    /// Whether only ASCII is used.
    pub ascii: bool,
    /// Whether words stand for lines, bars and signs, as screen readers need them.
    pub plain: bool,
    /// The colors.
    pub palette: Palette,
}

/// The characters of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapMarks {
    /// Never touched.
    pub hole: &'static str,
    /// Touched, but zeros only.
    pub zero: &'static str,
    /// Data, from a few of its pages to all of them.
    pub data: [&'static str; 8],
    /// Changed since the last map.
    pub changed: &'static str,
    /// Unknown.
    pub unknown: &'static str,
    /// A match begins in it.
    pub hit: &'static str,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            color: true,
            ascii: false,
            plain: false,
            palette: Palette::default(),
        }
    }
}

impl Theme {
    fn colored(self, color: Color, otherwise: Modifier) -> Style {
        match self.color {
            true => Style::new().fg(color),
            false => Style::new().add_modifier(otherwise),
        }
    }

    /// Ordinary text.
    #[must_use]
    pub fn plain(self) -> Style {
        Style::new()
    }

    /// Titles of columns and panes.
    #[must_use]
    pub fn title(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Less important text.
    #[must_use]
    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// The selected row, the cursor.
    #[must_use]
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// Keys in the footer and in the help.
    #[must_use]
    pub fn key(self) -> Style {
        self.colored(self.palette.key, Modifier::BOLD)
            .add_modifier(Modifier::BOLD)
    }

    /// A new row, a good state.
    #[must_use]
    pub fn fresh(self) -> Style {
        self.colored(self.palette.fresh, Modifier::BOLD)
    }

    /// A changed row, a changed byte.
    #[must_use]
    pub fn changed(self) -> Style {
        self.colored(self.palette.changed, Modifier::BOLD)
    }

    /// The row of a destroyed segment.
    #[must_use]
    pub fn gone(self) -> Style {
        self.colored(self.palette.gone, Modifier::DIM)
            .add_modifier(Modifier::CROSSED_OUT)
    }

    /// A failure.
    #[must_use]
    pub fn failure(self) -> Style {
        self.colored(self.palette.failure, Modifier::BOLD)
            .add_modifier(Modifier::BOLD)
    }

    /// An unusual state: paused, released.
    #[must_use]
    pub fn banner(self) -> Style {
        self.colored(self.palette.banner, Modifier::BOLD)
            .add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }

    /// A byte by its heat, from 3 to 0.
    #[must_use]
    pub fn heat(self, heat: u32) -> Style {
        match heat {
            0 => Style::new(),
            1 => self
                .colored(self.palette.changed, Modifier::UNDERLINED)
                .add_modifier(Modifier::UNDERLINED),
            2 => self
                .changed()
                .add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            _ => self
                .colored(self.palette.hot, Modifier::BOLD)
                .add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        }
    }

    fn on(self, color: Color, otherwise: Modifier) -> Style {
        match self.color {
            true => Style::new().fg(Color::Black).bg(color),
            false => Style::new().add_modifier(Modifier::REVERSED | otherwise),
        }
    }

    /// A match of the search.
    #[must_use]
    pub fn hit(self) -> Style {
        self.on(self.palette.banner, Modifier::DIM)
    }

    /// The selection.
    #[must_use]
    pub fn marked(self) -> Style {
        self.on(self.palette.key, Modifier::ITALIC)
    }

    /// A byte that differs from the snapshot.
    #[must_use]
    pub fn differs(self) -> Style {
        self.colored(self.palette.key, Modifier::ITALIC)
            .add_modifier(Modifier::ITALIC)
    }

    /// Returns the characters of the map.
    #[must_use]
    pub fn map(self) -> MapMarks {
        match self.ascii {
            true => MapMarks {
                hole: ".",
                zero: "0",
                data: ["1", "2", "3", "4", "5", "6", "7", "8"],
                changed: "*",
                unknown: "?",
                hit: "@",
            },
            false => MapMarks {
                hole: "·",
                zero: "░",
                data: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
                changed: "◆",
                unknown: "?",
                hit: "●",
            },
        }
    }

    /// A message for the user.
    #[must_use]
    pub fn notice(self, failed: bool) -> Style {
        match failed {
            true => self.failure(),
            false => self.title(),
        }
    }

    /// Marks cut text.
    #[must_use]
    pub fn ellipsis(self) -> &'static str {
        if self.ascii { "~" } else { "…" }
    }

    /// Marks a row.
    #[must_use]
    pub fn mark(self) -> &'static str {
        if self.ascii { ">" } else { "•" }
    }

    /// Returns the arrow beside the title of the sort column.
    #[must_use]
    pub fn arrow(self, descending: bool) -> &'static str {
        match (self.ascii, descending) {
            (_, false) if self.plain => "ascending",
            (_, true) if self.plain => "descending",
            (false, false) => "▲",
            (false, true) => "▼",
            (true, false) => "^",
            (true, true) => "v",
        }
    }

    /// What stands before the heading of a group, by whether it is collapsed.
    #[must_use]
    pub fn fold(self, collapsed: bool) -> &'static str {
        match (self.ascii, collapsed) {
            (_, false) if self.plain => "group",
            (_, true) if self.plain => "collapsed group",
            (false, false) => "▾",
            (false, true) => "▸",
            (true, false) => "-",
            (true, true) => "+",
        }
    }

    /// A horizontal line.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match (self.plain, self.ascii) {
            (true, _) => " ",
            (false, true) => "-",
            (false, false) => "─",
        }
    }

    /// Returns the characters of a sparkline, from lowest to highest.
    #[must_use]
    pub fn levels(self) -> &'static str {
        if self.ascii {
            "_.:-=+*#"
        } else {
            "▁▂▃▄▅▆▇█"
        }
    }

    /// The fillings of a cell of a bar, from a little to all of it.
    #[must_use]
    pub fn bar_steps(self) -> &'static [&'static str] {
        match self.ascii {
            true => &["#"],
            false => &["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
        }
    }

    /// A cell of a bar that stands for what is swapped out.
    #[must_use]
    pub fn hatch(self) -> &'static str {
        if self.ascii { "=" } else { "▒" }
    }

    /// The full and the empty cell of a gauge.
    #[must_use]
    pub fn gauge(self) -> (&'static str, &'static str) {
        if self.ascii {
            ("#", ".")
        } else {
            ("█", "░")
        }
    }
}
