//! Parses a typed offset.

/// Parses an offset in a segment of `size` bytes; relative ones start at `cursor`.
///
/// Accepts decimal, hexadecimal after `0x` or before `h`, `+` or `-` and a distance, a
/// percentage, and `end`. Numbers may have the suffix k, m, g or t.
///
/// # Errors
///
/// Returns a message if the text is not an offset of the segment.
pub fn parse(text: &str, cursor: u64, size: u64) -> Result<u64, String> {
    let text = text.trim();
    let last = size.saturating_sub(1);
    let offset = if text.eq_ignore_ascii_case("end") {
        Some(last)
    } else if let Some(percent) = text.strip_suffix('%') {
        return percentage(percent.trim(), size);
    } else if let Some(forward) = text.strip_prefix('+') {
        number(forward)?.checked_add(cursor)
    } else if let Some(back) = text.strip_prefix('-') {
        return cursor
            .checked_sub(number(back)?)
            .ok_or_else(|| "this is before the start of the segment".to_owned());
    } else {
        Some(number(text)?)
    };
    offset
        .filter(|offset| *offset <= last)
        .ok_or_else(|| format!("the last byte is at {last} ({last:#x})"))
}

/// Returns the offset at this percentage of the size; 100 % is the last byte.
fn percentage(text: &str, size: u64) -> Result<u64, String> {
    let percent: f64 = text
        .parse()
        .map_err(|_| "a percentage is a number followed by %".to_owned())?;
    if !(0.0..=100.0).contains(&percent) {
        return Err("not between 0 % and 100 %".to_owned());
    }
    // In thousandths of a percent, so that large sizes stay exact.
    let thousandths = (percent * 1000.0).round() as u128;
    let offset = u128::from(size) * thousandths / 100_000;
    let last = size.saturating_sub(1);
    Ok(u64::try_from(offset).unwrap_or(last).min(last))
}

/// Parses a number of bytes: as [`parse`], without positions and percentages.
///
/// # Errors
///
/// Returns a message if the text is not a number.
pub fn number(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is not an offset: try 4096, 0x1000, 4k, +16, 50%, end");
    let text = text.trim();
    let hexadecimal = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .or_else(|| text.strip_suffix('h'));
    if let Some(digits) = hexadecimal {
        let plain = digits.chars().all(|digit| digit.is_ascii_hexdigit());
        let number = u64::from_str_radix(digits, 16).ok().filter(|_| plain);
        return number.ok_or_else(wrong);
    }
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (text.get(..at), 10),
        Some((at, 'm' | 'M')) => (text.get(..at), 20),
        Some((at, 'g' | 'G')) => (text.get(..at), 30),
        Some((at, 't' | 'T')) => (text.get(..at), 40),
        _ => (Some(text), 0),
    };
    let digits = digits.unwrap_or_default();
    let plain = digits.bytes().all(|digit| digit.is_ascii_digit());
    let number: Option<u64> = digits.parse().ok().filter(|_| plain);
    number
        .and_then(|number| number.checked_mul(1 << shift))
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_way_to_name_an_offset() {
        let at = |text| parse(text, 100, 1 << 20);
        assert_eq!(at("4096"), Ok(4096));
        assert_eq!(at(" 0x10 "), Ok(16));
        assert_eq!(at("10h"), Ok(16));
        assert_eq!(at("4k"), Ok(4096));
        assert_eq!(at("+0x10"), Ok(116));
        assert_eq!(at("-100"), Ok(0));
        assert_eq!(at("0%"), Ok(0));
        assert_eq!(at("50%"), Ok(1 << 19));
        assert_eq!(parse("50%", 0, 6 << 30), Ok(0xc000_0000));
        assert_eq!(at("100%"), Ok((1 << 20) - 1));
        assert_eq!(at("end"), Ok((1 << 20) - 1));
    }

    #[test]
    fn what_lies_outside_is_not_bent_inside() {
        let at = |text| parse(text, 100, 1 << 20);
        for wrong in [
            "1m", "-101", "+1m", "101%", "-1%", "", "x", "0x", "0x+1", "++1", "nan%", "-",
        ] {
            assert!(at(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse("100%", 0, u64::MAX), Ok(u64::MAX - 1));
    }

    proptest! {
        #[test]
        fn no_text_leads_outside(text: String, cursor: u64, size in 1..u64::MAX) {
            if let Ok(offset) = parse(&text, cursor.min(size - 1), size) {
                prop_assert!(offset < size);
            }
        }

        #[test]
        fn what_is_written_is_read(offset: u64) {
            for text in [format!("{offset}"), format!("{offset:#x}"), format!("{offset:x}h")] {
                prop_assert_eq!(number(&text), Ok(offset));
            }
        }
    }
}
