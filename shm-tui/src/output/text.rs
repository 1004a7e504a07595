//! The table as text: columns lined up, nothing cut, one line a segment.

use unicode_width::UnicodeWidthStr;

use crate::model::column::{Column, Context};
use crate::model::segment::Segment;

/// A header and a line for every segment. An empty cell is a dash, so that
/// every line has the same number of words unless a command has several.
#[must_use]
pub fn table(segments: &[Segment], columns: &[Column], context: &Context<'_>) -> String {
    let mut grid = Grid::default();
    for column in columns {
        let title = column.definition().title;
        grid.push(&title.replace(' ', "-"));
    }
    for segment in segments {
        for column in columns {
            let start = grid.text.len();
            column.write(segment, context, &mut grid.text);
            if grid.text.len() == start {
                grid.text.push('-');
            }
            grid.end(start);
        }
    }
    let right: Vec<bool> = columns.iter().map(|c| c.definition().right).collect();
    grid.print(&right)
}

/// A header and a line for every row; `right` tells which columns are numbers.
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
        grid.push(if cell.is_empty() { "-" } else { &cell });
    }
    grid.print(&right)
}

/// All cells, one after the other in one text: thousands of lines cost few
/// allocations.
#[derive(Debug, Default)]
struct Grid {
    text: String,
    /// Where each cell ends in the text, and how wide it is.
    cells: Vec<(usize, usize)>,
}

impl Grid {
    fn push(&mut self, cell: &str) {
        let start = self.text.len();
        self.text.push_str(cell);
        self.end(start);
    }

    /// Ends the cell that began at `start`.
    fn end(&mut self, start: usize) {
        let cell = self.text.get(start..).unwrap_or_default();
        let width = match cell.is_ascii() {
            true => cell.len(),
            false => cell.width(),
        };
        self.cells.push((self.text.len(), width));
    }

    fn print(&self, right: &[bool]) -> String {
        let mut widths = vec![0; right.len()];
        for line in self.cells.chunks(right.len().max(1)) {
            for (width, (_, cell)) in widths.iter_mut().zip(line) {
                *width = (*cell).max(*width);
            }
        }
        let mut printed = String::with_capacity(self.text.len() * 2);
        let mut start = 0;
        for line in self.cells.chunks(right.len().max(1)) {
            for (index, ((end, width), column)) in line.iter().zip(&widths).enumerate() {
                let cell = self.text.get(start..*end).unwrap_or_default();
                start = *end;
                let gap = column - width;
                let last = index + 1 == line.len();
                if index > 0 {
                    printed.push(' ');
                }
                let right = right.get(index).is_some_and(|right| *right);
                printed.extend(std::iter::repeat_n(' ', if right { gap } else { 0 }));
                printed.push_str(cell);
                // Nothing but line ends at the end of a line.
                let behind = if right || last { 0 } else { gap };
                printed.extend(std::iter::repeat_n(' ', behind));
            }
            printed.push('\n');
        }
        printed
    }
}
