//! The bar of function keys, the menus, the setup, the mouse, and the help.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use insta::assert_snapshot;
use ratatui::crossterm::event::{KeyCode, KeyModifiers};
use shm_tui::app::{Effect, Screen, Settings};
use shm_tui::model::column::Column;
use shm_tui::source::fake::Fake;
use shm_tui::theme::Theme;
use support::{START, Stage};

fn first(stage: &Stage) -> i32 {
    stage.app.rows.at(0).unwrap().segment.id
}

#[test]
fn f6_sorts_by_a_column_and_again_the_other_way_round() {
    let mut stage = Stage::new(80, 24);
    stage.press("<F6>");
    assert_snapshot!("sort_menu_80x24", stage.styled());
    stage.press("<Home><Down><Enter>");
    assert_eq!(stage.app.sort.column, Column::Size);
    assert!(stage.app.sort.descending, "the largest first");
    assert_eq!(first(&stage), 98_307);
    stage.press("<F6><Enter>");
    assert!(!stage.app.sort.descending);
    assert_eq!(first(&stage), 0);
    // A letter goes to the next line that begins with it, also where it moves elsewhere.
    stage.press("<F6>k<Enter>");
    assert_eq!(stage.app.sort.column, Column::Key);
    stage.press("<F6>k<Esc>");
    assert_eq!(stage.app.sort.column, Column::Key);
    assert!(stage.app.menu.is_none());
}

#[test]
fn letters_sort_directly_as_in_htop() {
    let mut stage = Stage::new(80, 24);
    for (key, column, descending) in [
        ("R", Column::Resident, true),
        ("Z", Column::Size, true),
        ("A", Column::Attached, true),
        ("T", Column::Age, true),
        ("N", Column::Id, false),
        ("O", Column::Owner, false),
    ] {
        stage.press(key);
        assert_eq!(stage.app.sort.column, column, "{key}");
        assert_eq!(stage.app.sort.descending, descending, "{key}");
        stage.press("I");
        assert_eq!(stage.app.sort.descending, !descending, "{key}");
    }
}

#[test]
fn a_user_is_chosen_and_the_filter_says_so() {
    let mut stage = Stage::new(80, 24);
    stage.press("u");
    assert_snapshot!("user_menu_80x24", stage.picture());
    stage.press("<Enter>");
    assert_eq!(stage.app.filter_text.text(), "", "all users");
    stage.press("ua<Enter>");
    assert_eq!(stage.app.filter_text.text(), "owner=ada");
    assert_eq!(stage.app.rows.shown(), 2);
    // It is one term of the filter, and replaces itself.
    stage.press("/ size>1m<Enter>up<Enter>");
    assert_eq!(stage.app.filter_text.text(), "size>1m owner=postgres");
    stage.press("u<Home><Enter>");
    assert_eq!(stage.app.filter_text.text(), "size>1m");
}

#[test]
fn f7_shows_the_orphans_and_all_again() {
    let mut stage = Stage::new(80, 24);
    stage.press("<F7>");
    assert_eq!(stage.app.filter_text.text(), "state=orphan");
    assert_snapshot!("orphans_only_80x24", stage.styled());
    stage.press("ua<Enter>");
    assert_eq!(stage.app.filter_text.text(), "state=orphan owner=ada");
    stage.press("<F7>");
    assert_eq!(stage.app.filter_text.text(), "owner=ada");
    stage.press("<Esc>");
    assert_eq!(stage.app.rows.shown(), 4);
}

#[test]
fn the_bar_fits_every_width_and_can_be_clicked() {
    for (width, height) in [(120, 40), (80, 24), (60, 20), (40, 10), (20, 5)] {
        let stage = Stage::new(width, height);
        let picture = stage.picture();
        let bar = picture.lines().last().unwrap();
        assert!(bar.starts_with("F1Help"), "{width}: {bar}");
        assert!(bar.chars().count() <= width.into(), "{bar}");
        if width >= 40 {
            assert!(bar.contains("F9Remove") && bar.contains("F10Quit"), "{bar}");
        }
        if width == 80 {
            assert!(bar.contains("F8Memory"), "{bar}");
            let names = "F1Help  F2Setup F3Procs F4FilterF5Group F6Sort  F7OrphanF8";
            assert!(bar.starts_with(names), "{bar}");
        }
    }
    let mut stage = Stage::new(80, 24);
    stage.click("F6Sort");
    assert!(stage.app.menu.is_some());
    stage.click("SIZE      ");
    assert_eq!(stage.app.sort.column, Column::Size);
    stage.click("F3Procs");
    assert_eq!(stage.app.screen, Screen::Processes);
    stage.click("q back");
    assert_eq!(stage.app.screen, Screen::List);
    stage.click("F4Filter");
    assert!(stage.app.typing.is_some());
    stage.press("<Esc>");
    stage.click("F1Help");
    assert!(stage.app.help.open);
    stage.press("<Esc>");
    stage.click("F10Quit");
    assert!(stage.effects.contains(&Effect::Quit));
}

#[test]
fn a_click_beside_a_menu_closes_it() {
    let mut stage = Stage::new(80, 24);
    stage.press("<F6>");
    stage.act(shm_tui::app::Action::Click { x: 0, y: 0 });
    assert!(stage.app.menu.is_none());
    assert_eq!(stage.app.sort.column, Column::Id);
}

