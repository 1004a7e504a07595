//! Reads terminal settings from the environment, through a function, so that tests need
//! not change the real environment.

use std::path::PathBuf;

use crate::theme::Theme;

/// Uses colors unless `NO_COLOR` is set, and more than ASCII unless the terminal is a
/// plain console or the locale is not UTF-8.
#[must_use]
pub fn theme(variable: impl Fn(&str) -> Option<String>) -> Theme {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    let is_utf8 = locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    let terminal = set("TERM").unwrap_or_default();
    let is_plain = matches!(terminal.as_str(), "" | "dumb" | "linux" | "vt100" | "vt220");
    Theme {
        color: set("NO_COLOR").is_none() && terminal != "dumb",
        ascii: is_plain || !is_utf8,
        ..Theme::default()
    }
}

/// Returns the directory of state files.
#[must_use]
pub fn state(variable: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let folder = match set("XDG_STATE_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(set("HOME")?).join(".local").join("state"),
    };
    // The specification requires that relative paths are ignored.
    folder.is_absolute().then(|| folder.join("shm-tui"))
}

/// Returns the default path of the configuration file.
#[must_use]
pub fn configuration(variable: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let folder = match set("XDG_CONFIG_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(set("HOME")?).join(".config"),
    };
    Some(folder.join("shm-tui").join("config.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Theme {
        theme(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_modern_terminal_gets_colors_and_lines() {
        let theme = with(&[("TERM", "xterm-256color"), ("LANG", "de_DE.UTF-8")]);
        assert_eq!((theme.color, theme.ascii), (true, false));
    }

    #[test]
    fn the_first_locale_that_is_set_counts() {
        let theme = with(&[("TERM", "xterm"), ("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]);
        assert!(theme.ascii);
        let theme = with(&[("TERM", "xterm"), ("LC_ALL", ""), ("LANG", "en_US.utf8")]);
        assert!(!theme.ascii);
    }

    #[test]
    fn plain_consoles_and_no_color_are_respected() {
        assert!(with(&[("TERM", "linux"), ("LANG", "C.UTF-8")]).ascii);
        assert!(!with(&[("TERM", "xterm"), ("NO_COLOR", "1")]).color);
        assert!(with(&[("TERM", "xterm"), ("NO_COLOR", "")]).color);
    }

    #[test]
    fn the_configuration_is_looked_for_where_others_have_theirs() {
        let of = |variables: &[(&str, &str)]| {
            configuration(|name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        let path = of(&[("HOME", "/home/x"), ("XDG_CONFIG_HOME", "")]);
        assert_eq!(path, Some("/home/x/.config/shm-tui/config.toml".into()));
        let path = of(&[("HOME", "/home/x"), ("XDG_CONFIG_HOME", "/etc/xdg")]);
        assert_eq!(path, Some("/etc/xdg/shm-tui/config.toml".into()));
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn state_is_kept_where_others_keep_theirs() {
        let of = |variables: &[(&str, &str)]| {
            state(|name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        let path = of(&[("HOME", "/home/x")]);
        assert_eq!(path, Some("/home/x/.local/state/shm-tui".into()));
        let path = of(&[("HOME", "/home/x"), ("XDG_STATE_HOME", "/s")]);
        assert_eq!(path, Some("/s/shm-tui".into()));
        assert_eq!(of(&[("XDG_STATE_HOME", "s")]), None);
        assert_eq!(of(&[]), None);
    }
}
