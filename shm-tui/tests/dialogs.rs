//! Every dialog, menu and prompt at 80x24 and at 40x10, opened there and resized.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use insta::assert_snapshot;
use shm_tui::app::Settings;
use shm_tui::source::fake::Fake;
use support::{START, Stage};

/// Keys that open each of them.
const OPENED: [(&str, &str); 16] = [
    ("sort", "<F6>"),
    ("users", "u"),
    ("setup", "<F2>"),
    ("help", "?"),
    ("help-search", "?/lock"),
    ("remove", "D"),
    ("remove-several", "*D"),
    ("remove-dry", "<Down><Down>D<Right><Enter>"),
    ("permit", "m"),
    ("permit-wrong", "mmode=mode=666<Enter>"),
    ("create", "C"),
    ("create-asked", "C64k key=0x77<Enter>"),
    (
        "create-failed",
        "C1 key=0x51000a2f<Enter><Right><Right><Enter>",
    ),
    ("filter-wrong", "/owner=ada sise>1m"),
    ("export", "ew"),
    ("dump", "<Enter>w"),
];

fn stage(width: u16, height: u16) -> Stage {
    let settings = Settings {
        uid: 1000,
        home: Some("/home/ada".into()),
        config_path: Some("/home/ada/.config/shm-tui/config.toml".into()),
        ..Settings::default()
    };
    Stage::with(Fake::example(START), settings, width, height)
}

#[test]
fn every_dialog_at_two_sizes() {
    for (width, height) in [(80, 24), (40, 10)] {
        for (name, keys) in OPENED {
            let mut stage = stage(width, height);
            stage.press(keys);
            assert_snapshot!(format!("{name}_{width}x{height}"), stage.picture());
        }
    }
}

#[test]
fn a_resize_while_it_is_open_draws_what_opening_it_there_draws() {
    for (name, keys) in OPENED {
        let mut opened = stage(40, 10);
        opened.press(keys);
        let mut resized = stage(80, 24);
        resized.press(keys);
        resized.resize(40, 10);
        assert_eq!(resized.picture(), opened.picture(), "{name}");
        for (width, height) in [(20, 5), (3, 3), (1, 1), (70, 30), (80, 24)] {
            resized.resize(width, height);
            resized.picture();
        }
        // What was scrolled on the small screen may stay so.
        if !["sort", "help", "help-search"].contains(&name) {
            let mut wide = stage(80, 24);
            wide.press(keys);
            assert_eq!(resized.picture(), wide.picture(), "{name}, and back");
        }
    }
}

#[test]
fn what_a_question_must_say_is_visible_on_a_small_screen() {
    for (keys, words) in [
        (
            "D",
            &["Remove segment 0?", "Type 0 to confirm", "[Cancel]"][..],
        ),
        (
            "*D",
            &[
                "Remove 4 segments?",
                "4 segments, 9M resident",
                "Type 4 to confirm",
            ],
        ),
        ("*D4", &["[Remove]"]),
    ] {
        let mut stage = stage(40, 10);
        stage.press(keys);
        for words in words {
            assert!(
                stage.picture().contains(words),
                "{words}: {}",
                stage.picture()
            );
        }
    }
}
