//! From tokens to an expression.
//!
//! ```text
//! any  := all ("or" all)*
//! all  := one (["and"] one)*
//! one  := ("not" | "!") one | "(" any ")" | FIELD COMPARISON VALUE | WORD
//! ```

use super::field::{Field, FieldDefinition, Kind};
use super::lex::{Token, TokenKind};
use super::{Comparison, Error, Expression, Value};
use crate::model::key::{KeyError, parse_key};
use crate::model::state::STATES;

/// Deeper than anybody writes, and shallow enough for every stack.
const DEEPEST: usize = 100;

/// Reads all of `tokens`; nothing at all is no expression. `end` is the length
/// of the text, where an error stands that misses something.
pub(super) fn expression(tokens: &[Token], end: usize) -> Result<Option<Expression>, Error> {
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut parser = Parser {
        tokens,
        next: 0,
        end,
        depth: 0,
    };
    let expression = parser.any()?;
    match parser.peek() {
        None => Ok(Some(expression)),
        Some(token) => Err(Error::new(
            token.at,
            token.length,
            "this parenthesis closes nothing",
        )),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    next: usize,
    end: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.next)
    }

    fn take(&mut self) -> Option<&'a Token> {
        let token = self.tokens.get(self.next);
        self.next += 1;
        token
    }

    fn keyword(&self, keyword: &str) -> bool {
        matches!(self.peek(), Some(Token { kind: TokenKind::Word(word), .. })
            if word.eq_ignore_ascii_case(keyword))
    }

    fn any(&mut self) -> Result<Expression, Error> {
        let mut parts = vec![self.all()?];
        while self.keyword("or") {
            self.next += 1;
            parts.push(self.all()?);
        }
        Ok(join(parts, Expression::Any))
    }

    fn all(&mut self) -> Result<Expression, Error> {
        let mut parts = vec![self.one()?];
        loop {
            if self.keyword("and") {
                self.next += 1;
            } else if self.keyword("or") || !self.begins() {
                return Ok(join(parts, Expression::All));
            }
            parts.push(self.one()?);
        }
    }

    /// Whether another part begins here.
    fn begins(&self) -> bool {
        let kind = self.peek().map(|token| &token.kind);
        !matches!(kind, None | Some(TokenKind::Close))
    }

    fn one(&mut self) -> Result<Expression, Error> {
        self.depth += 1;
        let one = self.one_at_depth();
        self.depth -= 1;
        one
    }

    fn one_at_depth(&mut self) -> Result<Expression, Error> {
        let Some(token) = self.take() else {
            return Err(Error::new(self.end, 1, "something is missing here"));
        };
        let wrong = |message: &str| Err(Error::new(token.at, token.length, message));
        if self.depth > DEEPEST {
            return wrong("too many parentheses inside each other");
        }
        match &token.kind {
            TokenKind::Bang => Ok(Expression::Not(Box::new(self.one()?))),
            TokenKind::Open => self.group(token),
            TokenKind::Close => wrong("this parenthesis closes nothing"),
            TokenKind::Compare(_) => wrong("the name of a field is missing before this"),
            TokenKind::Quoted(text) => Ok(Expression::Word(text.to_lowercase())),
            TokenKind::Word(word) => self.word(token, word),
        }
    }

    fn group(&mut self, open: &Token) -> Result<Expression, Error> {
        let inner = self.any()?;
        match self.take().map(|token| &token.kind) {
            Some(TokenKind::Close) => Ok(inner),
            _ => Err(Error::new(
                open.at,
                open.length,
                "this parenthesis is not closed",
            )),
        }
    }

    fn word(&mut self, token: &Token, word: &str) -> Result<Expression, Error> {
        if let Some(TokenKind::Compare(comparison)) = self.peek().map(|token| &token.kind) {
            return self.test(token, word, *comparison);
        }
        let lower = word.to_lowercase();
        match lower.as_str() {
            "not" => Ok(Expression::Not(Box::new(self.one()?))),
            "and" | "or" => Err(Error::new(
                token.at,
                token.length,
                format!("something is missing before `{lower}`; as a word write \"{lower}\""),
            )),
            "dest" | "locked" | "hugetlb" | "noreserve" => Ok(Expression::Flag(lower)),
            _ => Ok(Expression::Word(lower)),
        }
    }

    fn test(
        &mut self,
        token: &Token,
        word: &str,
        comparison: Comparison,
    ) -> Result<Expression, Error> {
        let Some(definition) = Field::named(word) else {
            let message = format!("there is no field `{word}`; ? lists them");
            return Err(Error::new(token.at, token.length, message));
        };
        let symbol = self.take();
        let (at, length) = symbol.map_or((self.end, 1), |token| (token.at, token.length));
        if !allowed(definition.kind, comparison) {
            let message = format!(
                "`{}` cannot be compared with `{}`; try {}",
                word,
                comparison.symbol(),
                definition.example
            );
            return Err(Error::new(at, length, message));
        }
        let Some(token) = self.take() else {
            let message = format!("a value is missing here, as in {}", definition.example);
            return Err(Error::new(self.end, 1, message));
        };
        let (TokenKind::Word(text) | TokenKind::Quoted(text)) = &token.kind else {
            let message = format!("a value is missing here, as in {}", definition.example);
            return Err(Error::new(token.at, token.length, message));
        };
        match value(definition, text) {
            Some(value) => Ok(Expression::Test(definition.field, comparison, value)),
            None => Err(Error::new(
                token.at,
                token.length,
                unreadable(definition, text),
            )),
        }
    }
}

