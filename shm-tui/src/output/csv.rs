//! Comma-separated values (RFC 4180): the columns of the table, as a program
//! wants them. Sizes are bytes, ages seconds, states those of the filters; what
//! is not known is empty.

use crate::model::column::{Column, Context};
use crate::model::format;
use crate::model::segment::Segment;
use crate::model::state;

/// A line of column names and one for every segment. `context` is exact.
#[must_use]
pub fn table(segments: &[Segment], columns: &[Column], context: &Context<'_>) -> String {
    let mut text = String::new();
    let names = columns.iter().map(|column| column.definition().name);
    line(&mut text, names.map(str::to_owned));
    for segment in segments {
        let cells = columns
            .iter()
            .map(|column| value(*column, segment, context));
        line(&mut text, cells);
    }
    text
}

fn value(column: Column, segment: &Segment, context: &Context<'_>) -> String {
    match column {
        Column::Age | Column::AttachAge | Column::DetachAge => {
            let mut text = String::new();
            if let Some(time) = column.time(segment) {
                format::push(&mut text, context.now.saturating_sub(time).max(0));
            }
            text
        }
        // What is unknown is empty; the table has a dash.
        Column::CreatorPid if segment.creator_pid == 0 => String::new(),
        Column::LastPid if segment.last_pid == 0 => String::new(),
        Column::Perms => format!("{:04o}", segment.mode),
        Column::State => {
            let state = state::classify(segment, context.directory, context.now);
            state.name().to_owned()
        }
        _ => column.cell(segment, context),
    }
}

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    for (index, cell) in cells.enumerate() {
        text.push_str(if index > 0 { "," } else { "" });
        match cell.contains([',', '"', '\r', '\n']) {
            true => text.push_str(&format!("\"{}\"", cell.replace('"', "\"\""))),
            false => text.push_str(&cell),
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
            value(Column::Age, &segment, &context)
        };
        assert_eq!((age(1_007), age(900)), ("7".to_owned(), "0".to_owned()));
    }

    #[test]
    fn what_would_break_a_line_is_quoted() {
        let mut text = String::new();
        let cells = ["a", "b,c", "say \"hi\"", "", "d\ne"];
        line(&mut text, cells.into_iter().map(str::to_owned));
        assert_eq!(text, "a,\"b,c\",\"say \"\"hi\"\"\",,\"d\ne\"\r\n");
    }
}
