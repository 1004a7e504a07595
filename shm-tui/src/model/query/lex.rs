//! Tokens of a filter. Positions are in characters, as a terminal shows them.

use super::{Comparison, Error};

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) length: usize,
    pub(super) kind: TokenKind,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Open,
    Close,
    Bang,
    Compare(Comparison),
    /// A bare word.
    Word(String),
    /// A word in quotes: never a keyword, a field or a flag.
    Quoted(String),
}

/// Splits a text into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Error> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = characters.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.first().is_some_and(|c| c.is_whitespace()) {
            at += 1;
            continue;
        }
        let (kind, length) = token(rest).map_err(|message| Error::new(at, rest.len(), message))?;
        tokens.push(Token { at, length, kind });
        at += length;
    }
    Ok(tokens)
}

/// The token that `rest` begins with, and its length.
fn token(rest: &[char]) -> Result<(TokenKind, usize), &'static str> {
    for (comparison, symbol) in Comparison::ALL {
        if starts_with(rest, symbol) {
            return Ok((TokenKind::Compare(comparison), symbol.len()));
        }
    }
    match rest.first() {
        Some('(') => Ok((TokenKind::Open, 1)),
        Some(')') => Ok((TokenKind::Close, 1)),
        Some('!') => Ok((TokenKind::Bang, 1)),
        Some('"') => quoted(rest),
        _ => {
            let word: String = rest.iter().take_while(|c| is_word(**c)).collect();
            let length = word.chars().count();
            Ok((TokenKind::Word(word), length))
        }
    }
}

fn starts_with(rest: &[char], symbol: &str) -> bool {
    let mut rest = rest.iter();
    symbol.chars().all(|c| rest.next() == Some(&c))
}

/// What can stand in a word without quotes.
pub(super) fn is_word(character: char) -> bool {
    !character.is_whitespace()
        && !matches!(character, '(' | ')' | '!' | '=' | '<' | '>' | '~' | '"')
}

/// A text in quotes; a backslash before a quote or a backslash takes it as it is.
fn quoted(rest: &[char]) -> Result<(TokenKind, usize), &'static str> {
    let mut text = String::new();
    let mut characters = rest.iter().enumerate().skip(1);
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return Ok((TokenKind::Quoted(text), index + 1)),
            '\\' => match characters.next() {
                Some((_, next @ ('"' | '\\'))) => text.push(*next),
                Some((_, next)) => text.extend(['\\', *next]),
                None => break,
            },
            other => text.push(*other),
        }
    }
    Err("the quote is not closed")
}
