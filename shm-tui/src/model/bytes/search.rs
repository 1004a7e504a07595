//! Search patterns, and finding them.
//!
//! Every pattern is a sequence of masked bytes: text, text in any case, numbers, bytes
//! with `??`. So one algorithm finds them all. Matches may overlap.

use memchr::memmem;

/// Maximum length of a pattern.
pub const LONGEST: usize = 4096;

/// A byte of a pattern: the value of these bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Masked {
    value: u8,
    mask: u8,
}

impl Masked {
    fn exactly(value: u8) -> Self {
        Self { value, mask: 0xff }
    }

    fn fits(self, byte: u8) -> bool {
        byte & self.mask == self.value
    }
}

/// A pattern; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    bytes: Vec<Masked>,
}

impl Needle {
    /// Parses what a user typed: text, or one of these with its prefix: `i:text` in any
    /// case, `x:4d cf ?? 2?` bytes, numbers such as `u32:7`, `i16be:-2`, `f64:3.14`, and
    /// `t:text` for text that looks like one of them.
    ///
    /// Numbers use the byte order of the view unless `le` or `be` is given.
    ///
    /// # Errors
    ///
    /// Returns a message if the text is not a pattern.
    pub fn parse(text: &str, big_endian: bool) -> Result<Self, String> {
        let bytes = match text.split_once(':') {
            Some(("t", text)) => exact(text.as_bytes()),
            Some(("i", text)) => any_case(text),
            Some(("x", digits)) => pattern(digits)?,
            Some((kind, digits)) => match Integer::parse(kind, big_endian) {
                Some(kind) => exact(&kind.bytes(digits.trim())?),
                None => match float(kind, digits.trim(), big_endian) {
                    Some(bytes) => exact(&bytes?),
                    None => exact(text.as_bytes()),
                },
            },
            None => exact(text.as_bytes()),
        };
        match bytes.len() {
            0 => Err("type a search pattern".to_owned()),
            1..=LONGEST => Ok(Self { bytes }),
            _ => Err(format!("a pattern has at most {LONGEST} bytes")),
        }
    }

    /// Returns the number of bytes in a match.
    #[must_use]
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Returns whether it matches zeros, as in untouched pages.
    #[must_use]
    pub fn is_in_zeros(&self) -> bool {
        self.bytes.iter().all(|byte| byte.fits(0))
    }

    fn fits_at(&self, bytes: &[u8], at: usize) -> bool {
        let end = at.saturating_add(self.bytes.len());
        bytes.get(at..end).is_some_and(|bytes| {
            let mut pairs = self.bytes.iter().zip(bytes);
            pairs.all(|(masked, byte)| masked.fits(*byte))
        })
    }

    /// Returns the longest part without masked bits, and its offset.
    fn longest_exact(&self) -> (usize, Vec<u8>) {
        let mut best = (0, 0);
        let mut start = 0;
        for (index, byte) in self.bytes.iter().enumerate() {
            if byte.mask != 0xff {
                start = index + 1;
            } else if index + 1 - start > best.1 {
                best = (start, index + 1 - start);
            }
        }
        let part = self.bytes.iter().skip(best.0).take(best.1);
        (best.0, part.map(|byte| byte.value).collect())
    }
}

fn exact(bytes: &[u8]) -> Vec<Masked> {
    bytes.iter().copied().map(Masked::exactly).collect()
}

/// Matches ASCII letters in either case: they differ in one bit.
fn any_case(text: &str) -> Vec<Masked> {
    let masked = |byte: u8| match byte.is_ascii_alphabetic() {
        true => Masked {
            value: byte & 0xdf,
            mask: 0xdf,
        },
        false => Masked::exactly(byte),
    };
    text.bytes().map(masked).collect()
}

/// Parses pairs of hexadecimal digits or `?`, with white space between.
fn pattern(text: &str) -> Result<Vec<Masked>, String> {
    let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    if !digits.len().is_multiple_of(2) {
        return Err("a byte has two digits: `4d`, `4?` or `??`".to_owned());
    }
    let half = |digit: char| match digit.to_digit(16).and_then(|d| u8::try_from(d).ok()) {
        Some(value) => Ok(Masked { value, mask: 0x0f }),
        None if digit == '?' => Ok(Masked { value: 0, mask: 0 }),
        None => Err(format!("`{digit}` is neither a hexadecimal digit nor `?`")),
    };
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    let mut digits = digits.into_iter();
    while let (Some(high), Some(low)) = (digits.next(), digits.next()) {
        let (high, low) = (half(high)?, half(low)?);
        bytes.push(Masked {
            value: high.value << 4 | low.value,
            mask: high.mask << 4 | low.mask,
        });
    }
    Ok(bytes)
}

/// A type of number: `u32`, `i64be`.
#[derive(Clone, Copy, Debug)]
struct Integer {
    signed: bool,
    bits: u32,
    big: bool,
}

