//! Tokens of a filter. Positions are in characters, as a terminal shows them.

use super::field::Field;
use super::{Comparison, Error};

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) length: usize,
    pub(super) kind: TokenKind,
}

impl Token {
    /// The first character behind it.
    pub(super) fn end(&self) -> usize {
        self.at + self.length
    }
}

/// What a token is.
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

/// What stands for what, the longer one first where one begins with another.
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

/// What other languages write, and what is right here.
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
            // `size:>1m`: the comparison behind it counts.
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

/// Whether a colon stands here that compares: right behind the name of a field.
fn colon(tokens: &[Token], rest: &[char]) -> Option<usize> {
    let is_field = match tokens.last().map(|token| &token.kind) {
        Some(TokenKind::Word(word)) => Field::named(word).is_some(),
        _ => false,
    };
    (is_field && rest.first() == Some(&':')).then_some(1)
}

/// The token that `rest` begins with, and its length; or the length of what is
/// wrong, and why.
fn token(rest: &[char]) -> Result<(TokenKind, usize), (usize, &'static str)> {
    for (wrong, right) in WRONG {
        // `||` begins with what is wrong alone.
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
    // The name of a field ends at a colon; any other word contains it.
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

/// Whether a word without quotes can contain it.
pub(super) fn is_word(character: char) -> bool {
    !character.is_whitespace()
        && !matches!(
            character,
            '(' | ')' | '!' | '=' | '<' | '>' | '~' | '"' | '&' | '|'
        )
}

/// A text in quotes; a backslash before a quote or a backslash takes it as it is.
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
