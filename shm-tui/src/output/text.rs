//! The table as text: aligned columns, nothing cut, one line per segment.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::Table;

/// Writes the header, if `table` wants it, and a line for every segment. An empty cell is
/// a dash, so that every line has the same number of words unless a command has several.
///
/// # Errors
///
/// If `out` fails.
pub fn table(out: &mut dyn Write, table: &Table<'_>) -> io::Result<()> {
    let columns = table.columns;
    let mut grid = Grid::new(columns.len(), table.segments.len() + 1);
    for column in columns {
        let title = column.definition().title;
        grid.push(&title.replace(' ', "-"));
    }
    for segment in table.segments {
        for column in columns {
            grid.push_with(|text| column.write(segment, &table.context, text));
        }
    }
    let right: Vec<bool> = columns.iter().map(|c| c.definition().right).collect();
    grid.print(out, &right, table.headers)
}

/// Formats a header and a line for every row; `right` says which columns are numbers.
#[must_use]
pub fn lines<const N: usize>(
    header: [&str; N],
    right: [bool; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut grid = Grid::default();
    for title in header {
        grid.push(title);
    }
    for cell in rows.into_iter().flatten() {
        grid.push(&cell);
    }
    let mut printed = Vec::new();
    // Writing to memory cannot fail.
    let _ = grid.print(&mut printed, &right, true);
    String::from_utf8(printed).unwrap_or_default()
}

/// All cells in one text, so that thousands of lines cost few allocations.
#[derive(Debug, Default)]
struct Grid {
    text: String,
    cells: Vec<Cell>,
}

/// The length of each cell in bytes, and its width in columns of the terminal.
#[derive(Clone, Copy, Debug)]
struct Cell {
    length: u32,
    width: u32,
}

/// Typical length of a line with many columns.
const LINE: usize = 128;

/// Lines are written in portions of this many bytes.
const PORTION: usize = 64 << 10;

impl Grid {
    fn new(columns: usize, rows: usize) -> Self {
        Self {
            text: String::with_capacity(rows.saturating_mul(LINE)),
            cells: Vec::with_capacity(rows.saturating_mul(columns)),
        }
    }

    fn push(&mut self, cell: &str) {
        self.push_with(|text| text.push_str(cell));
    }

    /// Appends the cell that `write` writes; a dash if it is empty.
    fn push_with(&mut self, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        if self.text.len() == start {
            self.text.push('-');
        }
        let cell = self.text.get(start..).unwrap_or_default();
        let width = match cell.is_ascii() {
            true => cell.len(),
            false => cell.width(),
        };
        // A command line has at most 2 MiB.
        let fits = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        self.cells.push(Cell {
            length: fits(cell.len()),
            width: fits(width),
        });
    }

    fn print(&self, out: &mut dyn Write, right: &[bool], headers: bool) -> io::Result<()> {
        let columns = right.len().max(1);
        let mut widths = vec![0; columns];
        for line in self.cells.chunks(columns) {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = cell.width.max(*width);
            }
        }
        let mut printed = Vec::with_capacity(PORTION + LINE);
        let mut text = self.text.as_bytes();
        for (number, line) in self.cells.chunks(columns).enumerate() {
            for (index, ((cell, width), right)) in line.iter().zip(&widths).zip(right).enumerate() {
                let length = cell.length as usize;
                let (bytes, rest) = text.split_at_checked(length).unwrap_or((text, &[]));
                text = rest;
                if index > 0 {
                    printed.push(b' ');
                }
                let gap = (width - cell.width) as usize;
                let last = index + 1 == line.len();
                let before = if *right { gap } else { 0 };
                // Trailing spaces are removed.
                let after = if *right || last { 0 } else { gap };
                printed.resize(printed.len() + before, b' ');
                printed.extend_from_slice(bytes);
                printed.resize(printed.len() + after, b' ');
            }
            printed.push(b'\n');
            if number == 0 && !headers {
                printed.clear();
            }
            if printed.len() >= PORTION {
                out.write_all(&printed)?;
                printed.clear();
            }
        }
        out.write_all(&printed)
    }
}