/// One part stands for itself.
fn join(mut parts: Vec<Expression>, wrap: fn(Vec<Expression>) -> Expression) -> Expression {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            parts.push(last);
            wrap(parts)
        }
        (None, _) => wrap(parts),
    }
}

fn allowed(kind: Kind, comparison: Comparison) -> bool {
    use Comparison::{Contains, ContainsNot, Equal, NotEqual};
    match kind {
        Kind::Text => matches!(comparison, Equal | NotEqual | Contains | ContainsNot),
        Kind::State | Kind::Key | Kind::Octal => matches!(comparison, Equal | NotEqual),
        Kind::Number | Kind::Size | Kind::Span => !matches!(comparison, Contains | ContainsNot),
    }
}

fn value(definition: &FieldDefinition, text: &str) -> Option<Value> {
    match definition.kind {
        Kind::Number => text.parse().ok().map(Value::Number),
        Kind::Octal => u64::from_str_radix(text, 8)
            .ok()
            .filter(|mode| *mode <= 0o777)
            .map(Value::Number),
        Kind::Key => {
            let key = parse_key(text).ok()?;
            Some(Value::Number(key.bits()))
        }
        Kind::Size => size(text).map(Value::Number),
        Kind::Span => span(text).map(Value::Seconds),
        Kind::Text => Some(Value::Text(text.to_lowercase())),
        Kind::State => {
            let mut text = text.to_lowercase();
            // As the table shows it.
            if text == "orphan?" {
                text = "possible-orphan".to_owned();
            }
            let known = STATES.iter().any(|(_, name, _)| *name == text);
            (known || text == "orphan").then_some(Value::Text(text))
        }
    }
}

fn unreadable(definition: &FieldDefinition, text: &str) -> String {
    let wanted = match definition.kind {
        Kind::Number => "a number",
        Kind::Octal => "permission bits in octal",
        Kind::Key => "a key: 0x and hex digits, or decimal",
        Kind::Size => "a size: a number and b, k, m, g, t or p",
        Kind::Span => "a span of time: numbers and s, m, h, d or w",
        Kind::Text => "a text",
        Kind::State => {
            "a state: in-use, idle, orphan, possible-orphan, likely-orphan, removed, unknown"
        }
    };
    match parse_key(text) {
        Err(error @ KeyError::TooWide(_)) if definition.kind == Kind::Key => {
            format!("`{text}` {error}")
        }
        _ => format!("`{text}` is not {wanted}"),
    }
}

/// `4096`, `4k`, `1.5m`, `2gib`: units of 1024.
#[must_use]
pub fn size(text: &str) -> Option<u64> {
    let text = text.to_ascii_lowercase();
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = text.split_at(split.unwrap_or(text.len()));
    let power = match unit {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 1,
        "m" | "mb" | "mib" => 2,
        "g" | "gb" | "gib" => 3,
        "t" | "tb" | "tib" => 4,
        "p" | "pb" | "pib" => 5,
        _ => return None,
    };
    let factor = 1024u64.pow(power);
    match number.split_once('.') {
        None => number.parse::<u64>().ok()?.checked_mul(factor),
        Some((whole, fraction)) if fraction.len() <= 9 && !fraction.is_empty() => {
            let whole = whole.parse::<u64>().ok()?.checked_mul(factor)?;
            let digits: u128 = fraction.parse().ok()?;
            let part =
                digits * u128::from(factor) / 10u128.pow(u32::try_from(fraction.len()).ok()?);
            whole.checked_add(u64::try_from(part).ok()?)
        }
        Some(_) => None,
    }
}

/// `90s`, `5m`, `1d12h`; a number alone is seconds.
fn span(text: &str) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    let mut total = 0i64;
    let mut rest = text;
    while !rest.is_empty() {
        let split = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (number, behind) = rest.split_at(split);
        let number: i64 = number.parse().ok()?;
        let mut characters = behind.chars();
        let unit = match characters.next().map(|c| c.to_ascii_lowercase()) {
            None | Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3600,
            Some('d') => 86_400,
            Some('w') => 7 * 86_400,
            Some(_) => return None,
        };
        total = total.checked_add(number.checked_mul(unit)?)?;
        rest = characters.as_str();
    }
    Some(total)
}
