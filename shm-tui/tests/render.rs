//! Pictures of every panel, at several sizes.

#![allow(clippy::unwrap_used)]

mod support;

use insta::assert_snapshot;
use shm_tui::app::Settings;
use shm_tui::source::fake::{Fake, System};
use shm_tui::theme::Theme;
use support::Stage;

#[test]
fn the_list_at_every_size() {
    for (width, height) in [
        (200, 50),
        (160, 48),
        (120, 40),
        (80, 24),
        (40, 12),
        (40, 10),
        (20, 5),
        (1, 1),
    ] {
        let stage = Stage::new(width, height);
        assert_snapshot!(format!("list_{width}x{height}"), stage.picture());
    }
}

#[test]
fn the_list_without_color_and_in_ascii() {
    let theme = Theme {
        color: false,
        ascii: true,
        ..Theme::default()
    };
    let mut stage = Stage::themed(theme, 120, 24);
    stage.press("<Down>rs");
    let picture = stage.styled();
    assert!(picture.is_ascii(), "{picture}");
    assert_snapshot!(picture);
}

/// The keys that lead to each panel.
const PANELS: [(&str, &str); 9] = [
    ("memory", "M"),
    ("list", "o"),
    ("contents", "<Enter>"),
    ("processes", "a"),
    ("events", "e"),
    ("namespaces", "n"),
    ("columns", "c"),
    ("help", "?"),
    ("filter", "/sise>1"),
];

#[test]
fn every_panel_can_be_drawn_in_ascii_and_without_color() {
    for (name, keys) in PANELS {
        let draw = |theme: Theme, width, height| {
            let mut stage = Stage::themed(theme, width, height);
            stage.press(keys);
            (stage.picture(), stage.buffer())
        };
        let ascii = Theme {
            ascii: true,
            ..Theme::default()
        };
        let (picture, _) = draw(ascii, 80, 24);
        assert!(picture.is_ascii(), "{picture}");
        assert_snapshot!(format!("ascii_{name}"), picture);
        let without = Theme {
            color: false,
            ..Theme::default()
        };
        let (_, buffer) = draw(without, 120, 40);
        let colored = |cell: &&ratatui::buffer::Cell| {
            cell.fg != ratatui::style::Color::Reset || cell.bg != ratatui::style::Color::Reset
        };
        assert_eq!(buffer.content.iter().find(colored), None, "{name}");
    }
}

#[test]
fn on_a_light_terminal_text_and_background_are_its_own() {
    use ratatui::style::Color;

    for (name, keys) in PANELS {
        let mut stage = Stage::new(120, 40);
        stage.press(keys);
        for cell in &stage.buffer().content {
            assert_eq!(cell.bg, Color::Reset, "{name}");
            let hard_to_read = [Color::White, Color::Black, Color::Gray, Color::DarkGray];
            assert!(!hard_to_read.contains(&cell.fg), "{name}: {cell:?}");
        }
    }
    let mut stage = Stage::new(80, 24);
    stage.fake.change(|system| {
        system.segments.get_mut(&0).unwrap().attached += 1;
    });
    stage.wait(1);
    assert_snapshot!("light_list", stage.styled());
}

#[test]
fn columns_out_of_sight_are_a_key_away() {
    let mut stage = Stage::new(80, 24);
    stage.press("<Right><Right><Right><Right>");
    assert_snapshot!("list_scrolled", stage.picture());
    // No further than to the last column, and back again.
    stage.press("llllllllllllllllllllllllllll");
    assert_snapshot!("list_scrolled_to_the_end", stage.picture());
    stage.press("hhhhhhhhhhhhhhhhhhhhhhhhhhhh");
    assert_snapshot!("list_scrolled_back", stage.picture());
}

#[test]
fn every_column_that_lsipc_has() {
    let columns = "uid gid cuid creator cgroup cgid ctime atime dtime group swapped";
    let columns = columns.split(' ').map(|name| name.parse().unwrap());
    let settings = Settings {
        columns: columns.collect(),
        ..Settings::default()
    };
    let stage = Stage::with(Fake::example(support::START), settings, 160, 16);
    assert_snapshot!(stage.picture());
}

