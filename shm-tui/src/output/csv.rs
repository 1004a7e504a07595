//! Comma-separated values (RFC 4180): the columns of the table, for programs. Sizes are
//! bytes, ages are seconds, states are those of filters, and unknown values are empty.

use std::io::{self, Write};

use super::Table;
use crate::model::column::{Column, Context};
use crate::model::format;
use crate::model::segment::Segment;
use crate::model::state;

/// Lines are written in portions of this many bytes.
const PORTION: usize = 64 << 10;

/// Writes the header, if `table` wants it, and a line for every segment. The context of
/// `table` is exact.
///
/// # Errors
///
/// If `out` fails.
pub fn table(out: &mut dyn Write, table: &Table<'_>) -> io::Result<()> {
    let mut text = String::new();
    if table.headers {
        let names = table.columns.iter().map(|column| column.definition().name);
        line(&mut text, names, |name, cell| cell.push_str(name));
    }
    for segment in table.segments {
        line(&mut text, table.columns.iter(), |column, cell| {
            value(*column, segment, &table.context, cell);
        });
        if text.len() >= PORTION {
            out.write_all(text.as_bytes())?;
            text.clear();
        }
    }
    out.write_all(text.as_bytes())
}

/// Appends the value of a column for a segment.
fn value(column: Column, segment: &Segment, context: &Context<'_>, out: &mut String) {
    match column {
        Column::Age | Column::AttachAge | Column::DetachAge => {
            if let Some(time) = column.time(segment) {
                format::push_number(out, context.now.saturating_sub(time).max(0));
            }
        }
        // Unknown values are empty here; the table has a dash.
        Column::CreatorPid if segment.creator_pid == 0 => {}
        Column::LastPid if segment.last_pid == 0 => {}
        Column::Perms => format::push_octal(out, segment.mode),
        Column::State => {
            let state = state::classify(segment, context.directory, context.now);
            out.push_str(state.name());
        }
        _ => column.write(segment, context, out),
    }
}

/// Appends a line; `write` appends each cell.
fn line<T>(text: &mut String, cells: impl Iterator<Item = T>, write: impl Fn(T, &mut String)) {
    for (index, cell) in cells.enumerate() {
        text.push_str(if index > 0 { "," } else { "" });
        let start = text.len();
        write(cell, text);
        let written = text.get(start..).unwrap_or_default();
        if written.contains([',', '"', '\r', '\n']) {
            let quoted = format!("\"{}\"", written.replace('"', "\"\""));
            text.truncate(start);
            text.push_str(&quoted);
        }
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_of_the_future_is_none_as_in_the_table() {
        let directory = crate::model::directory::Directory::default();
        let segment = Segment {
            change_time: Some(1_000),
            ..Segment::default()
        };
        let age = |now| {
            let context = Context {
                directory: &directory,
                now,
                exact: true,
            };
            let mut text = String::new();
            value(Column::Age, &segment, &context, &mut text);
            text
        };
        assert_eq!((age(1_007), age(900)), ("7".to_owned(), "0".to_owned()));
    }

    #[test]
    fn what_would_break_a_line_is_quoted() {
        let mut text = String::new();
        let cells = ["a", "b,c", "say \"hi\"", "", "d\ne"];
        line(&mut text, cells.into_iter(), |cell, text| {
            text.push_str(cell)
        });
        assert_eq!(text, "a,\"b,c\",\"say \"\"hi\"\"\",,\"d\ne\"\r\n");
    }
}