/// Removes the byte order from the name of a type.
fn order(kind: &str, big_endian: bool) -> (&str, bool) {
    match (kind.strip_suffix("be"), kind.strip_suffix("le")) {
        (Some(rest), _) => (rest, true),
        (_, Some(rest)) => (rest, false),
        _ => (kind, big_endian),
    }
}

/// Returns the bytes of a float: `f32`, `f64be`; `None` if `kind` is another type.
fn float(kind: &str, digits: &str, big_endian: bool) -> Option<Result<Vec<u8>, String>> {
    let (kind, big) = order(kind, big_endian);
    let little = match kind {
        "f32" => digits.parse().map(|value: f32| {
            let bytes = value.to_le_bytes().to_vec();
            (value.is_nan(), bytes)
        }),
        "f64" => digits.parse().map(|value: f64| {
            let bytes = value.to_le_bytes().to_vec();
            (value.is_nan(), bytes)
        }),
        _ => return None,
    };
    Some(match little {
        Ok((true, _)) => Err("NaN has many forms: search for its bytes with x:".to_owned()),
        Ok((false, mut bytes)) => {
            if big {
                bytes.reverse();
            }
            Ok(bytes)
        }
        Err(_) => Err("a float is like 3.14, -1e9 or inf".to_owned()),
    })
}

impl Integer {
    fn parse(text: &str, big_endian: bool) -> Option<Self> {
        let (rest, big) = order(text, big_endian);
        let signed = rest.starts_with('i');
        let bits = rest.strip_prefix(['u', 'i'])?;
        let bits = [8, 16, 32, 64]
            .into_iter()
            .find(|known: &u32| known.to_string() == bits)?;
        Some(Self { signed, bits, big })
    }

    fn bytes(self, digits: &str) -> Result<Vec<u8>, String> {
        let (negative, number) = match digits.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, digits),
        };
        let parsed = match number.strip_prefix("0x").or(number.strip_prefix("0X")) {
            _ if number.contains('+') => None,
            Some(hex) => i128::from_str_radix(hex, 16).ok(),
            None => number.parse::<i128>().ok(),
        };
        let magnitude = parsed.ok_or("a number is decimal, or hexadecimal after 0x")?;
        let value = if negative { -magnitude } else { magnitude };
        let (least, most) = match self.signed {
            true => (-(1 << (self.bits - 1)), (1_i128 << (self.bits - 1)) - 1),
            false => (0, (1_i128 << self.bits) - 1),
        };
        if !(least..=most).contains(&value) {
            return Err(format!("not between {least} and {most}"));
        }
        let little = value.to_le_bytes();
        let count = usize::try_from(self.bits / 8).unwrap_or(0);
        let mut bytes: Vec<u8> = little.into_iter().take(count).collect();
        if self.big {
            bytes.reverse();
        }
        Ok(bytes)
    }
}

/// Finds a pattern in bytes.
#[derive(Debug)]
pub struct Finder {
    needle: Needle,
    plan: Plan,
}

#[derive(Debug)]
enum Plan {
    /// The fixed part that is searched first, and its offset.
    Exact(Box<memmem::Finder<'static>>, usize),
    /// A letter in either case, and its offset.
    Either(u8, u8, usize),
    /// There is no fixed part.
    Every,
}

impl Finder {
    /// Prepares to find `needle`.
    #[must_use]
    pub fn new(needle: Needle) -> Self {
        let (at, part) = needle.longest_exact();
        let plan = if !part.is_empty() {
            Plan::Exact(Box::new(memmem::Finder::new(&part).into_owned()), at)
        } else {
            let mut bytes = needle.bytes.iter();
            let letter = bytes.position(|byte| byte.mask == 0xdf);
            match letter.and_then(|at| Some((at, needle.bytes.get(at)?.value))) {
                Some((at, upper)) => Plan::Either(upper, upper | 0x20, at),
                None => Plan::Every,
            }
        };
        Self { needle, plan }
    }

    /// Returns the pattern.
    #[must_use]
    pub fn needle(&self) -> &Needle {
        &self.needle
    }

    /// Returns the first match at `from` or later.
    #[must_use]
    pub fn next(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let last = bytes.len().checked_sub(self.needle.len())?;
        let mut from = from;
        while from <= last {
            let at = match &self.plan {
                Plan::Exact(finder, at) => {
                    from + finder.find(bytes.get(from.checked_add(*at)?..)?)?
                }
                Plan::Either(a, b, at) => {
                    from + memchr::memchr2(*a, *b, bytes.get(from.checked_add(*at)?..)?)?
                }
                Plan::Every => from,
            };
            if self.needle.fits_at(bytes, at) {
                return Some(at);
            }
            from = at + 1;
        }
        None
    }

