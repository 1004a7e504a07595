//! Parses the values of fields: numbers, sizes, durations, modes, text.

use super::field::{FieldDefinition, Kind};
use super::moment::Moment;
use super::pattern;
use super::{Comparison, Value};
use crate::model::key::{KeyError, parse_key};
use crate::model::state::STATES;

/// The labels in the status column.
pub(super) const FLAGS: [&str; 4] = ["dest", "locked", "hugetlb", "noreserve"];

/// Parses a value; a quoted one is not a glob.
pub(super) fn read(definition: &FieldDefinition, text: &str, quoted: bool) -> Option<Value> {
    let glob = !quoted && pattern::is_glob(text);
    match definition.kind {
        Kind::Number => text.parse().ok().map(Value::Number),
        Kind::Mode => mode(text).map(Value::Number),
        Kind::Key if glob => Some(Value::Glob(text.to_lowercase())),
        Kind::Key => Some(Value::Number(parse_key(text).ok()?.bits())),
        Kind::Size => size(text).map(Value::Number),
        Kind::Span => span(text).map(Value::Seconds),
        Kind::Moment => Moment::parse(text).map(Value::Moment),
        Kind::Text | Kind::Command if glob => Some(Value::Glob(text.to_lowercase())),
        Kind::Text | Kind::Command => Some(Value::Text(text.to_lowercase())),
        Kind::Status => {
            let text = text.to_lowercase();
            FLAGS.contains(&text.as_str()).then_some(Value::Text(text))
        }
        Kind::State => state(&text.to_lowercase()).map(Value::Text),
    }
}

/// Returns the name of a state, from its name or its label in the table; `orphan` covers
/// both kinds of orphan.
fn state(text: &str) -> Option<String> {
    if text == "orphan" {
        return Some(text.to_owned());
    }
    let known = STATES.iter();
    let mut found = known.filter(|(_, name, label)| *name == text || *label == text);
    found.next().map(|(_, name, _)| (*name).to_owned())
}

/// Explains why `text` is invalid, and what would be valid.
pub(super) fn refusal(definition: &FieldDefinition, text: &str) -> String {
    let wanted = match definition.kind {
        Kind::Number => {
            return match definition.text_instead() {
                Some(field) if !text.starts_with(|c: char| c.is_ascii_digit()) => {
                    format!("`{text}` is not a number; for a name write {field}={text}")
                }
                _ => format!("`{text}` is not a number"),
            };
        }
        Kind::Mode => "a mode: octal as 640, or rw-r-----; for bits write mode&002 or mode&o+w",
        Kind::Key => "a key: 0x and hex digits, or decimal",
        Kind::Size => "a size: a number and b, k, m, g, t or p",
        Kind::Span => "a duration: numbers and s, m, h, d or w",
        Kind::Moment if span(text).is_some() => {
            return format!("`{text}` is not a moment; for {text} before now write -{text}");
        }
        Kind::Moment => "a moment: 2026-11-20, 2026-11-20T08:00, 08:00, today, yesterday or -2h",
        Kind::Text | Kind::Command => "a text",
        Kind::Status => "a status: dest, locked, hugetlb, noreserve",
        Kind::State => {
            "a state: in-use, idle, orphan, possible-orphan, likely-orphan, removed, unknown"
        }
    };
    match parse_key(text) {
        Err(error @ KeyError::TooWide(_)) if definition.kind == Kind::Key => {
            format!("`{text}` {error}")
        }
        _ => format!("`{text}` is not {wanted}"),
    }
}

/// Returns whether values of this kind can be compared this way.
pub(super) fn allowed(kind: Kind, comparison: Comparison) -> bool {
    use Comparison::{Bits, Contains, ContainsNot, Equal, NotEqual};
    match kind {
        Kind::Text | Kind::Command => {
            matches!(comparison, Equal | NotEqual | Contains | ContainsNot)
        }
        Kind::State | Kind::Status | Kind::Key => matches!(comparison, Equal | NotEqual),
        Kind::Mode => matches!(comparison, Equal | NotEqual | Bits),
        Kind::Number | Kind::Size | Kind::Span | Kind::Moment => {
            !matches!(comparison, Contains | ContainsNot | Bits)
        }
    }
}

