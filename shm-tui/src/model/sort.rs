//! The sort order of the rows.

use std::cmp::Ordering;
use std::str::FromStr;

use super::column::{Column, Context, UnknownColumn};
use super::segment::Segment;

/// A column and a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: Column,
    /// Descending.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self {
            column: Column::Id,
            descending: false,
        }
    }
}

impl Sort {
    /// Compares two segments; equal ones are ordered by identifier, so that rows keep
    /// their places.
    #[must_use]
    pub fn compare(self, a: &Segment, b: &Segment, context: &Context<'_>) -> Ordering {
        let order = self.column.compare(a, b, context);
        let order = match self.descending {
            true => order.reverse(),
            false => order,
        };
        order.then(a.id.cmp(&b.id))
    }

    /// The order after a column is chosen: the same column again reverses it, any
    /// other starts with what is looked for first.
    #[must_use]
    pub fn chosen(self, column: Column) -> Self {
        let descending = match self.column == column {
            true => !self.descending,
            false => largest_first(column),
        };
        Self { column, descending }
    }
}

/// Whether the largest or oldest of a column is of most interest.
fn largest_first(column: Column) -> bool {
    matches!(
        column,
        Column::Size | Column::Attached | Column::Resident | Column::Swapped | Column::Age
    )
}

impl FromStr for Sort {
    type Err = UnknownColumn;

    /// Parses `size`, or `-size` for the reverse order.
    fn from_str(text: &str) -> Result<Self, UnknownColumn> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        Ok(Self {
            column: name.parse()?,
            descending,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::directory::Directory;

    #[test]
    fn a_minus_turns_the_order_round() {
        let sort: Sort = "-size".parse().unwrap();
        assert_eq!((sort.column, sort.descending), (Column::Size, true));
        assert!("--size".parse::<Sort>().is_err());
    }

    #[test]
    fn a_column_starts_with_what_matters_and_is_reversed_by_a_second_choice() {
        let sort = Sort::default().chosen(Column::Resident);
        assert!(sort.descending);
        assert!(!sort.chosen(Column::Resident).descending);
        assert!(!sort.chosen(Column::Owner).descending);
    }

    #[test]
    fn equal_rows_are_ordered_by_identifier_both_ways() {
        let directory = Directory::default();
        let context = Context {
            directory: &directory,
            now: 0,
            exact: false,
        };
        let row = |id| Segment {
            id,
            ..Segment::default()
        };
        for descending in [false, true] {
            let sort = Sort {
                column: Column::Size,
                descending,
            };
            assert_eq!(sort.compare(&row(1), &row(2), &context), Ordering::Less);
        }
    }
}
