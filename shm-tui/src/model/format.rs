//! Formats numbers and foreign text for people. Each has one form, for the browser and
//! the script commands.

use std::fmt::{Display, Write as _};

use jiff::tz::TimeZone;

use super::segment::Segment;

/// Appends a displayable value; writing to a string cannot fail.
pub fn push(out: &mut String, value: impl Display) {
    let _ = write!(out, "{value}");
}

/// Appends a whole number, without the machinery of `write!`: every line of a long list
/// has several.
pub fn push_number(out: &mut String, number: impl itoa::Integer) {
    out.push_str(itoa::Buffer::new().format(number));
}

/// Appends a key as `0x` and at least eight digits, without the overhead of `write!`,
/// because every line of a long list has one.
pub fn push_key(out: &mut String, bits: u64) {
    out.push_str("0x");
    let digits = bits.checked_ilog2().map_or(1, |log| log / 4 + 1).max(8);
    for digit in (0..digits).rev() {
        // One of the sixteen digits.
        let value = u32::try_from(bits >> (4 * digit) & 0xf).unwrap_or(0);
        out.push(char::from_digit(value, 16).unwrap_or('0'));
    }
}

/// Formats a size with one letter, as `lsipc` does: `56B`, `4K`, `1.9M`.
#[must_use]
pub fn size(bytes: u64) -> String {
    let mut text = String::new();
    push_size(&mut text, bytes);
    text
}

/// Appends a [`size()`].
pub fn push_size(out: &mut String, bytes: u64) {
    const LETTERS: [char; 7] = ['B', 'K', 'M', 'G', 'T', 'P', 'E'];
    let power = (bytes.max(1).ilog2() / 10).min(6);
    let letter = LETTERS.get(power as usize).copied().unwrap_or('E');
    let unit = 1u64 << (10 * power);
    let (mut whole, rest) = (bytes >> (10 * power), bytes & (unit - 1));
    let mut tenths = 0;
    if rest > 0 {
        // Tenths, rounded half up from thousandths, as the C code does.
        tenths = (u128::from(rest) * 1000 / u128::from(unit) + 50) / 100;
        if tenths > 9 {
            whole += 1;
            tenths = 0;
        }
    }
    push_number(out, whole);
    if tenths > 0 {
        out.push('.');
        push_number(out, tenths);
    }
    out.push(letter);
}

/// Formats a number with commas between the thousands: `1,234,567`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Formats a count and its unit: `1 byte`, `1,234 bytes`.
#[must_use]
pub fn counted(number: u64, noun: &str) -> String {
    let plural = match (number, noun.ends_with('s')) {
        (1, _) => "",
        (_, true) => "es",
        (_, false) => "s",
    };
    format!("{} {noun}{plural}", thousands(number))
}

/// How many segments there are and what they take: `18 segments, 95M resident`; the
/// sizes where nothing is known of the memory.
pub fn sum<'a>(segments: impl Iterator<Item = &'a Segment>) -> String {
    let (mut count, mut bytes, mut resident) = (0u64, 0u64, Some(0u64));
    for segment in segments {
        count += 1;
        bytes = bytes.saturating_add(segment.size);
        let memory = segment.memory.map(|memory| memory.resident);
        resident = resident
            .zip(memory)
            .map(|(sum, more)| sum.saturating_add(more));
    }
    let count = counted(count, "segment");
    match resident {
        Some(resident) => format!("{count}, {} resident of {}", size(resident), size(bytes)),
        None => format!("{count}, {}", size(bytes)),
    }
}