/// Returns whether `word` may be the unit of the number before it: `1 M`, `2 days`.
pub(super) fn is_unit(kind: Kind, word: &str) -> bool {
    match kind {
        Kind::Size => power(&word.to_ascii_lowercase()).is_some_and(|_| !word.is_empty()),
        Kind::Span => seconds(&word.to_ascii_lowercase()).is_some_and(|_| !word.is_empty()),
        _ => false,
    }
}

/// Reads permission bits: octal, or as the table shows them, `rw-r-----`.
#[must_use]
pub fn mode(text: &str) -> Option<u64> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let octal = u64::from_str_radix(text, 8).ok();
        return octal.filter(|mode| *mode <= 0o777);
    }
    // `ls` prints the file type before them.
    let bits = text.strip_prefix('-').filter(|rest| rest.len() == 9);
    let bits = bits.unwrap_or(text);
    if bits.len() != 9 {
        return None;
    }
    bits.chars()
        .zip("rwxrwxrwx".chars())
        .try_fold(0, |mode, (found, letter)| match found {
            '-' => Some(mode << 1),
            _ if found == letter => Some(mode << 1 | 1),
            _ => None,
        })
}

/// Parses bits to test: a mode, or `o+w`, `go+rw` as in `chmod`.
pub(super) fn mask(text: &str) -> Option<u64> {
    let Some((classes, letters)) = text.split_once('+') else {
        return mode(text);
    };
    let class = classes.chars().try_fold(0, |bits, class| match class {
        'u' => Some(bits | 0o700),
        'g' => Some(bits | 0o070),
        'o' => Some(bits | 0o007),
        'a' => Some(0o777),
        _ => None,
    })?;
    let right = letters.chars().try_fold(0, |bits, letter| match letter {
        'r' => Some(bits | 0o444),
        'w' => Some(bits | 0o222),
        'x' => Some(bits | 0o111),
        _ => None,
    })?;
    Some(class & right).filter(|bits| *bits != 0)
}

/// `4096`, `4k`, `1.5m`, `2gib`: units of 1024.
#[must_use]
pub fn size(text: &str) -> Option<u64> {
    let text = text.to_ascii_lowercase();
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = text.split_at(split.unwrap_or(text.len()));
    let factor = 1024u64.pow(power(unit)?);
    match number.split_once('.') {
        None => number.parse::<u64>().ok()?.checked_mul(factor),
        Some((whole, fraction)) if fraction.len() <= 9 && !fraction.is_empty() => {
            let whole = whole.parse::<u64>().ok()?.checked_mul(factor)?;
            let digits: u128 = fraction.parse().ok()?;
            let part =
                digits * u128::from(factor) / 10u128.pow(u32::try_from(fraction.len()).ok()?);
            whole.checked_add(u64::try_from(part).ok()?)
        }
        Some(_) => None,
    }
}

/// Returns the power of 1024 of a unit.
fn power(unit: &str) -> Option<u32> {
    Some(match unit {
        "" | "b" | "byte" | "bytes" => 0,
        "k" | "kb" | "kib" => 1,
        "m" | "mb" | "mib" => 2,
        "g" | "gb" | "gib" => 3,
        "t" | "tb" | "tib" => 4,
        "p" | "pb" | "pib" => 5,
        _ => return None,
    })
}

/// `90s`, `5m`, `1d12h`, `2days`; a number alone is seconds.
pub(super) fn span(text: &str) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    let mut total = 0i64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = |c: char| !c.is_ascii_digit();
        let (number, behind) = rest.split_at(rest.find(digits).unwrap_or(rest.len()));
        let number: i64 = number.parse().ok()?;
        let letters = |c: char| c.is_ascii_digit();
        let (unit, behind) = behind.split_at(behind.find(letters).unwrap_or(behind.len()));
        let unit = seconds(&unit.to_ascii_lowercase())?;
        total = total.checked_add(number.checked_mul(unit)?)?;
        rest = behind;
    }
    Some(total)
}

/// Returns the seconds in a unit of time.
fn seconds(unit: &str) -> Option<i64> {
    Some(match unit {
        "" | "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hour" | "hours" => 3600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 7 * 86_400,
        _ => return None,
    })
}
