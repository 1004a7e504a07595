//! Pictures of the contents of a segment.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use insta::assert_snapshot;
use shm_tui::app::Settings;
use shm_tui::source::fake::Fake;
use shm_tui::theme::Theme;
use support::{START, Stage};

/// A full screen, an ordinary one, and one that is too small.
const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (40, 12)];

/// The browser in a segment that has something of everything.
fn inside(width: u16, height: u16) -> Stage {
    let mut stage = Stage::with(rich(), Settings::default(), width, height);
    stage.press("<Down><Down><Enter>");
    stage
}

/// Data, zeros, pages of unknown state, and a hole behind them.
fn rich() -> Fake {
    let fake = Fake::example(START);
    fake.change(|system| {
        let bytes = system.bytes.get_mut(&65_538).unwrap();
        bytes.resize(4 << 20, 0);
        bytes[2 << 20..(2 << 20) + 12].copy_from_slice(b"checkpoint 2");
        bytes[0x40..0x48].copy_from_slice(&1_000_000_000_000_u64.to_le_bytes());
        bytes[0x50..0x58].copy_from_slice(&0x7f5a_1c00_0010_u64.to_le_bytes());
        system.unreported.insert(65_538, 6 << 20..7 << 20);
        system.segments.get_mut(&65_538).unwrap().size = 16 << 20;
        system.segments.get_mut(&65_538).unwrap().attached = 1;
        let mut pieces = system.scan.attachments[0].clone();
        (pieces.id, pieces.end) = (65_538, pieces.start + (16 << 20));
        system.scan.attachments.push(pieces);
    });
    fake
}

#[test]
fn the_values_at_the_cursor() {
    for (width, height) in SIZES {
        let mut stage = inside(width, height);
        stage.press(":0x40<Enter>i");
        assert_snapshot!(format!("inspector_{width}x{height}"), stage.picture());
    }
    let mut stage = inside(120, 24);
    stage.press("i:0x50<Enter>");
    assert_snapshot!("inspector_pointer", stage.picture());
    stage.press("<Enter>");
    assert_eq!(stage.app.contents.as_ref().unwrap().window.cursor, 0x10);
}

#[test]
fn groups_of_bytes_are_numbers_in_either_order() {
    let mut stage = inside(80, 12);
    for name in ["groups_2", "groups_4", "groups_8"] {
        stage.press("b");
        assert_snapshot!(name, stage.picture());
    }
    stage.press("e");
    assert_snapshot!("groups_8_big", stage.picture());
}

#[test]
fn a_search_is_typed_found_and_marked() {
    for (width, height) in SIZES {
        let mut stage = inside(width, height);
        stage.press("/");
        assert_snapshot!(format!("search_empty_{width}x{height}"), stage.picture());
        stage.press("i:CHECKPOINT");
        assert_snapshot!(format!("search_{width}x{height}"), stage.styled());
    }
    let mut stage = inside(100, 20);
    stage.press("/checkpoint<Enter>n");
    assert_snapshot!("search_next", stage.styled());
    stage.press("/x:4g<Enter>");
    assert_snapshot!("search_wrong", stage.picture());
    stage.press("<Esc>/nowhere<Enter>");
    assert_snapshot!("search_not_found", stage.picture());
}

#[test]
fn an_offset_that_is_none_is_answered() {
    let mut stage = inside(100, 12);
    stage.press(":");
    assert_snapshot!("goto", stage.picture());
    stage.press("20m<Enter>");
    assert_snapshot!("goto_outside", stage.picture());
}

