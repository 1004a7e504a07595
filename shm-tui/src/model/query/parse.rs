//! Parses tokens into an expression.
//!
//! ```text
//! any  := all (("or" | "||") all)*
//! all  := one (["and" | "&&"] one)*
//! one  := ("not" | "!") one | "(" any ")" | FIELD COMPARISON VALUES | WORD
//! VALUES := VALUE ("," VALUE)* | BITS [("=" | "!=") BITS]
//! ```

use super::field::{FIELDS, Field, FieldDefinition, Kind};
use super::lex::{Token, TokenKind};
use super::moment::Moment;
use super::{Comparison, Error, Expression, Value, pattern, suggest, value};

/// Maximum depth: more than anybody writes, and safe for every stack.
const DEEPEST: usize = 100;

/// Parses all `tokens`; without tokens there is no expression. `end` is the length of the
/// text, the position of errors about missing parts.
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
            "this parenthesis has no opening one",
        )),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    next: usize,
    end: usize,
    depth: usize,
}

/// A value as written, and its position.
struct Written {
    text: String,
    quoted: bool,
    at: usize,
    length: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.next)
    }

    fn peek_kind(&self) -> Option<&'a TokenKind> {
        self.peek().map(|token| &token.kind)
    }

    fn take(&mut self) -> Option<&'a Token> {
        let token = self.tokens.get(self.next);
        self.next += 1;
        token
    }

    /// Returns whether this word, or its symbol, is next.
    fn keyword(&self, keyword: &str, symbol: &TokenKind) -> bool {
        match self.peek_kind() {
            Some(TokenKind::Word(word)) => word.eq_ignore_ascii_case(keyword),
            kind => kind == Some(symbol),
        }
    }

    fn is_or(&self) -> bool {
        self.keyword("or", &TokenKind::Or)
    }

    fn any(&mut self) -> Result<Expression, Error> {
        let mut parts = vec![self.all()?];
        while self.is_or() {
            self.next += 1;
            parts.push(self.all()?);
        }
        Ok(join(parts, Expression::Any))
    }

    fn all(&mut self) -> Result<Expression, Error> {
        let mut parts = vec![self.one()?];
        loop {
            if self.keyword("and", &TokenKind::And) {
                self.next += 1;
            } else if self.is_or() || !self.begins() {
                return Ok(join(parts, Expression::All));
            }
            parts.push(self.one()?);
        }
    }

    /// Returns whether another term begins here.
    fn begins(&self) -> bool {
        !matches!(self.peek_kind(), None | Some(TokenKind::Close))
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
            return wrong("too many nested parentheses");
        }
        match &token.kind {
            TokenKind::Bang => Ok(Expression::Not(Box::new(self.one()?))),
            TokenKind::Open => self.group(token),
            TokenKind::Close => wrong("this parenthesis has no opening one"),
            TokenKind::And => wrong("something is missing before `&&`"),
            TokenKind::Or => wrong("something is missing before `||`"),
            TokenKind::Compare(comparison) => {
                let symbol = comparison.symbol();
                let message = format!(
                    "the name of a field is missing before this, as in {}; as a word write \
                     \"{symbol}\"",
                    example_of(*comparison)
                );
                Err(Error::new(token.at, token.length, message))
            }
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
        if let Some(TokenKind::Compare(comparison)) = self.peek_kind() {
            return self.test(token, word, *comparison);
        }
        let lower = word.to_lowercase();
        match lower.as_str() {
            "not" => return Ok(Expression::Not(Box::new(self.one()?))),
            "and" | "or" => {
                return Err(Error::new(
                    token.at,
                    token.length,
                    format!("something is missing before `{lower}`; as a word write \"{lower}\""),
                ));
            }
            _ if value::FLAGS.contains(&lower.as_str()) => return Ok(Expression::Flag(lower)),
            _ => {}
        }
        if let Some((name, rest)) = word.split_once(':')
            && name.len() > 2
            && !rest.is_empty()
            && let Some(field) = nearest_field(name)
        {
            let message = format!(
                "there is no field `{name}`; write {field}:{rest}, or \"{word}\" as a word"
            );
            return Err(Error::new(token.at, name.chars().count(), message));
        }
        Ok(match pattern::is_glob(&lower) {
            true => Expression::Pattern(lower),
            false => Expression::Word(lower),
        })
    }

    fn test(
        &mut self,
        token: &Token,
        word: &str,
        comparison: Comparison,
    ) -> Result<Expression, Error> {
        let Some(definition) = Field::named(word) else {
            return Err(Error::new(token.at, token.length, unknown_field(word)));
        };
        let symbol = self.take();
        let (at, length) = symbol.map_or((self.end, 1), |token| (token.at, token.length));
        if !value::allowed(definition.kind, comparison) {
            let message = match comparison {
                Comparison::Bits => format!(
                    "`&` tests bits of a mode, as in mode&002; for two conditions write `{word}... \
                     && ...`"
                ),
                _ => format!(
                    "`{word}` cannot be compared with `{}`; write {}",
                    comparison.symbol(),
                    definition.example
                ),
            };
            return Err(Error::new(at, length, message));
        }
        let values = match comparison {
            Comparison::Bits => self.bits(definition)?,
            _ => self.values(definition, comparison)?,
        };
        Ok(Expression::Test(definition.field, comparison, values))
    }

    /// Parses one value, or several separated by commas.
    fn values(
        &mut self,
        definition: &FieldDefinition,
        comparison: Comparison,
    ) -> Result<Vec<Value>, Error> {
        let mut values = Vec::new();
        for written in self.list(definition)? {
            let ordered = !matches!(
                comparison,
                Comparison::Equal
                    | Comparison::NotEqual
                    | Comparison::Contains
                    | Comparison::ContainsNot
            );
            if ordered && !values.is_empty() {
                let message = format!("`{}` takes one value, not a list", comparison.symbol());
                return Err(Error::new(written.at, written.length, message));
            }
            let Some(value) = value::read(definition, &written.text, written.quoted) else {
                let message = value::refusal(definition, &written.text);
                return Err(Error::new(written.at, written.length, message));
            };
            values.push(match (value, comparison) {
                // A part that matches is contained.
                (Value::Glob(glob), Comparison::Contains | Comparison::ContainsNot) => {
                    Value::Glob(format!("*{glob}*"))
                }
                (value, _) => value,
            });
        }
        Ok(values)
    }

    /// Parses the values of a list.
    fn list(&mut self, definition: &FieldDefinition) -> Result<Vec<Written>, Error> {
        let mut list: Vec<Written> = Vec::new();
        loop {
            let token = self.value_token(definition)?;
            let (at, mut length) = (token.at, token.length);
            let mut more = false;
            match &token.kind {
                TokenKind::Quoted(text) => list.push(Written {
                    text: text.clone(),
                    quoted: true,
                    at,
                    length,
                }),
                TokenKind::Word(word) => {
                    let text = self.joined(definition.kind, word);
                    if text.len() > word.len() {
                        let last = self.tokens.get(self.next.saturating_sub(1));
                        length = last.map_or(length, Token::end).saturating_sub(at);
                    }
                    let mut piece_at = at;
                    let pieces: Vec<&str> = text.split(',').collect();
                    for (index, piece) in pieces.iter().enumerate() {
                        let is_last = index + 1 == pieces.len();
                        // A trailing comma continues the list in the next token.
                        if piece.is_empty() && (is_last || index == 0) && pieces.len() > 1 {
                            more |= is_last;
                            if index == 0 && list.is_empty() {
                                return Err(missing(definition, at));
                            }
                        } else if piece.is_empty() {
                            return Err(missing(definition, piece_at));
                        } else {
                            let single = pieces.len() == 1;
                            list.push(Written {
                                text: (*piece).to_owned(),
                                quoted: false,
                                at: piece_at,
                                length: if single {
                                    length
                                } else {
                                    piece.chars().count()
                                },
                            });
                        }
                        piece_at += piece.chars().count() + 1;
                    }
                }
                _ => return Err(missing(definition, at)),
            }
            let goes_on =
                matches!(self.peek_kind(), Some(TokenKind::Word(w)) if w.starts_with(','));
            if !more && !goes_on {
                return Ok(list);
            }
        }
    }

    fn value_token(&mut self, definition: &FieldDefinition) -> Result<&'a Token, Error> {
        self.take().ok_or_else(|| missing(definition, self.end))
    }

    /// Joins a number and the unit in the next word into one value (`1 M`, `2 days`), and
    /// a day and a time of day.
    fn joined(&mut self, kind: Kind, word: &str) -> String {
        let mut text = word.to_owned();
        while let Some(TokenKind::Word(next)) = self.peek_kind() {
            let after_number = text.ends_with(|c: char| c.is_ascii_digit());
            let unit = after_number && value::is_unit(kind, next) && !self.compares_after(1);
            let number = !after_number
                && kind == Kind::Span
                && next.bytes().all(|byte| byte.is_ascii_digit())
                && matches!(
                    self.tokens.get(self.next + 1).map(|token| &token.kind),
                    Some(TokenKind::Word(unit)) if value::is_unit(kind, unit)
                );
            let moment =
                || kind == Kind::Moment && Moment::parse(&format!("{text}T{next}")).is_some();
            if unit || number {
                text.push_str(next);
            } else if moment() {
                text = format!("{text}T{next}");
            } else {
                break;
            }
            self.next += 1;
        }
        text
    }

    /// Returns whether a comparison follows at this distance: then the word before it
    /// names a field.
    fn compares_after(&self, ahead: usize) -> bool {
        let token = self.tokens.get(self.next + ahead);
        matches!(token.map(|token| &token.kind), Some(TokenKind::Compare(_)))
    }

    /// Returns the tested bits, and their required values.
    fn bits(&mut self, definition: &FieldDefinition) -> Result<Vec<Value>, Error> {
        let mask = self.mask(definition)?;
        let negated = match self.peek_kind() {
            Some(TokenKind::Compare(Comparison::Equal)) => false,
            Some(TokenKind::Compare(Comparison::NotEqual)) => true,
            _ => return Ok(vec![Value::Bits(mask, None)]),
        };
        let at = self.take().map_or(self.end, |token| token.at);
        if negated {
            let message = "write !(mode&022=022) for that";
            return Err(Error::new(at, 2, message));
        }
        let wanted = self.mask(definition)?;
        Ok(vec![Value::Bits(mask, Some(wanted))])
    }

    fn mask(&mut self, definition: &FieldDefinition) -> Result<u64, Error> {
        let token = self.value_token(definition)?;
        let (TokenKind::Word(text) | TokenKind::Quoted(text)) = &token.kind else {
            return Err(missing(definition, token.at));
        };
        value::mask(text).ok_or_else(|| {
            let message = format!(
                "`{text}` are not bits: octal as 002, or o+w, or as in the table -------w-"
            );
            Error::new(token.at, token.length, message)
        })
    }
}

fn missing(definition: &FieldDefinition, at: usize) -> Error {
    let message = format!("a value is missing here, as in {}", definition.example);
    Error::new(at, 1, message)
}

/// Creates a comparison.
fn example_of(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "owner=root",
        Comparison::NotEqual => "owner!=root",
        Comparison::Less | Comparison::LessOrEqual => "age<2d",
        Comparison::Greater | Comparison::GreaterOrEqual => "size>1m",
        Comparison::Contains => "cmd~java",
        Comparison::ContainsNot => "cmd!~java",
        Comparison::Bits => "mode&002",
    }
}

fn nearest_field(name: &str) -> Option<&'static str> {
    let names = FIELDS.iter().flat_map(|field| field.names.iter().copied());
    suggest::nearest(name, names)
}

fn unknown_field(name: &str) -> String {
    match nearest_field(name) {
        Some(field) => format!("there is no field `{name}`; did you mean `{field}`?"),
        None => {
            let names = FIELDS.map(|field| field.name()).join(" ");
            format!("there is no field `{name}`; the fields are {names}")
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