#[test]
fn what_a_system_does_not_tell_is_said_where_it_would_be() {
    let fake = Fake::example(support::START);
    fake.change(|system| system.tells_little = true);
    let mut stage = Stage::with(fake, Settings::default(), 120, 24);
    stage.press("<Down><Down>");
    assert_snapshot!("little_told", stage.picture());
    stage.press("a");
    assert_snapshot!("little_told_of_processes", stage.picture());
    stage.press("qn");
    assert_snapshot!("little_told_of_namespaces", stage.picture());
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
    let mut stage = Stage::new(100, 90);
    stage.press("?");
    assert_snapshot!("help", stage.picture());
    stage.resize(120, 40);
    assert_snapshot!("help_120x40", stage.picture());
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
            started: Some(support::START - 10 * 86_400),
            user: None,
        };
        system.processes.insert(3_333, process);
    });
    stage.wait(6);
    assert_snapshot!(stage.picture());
}

#[test]
fn a_filter_that_is_none_is_answered_with_a_caret() {
    let mut stage = Stage::new(80, 24);
    stage.press("/owner=ada sise>1m<Enter>");
    assert_snapshot!("filter_error", stage.styled());
    stage.resize(40, 4);
    assert_snapshot!("filter_error_tiny", stage.picture());
}

#[test]
fn the_processes_of_a_segment() {
    for (width, height) in [(120, 40), (80, 24), (40, 12), (20, 5), (1, 1)] {
        let mut stage = Stage::new(width, height);
        stage.press("a<Down>");
        assert_snapshot!(format!("processes_{width}x{height}"), stage.picture());
    }
    let mut stage = Stage::new(120, 24);
    stage.press("<End>a");
    assert_snapshot!("processes_none_found", stage.picture());
    stage.press("q<Home>a<Enter>");
    assert_snapshot!("segments_of_a_process", stage.picture());
    stage
        .fake
        .change(|system| system.failure = Some("no way to tell".to_owned()));
    stage.press("a");
    assert_snapshot!("processes_failed", stage.picture());
}

#[test]
fn the_event_log() {
    for (width, height) in [(120, 40), (80, 24), (40, 12), (1, 1)] {
        let mut stage = Stage::new(width, height);
        stage.press("e");
        if height == 24 {
            assert_snapshot!("events_none", stage.picture());
        }
        stage.fake.change(|system| {
            let mut new = system.segments[&65_538];
            (new.id, new.creator_pid) = (70_000, 2_500);
            system.segments.insert(new.id, new);
            let cache = system.segments.get_mut(&98_307).unwrap();
            (cache.attached, cache.mode, cache.flags.locked) = (0, 0o600, false);
            system.segments.get_mut(&0).unwrap().flags.removed = true;
        });
        stage.wait(1);
        stage.fake.change(|system| system.segments.remove(&32_769));
        stage.wait(1);
        assert_snapshot!(format!("events_{width}x{height}"), stage.styled());
        if height == 24 {
            stage.press("/98307<Enter>");
            assert_snapshot!("events_filtered", stage.picture());
            stage.press("w");
            assert_snapshot!("events_export", stage.picture());
        }
    }
}

#[test]
fn the_namespaces_and_another_one() {
    for (width, height) in [(120, 40), (80, 24), (40, 12)] {
        let mut stage = Stage::new(width, height);
        stage.press("n");
        assert_snapshot!(format!("namespaces_{width}x{height}"), stage.styled());
    }
    let mut stage = Stage::new(80, 24);
    stage.press("n<Down><Enter>");
    assert_snapshot!("another_namespace", stage.picture());
    stage
        .fake
        .change(|system| system.failure = Some("no namespaces here".to_owned()));
    let mut failing = Stage::with(stage.fake, Settings::default(), 80, 24);
    failing.press("n");
    assert_snapshot!("namespaces_failed", failing.picture());
}