#[test]
fn the_mouse_can_be_left_to_the_terminal_everywhere() {
    let mut stage = Stage::new(80, 24);
    for keys in ["", "<Enter>", "q<F2>", "<Esc>D", "<Esc>?"] {
        stage.press(keys);
        let before = stage.app.mouse;
        stage.key(KeyCode::Char('t'), KeyModifiers::CONTROL);
        assert_eq!(stage.app.mouse, !before, "{keys}");
        assert_eq!(stage.effects.last(), Some(&Effect::Mouse(!before)));
    }
}

#[test]
fn the_setup_changes_settings_and_saves_them() {
    let settings = Settings {
        config_path: Some("/home/ada/.config/shm-tui/config.toml".into()),
        ..Settings::default()
    };
    let mut stage = Stage::with(Fake::example(START), settings, 80, 24);
    stage.press("<F2>");
    assert_snapshot!("setup_80x24", stage.picture());
    stage.resize(40, 10);
    assert_snapshot!("setup_40x10", stage.picture());
    stage.resize(80, 24);
    stage.press("d<Enter>m<Enter>c<Enter>");
    assert!(!stage.app.details && !stage.app.mouse && !stage.app.theme.color);
    assert!(stage.effects.contains(&Effect::Mouse(false)));
    stage.press("r<Right>");
    assert_eq!(stage.app.period.as_secs(), 2);
    stage.press("w<Enter>");
    let Some(Effect::Save(path, choices)) = stage.effects.last() else {
        panic!("{:?}", stage.effects.last());
    };
    assert!(path.ends_with("shm-tui/config.toml"));
    assert!(!choices.details && !choices.mouse && !choices.theme.color);
    assert!(stage.app.menu.is_none());
}

#[test]
fn the_help_opens_where_one_is() {
    for (keys, heading) in [
        ("", "In the table"),
        ("<Enter>", "In the contents of a segment"),
        ("a", "In the processes of a segment"),
        ("e", "In the event log"),
        ("c", "In the columns"),
        ("<F6>", "In a menu"),
    ] {
        let mut stage = Stage::new(80, 24);
        stage.press(keys);
        stage.key(KeyCode::F(1), KeyModifiers::NONE);
        let picture = stage.picture();
        let first = picture.lines().nth(1).unwrap();
        assert!(first.contains(heading), "{keys}: {picture}");
    }
}

#[test]
fn the_help_is_searched_by_words() {
    let mut stage = Stage::new(80, 24);
    stage.press("?/world writable<Enter>");
    assert_snapshot!("help_searched", stage.picture());
    stage.press("<Esc>");
    assert!(stage.app.help.open && stage.app.help.words.text().is_empty());
    stage.press("/nothing like it<Enter>");
    assert!(stage.picture().contains("nothing about nothing like it"));
    stage.press("<Esc><Esc>");
    assert!(!stage.app.help.open);
}

#[test]
fn nothing_of_the_help_is_cut_at_any_width() {
    let words = |text: &str| -> Vec<String> {
        let letters = |c: char| c.is_alphanumeric() || ">=<&-".contains(c);
        let words = text.split(|c: char| !letters(c));
        words
            .filter(|word| word.len() > 4)
            .map(str::to_owned)
            .collect()
    };
    let shown = |width| {
        let mut stage = Stage::new(width, 24);
        stage.press("?");
        let lines = shm_tui::app::help::shown(&stage.app);
        let cells = |line: &Vec<(String, _)>| line.iter().map(|(t, _)| t.chars().count()).sum();
        let widest: usize = lines.iter().map(cells).max().unwrap();
        assert!(widest <= usize::from(width) - 2, "{widest} of {width}");
        let text: Vec<String> = lines
            .iter()
            .map(|line| line.iter().map(|(text, _)| text.as_str()).collect())
            .collect();
        words(&text.join("\n"))
    };
    let wide = shown(120);
    assert!(wide.len() > 200);
    for width in [80, 60, 40] {
        let narrow = shown(width);
        for word in wide.iter().filter(|word| word.len() < 20) {
            assert!(narrow.contains(word), "{word} at {width}");
        }
    }
}

#[test]
fn the_legend_explains_signs_states_and_colors() {
    let mut stage = Stage::new(80, 24);
    stage.press("?<End>");
    assert_snapshot!("help_legend", stage.styled());
    let mut stage = Stage::themed(
        Theme {
            ascii: true,
            ..Theme::default()
        },
        40,
        10,
    );
    stage.press("?<End>");
    let picture = stage.picture();
    assert!(picture.is_ascii(), "{picture}");
    assert_snapshot!("help_legend_40x10", picture);
}

#[test]
fn colors_are_chosen_one_by_one_and_saved_with_the_rest() {
    let settings = Settings {
        config_path: Some("config.toml".into()),
        ..Settings::default()
    };
    let mut stage = Stage::with(Fake::example(START), settings, 80, 24);
    let before = stage.app.theme.palette;
    stage.press("<F2>p<Enter>");
    assert_snapshot!("colors_80x24", stage.picture());
    stage.press("o<Right><Right><Left>");
    let after = stage.app.theme.palette;
    assert_ne!(after.orphan, before.orphan);
    assert_eq!(after.key, before.key);
    // Esc leads back to the setup.
    stage.press("<Esc>w<Enter>");
    let Some(Effect::Save(_, choices)) = stage.effects.last() else {
        panic!("{:?}", stage.effects.last());
    };
    assert_eq!(choices.theme.palette, after);
}
