//! Arguments of `dump`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use crate::model::bytes::goto;
use crate::model::segment::Name;

/// Arguments of `dump`.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Pages that were never touched become holes in the file. Offsets are as 4096, 0x1000 or 4k."
)]
pub struct Dump {
    /// The segment: an identifier in decimal, or a key as 0x and hex digits.
    #[arg(value_name = "ID|KEY")]
    pub segment: Name,
    /// Copy only bytes A to B (exclusive), as A..B, or N bytes from A, as A..+N; either
    /// bound may be omitted.
    #[arg(long, value_name = "A..B")]
    pub range: Option<Part>,
    /// Write a hex dump.
    #[arg(long)]
    pub hex: bool,
    /// The new file; without it, standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// A part of a segment; the end may be the segment's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The first byte.
    pub start: u64,
    /// The byte after the last.
    pub end: Option<u64>,
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (start, end) = text
            .split_once("..")
            .ok_or("a range is two offsets separated by `..`")?;
        let offset = |text: &str| match text.trim() {
            "" => Ok(None),
            text => goto::number(text).map(Some),
        };
        let start = offset(start)?.unwrap_or(0);
        let end = match end.trim().strip_prefix('+') {
            Some(length) => {
                let length = goto::number(length)?;
                let end = start.checked_add(length);
                Some(end.ok_or("the range ends beyond any segment")?)
            }
            None => offset(end)?,
        };
        match end {
            Some(end) if end < start => Err("the range ends before it starts".to_owned()),
            _ => Ok(Self { start, end }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_two_offsets_of_which_either_may_be_missing() {
        let part = |start, end| Ok(Part { start, end });
        assert_eq!("1..0x10".parse(), part(1, Some(16)));
        assert_eq!("4k..".parse(), part(4096, None));
        assert_eq!("..8".parse(), part(0, Some(8)));
        assert_eq!("..".parse(), part(0, None));
        assert_eq!("100..+8".parse(), part(100, Some(108)));
        assert_eq!("4k..+0x10".parse(), part(4096, Some(4112)));
        assert_eq!("..+1k".parse(), part(0, Some(1024)));
        for wrong in ["", "4", "2..1", "a..b", "1...2", "+1..2", "1..+", "1..++2"] {
            assert!(wrong.parse::<Part>().is_err(), "{wrong}");
        }
    }
}
