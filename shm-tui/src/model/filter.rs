//! Which rows are shown: every word of the filter must stand somewhere in the
//! row as it is printed.

use super::column::{COLUMNS, Context};
use super::segment::Segment;

/// A filter, ready to be asked. Empty, it lets everything pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    words: Vec<String>,
}

impl Filter {
    /// Takes the words of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            words: text.split_whitespace().map(str::to_lowercase).collect(),
        }
    }

    /// Whether it lets everything pass.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether `segment` passes.
    #[must_use]
    pub fn passes(&self, segment: &Segment, context: &Context<'_>) -> bool {
        self.words.iter().all(|word| {
            COLUMNS.iter().any(|definition| {
                let cell = definition.column.cell(segment, context);
                cell.to_lowercase().contains(word)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::directory::Directory;

    #[test]
    fn every_word_must_stand_somewhere() {
        let mut directory = Directory::default();
        directory.users.insert(5, Some("postgres".into()));
        let context = Context {
            directory: &directory,
            now: 0,
            exact: false,
        };
        let segment = Segment {
            owner: 5,
            size: 56,
            ..Segment::default()
        };
        for (text, passes) in [
            ("", true),
            ("POST", true),
            ("post 56b", true),
            ("post 57b", false),
        ] {
            assert_eq!(
                Filter::new(text).passes(&segment, &context),
                passes,
                "{text}"
            );
        }
    }
}
