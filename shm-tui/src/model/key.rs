//! The key by which programs agree on a segment.
//!
//! A key is stored as the bit pattern that every tool prints, as wide as the system's
//! keys: 32 bits on Linux and macOS, 64 on the 64-bit BSDs. Text is parsed for a given
//! width, so that every width is tested on every host.

use std::fmt;

/// The width of this system's keys in bits.
pub const WIDTH: u32 = shm::RawKey::BITS;

/// The key of a segment; 0 is private.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u64);

impl Key {
    /// Returns the key as the unsigned number that every tool prints.
    #[must_use]
    pub fn bits(self) -> u64 {
        self.0
    }

    /// Returns whether the segment has no key: created private, or marked for removal.
    #[must_use]
    pub fn is_private(self) -> bool {
        self.0 == 0
    }

    /// Returns the length of its text: 10 characters, or more for keys over 32 bits.
    #[must_use]
    pub fn text_width(self) -> u16 {
        let digits = self.0.checked_ilog2().map_or(1, |log| log / 4 + 1);
        // At most 16 digits.
        u16::try_from(digits.max(8)).unwrap_or(16) + 2
    }
}

impl fmt::Display for Key {
    /// Formats as `0x` and at least eight hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#010x}", self.0)
    }
}

/// Why a text is not a key of this system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// It is not a number.
    NoNumber,
    /// It has more bits than this system's keys.
    TooWide(u32),
}

impl fmt::Display for KeyError {
    /// Returns the message after the text in question.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNumber => f.write_str("is not a key: 0x and hexadecimal digits, or decimal"),
            Self::TooWide(width) => {
                write!(f, "does not fit into a key: {width} bits on this system")
            }
        }
    }
}

impl std::error::Error for KeyError {}

/// Parses a key of this system, in decimal (also negative, as `ipcs` prints it on the
/// BSDs) or as `0x` and hexadecimal digits.
///
/// # Errors
///
/// If it is not a number, or does not fit into the system's keys.
pub fn parse_key(text: &str) -> Result<Key, KeyError> {
    parse(text, WIDTH)
}

/// Parses a key of `width` bits. A negative number and its bit pattern are the same key.
fn parse(text: &str, width: u32) -> Result<Key, KeyError> {
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let (digits, radix) = match hex {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    // `from_str_radix` accepts a sign; a bit pattern has none, and a number no plus.
    let unsigned = match hex {
        Some(_) => digits,
        None => digits.strip_prefix('-').unwrap_or(digits),
    };
    if unsigned.is_empty() || !unsigned.chars().all(|digit| digit.is_digit(radix)) {
        return Err(KeyError::NoNumber);
    }
    let too_wide = KeyError::TooWide(width);
    let number = i128::from_str_radix(digits, radix).map_err(|_| too_wide)?;
    let mask = u64::MAX >> u64::BITS.saturating_sub(width);
    let smallest = -(i128::from(mask >> 1) + 1);
    if !(smallest..=i128::from(mask)).contains(&number) {
        return Err(too_wide);
    }
    // Two's complement: adding 2^width to a negative number gives its pattern.
    let pattern = match number < 0 {
        true => number + i128::from(mask) + 1,
        false => number,
    };
    u64::try_from(pattern).map(Key).map_err(|_| too_wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_is_another_key_where_keys_are_wider() {
        for (text, narrow, wide) in [
            ("0x51", 0x51, 0x51),
            ("81", 81, 81),
            ("0XdeadBEEF", 0xdead_beef, 0xdead_beef),
            ("3735928559", 0xdead_beef, 0xdead_beef),
            ("4294967291", 0xffff_fffb, 0xffff_fffb),
            ("-5", 0xffff_fffb, 0xffff_ffff_ffff_fffb),
            ("-2147483648", 0x8000_0000, 0xffff_ffff_8000_0000),
        ] {
            assert_eq!(parse(text, 32), Ok(Key(narrow)), "{text}");
            assert_eq!(parse(text, 64), Ok(Key(wide)), "{text}");
        }
    }

    #[test]
    fn a_system_with_32_bits_refuses_what_does_not_fit() {
        for (text, wide) in [
            ("0x1ffffffff", 0x1_ffff_ffff),
            ("4294967296", 1 << 32),
            ("-2147483649", 0xffff_ffff_7fff_ffff),
            ("0xfffffffffffffffb", u64::MAX - 4),
            ("18446744073709551615", u64::MAX),
            ("-9223372036854775808", 1 << 63),
        ] {
            assert_eq!(parse(text, 32), Err(KeyError::TooWide(32)), "{text}");
            assert_eq!(parse(text, 64), Ok(Key(wide)), "{text}");
        }
        for text in [
            "0x10000000000000000",
            "18446744073709551616",
            "-9223372036854775809",
            "0xffffffffffffffffffffffffffffffffffffffffff",
        ] {
            assert_eq!(parse(text, 64), Err(KeyError::TooWide(64)), "{text}");
        }
        assert_eq!(
            KeyError::TooWide(32).to_string(),
            "does not fit into a key: 32 bits on this system"
        );
    }

    #[test]
    fn what_is_no_number_is_refused_for_that() {
        for text in [
            "", "x", "0x", "0x+1", "0x-1", "-0x1", "+1", "-", "--1", " 1", "1 ", "1.5", "0xg",
        ] {
            for width in [32, 64] {
                assert_eq!(parse(text, width), Err(KeyError::NoNumber), "{text:?}");
            }
        }
    }

    #[test]
    fn keys_print_as_every_other_tool_prints_them() {
        for (key, text) in [
            (0x51, "0x00000051"),
            (0xffff_fffb, "0xfffffffb"),
            (0x8000_005c, "0x8000005c"),
            (0x12_3456_7890, "0x1234567890"),
            (u64::MAX, "0xffffffffffffffff"),
        ] {
            assert_eq!(Key(key).to_string(), text);
            assert_eq!(parse(text, 64), Ok(Key(key)));
            assert_eq!(usize::from(Key(key).text_width()), text.len());
        }
        assert_eq!(Key(0).text_width(), 10);
    }
}
