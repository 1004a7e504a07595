//! A key with its modifiers, as shown in the help, the footer and the configuration file.

use std::fmt;
use std::str::FromStr;

use ratatui::crossterm::event::KeyCode;
use serde::{Deserialize, Deserializer};

/// A key with its modifiers. Shift is part of the character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord {
    /// The key.
    pub code: KeyCode,
    /// Whether Ctrl is held.
    pub control: bool,
}

/// Keys with a name: those without a character, or with an invisible one.
const NAMED: [(&str, KeyCode); 16] = [
    ("Space", KeyCode::Char(' ')),
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("Back Tab", KeyCode::BackTab),
    ("Backspace", KeyCode::Backspace),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("PgUp", KeyCode::PageUp),
    ("PgDn", KeyCode::PageDown),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("Del", KeyCode::Delete),
    ("Ins", KeyCode::Insert),
];

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("Ctrl-")?;
        }
        if let Some((name, _)) = NAMED.iter().find(|(_, code)| *code == self.code) {
            return f.write_str(name);
        }
        match self.code {
            KeyCode::Char(character) if self.control => {
                write!(f, "{}", character.to_ascii_uppercase())
            }
            KeyCode::Char(character) => write!(f, "{character}"),
            KeyCode::F(number) => write!(f, "F{number}"),
            code => write!(f, "{code}"),
        }
    }
}

/// A text that names no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKey(String);

impl fmt::Display for UnknownKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = NAMED.map(|(name, _)| name).join(", ");
        write!(
            f,
            "`{}` is not a key: a character, {names}, F1 to F12, and Ctrl- before any of them",
            self.0
        )
    }
}

impl std::error::Error for UnknownKey {}

impl FromStr for Chord {
    type Err = UnknownKey;

    fn from_str(text: &str) -> Result<Self, UnknownKey> {
        let (control, name) = match text.strip_prefix("Ctrl-") {
            Some(name) => (true, name),
            None => (false, text),
        };
        let mut characters = name.chars();
        let single = match (characters.next(), characters.next()) {
            (Some(character), None) if !character.is_control() => Some(character),
            _ => None,
        };
        let function = || {
            let number = name.strip_prefix('F')?.parse().ok()?;
            (1..=12).contains(&number).then_some(KeyCode::F(number))
        };
        let named = || {
            let same = |(known, _): &&(&str, KeyCode)| known.eq_ignore_ascii_case(name);
            NAMED.iter().find(same).map(|(_, code)| *code)
        };
        // Terminals send control characters without distinguishing case.
        let code = match single {
            Some(character) if control => Some(KeyCode::Char(character.to_ascii_lowercase())),
            Some(character) => Some(KeyCode::Char(character)),
            None => named().or_else(function),
        };
        match code {
            Some(code) => Ok(Self { code, control }),
            None => Err(UnknownKey(text.to_owned())),
        }
    }
}

impl<'de> Deserialize<'de> for Chord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::super::BINDINGS;
    use super::*;

    #[test]
    fn every_key_of_the_table_is_read_as_it_is_written() {
        for chord in BINDINGS.iter().flat_map(|binding| binding.keys) {
            assert_eq!(chord.to_string().parse(), Ok(*chord));
        }
    }

    #[test]
    fn what_is_no_key_says_what_would_be_one() {
        for wrong in ["", "Ctrl-", "F0", "F13", "qq", "\u{1b}", "Shift-a"] {
            let error = wrong.parse::<Chord>().unwrap_err();
            assert!(error.to_string().contains("PgDn"), "{wrong}");
        }
    }
}
