//! The configuration file.
//!
//! TOML. An unknown setting is an error that shows the line, so that a typing mistake is
//! noticed. The command line overrides the file. Script commands do not read it, so that
//! their output is the same for everybody.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use ratatui::style::Color;
use serde::{Deserialize, Deserializer};

use crate::app::keymap::{Changes, Keymap};
use crate::cli;
use crate::model::column::Column;
use crate::model::query::Filter;
use crate::model::sort::Sort;
use crate::theme::{COLORS, Palette};

mod print;
mod save;

pub use print::default_file;
pub use save::save;

/// The settings of the file; `None` means the default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Refresh interval.
    pub rate: Option<Duration>,
    /// Columns, in order.
    pub columns: Option<Vec<Column>>,
    /// Sort order.
    pub sort: Option<Sort>,
    /// The filter.
    pub filter: Option<String>,
    /// Whether the details are shown.
    pub details: Option<bool>,
    /// Whether mouse events are enabled.
    pub mouse: Option<bool>,
    /// Whether only ASCII is used.
    pub ascii: Option<bool>,
    /// Whether words stand for lines, bars and signs.
    pub plain: Option<bool>,
    /// Whether colors are used.
    pub color: Option<bool>,
    /// The colors.
    pub palette: Palette,
    /// Key bindings.
    pub keymap: Keymap,
}

/// The file, before it is validated as a whole.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    rate: Option<f64>,
    columns: Option<Vec<Text<Column>>>,
    sort: Option<Text<Sort>>,
    filter: Option<String>,
    details: Option<bool>,
    mouse: Option<bool>,
    ascii: Option<bool>,
    plain: Option<bool>,
    #[serde(alias = "colour")]
    color: Option<bool>,
    #[serde(alias = "colours")]
    colors: ColorNames,
    keys: Changes,
}

/// The colors in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
struct ColorNames(BTreeMap<Purpose, Text<ColorName>>);

impl ColorNames {
    fn palette(self) -> Palette {
        let mut palette = Palette::default();
        for (Purpose(name), Text(ColorName(color))) in self.0 {
            let setting = COLORS.iter().find(|(known, _, _)| *known == name);
            if let Some((_, place, _)) = setting {
                *place(&mut palette) = color;
            }
        }
        palette
    }
}

/// What a color is for.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Purpose(&'static str);

impl<'de> Deserialize<'de> for Purpose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let known = COLORS.iter().find(|(name, _, _)| *name == text);
        known.map(|(name, _, _)| Self(name)).ok_or_else(|| {
            let names = COLORS.map(|(name, _, _)| name).join(", ");
            serde::de::Error::custom(format!("unknown color `{text}`; there are {names}"))
        })
    }
}

/// A color whose error lists the valid ones.
#[derive(Debug)]
struct ColorName(Color);

impl FromStr for ColorName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| {
            format!(
                "`{text}` is not a color: black, red, green, yellow, blue, magenta, cyan, gray, \
                 dark-gray, light-red, light-green, light-yellow, light-blue, light-magenta, \
                 light-cyan, white, reset, a number from 0 to 255, or #rrggbb"
            )
        })
    }
}

/// A value that is parsed from text.
#[derive(Debug)]
struct Text<T>(T);

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

