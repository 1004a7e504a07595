//! Wraps and cuts text by its width in cells.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Wraps `text` into lines of at most `room` cells, between words if possible.
#[must_use]
pub fn wrap(text: &str, room: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while room > 0 && rest.width() > room {
        let fitting = prefix(rest, room);
        // The space after the last fitting word may itself be too much.
        let with_next = prefix(rest, room + 1);
        let cut = with_next.rfind(' ').filter(|at| *at > 0);
        let cut = cut.unwrap_or(fitting.len());
        // A character wider than the room is placed nevertheless.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let (line, behind) = rest.split_at_checked(cut.max(first)).unwrap_or((rest, ""));
        lines.push(line);
        rest = behind.trim_start();
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(rest);
    }
    lines
}

/// Returns the longest prefix of `text` that is at most `room` cells wide.
#[must_use]
pub fn prefix(text: &str, room: usize) -> &str {
    let mut width = 0;
    for (at, character) in text.char_indices() {
        width += character.width().unwrap_or(0);
        if width > room {
            return text.split_at_checked(at).map_or("", |(kept, _)| kept);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_is_wrapped_between_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("one two three", 6), ["one", "two", "three"]);
        assert_eq!(wrap("onetwo", 4), ["onet", "wo"]);
        assert_eq!(wrap("日本", 1), ["日", "本"]);
        assert_eq!(wrap("", 4), [""]);
    }

    proptest! {
        #[test]
        fn wrapping_loses_nothing_but_spaces(text: String, room in 1..30usize) {
            let lines = wrap(&text, room);
            let without = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(without(&lines.concat()), without(&text));
            for line in lines {
                prop_assert!(line.width() <= room.max(2) || line.chars().count() == 1, "{:?}", line);
            }
        }
    }
}
