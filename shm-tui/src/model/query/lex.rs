//! Splits a filter into tokens. Positions are in characters, as a terminal shows them.

use super::field::Field;
use super::{Comparison, Error};

/// A token and its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) length: usize,
    pub(super) kind: TokenKind,
}

impl Token {
    /// The first character after it.
    pub(super) fn end(&self) -> usize {
        self.at + self.length
    }
}

/// A kind of token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Open,
    Close,
    Bang,
    And,
    Or,
    Compare(Comparison),
    /// A bare word.
    Word(String),
    /// A word in quotes: never a keyword, a field or a flag.
    Quoted(String),
}

/// Symbols; a longer one precedes its prefixes.
const SYMBOLS: [(&str, TokenKind); 16] = [
    ("&&", TokenKind::And),
    ("||", TokenKind::Or),
    ("!=", TokenKind::Compare(Comparison::NotEqual)),
    ("!~", TokenKind::Compare(Comparison::ContainsNot)),
    ("<=", TokenKind::Compare(Comparison::LessOrEqual)),
    (">=", TokenKind::Compare(Comparison::GreaterOrEqual)),
    ("==", TokenKind::Compare(Comparison::Equal)),
    ("=~", TokenKind::Compare(Comparison::Contains)),
    ("=", TokenKind::Compare(Comparison::Equal)),
    ("<", TokenKind::Compare(Comparison::Less)),
    (">", TokenKind::Compare(Comparison::Greater)),
    ("~", TokenKind::Compare(Comparison::Contains)),
    ("&", TokenKind::Compare(Comparison::Bits)),
    ("(", TokenKind::Open),
    (")", TokenKind::Close),
    ("!", TokenKind::Bang),
];

/// Operators of other languages, and the right ones here.
const WRONG: [(&str, &str); 4] = [
    ("=>", "write `>=`"),
    ("=<", "write `<=`"),
    ("<>", "write `!=`"),
    ("|", "write `||` or `or`"),
];

/// Splits a text into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Error> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(rest) = characters.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.first().is_some_and(|c| c.is_whitespace()) {
            at += 1;
            continue;
        }
        if let Some(length) = colon(&tokens, rest) {
            // In `size:>1m` the comparison after the colon counts.
            let behind = rest.get(1..).unwrap_or_default();
            let kind = TokenKind::Compare(Comparison::Equal);
            let compares = matches!(symbol(behind), Some((TokenKind::Compare(_), _)));
            if !compares {
                tokens.push(Token { at, length, kind });
            }
            at += length;
            continue;
        }
        let (kind, length) =
            token(rest).map_err(|(length, message)| Error::new(at, length, message))?;
        tokens.push(Token { at, length, kind });
        at += length;
    }
    Ok(tokens)
}

/// Returns whether the colon here is a comparison: directly after the name of a field.
fn colon(tokens: &[Token], rest: &[char]) -> Option<usize> {
    let is_field = match tokens.last().map(|token| &token.kind) {
        Some(TokenKind::Word(word)) => Field::named(word).is_some(),
        _ => false,
    };
    (is_field && rest.first() == Some(&':')).then_some(1)
}

/// Returns the token at the start of `rest` and its length; or the length of the wrong
/// part, and the reason.
fn token(rest: &[char]) -> Result<(TokenKind, usize), (usize, &'static str)> {
    for (wrong, right) in WRONG {
        // `||` begins with a character that is wrong alone.
        if starts_with(rest, wrong) && !starts_with(rest, "||") {
            return Err((wrong.len(), right));
        }
    }
    if let Some(found) = symbol(rest) {
        return Ok(found);
    }
    if rest.first() == Some(&'"') {
        return quoted(rest).ok_or((rest.len(), "the quote is not closed"));
    }
    let word: String = rest.iter().take_while(|c| is_word(**c)).collect();
    // A colon ends the name of a field; any other word may contain it.
    let word = match word.split_once(':') {
        Some((field, _)) if Field::named(field).is_some() => field.to_owned(),
        _ => word,
    };
    let length = word.chars().count();
    Ok((TokenKind::Word(word), length))
}

fn symbol(rest: &[char]) -> Option<(TokenKind, usize)> {
    let mut symbols = SYMBOLS.iter();
    let found = symbols.find(|(symbol, _)| starts_with(rest, symbol));
    found.map(|(symbol, kind)| (kind.clone(), symbol.len()))
}

fn starts_with(rest: &[char], symbol: &str) -> bool {
    let mut rest = rest.iter();
    symbol.chars().all(|c| rest.next() == Some(&c))
}

/// Returns whether an unquoted word can contain it.
pub(super) fn is_word(character: char) -> bool {
    !character.is_whitespace()
        && !matches!(
            character,
            '(' | ')' | '!' | '=' | '<' | '>' | '~' | '"' | '&' | '|'
        )
}

/// Parses a quoted text; a backslash escapes a quote or a backslash.
fn quoted(rest: &[char]) -> Option<(TokenKind, usize)> {
    let mut text = String::new();
    let mut characters = rest.iter().enumerate().skip(1);
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return Some((TokenKind::Quoted(text), index + 1)),
            '\\' => match characters.next() {
                Some((_, next @ ('"' | '\\'))) => text.push(*next),
                Some((_, next)) => text.extend(['\\', *next]),
                None => break,
            },
            other => text.push(*other),
        }
    }
    None
}
