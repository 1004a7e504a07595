//! Formats bytes like `hexdump -C`: offset, sixteen bytes, text; repeated rows become an
//! asterisk. So gigabytes of zeros are one line.

use std::io::{self, Write};

const ROW: usize = 16;

/// Writes a hex dump row by row.
#[derive(Debug)]
pub struct Hexdump<W> {
    out: W,
    /// The offset of the pending bytes.
    offset: u64,
    waiting: Vec<u8>,
    last: Option<[u8; ROW]>,
    starred: bool,
}

impl<W: Write> Hexdump<W> {
    /// Creates a hex dump that begins at an offset.
    pub fn new(out: W, offset: u64) -> Self {
        Self {
            out,
            offset,
            waiting: Vec::with_capacity(ROW),
            last: None,
            starred: false,
        }
    }

    /// Adds bytes.
    ///
    /// # Errors
    ///
    /// If they cannot be written.
    pub fn bytes(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        if !self.waiting.is_empty() {
            let (some, rest) = bytes.split_at(bytes.len().min(ROW - self.waiting.len()));
            self.waiting.extend_from_slice(some);
            bytes = rest;
            if let Ok(row) = <[u8; ROW]>::try_from(self.waiting.as_slice()) {
                self.waiting.clear();
                self.row(row)?;
            }
        }
        let (rows, rest) = bytes.as_chunks::<ROW>();
        for row in rows {
            self.row(*row)?;
        }
        self.waiting.extend_from_slice(rest);
        Ok(())
    }

    /// Adds this many zeros.
    ///
    /// # Errors
    ///
    /// If they cannot be written.
    pub fn zeros(&mut self, count: u64) -> io::Result<()> {
        let zeros = [0; 2 * ROW];
        let few = usize::try_from(count).map_or(zeros.len(), |count| count.min(zeros.len()));
        self.bytes(zeros.get(..few).unwrap_or_default())?;
        let mut left = count - few as u64;
        // The row before is zeros now, and so are all but the last.
        if left >= ROW as u64 {
            let row = ROW as u64;
            let rows = left / row;
            self.row([0; ROW])?;
            self.offset += (rows - 1) * row;
            left -= rows * row;
        }
        let few = usize::try_from(left).unwrap_or(0);
        self.bytes(zeros.get(..few).unwrap_or_default())
    }

    /// Writes the pending bytes, and the offset of the end.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn finish(&mut self) -> io::Result<()> {
        if !self.waiting.is_empty() {
            let row = std::mem::take(&mut self.waiting);
            self.line(&row)?;
            self.offset += row.len() as u64;
        }
        writeln!(self.out, "{:08x}", self.offset)?;
        self.out.flush()
    }

    fn row(&mut self, row: [u8; ROW]) -> io::Result<()> {
        if self.last == Some(row) {
            if !self.starred {
                self.out.write_all(b"*\n")?;
                self.starred = true;
            }
        } else {
            self.line(&row)?;
            self.last = Some(row);
            self.starred = false;
        }
        self.offset += ROW as u64;
        Ok(())
    }

    fn line(&mut self, row: &[u8]) -> io::Result<()> {
        write!(self.out, "{:08x} ", self.offset)?;
        for index in 0..ROW {
            if index % 8 == 0 {
                self.out.write_all(b" ")?;
            }
            match row.get(index) {
                Some(byte) => write!(self.out, "{byte:02x} ")?,
                None => self.out.write_all(b"   ")?,
            }
        }
        self.out.write_all(b" |")?;
        let shown = |byte: &u8| match byte {
            0x20..0x7f => *byte,
            _ => b'.',
        };
        let text: Vec<u8> = row.iter().map(shown).collect();
        self.out.write_all(&text)?;
        self.out.write_all(b"|\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dump(parts: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut hexdump = Hexdump::new(&mut out, 0);
        for part in parts {
            hexdump.bytes(part).unwrap();
        }
        hexdump.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn it_looks_like_every_other_one() {
        assert_eq!(
            dump(&[b"\x1b[31mred and more \xff"]),
            "00000000  1b 5b 33 31 6d 72 65 64  20 61 6e 64 20 6d 6f 72  |.[31mred and mor|\n\
             00000010  65 20 ff                                          |e .|\n\
             00000013\n"
        );
    }

    #[test]
    fn terabytes_of_zeros_are_three_lines() {
        let mut out = Vec::new();
        let mut hexdump = Hexdump::new(&mut out, 0);
        hexdump.zeros(1 << 40).unwrap();
        hexdump.finish().unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1..], ["*", "10000000000"]);
    }

    proptest! {
        #[test]
        fn zeros_are_like_bytes_and_the_cuts_do_not_matter(
            head in proptest::collection::vec(0..2u8, 0..50),
            zeros in 0..200usize,
            tail in proptest::collection::vec(0..2u8, 0..50),
        ) {
            let mut out = Vec::new();
            let mut hexdump = Hexdump::new(&mut out, 0);
            hexdump.bytes(&head).unwrap();
            hexdump.zeros(zeros as u64).unwrap();
            hexdump.bytes(&tail).unwrap();
            hexdump.finish().unwrap();
            let all = [head, vec![0; zeros], tail].concat();
            prop_assert_eq!(String::from_utf8(out).unwrap(), dump(&[&all]));
        }
    }
}
