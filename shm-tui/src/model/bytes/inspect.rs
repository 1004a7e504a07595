//! Interprets the bytes at the cursor as a value of each type.
//!
//! Pure: bytes in, text out. A type that extends beyond the end of the segment has no
//! text.

use crate::model::format;

/// Length of the longest type.
pub const LONGEST: usize = 8;

/// The byte order of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Endian {
    /// Little-endian.
    #[default]
    Little,
    /// Big-endian.
    Big,
}

impl Endian {
    /// Returns the other order.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Little => Self::Big,
            Self::Big => Self::Little,
        }
    }

    /// Returns its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Little => "little endian",
            Self::Big => "big endian",
        }
    }
}

/// Returns the first bytes as an unsigned number of this many bytes, at most eight.
#[must_use]
pub fn unsigned(bytes: &[u8], width: usize, endian: Endian) -> Option<u64> {
    let bytes = bytes.get(..width.min(LONGEST))?;
    let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
    Some(match endian {
        Endian::Little => bytes.iter().rev().fold(0, join),
        Endian::Big => bytes.iter().fold(0, join),
    })
}

/// Returns the same as a signed number.
#[must_use]
pub fn signed(bytes: &[u8], width: usize, endian: Endian) -> Option<i64> {
    let number = unsigned(bytes, width, endian)?;
    let unused = 64_u32.checked_sub(u32::try_from(width).ok()? * 8)?;
    let high = i64::from_ne_bytes((number.checked_shl(unused)?).to_ne_bytes());
    high.checked_shr(unused)
}

/// A line of the inspector: a name, and the value in both byte orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The type.
    pub name: &'static str,
    /// The little-endian value.
    pub little: String,
    /// The big-endian value; the same for a single byte.
    pub big: String,
}

/// Returns every value that begins with the first of `bytes`. `clock` formats a time in
/// seconds since 1970, and `pointer` the destination of an address.
#[must_use]
pub fn lines(
    bytes: &[u8],
    clock: &dyn Fn(i64) -> String,
    pointer: &dyn Fn(u64) -> Option<String>,
) -> Vec<Line> {
    let both = |name, value: &dyn Fn(Endian) -> Option<String>| Line {
        name,
        little: value(Endian::Little).unwrap_or_default(),
        big: value(Endian::Big).unwrap_or_default(),
    };
    let integer = |width: usize| {
        move |endian| {
            let unsigned = unsigned(bytes, width, endian)?;
            let signed = signed(bytes, width, endian)?;
            Some(match signed < 0 {
                true => format!("{unsigned}  {signed}"),
                false => unsigned.to_string(),
            })
        }
    };
    vec![
        both("8 bit", &integer(1)),
        both("16 bit", &integer(2)),
        both("32 bit", &integer(4)),
        both("64 bit", &integer(8)),
        both("float 32", &|endian| {
            let bits = u32::try_from(unsigned(bytes, 4, endian)?).ok()?;
            let value = f32::from_bits(bits);
            Some(shorter(value.to_string(), format!("{value:e}")))
        }),
        both("float 64", &|endian| {
            let value = f64::from_bits(unsigned(bytes, 8, endian)?);
            Some(shorter(value.to_string(), format!("{value:e}")))
        }),
        both("time 32", &|endian| {
            Some(clock(i64::try_from(unsigned(bytes, 4, endian)?).ok()?))
        }),
        both("time 64", &|endian| times(signed(bytes, 8, endian)?, clock)),
        both("text", &|endian| text(bytes, endian)),
        both("pointer", &|endian| {
            pointer(unsigned(bytes, 8, endian)?).or_else(|| Some("to no known address".to_owned()))
        }),
    ]
}

/// Formats a number near 1 plainly, any other with an exponent.
fn shorter(plain: String, exponent: String) -> String {
    match plain.len() > exponent.len() + 2 {
        true => exponent,
        false => plain,
    }
}

/// The units of time stamps: how many make a second.
const UNITS: [(&str, i64); 4] = [
    ("s", 1),
    ("ms", 1_000),
    ("µs", 1_000_000),
    ("ns", 1_000_000_000),
];
/// 1971 and 2200: numbers outside are hardly times.
const PLAUSIBLE: std::ops::Range<i64> = 31_536_000..7_258_118_400;

/// Returns the number as a time, in every unit in which it is likely one.
fn times(number: i64, clock: &dyn Fn(i64) -> String) -> Option<String> {
    let likely = UNITS.into_iter().filter_map(|(name, unit)| {
        let seconds = number.div_euclid(unit);
        PLAUSIBLE
            .contains(&seconds)
            .then(|| format!("{} ({name})", clock(seconds)))
    });
    let likely: Vec<String> = likely.collect();
    Some(match likely.is_empty() {
        true => "not a likely time in s, ms, µs or ns".to_owned(),
        false => likely.join(", "),
    })
}

/// Returns the character that begins here, in UTF-8 and in UTF-16.
fn text(bytes: &[u8], endian: Endian) -> Option<String> {
    let wide = utf_16(bytes, endian).map_or("-".to_owned(), shown);
    let narrow = utf_8(bytes).map_or("-".to_owned(), shown);
    (!bytes.is_empty()).then(|| format!("UTF-8 {narrow}  UTF-16 {wide}"))
}

/// Formats a character and its number. The width of unassigned and combining characters
/// depends on the terminal, so only the number is shown for them.
fn shown(character: char) -> String {
    let number = format!("U+{:04X}", u32::from(character));
    let printed = format::harmless(&character.to_string());
    let is_printable = character.is_ascii() || character.escape_debug().count() == 1;
    match is_printable || printed.chars().count() > 1 {
        true => format!("{printed} {number}"),
        false => number,
    }
}

