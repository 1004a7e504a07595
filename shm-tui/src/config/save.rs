//! Writes the settings of the browser to the configuration file.
//!
//! Keeps comments, order and unknown parts of the file; changes only values that differ.
//! The new file replaces the old one atomically.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use toml_edit::{Array, DocumentMut, Item, Value};

use super::{Config, default_file};
use crate::app::Settings;
use crate::app::settings::Choices;
use crate::theme::{COLORS, Palette};

/// Saves `choices` to the configuration file at `path`, which may not exist yet. Returns
/// a message about the result.
///
/// # Errors
///
/// If the file is not a valid configuration, or cannot be written; then the old one is
/// unchanged.
pub fn save(path: &Path, choices: &Choices) -> Result<String, String> {
    let failed = |error: io::Error| format!("cannot save to {}: {error}", path.display());
    // A link to a file elsewhere stays a link.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let (old, mode) = match fs::read_to_string(&target) {
        Ok(text) => (
            text,
            fs::metadata(&target).map_err(failed)?.permissions().mode(),
        ),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (default_file(), 0o644),
        Err(error) => return Err(failed(error)),
    };
    let new = merged(&old, choices)
        .map_err(|why| format!("nothing was saved to {}: {why}", path.display()))?;
    write(&target, &new, mode).map_err(failed)?;
    Ok(format!("saved to {}", path.display()))
}

