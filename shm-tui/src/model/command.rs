//! Formats command lines for recognition: the program's name first, without directories,
//! and long ones cut in the middle.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Minimum cells in which the beginning and the end of arguments are meaningful.
const WORTHWHILE: usize = 10;

/// A split command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command<'a> {
    /// The program, without its directories: `postgres`.
    pub program: &'a str,
    /// The rest, with the space or colon before it.
    pub arguments: &'a str,
}

impl<'a> Command<'a> {
    /// Splits a command line. Titles that programs set themselves, such as `postgres:
    /// checkpointer`, and names in brackets keep their form.
    #[must_use]
    pub fn of(line: &'a str) -> Self {
        let end = line.find(' ').unwrap_or(line.len());
        let (first, arguments) = line.split_at_checked(end).unwrap_or((line, ""));
        // A title may contain a path after a colon: `sshd: /usr/sbin/sshd`.
        let named = first.rsplit('/').next().filter(|name| !name.is_empty());
        let program = named.unwrap_or(first);
        match program.strip_suffix(':') {
            Some(title) if !title.is_empty() => Self {
                program: title,
                arguments: line.get(end - 1..).unwrap_or(arguments),
            },
            _ => Self { program, arguments },
        }
    }

    /// Cuts the command to `room` cells.
    #[must_use]
    pub fn fit(self, room: usize, ellipsis: &'a str) -> Fit<'a> {
        let left = room.saturating_sub(self.program.width());
        if left == 0 || (self.arguments.width() > left && left < WORTHWHILE) {
            let (program, cut, end) = middle(self.program, room, ellipsis);
            return Fit {
                program: [program, cut, end],
                arguments: ["", "", ""],
            };
        }
        let (start, cut, end) = middle(self.arguments, left, ellipsis);
        Fit {
            program: [self.program, "", ""],
            arguments: [start, cut, end],
        }
    }
}

/// A fitted command: consecutive pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit<'a> {
    /// The program's name.
    pub program: [&'a str; 3],
    /// The rest.
    pub arguments: [&'a str; 3],
}

/// Cuts `text` in the middle to `room` cells: its beginning, an ellipsis, and its end.
#[must_use]
pub fn middle<'a>(text: &'a str, room: usize, ellipsis: &'a str) -> (&'a str, &'a str, &'a str) {
    if text.width() <= room {
        return (text, "", "");
    }
    let Some(kept) = room.checked_sub(ellipsis.width()) else {
        return (prefix(text, room), "", "");
    };
    let end = suffix(text, kept / 2);
    let start = prefix(text, kept - end.width());
    (start, ellipsis, end)
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

/// Returns the longest suffix of `text` that is at most `room` cells wide.
fn suffix(text: &str, room: usize) -> &str {
    let mut width = 0;
    for (at, character) in text.char_indices().rev() {
        width += character.width().unwrap_or(0);
        if width > room {
            let behind = at + character.len_utf8();
            return text.get(behind..).unwrap_or("");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(line: &str, room: usize) -> String {
        let fit = Command::of(line).fit(room, "…");
        [fit.program, fit.arguments].concat().concat()
    }

    #[test]
    fn the_program_comes_first_without_its_directories() {
        for (line, program, arguments) in [
            (
                "/usr/lib/postgresql/15/bin/postgres -D x",
                "postgres",
                " -D x",
            ),
            (
                "postgres: main app [local] idle",
                "postgres",
                ": main app [local] idle",
            ),
            ("firefox-esr", "firefox-esr", ""),
            ("[kthreadd]", "[kthreadd]", ""),
            ("/opt/x/", "/opt/x/", ""),
            ("", "", ""),
            (": x", ":", " x"),
        ] {
            assert_eq!(Command::of(line), Command { program, arguments }, "{line}");
        }
    }

    #[test]
    fn a_long_command_is_cut_in_the_middle() {
        let line = "/usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main";
        assert_eq!(shown(line, 80), "postgres -D /var/lib/postgresql/15/main");
        assert_eq!(shown(line, 20), "postgres -D /v…/main");
        assert_eq!(shown(line, 17), "postgres");
        assert_eq!(shown(line, 8), "postgres");
        assert_eq!(shown(line, 6), "pos…es");
        assert_eq!(shown(line, 1), "…");
        assert_eq!(shown(line, 0), "");
        assert_eq!(shown("日本語 x", 5), "日…語");
    }

    proptest! {
        #[test]
        fn no_command_is_wider_than_its_room(line: String, room in 0..40usize) {
            prop_assert!(shown(&line, room).width() <= room);
        }

        #[test]
        fn a_command_with_room_is_whole(line in "[a-z/: ]{0,20}") {
            let command = Command::of(&line);
            let whole = format!("{}{}", command.program, command.arguments);
            prop_assert!(line.ends_with(&whole));
            prop_assert_eq!(shown(&line, 40), whole);
        }
    }
}