impl Config {
    /// Parses the text of a file.
    ///
    /// # Errors
    ///
    /// Returns a message of several lines: the wrong line, and the reason.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        if let Some(filter) = &file.filter {
            // On its own lines, because the caret must be below the error.
            Filter::parse(filter).map_err(|error| format!("filter:\n{}", error.explain(filter)))?;
        }
        let columns = |list: Vec<Text<Column>>| match list.is_empty() {
            true => Err("columns: a table needs at least one".to_owned()),
            false => Ok(list.into_iter().map(|Text(column)| column).collect()),
        };
        Ok(Self {
            rate: file
                .rate
                .map(cli::rate)
                .transpose()
                .map_err(|why| format!("rate: {why}"))?,
            columns: file.columns.map(columns).transpose()?,
            sort: file.sort.map(|Text(sort)| sort),
            filter: file.filter,
            details: file.details,
            mouse: file.mouse,
            ascii: file.ascii,
            plain: file.plain,
            color: file.color,
            palette: file.colors.palette(),
            keymap: Keymap::with(&file.keys).map_err(|error| error.to_string())?,
        })
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    ///
    /// If it cannot be read or parsed.
    pub fn load(path: &Path) -> io::Result<Self> {
        let wrong = |why: String| {
            let path = path.display();
            io::Error::other(format!("cannot use the configuration {path}: {why}"))
        };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        Self::parse(&text).map_err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keymap::Place;
    use ratatui::crossterm::event::{KeyCode, KeyModifiers};

    #[test]
    fn everything_can_be_set() {
        let config = Config::parse(
            r##"
            rate = 2
            columns = ["id", "size"]
            sort = "-size"
            filter = "owner=root"
            details = false
            mouse = false
            ascii = true
            color = false
            [colors]
            hot = "#ff0000"
            gone = "dark-gray"
            [keys.list]
            quit = ["Ctrl-Q", "F10"]
            "##,
        )
        .unwrap();
        assert_eq!(config.rate, Some(Duration::from_secs(2)));
        assert_eq!(config.columns, Some(vec![Column::Id, Column::Size]));
        assert_eq!(config.sort, Some("-size".parse().unwrap()));
        assert_eq!(config.filter.as_deref(), Some("owner=root"));
        let switches = [config.details, config.mouse, config.ascii, config.color];
        assert_eq!(
            switches,
            [Some(false), Some(false), Some(true), Some(false)]
        );
        assert_eq!(config.palette.hot, Color::Rgb(255, 0, 0));
        assert_eq!(config.palette.gone, Color::DarkGray);
        assert_eq!(config.palette.key, Palette::default().key);
        let quit = |code, modifiers| config.keymap.command(Place::List, code, modifiers);
        assert!(quit(KeyCode::Char('q'), KeyModifiers::CONTROL).is_some());
        assert!(quit(KeyCode::F(10), KeyModifiers::NONE).is_some());
        assert_eq!(quit(KeyCode::Char('q'), KeyModifiers::NONE), None);
    }

    #[test]
    fn the_british_names_of_colors_are_aliases() {
        let text = "colour = false # alias\n[colours] # alias\nhot = \"red\"";
        let config = Config::parse(text).unwrap();
        assert_eq!(
            (config.color, config.palette.hot),
            (Some(false), Color::Red)
        );
    }

    #[test]
    fn a_wrong_color_lists_the_right_ones() {
        let error = Config::parse("[colors]\nkey = \"orange\"").unwrap_err();
        assert!(error.contains("`orange` is not a color"), "{error}");
        let (_, allowed) = error.split_once("color: ").unwrap();
        let names = allowed.split(", a number").next().unwrap().split(", ");
        for name in names.chain(["255", "#a0b1c2"]) {
            let text = format!("[colors]\nkey = \"{name}\"");
            assert!(Config::parse(&text).is_ok(), "{name}");
        }
    }

    #[test]
    fn what_is_wrong_is_shown_with_its_line() {
        for (text, line, words) in [
            ("rate = 1\nrat = 1\n", "line 2", "unknown field `rat`"),
            ("columns = [\"id\", \"sise\"]", "line 1", "sise"),
            ("\n\nsort = 5", "line 3", "string"),
            ("[keys.list]\nquitt = [\"q\"]", "line 2", "quitt"),
            ("[keys.lists]\nquit = [\"q\"]", "line 1", "lists"),
            ("[keys.list]\nquit = [\"qq\"]", "line 2", "is not a key"),
            ("[colors]\nhot = \"warm\"", "line 2", "olor"),
            ("[colors]\nwarm = \"red\"", "line 2", "warm"),
            ("rate 1", "line 1", ""),
        ] {
            let error = Config::parse(text).unwrap_err();
            assert!(
                error.contains(line) && error.contains(words),
                "{text}: {error}"
            );
        }
        for (text, words) in [
            ("rate = 0", "between 0.25 and 60"),
            ("columns = []", "a table needs at least one"),
            ("filter = \"size>\"", "filter:\nsize>\n     ^"),
            ("[keys.help]\nopen = [\"f\"]", "no command `open`"),
        ] {
            let error = Config::parse(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
