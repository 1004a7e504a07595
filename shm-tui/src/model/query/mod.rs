//! The language of filters.
//!
//! ```text
//! size>=1m owner=postgres        both must hold; so does `and`
//! state=orphan or age>2d         one of them
//! !dest not (key=0x52 or cmd~java)
//! java                           stands somewhere in the row
//! "or" "a b"                     words as they are
//! ```
//!
//! `lex` makes tokens, `parse` an expression, `eval` asks it. Errors know
//! where they are, for the caret under the line being typed.

mod eval;
mod field;
mod lex;
mod parse;

use std::fmt;

pub use field::{FIELDS, Field, FieldDefinition, Kind};
pub use parse::size;

use super::column::Context;
use super::segment::Segment;

/// A filter, ready to be asked. Empty, it lets everything pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    expression: Option<Expression>,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    ///
    /// If it is not one; the error says where and why.
    ///
    /// ```
    /// use shm_tui::model::query::Filter;
    ///
    /// assert!(Filter::parse("size>=1m and not owner=root").is_ok());
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
    /// Why.
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
}

impl Comparison {
    const ALL: [(Self, &'static str); 8] = [
        (Self::NotEqual, "!="),
        (Self::ContainsNot, "!~"),
        (Self::LessOrEqual, "<="),
        (Self::GreaterOrEqual, ">="),
        (Self::Equal, "="),
        (Self::Less, "<"),
        (Self::Greater, ">"),
        (Self::Contains, "~"),
    ];

    fn symbol(self) -> &'static str {
        let found = Self::ALL.into_iter().find(|(known, _)| *known == self);
        found.map_or("=", |(_, symbol)| symbol)
    }
}

/// What must hold.
#[derive(Clone, Debug, PartialEq)]
enum Expression {
    Any(Vec<Expression>),
    All(Vec<Expression>),
    Not(Box<Expression>),
    Test(Field, Comparison, Value),
    /// Stands somewhere in the row, in lower case.
    Word(String),
    /// A label of the status column.
    Flag(String),
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Number(u64),
    Seconds(i64),
    /// In lower case.
    Text(String),
}

#[cfg(test)]
mod tests;
