//! The plain mode, for screen readers: no lines, bars or signs, words instead.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use insta::assert_snapshot;
use shm_tui::theme::Theme;
use support::Stage;

fn plain() -> Theme {
    Theme {
        ascii: true,
        plain: true,
        ..Theme::default()
    }
}

/// Keys that lead to each screen and to what can lie over it.
const SCREENS: [(&str, &str); 12] = [
    ("list", ""),
    ("grouped", "o"),
    ("marked", "<Space>"),
    ("memory", "M"),
    ("contents", "<Enter>"),
    ("processes", "a"),
    ("events", "e"),
    ("columns", "c"),
    ("sort", "<F6>"),
    ("setup", "<F2>"),
    ("remove", "D"),
    ("help", "?"),
];

#[test]
fn nothing_is_drawn_that_is_not_a_word_or_a_number() {
    for (name, keys) in SCREENS {
        let mut stage = Stage::themed(plain(), 80, 24);
        stage.press(keys);
        let picture = stage.picture();
        assert!(picture.is_ascii(), "{name}: {picture}");
        for run in ["--", "==", "##", "__", "||", "..", "+-", "[x]", "[ ]"] {
            // The help explains filters and commands, and bytes are bytes.
            let explained = ["help", "contents"].contains(&name) || run == "--" && name == "remove";
            let text: Vec<&str> = picture.lines().filter(|line| line.contains(run)).collect();
            let permissions = text
                .iter()
                .all(|line| line.contains("rw") || line.contains("---"));
            assert!(
                explained || text.is_empty() || permissions,
                "{name}, {run}: {picture}"
            );
        }
        assert_snapshot!(name, picture);
    }
}

#[test]
fn what_happened_to_a_row_is_a_word_before_it() {
    let mut stage = Stage::themed(plain(), 80, 24);
    stage.press("<Down><Down><Space>");
    stage.fake.change(|system| {
        let mut new = system.segments[&65_538];
        new.id = 70_000;
        system.segments.insert(new.id, new);
        system.segments.remove(&32_769);
        system.segments.get_mut(&0).unwrap().attached += 1;
    });
    stage.wait(1);
    let picture = stage.picture();
    let begins = |word: &str, id: &str| {
        let mut lines = picture.lines();
        lines.any(|line| line.starts_with(word) && line.contains(id))
    };
    assert!(begins("changed ", "0x001038e1"), "{picture}");
    assert!(begins("gone ", "32769"), "{picture}");
    assert!(begins("marked ", "65538"), "{picture}");
    assert!(begins("new ", "70000"), "{picture}");
    assert!(picture.contains("sorted by id ascending"), "{picture}");
}

#[test]
fn the_map_is_a_list_of_runs() {
    let mut stage = Stage::themed(plain(), 80, 24);
    stage.press("<Down><Down><Enter>m");
    let picture = stage.picture();
    assert!(picture.contains("0x0 to "), "{picture}");
    assert!(picture.contains(": data"), "{picture}");
    assert!(picture.contains("0x7ffffff: never touched"), "{picture}");
}
