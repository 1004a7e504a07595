//! Pictures of every panel, at the sizes that matter.

mod support;

use insta::assert_snapshot;
use shm_tui::app::Settings;
use shm_tui::source::fake::{Fake, System};
use shm_tui::ui::theme::Theme;
use support::Stage;

#[test]
fn the_list_at_every_size() {
    for (width, height) in [(160, 48), (120, 40), (80, 24), (40, 12), (20, 5), (1, 1)] {
        let stage = Stage::new(width, height);
        assert_snapshot!(format!("list_{width}x{height}"), stage.picture());
    }
}

#[test]
fn the_list_without_colour_and_in_ascii() {
    let theme = Theme {
        colour: false,
        ascii: true,
    };
    let mut stage = Stage::themed(theme, 120, 24);
    stage.press("<Down>rs");
    let picture = stage.styled();
    assert!(picture.is_ascii(), "{picture}");
    assert_snapshot!(picture);
}

#[test]
fn new_changed_and_gone_rows_are_marked_and_the_marks_fade() {
    let mut stage = Stage::new(120, 24);
    stage.fake.change(|system| {
        let mut new = system.segments[&65_538];
        new.id = 70_000;
        system.segments.insert(new.id, new);
        system.segments.remove(&32_769);
        system.segments.get_mut(&0).unwrap().attached += 1;
    });
    stage.wait(1);
    assert_snapshot!("marks", stage.styled());
    stage.wait(10);
    assert_snapshot!("marks_faded", stage.styled());
}

#[test]
fn the_contents_and_what_changes_in_them() {
    let mut stage = Stage::new(100, 20);
    stage.press("<Down><Down><Enter><Right>");
    assert_snapshot!("contents", stage.styled());
    stage.fake.change(|system| {
        system.bytes.get_mut(&65_538).unwrap()[18] = b'3';
    });
    stage.wait(1);
    assert_snapshot!("contents_changed", stage.styled());
    stage.wait(5);
    stage.press("p<End>");
    assert_snapshot!("contents_held_at_the_end", stage.picture());
}

#[test]
fn contents_at_small_sizes() {
    for (width, height) in [(120, 40), (80, 24), (40, 12), (20, 5), (1, 1)] {
        let mut stage = Stage::new(width, height);
        stage.press("<Enter>");
        assert_snapshot!(format!("contents_{width}x{height}"), stage.picture());
    }
}

#[test]
fn a_segment_that_cannot_be_shown_says_why() {
    let mut stage = Stage::new(80, 16);
    stage.press("<End><Enter>");
    assert_snapshot!("contents_denied", stage.picture());
    stage.press("q<Home>");
    stage.fake.change(|system| system.segments.remove(&0));
    stage.press("<Enter>");
    assert_snapshot!("contents_vanished", stage.picture());
}

#[test]
fn a_removed_segment_is_let_go_and_the_last_bytes_stay() {
    let mut stage = Stage::new(80, 16);
    stage.press("<Enter>");
    stage
        .fake
        .change(|system| system.segments.get_mut(&0).unwrap().flags.removed = true);
    stage.wait(1);
    assert_snapshot!(stage.picture());
}

#[test]
fn the_help_is_made_from_the_table_of_keys() {
    let mut stage = Stage::new(100, 50);
    stage.press("?");
    assert_snapshot!("help", stage.picture());
    stage.resize(80, 24);
    stage.press("<End>");
    assert_snapshot!("help_scrolled", stage.picture());
    stage.resize(20, 5);
    assert_snapshot!("help_tiny", stage.picture());
}

#[test]
fn the_filter_is_typed_in_the_footer() {
    let mut stage = Stage::new(80, 24);
    stage.press("/ada 128");
    assert_snapshot!("filter_typed", stage.styled());
    stage.press("<Enter>");
    assert_snapshot!("filter_kept", stage.picture());
    stage.press("/ nothing like this<Enter>");
    assert_snapshot!("filter_without_match", stage.picture());
}

#[test]
fn paused_is_said_aloud() {
    let mut stage = Stage::new(80, 16);
    stage.press("p");
    assert_snapshot!(stage.styled());
}

#[test]
fn an_empty_system_and_a_failing_one_say_so() {
    let empty = Fake::new(System::default());
    let stage = Stage::with(empty.clone(), Settings::default(), 80, 16);
    assert_snapshot!("empty", stage.picture());
    empty.change(|system| system.failure = Some("shmctl: function not implemented".to_owned()));
    let stage = Stage::with(empty, Settings::default(), 80, 16);
    assert_snapshot!("failing", stage.picture());
}

#[test]
fn names_full_of_escapes_and_wide_characters_are_harmless() {
    let mut stage = Stage::new(120, 24);
    stage.fake.change(|system| {
        let text = shm_tui::model::format::harmless("日本語\u{1b}[2J e\u{301} \u{202e}x");
        let process = shm_tui::model::directory::Process::Running {
            command: text.into(),
            started: None,
        };
        system.processes.insert(3_333, process);
    });
    stage.wait(6);
    assert_snapshot!(stage.picture());
}