/// Returns the first character of a text in UTF-8.
#[must_use]
pub fn utf_8(bytes: &[u8]) -> Option<char> {
    (1..=4).find_map(|length| {
        let text = std::str::from_utf8(bytes.get(..length)?).ok()?;
        text.chars().next()
    })
}

/// Returns the first character of a text in UTF-16.
#[must_use]
pub fn utf_16(bytes: &[u8], endian: Endian) -> Option<char> {
    let unit = |at: usize| {
        let pair = bytes.get(at..)?;
        u16::try_from(unsigned(pair, 2, endian)?).ok()
    };
    let units = [unit(0), unit(2)].into_iter().map_while(|unit| unit);
    char::decode_utf16(units).next()?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(bytes: &[u8], name: &str) -> (String, String) {
        let lines = lines(bytes, &|seconds| format!("<{seconds}>"), &|_| None);
        let line = lines.into_iter().find(|line| line.name == name).unwrap();
        (line.little, line.big)
    }

    #[test]
    fn both_orders_and_both_signs() {
        let bytes = [0xff, 0, 0, 0, 0, 0, 0, 0x80];
        assert_eq!(value(&bytes, "8 bit"), ("255  -1".into(), "255  -1".into()));
        assert_eq!(
            value(&bytes, "16 bit"),
            ("255".into(), "65280  -256".into())
        );
        assert_eq!(
            value(&bytes, "64 bit").1,
            "18374686479671623808  -72057594037927808"
        );
        assert_eq!(value(&bytes[..3], "32 bit"), (String::new(), String::new()));
    }

    #[test]
    fn times_are_told_in_the_units_in_which_they_are_likely() {
        let nanoseconds = 1_000_000_000_500_000_000_i64.to_le_bytes();
        assert_eq!(value(&nanoseconds, "time 64").0, "<1000000000> (ns)");
        let seconds = 1_000_000_000_i64.to_be_bytes();
        assert_eq!(value(&seconds, "time 64").1, "<1000000000> (s)");
        assert_eq!(
            value(&[0; 8], "time 64").0,
            "not a likely time in s, ms, µs or ns"
        );
        assert_eq!(value(&7_u32.to_le_bytes(), "time 32").0, "<7>");
    }

    #[test]
    fn characters_are_shown_and_those_that_command_are_not() {
        assert_eq!(
            value("ö".as_bytes(), "text").0,
            "UTF-8 ö U+00F6  UTF-16 뛃 U+B6C3"
        );
        assert_eq!(
            value(b"\x1b\0", "text").0,
            "UTF-8 \\x1b U+001B  UTF-16 \\x1b U+001B"
        );
        // Unassigned, private use, and a combining mark.
        for (character, text) in [
            ('\u{378}', "UTF-8 U+0378 "),
            ('\u{e000}', "UTF-8 U+E000 "),
            ('\u{301}', "UTF-8 U+0301 "),
        ] {
            let bytes = character.to_string();
            assert!(value(bytes.as_bytes(), "text").0.starts_with(text));
        }
        let surrogates = [0x3d, 0xd8, 0x00, 0xde];
        assert_eq!(utf_16(&surrogates, Endian::Little), Some('😀'));
        assert_eq!(utf_16(&surrogates[..2], Endian::Little), None);
    }

    #[test]
    fn floats_are_short() {
        assert_eq!(
            value(&f64::MAX.to_le_bytes(), "float 64").0,
            "1.7976931348623157e308"
        );
        assert_eq!(value(&1.5_f32.to_be_bytes(), "float 32").1, "1.5");
        assert_eq!(value(&f64::NAN.to_le_bytes(), "float 64").0, "NaN");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(n: u64, i: i64, c: char, width in 1..=8usize) {
            let mask = u64::MAX >> (64 - 8 * width as u32);
            let little = n.to_le_bytes();
            prop_assert_eq!(unsigned(&little, width, Endian::Little), Some(n & mask));
            let big = n.to_be_bytes();
            prop_assert_eq!(unsigned(&big[8 - width..], width, Endian::Big), Some(n & mask));
            let short = i >> (64 - 8 * width as u32);
            prop_assert_eq!(signed(&short.to_le_bytes(), width, Endian::Little), Some(short));
            prop_assert_eq!(utf_8(c.to_string().as_bytes()), Some(c));
            let units: Vec<u8> = c.encode_utf16(&mut [0; 2]).iter().flat_map(|u| u.to_be_bytes()).collect();
            prop_assert_eq!(utf_16(&units, Endian::Big), Some(c));
        }

        #[test]
        fn floats_are_read_as_they_were_written(n: u64) {
            for (name, bytes, bits) in [
                ("float 64", n.to_le_bytes().to_vec(), f64::from_bits(n)),
                ("float 32", (n as u32).to_le_bytes().to_vec(), f32::from_bits(n as u32).into()),
            ] {
                let text = value(&bytes, name).0;
                let read: f64 = text.parse().unwrap();
                let same = match name {
                    "float 32" => (read as f32).to_bits() == (bits as f32).to_bits(),
                    _ => read.to_bits() == bits.to_bits(),
                };
                prop_assert!(same || (read.is_nan() && bits.is_nan()), "{} {}", text, bits);
            }
        }

        #[test]
        fn no_bytes_break_it(bytes in proptest::collection::vec(any::<u8>(), 0..9)) {
            for line in lines(&bytes, &|s| s.to_string(), &|_| None) {
                prop_assert!(!line.little.chars().any(char::is_control));
                prop_assert!(!line.big.chars().any(char::is_control));
            }
        }
    }
}
