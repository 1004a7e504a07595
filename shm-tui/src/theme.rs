//! Colors and drawing characters. Body text has the terminal's own colors,
//! so that it can be read on light and on dark; what carries meaning is also
//! marked without color.

use ratatui::style::{Color, Modifier, Style};

/// How the browser looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Whether there are colors at all.
    pub color: bool,
    /// Whether only ASCII is drawn.
    pub ascii: bool,
    /// The colors.
    pub palette: Palette,
}

/// What has which color. The sixteen that every terminal has are named, so
/// that they are those of the user's own scheme, light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Keys in the footer and in the help.
    pub key: Color,
    /// A new row.
    pub fresh: Color,
    /// A changed row, a byte that changed a while ago.
    pub changed: Color,
    /// A byte that has just changed.
    pub hot: Color,
    /// A row that is gone.
    pub gone: Color,
    /// A failure.
    pub failure: Color,
    /// Something that is not as usual: paused, held.
    pub banner: Color,
}

/// How the cells of the map look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapMarks {
    /// Never touched.
    pub hole: &'static str,
    /// Touched, but zeros only.
    pub zero: &'static str,
    /// Anything else.
    pub data: &'static str,
    /// Not as at the last look.
    pub changed: &'static str,
    /// The system does not tell.
    pub unknown: &'static str,
    /// A match begins in it.
    pub hit: &'static str,
}

impl Default for Palette {
    fn default() -> Self {
        Self {
            key: Color::Cyan,
            fresh: Color::Green,
            changed: Color::Yellow,
            hot: Color::Red,
            gone: Color::Red,
            failure: Color::Red,
            banner: Color::Yellow,
        }
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            color: true,
            ascii: false,
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

    /// What is less important than the rest.
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

    /// A row that is gone.
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

    /// Something that is not as usual: paused, held.
    #[must_use]
    pub fn banner(self) -> Style {
        self.colored(self.palette.banner, Modifier::BOLD)
            .add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }

    /// A byte by how lately it changed, from 3 to 0.
    #[must_use]
    pub fn heat(self, heat: u32) -> Style {
        match heat {
            0 => Style::new(),
            1 => self
                .colored(self.palette.changed, Modifier::UNDERLINED)
                .add_modifier(Modifier::UNDERLINED),
            2 => self.changed(),
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

    /// A byte that is not as in the snapshot.
    #[must_use]
    pub fn differs(self) -> Style {
        self.colored(self.palette.key, Modifier::ITALIC)
            .add_modifier(Modifier::ITALIC)
    }

    /// The cells of the map, and what they stand for.
    #[must_use]
    pub fn map(self) -> MapMarks {
        match self.ascii {
            true => MapMarks {
                hole: ".",
                zero: "0",
                data: "#",
                changed: "*",
                unknown: "?",
                hit: "@",
            },
            false => MapMarks {
                hole: "·",
                zero: "░",
                data: "▓",
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

    /// What stands where text was cut.
    #[must_use]
    pub fn ellipsis(self) -> &'static str {
        if self.ascii { "~" } else { "…" }
    }

    /// What stands before a marked row.
    #[must_use]
    pub fn mark(self) -> &'static str {
        if self.ascii { ">" } else { "•" }
    }

    /// The arrow beside the title of the column sorted by.
    #[must_use]
    pub fn arrow(self, descending: bool) -> &'static str {
        match (self.ascii, descending) {
            (false, false) => "▲",
            (false, true) => "▼",
            (true, false) => "^",
            (true, true) => "v",
        }
    }

    /// A horizontal line.
    #[must_use]
    pub fn rule(self) -> &'static str {
        if self.ascii { "-" } else { "─" }
    }

    /// The marks of a sparkline, from nothing to the most.
    #[must_use]
    pub fn levels(self) -> &'static str {
        if self.ascii {
            "_.:-=+*#"
        } else {
            "▁▂▃▄▅▆▇█"
        }
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
