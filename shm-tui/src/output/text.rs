//! The table as text: columns lined up, nothing cut, one line a segment.

use unicode_width::UnicodeWidthStr;

use crate::model::column::{Column, Context};
use crate::model::segment::Segment;

/// A header and a line for every segment. An empty cell is a dash, so that
/// every line has the same number of words unless a command has several.
#[must_use]
pub fn table(segments: &[Segment], columns: &[Column], context: &Context<'_>) -> String {
    let mut grid: Vec<Vec<String>> = Vec::with_capacity(segments.len() + 1);
    let titles = columns
        .iter()
        .map(|column| column.definition().title.replace(' ', "-"));
    grid.push(titles.collect());
    for segment in segments {
        let cells = columns.iter().map(|column| {
            let cell = column.cell(segment, context);
            match cell.is_empty() {
                true => "-".to_owned(),
                false => cell.into_owned(),
            }
        });
        grid.push(cells.collect());
    }
    let widths: Vec<usize> = (0..columns.len())
        .map(|column| {
            let cells = grid.iter().filter_map(|line| line.get(column));
            cells.map(|cell| cell.width()).max().unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for line in &grid {
        push_line(&mut text, line, columns, &widths);
    }
    text
}

fn push_line(text: &mut String, line: &[String], columns: &[Column], widths: &[usize]) {
    for (index, ((cell, column), width)) in line.iter().zip(columns).zip(widths).enumerate() {
        if index > 0 {
            text.push(' ');
        }
        let gap = " ".repeat(width.saturating_sub(cell.width()));
        match column.definition().right {
            true => text.extend([gap.as_str(), cell]),
            // Nothing but line ends at the end of a line.
            false if index + 1 == line.len() => text.push_str(cell),
            false => text.extend([cell, gap.as_str()]),
        }
    }
    text.push('\n');
}