/// Appends a moment as `2001-09-09 01:46:40`, in `zone`, or UTC without one.
pub fn push_time(out: &mut String, zone: Option<&TimeZone>, seconds: i64) {
    let zone = zone.cloned().unwrap_or(TimeZone::UTC);
    match jiff::Timestamp::from_second(seconds) {
        Ok(stamp) => push(out, stamp.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S")),
        Err(_) => push(out, format_args!("{seconds} s after 1970")),
    }
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Formats an age in two units at most; in steps of a minute after the first.
#[must_use]
pub fn age(seconds: i64) -> String {
    let mut text = String::new();
    push_age(&mut text, seconds);
    text
}

/// Appends an [`age`].
pub fn push_age(out: &mut String, seconds: i64) {
    match seconds {
        // After the clock was set back, an age must not look huge.
        i64::MIN..=0 => out.push_str("0s"),
        1..MINUTE => push_units(out, &[(seconds, 's')]),
        MINUTE..HOUR => push_units(out, &[(seconds / MINUTE, 'm')]),
        HOUR..DAY => push_units(
            out,
            &[(seconds / HOUR, 'h'), (seconds % HOUR / MINUTE, 'm')],
        ),
        _ => push_units(out, &[(seconds / DAY, 'd'), (seconds % DAY / HOUR, 'h')]),
    }
}

/// Appends numbers with their units; all but the first have two digits.
fn push_units(out: &mut String, parts: &[(i64, char)]) {
    for (index, (number, unit)) in parts.iter().enumerate() {
        if index > 0 && *number < 10 {
            out.push('0');
        }
        push_number(out, *number);
        out.push(*unit);
    }
}

/// Returns the seconds until [`age`] changes.
#[must_use]
pub fn age_steps_in(seconds: i64) -> i64 {
    match seconds {
        i64::MIN..0 => seconds.saturating_neg().saturating_add(1),
        0..MINUTE => 1,
        MINUTE..DAY => MINUTE - seconds % MINUTE,
        _ => HOUR - seconds % HOUR,
    }
}

/// Formats permission bits as letters: `rw-r-----`.
#[must_use]
pub fn permissions(mode: u16) -> String {
    let mut text = String::new();
    push_permissions(&mut text, mode);
    text
}

/// Appends [`permissions`].
pub fn push_permissions(out: &mut String, mode: u16) {
    const TRIPLETS: [&str; 8] = ["---", "--x", "-w-", "-wx", "r--", "r-x", "rw-", "rwx"];
    for shift in [6, 3, 0] {
        let triplet = TRIPLETS.get(usize::from(mode >> shift & 7));
        out.push_str(triplet.copied().unwrap_or_default());
    }
}

/// Appends permission bits in octal, four digits.
pub fn push_octal(out: &mut String, mode: u16) {
    for shift in [9, 6, 3, 0] {
        let digit = char::from_digit(u32::from(mode >> shift & 7), 8);
        out.push(digit.unwrap_or('0'));
    }
}

/// Sanitizes foreign text for a terminal: control characters become `\n`, `\t` or `\x1b`,
/// and so do characters that reorder or hide text (bidirectional overrides, zero-width
/// joiners and the like).
#[must_use]
pub fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => safe.push_str("\\n"),
            '\t' => safe.push_str("\\t"),
            '\r' => safe.push_str("\\r"),
            c if c.is_control() || is_invisible(c) => {
                // Writing to a string cannot fail.
                let _ = write!(safe, "\\x{:02x}", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    safe
}

fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sizes_are_those_of_lsipc() {
        // Seen with `lsipc -m` of util-linux 2.38.
        for (bytes, text) in [
            (0, "0B"),
            (1, "1B"),
            (56, "56B"),
            (1023, "1023B"),
            (1024, "1K"),
            (1025, "1K"),
            (1536, "1.5K"),
            (4096, "4K"),
            (1_048_575, "1024K"),
            (1_048_576, "1M"),
            (5_368_709_121, "5G"),
            (u64::MAX, "16E"),
        ] {
            assert_eq!(size(bytes), text, "{bytes}");
        }
    }

    #[test]
    fn ages_step_by_the_minute_after_the_first() {
        for (seconds, text) in [
            (-5, "0s"),
            (0, "0s"),
            (59, "59s"),
            (60, "1m"),
            (3599, "59m"),
            (3600, "1h00m"),
            (86_399, "23h59m"),
            (86_400, "1d00h"),
            (86_400 * 400 + 7200, "400d02h"),
        ] {
            assert_eq!(age(seconds), text, "{seconds}");
        }
    }

    #[test]
    fn permissions_are_letters() {
        assert_eq!(permissions(0o640), "rw-r-----");
        assert_eq!(permissions(0), "---------");
        assert_eq!(permissions(0o777), "rwxrwxrwx");
    }

    #[test]
    fn keys_are_those_of_display() {
        for bits in [
            0,
            0x51,
            u32::MAX.into(),
            0x8000_005c,
            0x12_3456_7890,
            u64::MAX,
        ] {
            let mut text = String::new();
            push_key(&mut text, bits);
            assert_eq!(text, format!("{bits:#010x}"));
        }
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(1_234), "1,234");
        assert_eq!(thousands(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(counted(0, "byte"), "0 bytes");
        assert_eq!(counted(1, "byte"), "1 byte");
        assert_eq!(counted(1_234, "segment"), "1,234 segments");
        assert_eq!(counted(1, "process"), "1 process");
        assert_eq!(counted(2, "process"), "2 processes");
    }

    #[test]
    fn escapes_and_direction_marks_are_spelled_out() {
        assert_eq!(harmless("a\x1b[31m\u{202e}b\n"), "a\\x1b[31m\\x202eb\\n");
    }

    proptest! {
        #[test]
        fn harmless_text_has_no_control_characters(text: String) {
            prop_assert!(!harmless(&text).chars().any(char::is_control));
        }

        #[test]
        fn an_age_changes_exactly_when_said(seconds in -100..10_000_000i64) {
            let step = age_steps_in(seconds);
            prop_assert!(step > 0);
            prop_assert_eq!(age(seconds), age(seconds + step - 1));
            prop_assert_ne!(age(seconds), age(seconds + step));
        }
    }
}
