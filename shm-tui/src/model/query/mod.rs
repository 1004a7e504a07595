//! The language of filters.
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
//! `lex` makes tokens, `parse` an expression, `value` reads what fields are
//! compared with, `eval` evaluates the expression, `edit` replaces one term of a
//! text. Errors know where they are, for the caret under the line being typed,
//! and say what would be right.

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
pub use value::size;

use super::column::{Column, Context};
use super::segment::Segment;
use moment::Moment;

/// A filter, ready to be evaluated. Empty, it lets everything pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    expression: Option<Expression>,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    ///
    /// If the text is not a filter; the error says where, why, and what would be
    /// right.
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

    /// Whether it lets everything pass.
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

    /// Whether `segment` passes.
    #[must_use]
    pub fn passes(&self, segment: &Segment, context: &Context<'_>) -> bool {
        match &self.expression {
            Some(expression) => eval::holds(expression, segment, context),
            None => true,
        }
    }
}

/// Where and why a text is no filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The first character that is wrong, counted from 0.
    pub at: usize,
    /// How many characters are wrong, at least 1.
    pub length: usize,
    /// Why, and what would be right.
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

    /// The text and, below it, a caret under what is wrong, then why.
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

/// How a value is compared.
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

/// What must hold.
#[derive(Clone, Debug, PartialEq)]
enum Expression {
    Any(Vec<Expression>),
    All(Vec<Expression>),
    Not(Box<Expression>),
    /// One of the values compares so; none does if the comparison is negated.
    Test(Field, Comparison, Vec<Value>),
    /// A cell of the row contains it, in lower case.
    Word(String),
    /// A cell of the row matches this glob, in lower case.
    Pattern(String),
    /// A label of the status column.
    Flag(String),
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Number(u64),
    /// Bits of a mode, and what they must be if not only one of them must be set.
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
