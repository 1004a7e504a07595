//! A line editor. Positions are in characters.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// A line and the cursor in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    cursor: usize,
    /// Whether the text is only a suggestion: what is typed next replaces it.
    suggested: bool,
}

/// An edit of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Inserts typed or pasted text, without control characters.
    Insert(String),
    /// Deletes the character before the cursor.
    EraseBack,
    /// Deletes the character at the cursor.
    EraseAhead,
    /// Deletes the word before the cursor.
    EraseWord,
    /// Deletes everything before the cursor.
    EraseToStart,
    /// Moves one character to the left.
    Left,
    /// Moves one character to the right.
    Right,
    /// Moves to the first character.
    Home,
    /// Moves behind the last character.
    End,
}

impl Line {
    /// Creates a line with the cursor at its end.
    #[must_use]
    pub fn new(text: String) -> Self {
        let cursor = text.chars().count();
        Self {
            text,
            cursor,
            suggested: false,
        }
    }

    /// A line that is replaced by what is typed, and kept if the cursor is moved
    /// or the text is erased from its end.
    #[must_use]
    pub fn suggestion(text: String) -> Self {
        let suggested = !text.is_empty();
        Self {
            suggested,
            ..Self::new(text)
        }
    }

    /// Whether the text is only a suggestion.
    #[must_use]
    pub fn is_suggested(&self) -> bool {
        self.suggested
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text before the cursor and the text from it on.
    #[must_use]
    pub fn halves(&self) -> (&str, &str) {
        self.text
            .split_at_checked(self.byte(self.cursor))
            .unwrap_or((&self.text, ""))
    }

    /// How many characters are scrolled out at the left where there is room for so
    /// many cells: the cursor stays visible.
    #[must_use]
    pub fn scrolled(&self, room: usize) -> usize {
        let (before, _) = self.halves();
        let mut cells = before.width() + 1;
        let mut scrolled = 0;
        for character in before.chars() {
            if cells <= room {
                break;
            }
            cells -= character.width().unwrap_or(0);
            scrolled += 1;
        }
        scrolled
    }

    /// Applies an edit.
    pub fn edit(&mut self, edit: &Edit) {
        if std::mem::take(&mut self.suggested) && matches!(edit, Edit::Insert(_)) {
            *self = Self::default();
        }
        let end = self.text.chars().count();
        match edit {
            Edit::Insert(text) => {
                let clean: String = text.chars().filter(|c| !c.is_control()).collect();
                self.text.insert_str(self.byte(self.cursor), &clean);
                self.cursor += clean.chars().count();
            }
            Edit::EraseBack => self.erase(self.cursor.saturating_sub(1)),
            Edit::EraseAhead => {
                if self.cursor < end {
                    self.cursor += 1;
                    self.erase(self.cursor - 1);
                }
            }
            Edit::EraseWord => self.erase(self.word_start()),
            Edit::EraseToStart => self.erase(0),
            Edit::Left => self.cursor = self.cursor.saturating_sub(1),
            Edit::Right => self.cursor = (self.cursor + 1).min(end),
            Edit::Home => self.cursor = 0,
            Edit::End => self.cursor = end,
        }
    }

    fn erase(&mut self, from: usize) {
        let range = self.byte(from)..self.byte(self.cursor);
        self.text.replace_range(range, "");
        self.cursor = from;
    }

    fn word_start(&self) -> usize {
        let (before, _) = self.halves();
        let trimmed = before.trim_end();
        let word = trimmed.rsplit(char::is_whitespace).next().unwrap_or("");
        trimmed.chars().count() - word.chars().count()
    }

    fn byte(&self, character: usize) -> usize {
        let mut positions = self.text.char_indices().map(|(at, _)| at);
        positions.nth(character).unwrap_or(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_erased_whole() {
        let mut line = Line::new("size>1m  owner=ö ".to_owned());
        line.edit(&Edit::EraseWord);
        assert_eq!(line.text(), "size>1m  ");
        line.edit(&Edit::EraseWord);
        assert_eq!(line.text(), "");
        line.edit(&Edit::EraseWord);
        assert_eq!(line.text(), "");
    }

    #[test]
    fn the_cursor_moves_over_whole_characters() {
        let mut line = Line::new("aö".to_owned());
        line.edit(&Edit::Left);
        assert_eq!(line.halves(), ("a", "ö"));
        line.edit(&Edit::Insert("b\x1b\n".to_owned()));
        assert_eq!(line.halves(), ("ab", "ö"));
        line.edit(&Edit::EraseAhead);
        assert_eq!(line.text(), "ab");
    }

    #[test]
    fn a_suggestion_is_replaced_by_typing_and_kept_by_moving() {
        let begin = || Line::suggestion("segment-7.bin".to_owned());
        let mut line = begin();
        line.edit(&Edit::Insert("~".to_owned()));
        line.edit(&Edit::Insert("/x".to_owned()));
        assert_eq!(line.text(), "~/x");
        let mut line = begin();
        line.edit(&Edit::Home);
        line.edit(&Edit::Insert("my-".to_owned()));
        assert_eq!(line.text(), "my-segment-7.bin");
        let mut line = begin();
        line.edit(&Edit::EraseBack);
        line.edit(&Edit::Insert("k".to_owned()));
        assert_eq!(line.text(), "segment-7.bik");
    }

    fn edit() -> impl Strategy<Value = Edit> {
        prop_oneof![
            any::<String>().prop_map(Edit::Insert),
            Just(Edit::EraseBack),
            Just(Edit::EraseAhead),
            Just(Edit::EraseWord),
            Just(Edit::EraseToStart),
            Just(Edit::Left),
            Just(Edit::Right),
            Just(Edit::Home),
            Just(Edit::End),
        ]
    }

    proptest! {
        #[test]
        fn no_edit_breaks_a_line(edits in proptest::collection::vec(edit(), 0..30)) {
            let mut line = Line::default();
            for edit in edits {
                line.edit(&edit);
                let (before, after) = line.halves();
                prop_assert_eq!(format!("{before}{after}"), line.text());
                prop_assert_eq!(before.chars().count(), line.cursor);
            }
        }
    }
}
