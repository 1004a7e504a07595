//! Indents JSON as `serde_json::ser::PrettyFormatter` does, with one write per line
//! instead of one per level: a list of many segments is mostly indentation.

use std::io::{self, Write};

use serde_json::ser::Formatter;

/// The line break after a value: the indentation of up to eight levels.
const BREAK: &[u8] = b",\n                ";

/// The state of the indentation.
#[derive(Debug, Default)]
pub(super) struct Indented {
    level: usize,
    /// Whether the innermost list or object has any entries.
    has_value: bool,
}

impl Indented {
    fn begin<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.level += 1;
        self.has_value = false;
        out.write_all(bracket)
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.level -= 1;
        if self.has_value {
            self.begin_line(out, true)?;
        }
        out.write_all(bracket)
    }

    /// Begins a line, with a comma unless it is the first entry.
    fn begin_line<W: ?Sized + Write>(&self, out: &mut W, first: bool) -> io::Result<()> {
        let length = BREAK.len().min(2 + 2 * self.level);
        let line = BREAK.get(usize::from(first)..length);
        out.write_all(line.unwrap_or_default())?;
        for _ in BREAK.len()..2 + 2 * self.level {
            out.write_all(b" ")?;
        }
        Ok(())
    }
}

impl Formatter for Indented {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.begin_line(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.begin_line(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize as _;
    use serde_json::json;

    #[test]
    fn json_is_indented_as_by_serde_json() {
        let mut deep = json!([1, "x", {}]);
        for _ in 0..10 {
            deep = json!({ "a": [], "b": [deep, null], "c": {} });
        }
        for value in [json!({}), json!([]), json!(1), deep] {
            let mut text = Vec::new();
            let mut serializer =
                serde_json::Serializer::with_formatter(&mut text, Indented::default());
            value.serialize(&mut serializer).unwrap();
            let text = String::from_utf8(text).unwrap();
            assert_eq!(text, serde_json::to_string_pretty(&value).unwrap());
        }
    }
}