    /// Returns every match, including overlapping ones.
    pub fn all<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        let mut from = 0;
        std::iter::from_fn(move || {
            let at = self.next(bytes, from)?;
            from = at + 1;
            Some(at)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str, bytes: &[u8]) -> Vec<usize> {
        let finder = Finder::new(Needle::parse(text, false).unwrap());
        finder.all(bytes).collect()
    }

    #[test]
    fn floats_are_found_in_either_order_of_bytes() {
        let needle = |text: &str, big| Needle::parse(text, big).map(|needle| needle.bytes);
        let of = |bytes: &[u8]| Ok(exact(bytes));
        assert_eq!(needle("f64:2.75", false), of(&2.75_f64.to_le_bytes()));
        assert_eq!(needle("f64:2.75", true), of(&2.75_f64.to_be_bytes()));
        assert_eq!(needle("f32be: -1e9", false), of(&(-1e9_f32).to_be_bytes()));
        assert_eq!(needle("f32le:inf", true), of(&f32::INFINITY.to_le_bytes()));
        for wrong in ["f64:", "f64:x", "f32:nan"] {
            assert!(needle(wrong, false).is_err(), "{wrong}");
        }
        // Any other prefix is text.
        assert_eq!(needle("f16:1", false), of(b"f16:1"));
    }

    #[test]
    fn every_kind_is_found() {
        assert_eq!(found("ana", b"banana"), [1, 3]);
        assert_eq!(found("i:AnA", b"bAnaNA!"), [1, 3]);
        assert_eq!(found("i:[a", b"{a[A"), [2]);
        assert_eq!(found("x:4d ?? 2?", &[0x4d, 1, 0x2f, 0x4d, 9, 0x30]), [0]);
        assert_eq!(found("x:??", b"ab"), [0, 1]);
        assert_eq!(found("u16:0x0102", &[1, 2, 1]), [1]);
        assert_eq!(found("u16be:258", &[1, 2, 1]), [0]);
        assert_eq!(found("i8:-1", &[0, 255]), [1]);
        assert_eq!(found("t:x:4d", b"x:4d"), [0]);
        assert_eq!(found("key: 5", b"a key: 5"), [2], "no prefix, only text");
        assert_eq!(found("ö", "aö".as_bytes()), [1]);
        assert!(found("longer than all", b"short").is_empty());
    }

    #[test]
    fn what_means_nothing_is_answered_by_a_sentence() {
        for wrong in [
            "",
            "t:",
            "x:",
            "x:4",
            "x:4g",
            "u8:256",
            "u8:-1",
            "i8:128",
            "u32:",
            "u32:+1",
            "u64:0x10000000000000000",
            "u32:1.5",
        ] {
            assert!(Needle::parse(wrong, false).is_err(), "{wrong}");
        }
        assert!(Needle::parse(&"x".repeat(LONGEST + 1), false).is_err());
    }

    #[test]
    fn zeros_are_found_where_nothing_was_touched() {
        for (text, is) in [
            ("x:00 00", true),
            ("x:?? 0?", true),
            ("x:00 01", false),
            ("u32:0", true),
        ] {
            assert_eq!(
                Needle::parse(text, false).unwrap().is_in_zeros(),
                is,
                "{text}"
            );
        }
    }

    /// Patterns over few values, so that there are matches.
    fn typed() -> impl Strategy<Value = String> {
        let byte = prop_oneof![
            Just("61"),
            Just("41"),
            Just("62"),
            Just("00"),
            Just("??"),
            Just("6?"),
            Just("?1"),
        ];
        prop_oneof![
            proptest::collection::vec(byte, 1..5)
                .prop_map(|bytes| format!("x:{}", bytes.join(" "))),
            "[ab@`]{1,4}".prop_map(|text| format!("t:{text}")),
            "[abAB@`]{1,4}".prop_map(|text| format!("i:{text}")),
        ]
    }

    fn fits(text: &str, bytes: &[u8]) -> bool {
        match text.split_once(':').unwrap() {
            ("t", text) => bytes == text.as_bytes(),
            ("i", text) => bytes.eq_ignore_ascii_case(text.as_bytes()),
            (_, digits) => {
                let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                let words: Vec<&str> = digits.split(' ').collect();
                words.len() == hex.len()
                    && words.iter().zip(&hex).all(|(word, hex)| {
                        word.chars()
                            .zip(hex.chars())
                            .all(|(w, h)| w == '?' || w == h)
                    })
            }
        }
    }

    proptest! {
        #[test]
        fn it_finds_what_a_naive_search_finds(
            text in typed(),
            bytes in proptest::collection::vec(
                prop_oneof![Just(b'a'), Just(b'A'), Just(b'b'), Just(b'@'), Just(b'`'), Just(0)],
                0..60,
            ),
        ) {
            let length = Needle::parse(&text, false).unwrap().len();
            let expected: Vec<usize> = bytes
                .windows(length)
                .enumerate()
                .filter(|(_, window)| fits(&text, window))
                .map(|(at, _)| at)
                .collect();
            prop_assert_eq!(found(&text, &bytes), expected);
        }

        #[test]
        fn no_text_breaks_the_parser(text: String, kind in "(t|i|x|[ui](8|16|32|64)(le|be)?|):") {
            let _ = Needle::parse(&text, true);
            let _ = Needle::parse(&format!("{kind}{text}"), false);
        }
    }
}
