//! The arguments of the commands about namespaces, keys and completions.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use super::Generated;

/// Arguments of `metrics`.
#[derive(Clone, Debug, Args)]
pub struct Metrics {
    /// Print the gauges of every IPC namespace that can be entered (Linux), with the
    /// label `namespace`.
    #[arg(long)]
    pub all_namespaces: bool,
}

/// Arguments of `namespaces`.
#[derive(Clone, Debug, Args)]
pub struct Namespaces {
    /// Print JSON: {"version": 2, "namespaces": [...]}.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `key`.
#[derive(Clone, Debug, Args)]
pub struct KeyOf {
    /// The file, which must exist.
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// The project: a number from 1 to 255, or a character; 1 if it is not set.
    #[arg(value_name = "ID", default_value = "1")]
    pub project: Project,
}

/// Arguments of `complete`.
#[derive(Clone, Debug, Args)]
pub struct Complete {
    /// The shell that asks.
    #[arg(value_name = "SHELL")]
    pub shell: Generated,
    /// The words of the command line, without the program, up to the one at the cursor.
    #[arg(
        value_name = "WORD",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub words: Vec<String>,
}

/// The project of `ftok(3)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Project(pub u8);

impl FromStr for Project {
    type Err = &'static str;

    /// Digits are a number; another single character, or one in quotes, is itself.
    fn from_str(text: &str) -> Result<Self, &'static str> {
        const WRONG: &str = "not a number from 1 to 255, nor one ASCII character";
        let hex = text
            .strip_prefix("0x")
            .map(|digits| u8::from_str_radix(digits, 16));
        let quoted = text
            .strip_prefix('\'')
            .and_then(|rest| rest.strip_suffix('\''));
        let number = match (hex, text.parse(), quoted.unwrap_or(text).as_bytes()) {
            (None, Err(_), [character]) if character.is_ascii_graphic() => Ok(*character),
            (Some(number), _, _) | (None, number, _) => number,
        };
        match number {
            Ok(number) if number > 0 => Ok(Self(number)),
            _ => Err(WRONG),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_a_number_or_a_character() {
        let project = |text: &str| text.parse::<Project>().map(|project| project.0);
        assert_eq!(project("1"), Ok(1));
        assert_eq!(project("65"), Ok(b'A'));
        assert_eq!(project("0x41"), Ok(b'A'));
        assert_eq!(project("A"), Ok(b'A'));
        assert_eq!(project("'1'"), Ok(b'1'));
        for wrong in [
            "", "0", "256", "-1", "AB", "'AB'", "0x100", "0x", " ", "\u{e4}",
        ] {
            assert!(project(wrong).is_err(), "{wrong:?}");
        }
    }
}
