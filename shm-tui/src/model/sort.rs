//! The order of the rows.

use std::cmp::Ordering;
use std::str::FromStr;

use super::column::{Column, Context, UnknownColumn};
use super::segment::Segment;

/// By which column, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: Column,
    /// Largest, oldest or last first.
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
    /// The order of two segments; equal ones are ordered by identifier, so that
    /// rows never change places without a reason.
    #[must_use]
    pub fn compare(self, a: &Segment, b: &Segment, context: &Context<'_>) -> Ordering {
        let order = self.column.compare(a, b, context);
        let order = match self.descending {
            true => order.reverse(),
            false => order,
        };
        order.then(a.id.cmp(&b.id))
    }

    /// The same column again turns the order round, another starts ascending.
    #[must_use]
    pub fn chosen(self, column: Column) -> Self {
        Self {
            column,
            descending: self.column == column && !self.descending,
        }
    }
}

impl FromStr for Sort {
    type Err = UnknownColumn;

    /// `size` or, for the other way round, `-size`.
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
