//! The colors by role.

use ratatui::style::Color;

/// The colors by role. The sixteen that every terminal has are named, so that they follow
/// the user's scheme, light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Keys in the footer and in the help.
    pub key: Color,
    /// A new row, gauges and histories.
    pub fresh: Color,
    /// A changed row, a byte that changed a while ago.
    pub changed: Color,
    /// A byte that has just changed.
    pub hot: Color,
    /// The row of a destroyed segment.
    pub gone: Color,
    /// A failure.
    pub failure: Color,
    /// An unusual state: paused, released.
    pub banner: Color,
    /// The state *in use*.
    pub in_use: Color,
    /// The state *idle*.
    pub idle: Color,
    /// The state *orphan?*.
    pub possible_orphan: Color,
    /// The state *orphan*.
    pub orphan: Color,
    /// The state *removed*.
    pub removed: Color,
    /// A segment that every user may write to.
    pub writable: Color,
    /// A segment that is locked in memory.
    pub locked: Color,
    /// A segment of huge pages.
    pub huge: Color,
    /// Printable bytes.
    pub printable: Color,
    /// White space other than the space.
    pub space: Color,
    /// Control characters.
    pub control: Color,
    /// Bytes from 0x80 on.
    pub high: Color,
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
            in_use: Color::Green,
            idle: Color::Cyan,
            possible_orphan: Color::Yellow,
            orphan: Color::Red,
            removed: Color::Magenta,
            writable: Color::Yellow,
            locked: Color::Cyan,
            huge: Color::Magenta,
            printable: Color::Cyan,
            space: Color::Green,
            control: Color::Magenta,
            high: Color::Yellow,
        }
    }
}

/// A configurable color: its name, its field, and its use.
pub type Setting = (&'static str, fn(&mut Palette) -> &mut Color, &'static str);

/// Every color, in the order of the default configuration file.
pub const COLORS: [Setting; 19] = [
    (
        "key",
        |all| &mut all.key,
        "keys in the footer and in the help",
    ),
    (
        "fresh",
        |all| &mut all.fresh,
        "a new row, gauges and histories",
    ),
    (
        "changed",
        |all| &mut all.changed,
        "a changed row, a byte that changed a while ago",
    ),
    ("hot", |all| &mut all.hot, "a byte that has just changed"),
    (
        "gone",
        |all| &mut all.gone,
        "the row of a destroyed segment",
    ),
    ("failure", |all| &mut all.failure, "a failure"),
    ("banner", |all| &mut all.banner, "an unusual state: paused"),
    ("in-use", |all| &mut all.in_use, "the state in use"),
    ("idle", |all| &mut all.idle, "the state idle"),
    (
        "possible-orphan",
        |all| &mut all.possible_orphan,
        "the state orphan?",
    ),
    ("orphan", |all| &mut all.orphan, "the state orphan"),
    ("removed", |all| &mut all.removed, "the state removed"),
    (
        "writable",
        |all| &mut all.writable,
        "a world-writable segment",
    ),
    (
        "locked",
        |all| &mut all.locked,
        "a segment locked in memory",
    ),
    ("huge", |all| &mut all.huge, "a segment of huge pages"),
    ("printable", |all| &mut all.printable, "printable bytes"),
    ("space", |all| &mut all.space, "white space"),
    ("control", |all| &mut all.control, "control characters"),
    ("high", |all| &mut all.high, "bytes from 0x80 on"),
];