#[test]
fn the_map_of_the_whole_segment() {
    for (width, height) in SIZES {
        let mut stage = inside(width, height);
        stage.press("/checkpoint<Enter>m");
        assert_snapshot!(format!("map_{width}x{height}"), stage.styled());
    }
    let mut stage = inside(80, 24);
    stage.press("m");
    stage.fake.change(|system| {
        system.bytes.get_mut(&65_538).unwrap()[1 << 20] = 7;
    });
    stage.press("r");
    assert_snapshot!("map_changed", stage.styled());
    let theme = Theme {
        color: false,
        ascii: true,
        ..Theme::default()
    };
    let settings = Settings {
        theme,
        ..Settings::default()
    };
    let mut stage = Stage::with(rich(), settings, 80, 24);
    stage.press("<Down><Down><Enter>/checkpoint<Enter>m");
    let picture = stage.styled();
    assert!(picture.is_ascii(), "{picture}");
    assert_snapshot!("map_ascii", picture);
}

#[test]
fn a_click_on_the_map_goes_there() {
    let mut stage = inside(80, 24);
    stage.press("m");
    stage.act(shm_tui::app::Action::Click { x: 10, y: 4 });
    let view = stage.app.contents.as_ref().unwrap();
    // Behind the offsets, 64 cells a row.
    let cell = view.map.map.as_ref().unwrap().bytes_per_cell(64 * 19);
    assert_eq!(view.window.cursor, cell);
    assert_eq!(stage.app.screen, shm_tui::app::Screen::Contents);
}

#[test]
fn what_is_different_from_a_snapshot() {
    for (width, height) in SIZES {
        let mut stage = inside(width, height);
        stage.press("sd");
        if height == 24 {
            assert_snapshot!("differences_none", stage.picture());
        }
        stage.fake.change(|system| {
            let bytes = system.bytes.get_mut(&65_538).unwrap();
            bytes[18] = b'3';
            bytes[3 << 20..(3 << 20) + 20].fill(9);
        });
        stage.press("qsd");
        if height == 24 {
            assert_snapshot!("differences_later", stage.picture());
        }
        stage.press("<");
        assert_snapshot!(format!("differences_{width}x{height}"), stage.styled());
        stage.press(">");
        if height == 24 {
            assert_snapshot!("differences_of_two_snapshots", stage.picture());
            stage.press("<Down><Enter>");
            assert_snapshot!("differences_gone_there", stage.styled());
            stage.press("[");
            let cursor = stage.app.contents.as_ref().unwrap().window.cursor;
            assert_eq!(cursor, 18);
        }
    }
    let mut stage = inside(80, 12);
    stage.press("d");
    assert_snapshot!("differences_without_snapshot", stage.picture());
}

#[test]
fn a_selection_and_how_to_copy_it() {
    let mut stage = inside(100, 12);
    stage.press("v<Right><Right><Right>");
    assert_snapshot!("selection", stage.styled());
    stage.press("y");
    assert_snapshot!("selection_copying", stage.picture());
    stage.press("c");
    assert_snapshot!("selection_copied", stage.picture());
    stage.press("w");
    assert_snapshot!("selection_written", stage.picture());
}

#[test]
fn before_a_file_is_loaded_it_is_said_what_that_means() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file");
    std::fs::write(&path, [7; 5000]).unwrap();
    let path = path.to_str().unwrap();
    for (width, height) in SIZES {
        let settings = Settings {
            allow_write: true,
            ..Settings::default()
        };
        let mut stage = Stage::with(rich(), settings, width, height);
        stage.files = true;
        stage.press("<Down><Down><Enter>:0x100<Enter>L");
        stage.press(path);
        stage.press("<Enter>");
        let picture = stage.picture().replace(path, "FILE");
        assert_snapshot!(format!("loading_{width}x{height}"), picture);
        stage.press("6<Enter>");
        if height == 24 {
            let picture = stage.picture().replace(path, "FILE");
            assert_snapshot!("loading_other_number", picture);
        }
        stage.press("5538<Enter>");
        let written = stage
            .fake
            .change(|system| system.bytes[&65_538][0x100..0x100 + 5000] == [7; 5000]);
        assert!(written);
    }
    let mut stage = inside(80, 12);
    stage.press("L");
    assert_snapshot!("loading_not_allowed", stage.picture());
}
