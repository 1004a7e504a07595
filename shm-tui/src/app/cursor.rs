//! A cursor in a list, and the visible part of the list.

use super::keymap::Command;

/// The cursor's line and the first visible line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The line of the cursor.
    pub position: usize,
    /// The first visible line.
    pub top: usize,
}

impl Cursor {
    /// Moves by a command; ignores other commands.
    pub fn apply(&mut self, command: Command, height: usize) {
        let page = height.max(1);
        self.position = match command {
            Command::Up => self.position.saturating_sub(1),
            Command::Down => self.position.saturating_add(1),
            Command::PageUp => self.position.saturating_sub(page),
            Command::PageDown => self.position.saturating_add(page),
            Command::First => 0,
            Command::Last => usize::MAX,
            _ => self.position,
        };
    }

    /// Clamps the cursor to a list of `length` lines and scrolls it into a screen of
    /// `height`.
    pub fn settle(&mut self, length: usize, height: usize) {
        let height = height.max(1);
        self.position = self.position.min(length.saturating_sub(1));
        let lowest = self.position.saturating_sub(height - 1);
        let top = self.top.min(length.saturating_sub(height));
        self.top = top.clamp(lowest, self.position);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_cursor_is_in_the_list_and_on_the_screen(
            position: usize, top: usize, length in 0..100usize, height in 0..100usize,
        ) {
            let mut cursor = Cursor { position, top };
            cursor.settle(length, height);
            prop_assert!(cursor.position < length.max(1));
            prop_assert!(cursor.top <= cursor.position);
            prop_assert!(cursor.position < cursor.top + height.max(1));
        }
    }
}
