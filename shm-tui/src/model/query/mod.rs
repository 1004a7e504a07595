//! The filter language.
//!
//! ```text
//! size>=1m owner=postgres        both must hold; so do `and` and `&&`
//! state=orphan or age>2d         one of them; so does `||`
//! !dest not (key=0x52 or cmd~java)
//! owner=ada,bob cmd=post*        one of a list; globs
//! size > 1 M, user:ada           spaces do not matter; a colon is `=`
//! mode&002 mode=rw-rw-rw-        bits of a mode; a mode as the table shows it
//! ctime<2026-11-20 dtime>-2h     moments
//! java                           is contained in a cell of the row
//! "or" "a b"                     words as they are
//! ```
//!
//! `lex` makes tokens, `parse` an expression, `value` parses the values of fields, `eval`
//! evaluates the expression, `edit` replaces one term of a text. Errors carry their
//! position, for the caret below the input line, and say what would be right.

mod columns;
mod edit;
mod eval;
mod field;
mod lex;
mod moment;
mod parse;
mod pattern;
mod suggest;
mod value;

use std::fmt;

pub use edit::{quoted, term_of, with_term};
pub use field::{FIELDS, Field, FieldDefinition, Kind};
pub use value::{mode, size};

use super::column::{Column, Context};
use super::segment::Segment;
use moment::Moment;

/// A parsed filter. An empty one matches everything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    expression: Option<Expression>,
}

impl Filter {
    /// Parses a filter.
    ///
    /// # Errors
    ///
    /// If the text is not a filter; the error has the position, the reason, and what
    /// would be right.
    ///
    /// ```
    /// use shm_tui::model::query::Filter;
    ///
    /// assert!(Filter::parse("size > 1 M && !user:root").is_ok());
    /// assert_eq!(Filter::parse("size>=big").unwrap_err().at, 6);
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        let tokens = lex::tokens(text)?;
        let expression = parse::expression(&tokens, text.chars().count())?;
        Ok(Self { expression })
    }

    /// Returns whether it matches everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expression.is_none()
    }

    /// Returns the columns that the filter depends on.
    ///
    /// ```
    /// use shm_tui::model::column::Column;
    /// use shm_tui::model::query::Filter;
    ///
    /// let filter = Filter::parse("size>1m and not state=orphan").unwrap();
    /// assert_eq!(filter.columns(), [Column::Size, Column::State]);
    /// ```
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        let mut columns = Vec::new();
        if let Some(expression) = &self.expression {
            columns::add(expression, &mut columns);
        }
        columns
    }

    /// Returns whether `segment` matches.
    #[must_use]
    pub fn passes(&self, segment: &Segment, context: &Context<'_>) -> bool {
        match &self.expression {
            Some(expression) => eval::holds(expression, segment, context),
            None => true,
        }
    }
}

/// Why a text is not a filter, with the position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The first wrong character, counted from 0.
    pub at: usize,
    /// The number of wrong characters, at least 1.
    pub length: usize,
    /// The reason, and what would be right.
    pub message: String,
}

impl Error {
    fn new(at: usize, length: usize, message: impl Into<String>) -> Self {
        Self {
            at,
            length: length.max(1),
            message: message.into(),
        }
    }

    /// Returns the text with a caret below the wrong part, and the reason.
    #[must_use]
    pub fn explain(&self, text: &str) -> String {
        let gap = " ".repeat(self.at);
        let carets = "^".repeat(self.length);
        format!("{text}\n{gap}{carets} {}", self.message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at character {})", self.message, self.at + 1)
    }
}

impl std::error::Error for Error {}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    ContainsNot,
    /// At least one of these bits is set.
    Bits,
}

impl Comparison {
    fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Contains => "~",
            Self::ContainsNot => "!~",
            Self::Bits => "&",
        }
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
enum Expression {
    Any(Vec<Expression>),
    All(Vec<Expression>),
    Not(Box<Expression>),
    /// One of the values matches; if negated, none does.
    Test(Field, Comparison, Vec<Value>),
    /// A cell of the row contains it, in lower case.
    Word(String),
    /// A cell of the row matches this glob, in lower case.
    Pattern(String),
    /// A label of the status column.
    Flag(String),
}

/// The value of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Number(u64),
    /// Bits of a mode, and their required values unless one set bit suffices.
    Bits(u64, Option<u64>),
    Seconds(i64),
    Moment(Moment),
    /// In lower case.
    Text(String),
    /// In lower case.
    Glob(String),
}

#[cfg(test)]
mod tests;