#[test]
fn the_columns_to_choose_from() {
    for (width, height) in [(120, 40), (80, 24), (40, 12)] {
        let mut stage = Stage::new(width, height);
        stage.press("c<Down><Space>>");
        assert_snapshot!(format!("columns_{width}x{height}"), stage.styled());
    }
    let mut stage = Stage::new(80, 24);
    stage.press("c<Down><Space><End><Space><<<<<<<<<<<<<<<<<<<<q");
    assert_snapshot!("columns_chosen", stage.picture());
}

#[test]
fn where_the_memory_goes_at_every_size() {
    for (width, height) in [(200, 50), (120, 40), (80, 24), (40, 10), (20, 5), (1, 1)] {
        let mut stage = Stage::new(width, height);
        stage.press("M");
        assert_snapshot!(format!("memory_{width}x{height}"), stage.picture());
    }
    let mut stage = Stage::new(80, 24);
    stage.press("M<Down>");
    assert_snapshot!("memory_styled", stage.styled());
    // Enter shows the segments of the line.
    stage.press("<Enter>");
    let picture = stage.picture();
    assert!(picture.contains("only state=likely-orphan"), "{picture}");
    assert_eq!(stage.app.rows.shown(), 1);
    stage.press("<Esc>M<End><Enter>");
    let picture = stage.picture();
    assert!(picture.contains("only segments created by"), "{picture}");
    assert_eq!(stage.app.rows.shown(), 1);
    stage.press("<Esc>");
    assert_eq!(stage.app.rows.shown(), 4);
}

#[test]
fn a_group_is_collapsed_and_marked_at_its_heading() {
    let mut stage = Stage::new(120, 24);
    stage.press("o<Home><Enter>");
    assert_snapshot!("group_collapsed", stage.styled());
    assert_eq!(stage.app.rows.lines(), 5);
    stage.press("<Space>");
    let marked: Vec<i32> = stage.app.marks.segments().map(|one| one.id).collect();
    assert_eq!(marked, [32_769, 65_538]);
    stage.press("<Home><Space><Home><Enter>");
    assert_eq!((stage.app.marks.count(), stage.app.rows.lines()), (0, 7));
}

#[test]
fn rows_that_belong_together_have_a_heading() {
    let mut stage = Stage::new(120, 24);
    stage.press("o");
    assert_snapshot!("grouped_by_owner", stage.styled());
    stage.press("o");
    assert_snapshot!("grouped_by_creator", stage.picture());
    stage.fake.change(|system| system.segments.remove(&32_769));
    stage.wait(1);
    let picture = stage.picture();
    assert!(picture.contains("created by ada: 2 segments"), "{picture}");
}

#[test]
fn the_header_and_the_details_plot_how_the_numbers_changed() {
    let mut stage = Stage::new(120, 24);
    stage.press("<Down><Down><Down>");
    for step in 0..12 {
        stage.fake.change(|system| {
            let segment = system.segments.get_mut(&98_307).unwrap();
            segment.attached = step % 3 + 1;
            let memory = segment.memory.as_mut().unwrap();
            memory.resident = 0x4000_0000 * (step % 5);
            memory.swapped = 0x100_0000 * step;
            let mut new = *segment;
            new.id = 200_000 + i32::try_from(step).unwrap();
            system.segments.insert(new.id, new);
        });
        stage.wait(10);
    }
    assert_snapshot!("plots", stage.styled());
    stage.resize(80, 24);
    assert_snapshot!("plots_80x24", stage.picture());
    stage.resize(200, 50);
    assert_snapshot!("plots_200x50", stage.picture());
}

#[test]
fn why_a_segment_is_thought_an_orphan() {
    let mut stage = Stage::new(140, 24);
    stage.press("a<Esc><Down><Down>");
    assert_snapshot!(stage.picture());
}

#[test]
fn without_color_nothing_is_lost() {
    let theme = Theme {
        color: false,
        ascii: false,
        ..Theme::default()
    };
    let mut stage = Stage::themed(theme, 100, 20);
    stage.press("<Down><Down><Enter>");
    stage
        .fake
        .change(|system| system.bytes.get_mut(&65_538).unwrap()[18] = b'3');
    stage.wait(1);
    assert_snapshot!(stage.styled());
}