fn write(target: &Path, text: &str, mode: u32) -> io::Result<()> {
    let folder = match target.parent() {
        Some(folder) if folder != Path::new("") => folder.to_path_buf(),
        _ => PathBuf::from("."),
    };
    fs::create_dir_all(&folder)?;
    let mut file = NamedTempFile::new_in(&folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file()
        .set_permissions(fs::Permissions::from_mode(mode & 0o777))?;
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}

/// Returns the text of the file with these choices.
fn merged(text: &str, choices: &Choices) -> Result<String, String> {
    let config = Config::parse(text)?;
    let mut document: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
    let default = Settings::default();
    let mut set = |name: &str, value: Value| {
        let old = document.as_table().get(name).and_then(Item::as_value);
        let decor = old.map(|old| old.decor().clone());
        let mut value = value;
        if let Some(decor) = decor {
            // Keep a comment after the value.
            *value.decor_mut() = decor;
        }
        document.insert(name, Item::Value(value));
    };
    if config.columns.as_ref().unwrap_or(&default.columns) != &choices.columns {
        let names = choices
            .columns
            .iter()
            .map(|column| column.definition().name);
        set("columns", names.collect::<Array>().into());
    }
    if config.sort.unwrap_or(default.sort) != choices.sort {
        let minus = if choices.sort.descending { "-" } else { "" };
        set("sort", format!("{minus}{}", choices.sort.column).into());
    }
    if config.rate.unwrap_or(default.period) != choices.period {
        set("rate", choices.period.as_secs_f64().into());
    }
    // If the file does not set these, the environment decided at the start.
    let (theme, first) = (choices.theme, choices.first_theme);
    let spelled = match document_has(text, "colour") {
        true => "colour",
        false => "color",
    };
    let ascii = config.ascii.unwrap_or(first.ascii);
    for (name, known, chosen) in [
        (
            "details",
            config.details.unwrap_or(default.details),
            choices.details,
        ),
        (
            "mouse",
            config.mouse.unwrap_or(default.mouse),
            choices.mouse,
        ),
        // Plain mode is ASCII anyway.
        (
            "ascii",
            ascii,
            if theme.plain { ascii } else { theme.ascii },
        ),
        ("plain", config.plain.unwrap_or(false), theme.plain),
        (spelled, config.color.unwrap_or(first.color), theme.color),
    ] {
        if known != chosen {
            set(name, chosen.into());
        }
    }
    colors(&mut document, config.palette, theme.palette);
    let text = document.to_string();
    // The written file must read back the same.
    Config::parse(&text)?;
    Ok(text)
}

/// Sets the colors that differ in their table, by either spelling of its name.
fn colors(document: &mut DocumentMut, mut old: Palette, mut new: Palette) {
    let name = match document.contains_key("colours") {
        true => "colours",
        false => "colors",
    };
    for (purpose, place, _) in COLORS {
        let (old, new) = (*place(&mut old), *place(&mut new));
        if old == new {
            continue;
        }
        let table = document.entry(name).or_insert_with(toml_edit::table);
        let color = new.to_string().to_lowercase();
        if let Some(table) = table.as_table_like_mut() {
            let mut value = Value::from(color);
            if let Some(old) = table.get(purpose).and_then(Item::as_value) {
                *value.decor_mut() = old.decor().clone();
            }
            table.insert(purpose, Item::Value(value));
        }
    }
}

/// Returns whether the file sets this name at its top level.
fn document_has(text: &str, name: &str) -> bool {
    let document = text.parse::<DocumentMut>();
    document.is_ok_and(|document| document.contains_key(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::column::Column;
    use crate::model::sort::Sort;
    use crate::theme::Theme;
    use std::time::Duration;

    fn choices() -> Choices {
        let settings = Settings::default();
        Choices {
            columns: settings.columns,
            sort: settings.sort,
            period: settings.period,
            details: settings.details,
            mouse: true,
            theme: Theme::default(),
            first_theme: Theme::default(),
        }
    }

    #[test]
    fn comments_order_and_other_settings_stay() {
        let old = "# mine\nrate = 2 # slow\nsort = \"size\" # by size\nfilter = \"owner=ada\"\n\n\
                   # keys\n[keys.list]\nquit = [\"Q\"] # not q\n";
        let chosen = Choices {
            sort: Sort {
                column: Column::Resident,
                descending: true,
            },
            period: Duration::from_secs(2),
            mouse: false,
            ..choices()
        };
        let new = merged(old, &chosen).unwrap();
        for kept in [
            "# mine\nrate = 2 # slow\n",
            "filter = \"owner=ada\"",
            "quit = [\"Q\"] # not q",
        ] {
            assert!(new.contains(kept), "{new}");
        }
        assert!(new.contains("sort = \"-resident\" # by size\n"), "{new}");
        let config = Config::parse(&new).unwrap();
        assert_eq!(config.mouse, Some(false));
        assert_eq!(config.sort, Some(chosen.sort));
        assert_eq!(config.keymap, Config::parse(old).unwrap().keymap);
        // The second time nothing changes.
        assert_eq!(merged(&new, &chosen).unwrap(), new);
    }

    #[test]
    fn what_is_as_the_file_says_is_not_written() {
        for same in ["", "color = true\nascii = false\n"] {
            assert_eq!(merged(same, &choices()).unwrap(), same);
        }
    }

    #[test]
    fn colors_are_set_in_their_table_by_either_name() {
        let mut theme = Theme::default();
        theme.palette.orphan = ratatui::style::Color::LightBlue;
        theme.palette.fresh = ratatui::style::Color::Rgb(1, 2, 3);
        let chosen = Choices { theme, ..choices() };
        for old in [
            "",
            "[colors]\nkey = \"red\" # mine\n[keys.list]\n",
            "[colours]\nfresh = \"red\" # mine\n",
        ] {
            let new = merged(old, &chosen).unwrap();
            let palette = Config::parse(&new).unwrap().palette;
            assert_eq!(palette.orphan, theme.palette.orphan, "{new}");
            assert_eq!(palette.fresh, theme.palette.fresh, "{new}");
            assert_eq!(new.contains("# mine"), old.contains("# mine"), "{new}");
        }
    }

    #[test]
    fn a_british_name_is_not_doubled() {
        let chosen = Choices {
            theme: Theme {
                color: false,
                ..Theme::default()
            },
            ..choices()
        };
        let new = merged("colour = true\nascii = false\n", &chosen).unwrap();
        assert_eq!(new, "colour = false\nascii = false\n");
    }

    #[test]
    fn a_file_that_is_no_configuration_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        fs::write(&path, "rat = 1\n").unwrap();
        let why = save(&path, &choices()).unwrap_err();
        assert!(why.contains("unknown field `rat`"), "{why}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "rat = 1\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_new_file_has_the_commented_default_and_a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let chosen = Choices {
            details: false,
            ..choices()
        };
        let path = folder.path().join("new").join("config.toml");
        assert!(save(&path, &chosen).unwrap().starts_with("saved to"));
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("# Configuration of shm-tui"), "{text}");
        assert_eq!(Config::parse(&text).unwrap().details, Some(false));
        let link = folder.path().join("link.toml");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        save(&link, &choices()).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(Config::parse(&text).unwrap().details, Some(true));
    }
}
