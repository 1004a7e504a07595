//! Replaces one term in the text of a filter, for keys that select a user or a state. So
//! the result can be read, typed and edited.

use super::field::{Field, FieldDefinition};
use super::lex::{self, Token, TokenKind};
use super::{Comparison, Filter};

/// Quotes a value where necessary.
#[must_use]
pub fn quoted(text: &str) -> String {
    let plain = |c: char| lex::is_word(c) && !matches!(c, ',' | '*' | '?' | ':' | '\\');
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// Returns the value that `text` requires for `field`, if a term does so for every row.
#[must_use]
pub fn term_of(text: &str, field: Field) -> Option<String> {
    let tokens = lex::tokens(text).ok()?;
    let (index, _) = find(&tokens, field)?;
    match tokens.get(index + 2).map(|token| &token.kind) {
        Some(TokenKind::Word(value) | TokenKind::Quoted(value)) => Some(value.clone()),
        _ => None,
    }
}

/// Returns `text` with this value for `field` instead of the current one, or without one.
/// An invalid text is replaced.
///
/// ```
/// use shm_tui::model::query::{Field, with_term};
///
/// assert_eq!(with_term("size>1m owner=ada", Field::Owner, Some("bob")), "size>1m owner=bob");
/// assert_eq!(with_term("a or b", Field::Owner, Some("bob")), "(a or b) owner=bob");
/// assert_eq!(with_term("owner=bob a", Field::Owner, None), "a");
/// ```
#[must_use]
pub fn with_term(text: &str, field: Field, value: Option<&str>) -> String {
    let mut kept = String::new();
    if Filter::parse(text).is_ok()
        && let Ok(tokens) = lex::tokens(text)
    {
        kept = match find(&tokens, field) {
            Some((from, to)) => without(text, &tokens, from, to),
            None if has_or(&tokens) && value.is_some() => format!("({})", text.trim()),
            None => text.trim().to_owned(),
        };
    }
    let Some(value) = value else {
        return kept;
    };
    let term = format!("{}={}", field.definition().name(), quoted(value));
    match kept.is_empty() {
        true => term,
        false => format!("{kept} {term}"),
    }
}

/// Returns the tokens of the first term that compares `field` for equality with one value
/// and that every row must match: not in parentheses, beside an `or`, or after a `not`.
fn find(tokens: &[Token], field: Field) -> Option<(usize, usize)> {
    if has_or(tokens) {
        return None;
    }
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate() {
        match &token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            TokenKind::Word(word) if depth == 0 => {
                let compares = tokens.get(index + 1).map(|token| &token.kind);
                let is_field = Field::named(word).is_some_and(|found| is(found, field));
                let before = index.checked_sub(1).and_then(|before| tokens.get(before));
                if is_field
                    && compares == Some(&TokenKind::Compare(Comparison::Equal))
                    && !negates(before)
                    && !is_list(tokens, index + 2)
                {
                    return Some((index, index + 2));
                }
            }
            _ => {}
        }
    }
    None
}

fn is(definition: &FieldDefinition, field: Field) -> bool {
    definition.field == field
}

fn negates(token: Option<&Token>) -> bool {
    match token.map(|token| &token.kind) {
        Some(TokenKind::Bang) => true,
        Some(TokenKind::Word(word)) => word.eq_ignore_ascii_case("not"),
        _ => false,
    }
}

/// Returns whether the value at `index` is one of several.
fn is_list(tokens: &[Token], index: usize) -> bool {
    let comma = |index: usize| {
        let kind = tokens.get(index).map(|token| &token.kind);
        matches!(kind, Some(TokenKind::Word(word)) if word.contains(','))
    };
    comma(index) || comma(index + 1)
}

/// Returns whether there is an `or` outside parentheses.
fn has_or(tokens: &[Token]) -> bool {
    let mut depth = 0usize;
    tokens.iter().enumerate().any(|(index, token)| {
        match &token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        let is_value = matches!(before.map(|t| &t.kind), Some(TokenKind::Compare(_)));
        let is_or = match &token.kind {
            TokenKind::Or => true,
            TokenKind::Word(word) => word.eq_ignore_ascii_case("or") && !is_value,
            _ => false,
        };
        depth == 0 && is_or
    })
}

/// Returns the text without these tokens, and without the `and` that joined them.
fn without(text: &str, tokens: &[Token], from: usize, to: usize) -> String {
    let is_and = |index: usize| match tokens.get(index).map(|token| &token.kind) {
        Some(TokenKind::And) => true,
        Some(TokenKind::Word(word)) => word.eq_ignore_ascii_case("and"),
        _ => false,
    };
    let (mut from, mut to) = (from, to);
    if from > 0 && is_and(from - 1) {
        from -= 1;
    } else if is_and(to + 1) {
        to += 1;
    }
    let start = tokens.get(from).map_or(0, |token| token.at);
    let end = tokens.get(to).map_or(usize::MAX, Token::end);
    let before: String = text.chars().take(start).collect();
    let after: String = text.chars().skip(end).collect();
    let parts = [before.trim(), after.trim()];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_term_is_set_replaced_and_dropped() {
        let set = |text, value| with_term(text, Field::Owner, value);
        for (text, value, after) in [
            ("", Some("ada"), "owner=ada"),
            ("owner=ada", None, ""),
            ("user:ada", Some("bob"), "owner=bob"),
            ("owner = ada && size>1m", None, "size>1m"),
            ("size>1m and owner=ada", None, "size>1m"),
            (
                "size>1m owner=ada java",
                Some("bob"),
                "size>1m java owner=bob",
            ),
            ("a || b", Some("bob"), "(a || b) owner=bob"),
            ("a || b", None, "a || b"),
            ("!owner=ada", Some("bob"), "!owner=ada owner=bob"),
            ("(owner=ada)", Some("bob"), "(owner=ada) owner=bob"),
            ("owner=ada,eve", Some("bob"), "owner=ada,eve owner=bob"),
            ("size>", Some("bob"), "owner=bob"),
            ("", Some("a b"), "owner=\"a b\""),
            ("cmd=or", Some("bob"), "cmd=or owner=bob"),
        ] {
            assert_eq!(set(text, value), after, "{text}");
        }
        assert_eq!(term_of("a owner=ada", Field::Owner).as_deref(), Some("ada"));
        assert_eq!(term_of("a or owner=ada", Field::Owner), None);
        assert_eq!(term_of("a", Field::Owner), None);
    }

    proptest! {
        #[test]
        fn any_name_can_be_set_and_is_found_again(name in "[^\\p{Cc}]{1,8}") {
            let text = with_term("size>1m", Field::Owner, Some(&name));
            prop_assert!(Filter::parse(&text).is_ok(), "{}", text);
            prop_assert_eq!(term_of(&text, Field::Owner), Some(name));
            prop_assert_eq!(with_term(&text, Field::Owner, None), "size>1m");
        }

        #[test]
        fn whatever_is_typed_stays_a_filter(text: String) {
            let text = with_term(&text, Field::Owner, Some("ada"));
            prop_assert!(Filter::parse(&text).is_ok(), "{}", text);
        }
    }
}
