//! The default configuration with comments, generated from the program's own tables.

use std::fmt::Write as _;

use crate::app::Settings;
use crate::app::keymap::{self, Keymap, Place};
use crate::model::column::COLUMNS;
use crate::theme::{COLORS, Palette};

const HEAD: &str = "\
# Configuration of shm-tui, read from $XDG_CONFIG_HOME/shm-tui/config.toml, else
# from ~/.config/shm-tui/config.toml, or from the file after --config. A line that
# begins with # and no space has the default: remove the # to change it. Options
# on the command line override this file. `shm-tui list` and the other script
# commands do not read it.
";

/// Returns the text of `--print-config`.
#[must_use]
pub fn default_file() -> String {
    let settings = Settings::default();
    let columns = settings
        .columns
        .iter()
        .map(|column| column.definition().name);
    let every = COLUMNS.iter().map(|definition| definition.name);
    let mut text = HEAD.to_owned();
    let mut setting = |about: &str, line: &str| {
        text.push('\n');
        for about in about.lines() {
            _ = writeln!(text, "# {about}");
        }
        _ = writeln!(text, "#{line}");
    };
    setting(
        "Seconds between refreshes, 0.25 to 60.",
        &format!("rate = {:?}", settings.period.as_secs_f64()),
    );
    setting(
        &format!("The columns, in order. Available:\n{}", wrapped(every)),
        &format!("columns = {}", list(columns)),
    );
    setting(
        "The column to sort by; with a minus before it, in reverse.",
        &format!("sort = {:?}", settings.sort.column.definition().name),
    );
    setting(
        "The filter at the start; ? explains filters.",
        "filter = \"\"",
    );
    setting(
        "Whether the details of the segment are shown.",
        &format!("details = {}", settings.details),
    );
    setting(
        "Whether to use the mouse; without it, the terminal selects text.",
        "mouse = true",
    );
    setting(
        "Whether to draw with ASCII only, and whether to use colors. If unset,\nthe terminal, the locale and NO_COLOR decide.",
        "ascii = false\n#color = true",
    );
    setting(
        "Whether to draw for screen readers: words instead of lines, bars and signs.",
        "plain = false",
    );
    colors(&mut text);
    keys(&mut text);
    text
}

fn colors(text: &mut String) {
    let mut palette = Palette::default();
    text.push_str(
        "\n# Names of the 16 colors of the terminal (red, light-red, gray, ...), numbers\n\
         # of the 256, or #rrggbb.\n#[colors]\n",
    );
    for (name, place, about) in COLORS {
        let color = place(&mut palette).to_string().to_lowercase();
        let setting = format!("{name} = {color:?}");
        _ = writeln!(text, "#{setting:<26} # {about}");
    }
}

fn keys(text: &mut String) {
    text.push_str(
        "\n# The keys of each command; the footer shows the first. A key given \
         to one command\n# is taken from the others of its context.\n",
    );
    let keymap = Keymap::default();
    let mut last: Option<Place> = None;
    for (binding, keys) in keymap.lines() {
        if last != Some(binding.place) {
            let title = binding.place.title();
            let name = keymap::name(&binding.place);
            _ = writeln!(text, "\n# {title}\n#[keys.{name}]");
            last = Some(binding.place);
        }
        let name = keymap::name(&binding.command);
        let keys = list(keys.iter());
        _ = writeln!(text, "#{name} = {keys} # {}", binding.about);
    }
}

/// Formats a list in TOML.
fn list(items: impl Iterator<Item = impl ToString>) -> String {
    let items: Vec<String> = items
        .map(|item| format!("{:?}", item.to_string()))
        .collect();
    format!("[{}]", items.join(", "))
}

/// Wraps words into lines that fit a terminal.
fn wrapped(words: impl Iterator<Item = impl AsRef<str>>) -> String {
    let (mut text, mut width) = (String::new(), 0);
    for word in words {
        let word = word.as_ref();
        if width > 0 && width + word.len() > 72 {
            text.push('\n');
            width = 0;
        }
        if width > 0 {
            text.push(' ');
        }
        text.push_str(word);
        width += word.len() + 1;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    #[test]
    fn the_printed_defaults_are_the_defaults() {
        let default = Config::default();
        assert_eq!(Config::parse(&default_file()), Ok(default.clone()));
        // Enables every setting.
        let lines = default_file();
        let lines = lines.lines().map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => setting,
            _ => line,
        });
        let text: String = lines.flat_map(|line| [line, "\n"]).collect();
        let config = Config::parse(&text).unwrap();
        let settings = Settings::default();
        assert_eq!(config.keymap, default.keymap);
        assert_eq!(config.palette, default.palette);
        assert_eq!(config.rate, Some(settings.period));
        assert_eq!(config.columns, Some(settings.columns));
        assert_eq!(config.sort, Some(settings.sort));
        assert_eq!(config.filter, Some(settings.filter));
        assert_eq!(config.details, Some(settings.details));
    }
}
