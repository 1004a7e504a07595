//! Changing segments from the browser: marks, confirmation, results. On an invented
//! system; `live_actions.rs` uses the real one.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use ratatui::crossterm::event::{KeyCode, KeyModifiers};
use shm_tui::app::dialog::{Choice, Dialog};
use shm_tui::app::{Action, Effect, Prompt, Settings};
use shm_tui::model::dry_run::Caller;
use shm_tui::model::segment::{Id, Segment};
use shm_tui::runtime::gate::Policy;
use shm_tui::source::fake::Fake;
use support::{START, Stage};

/// Unattached, and owned by user 1000.
const ORPHAN: Id = 65_538;
/// It is attached by others.
const POSTGRES: Id = 0;

fn segment(stage: &Stage, id: Id) -> Option<Segment> {
    stage
        .fake
        .change(|system| system.segments.get(&id).copied())
}

/// The browser of user 1000, with one row selected.
fn at(id: Id) -> Stage {
    let settings = Settings {
        uid: 1000,
        ..Settings::default()
    };
    let mut stage = Stage::with(Fake::example(START), settings, 100, 30);
    while stage.app.rows.selected().unwrap().segment.id != id {
        stage.press("j");
    }
    stage
}

fn changes(stage: &Stage) -> usize {
    let changes = |effect: &&Effect| matches!(effect, Effect::Act(_) | Effect::Create(_));
    stage.effects.iter().filter(changes).count()
}

#[test]
fn a_question_starts_on_cancel() {
    let mut stage = at(ORPHAN);
    stage.press("D");
    insta::assert_snapshot!("remove_asked", stage.styled());
    stage.press("<Enter>");
    assert_eq!(stage.app.dialog, None);
    assert!(segment(&stage, ORPHAN).is_some());
    assert_eq!(changes(&stage), 0);
}

#[test]
fn what_nobody_uses_goes_by_keys_alone() {
    let mut stage = at(ORPHAN);
    stage.press("D<Right><Right><Enter>");
    assert_eq!(segment(&stage, ORPHAN), None);
    assert_eq!(stage.app.dialog, None);
    let notice = stage.app.notice.clone().unwrap();
    assert_eq!(notice.text, format!("Remove segment {ORPHAN}: done"));
}

#[test]
fn what_somebody_has_attached_takes_its_identifier() {
    let mut stage = at(POSTGRES);
    stage.press("D");
    insta::assert_snapshot!("remove_attached_asked", stage.styled());
    stage.press("<Right><Right><Enter>");
    assert!(!segment(&stage, POSTGRES).unwrap().flags.removed);
    assert!(stage.app.notice.clone().unwrap().text.contains("type 0"));
    stage.press("1<Enter>");
    assert_eq!(changes(&stage), 0);
    stage.press("<Backspace>0<Enter>");
    assert!(segment(&stage, POSTGRES).unwrap().flags.removed);
}

#[test]
fn a_dry_run_says_how_and_does_nothing() {
    let mut stage = at(ORPHAN);
    stage.press("D<Right><Enter>");
    assert!(segment(&stage, ORPHAN).is_some());
    assert_eq!(changes(&stage), 0);
    insta::assert_snapshot!("remove_dry_run", stage.picture());
    stage.press("<Esc>");
    assert_eq!(stage.app.dialog, None);
}

#[test]
fn a_dry_run_of_what_belongs_to_others_says_that_it_would_be_refused() {
    let mut stage = at(ORPHAN);
    let stranger = Caller {
        uid: 33,
        admin: false,
        ..Caller::SUPERUSER
    };
    stage.fake.change(|system| system.caller = Some(stranger));
    stage.press("D<Right><Enter>");
    let picture = stage.picture();
    assert!(
        picture.contains("would be refused: only owner"),
        "{picture}"
    );
    assert!(!picture.contains("would do"), "{picture}");
    assert!(segment(&stage, ORPHAN).is_some());
}

#[test]
fn marks_follow_segments_and_not_rows() {
    let mut stage = at(ORPHAN);
    stage.press("<Space>");
    assert_eq!(stage.app.marks.count(), 1);
    stage.press(">>rrr/nothing has this<Enter>");
    assert_eq!(stage.app.marks.count(), 1, "it is filtered out, not gone");
    stage.press("<Esc>");
    insta::assert_snapshot!("marked", stage.picture());
    stage.fake.change(|system| {
        let orphan = system.segments.get_mut(&ORPHAN).unwrap();
        orphan.creator_pid += 1;
    });
    stage.wait(1);
    assert_eq!(stage.app.marks.count(), 0, "another has its identifier");
}

#[test]
fn all_that_pass_the_filter_are_marked_turned_round_and_unmarked() {
    let mut stage = at(ORPHAN);
    let all = stage.app.rows.count();
    stage.press("*");
    assert_eq!(stage.app.marks.count(), all);
    stage.press("U");
    assert_eq!(stage.app.marks.count(), 0);
    stage.press("/nattch=0<Enter>*<Esc>");
    let idle = stage.app.marks.count();
    assert!(idle > 0 && idle < all);
    stage.press("i");
    assert_eq!(stage.app.marks.count(), all - idle);
}

#[test]
fn several_are_hit_together_and_failures_stay_on_the_screen() {
    let mut stage = at(ORPHAN);
    stage.press("*D");
    let Some(Dialog::Confirm(confirm)) = stage.app.dialog.clone() else {
        panic!("no question");
    };
    let count = confirm.plan.segments().len().to_string();
    assert_eq!(confirm.proof, Some(count.clone()));
    assert_eq!(confirm.choice, Choice::Cancel);
    // One of them changes while the question stands.
    stage.fake.change(|system| {
        let orphan = system.segments.get_mut(&ORPHAN).unwrap();
        orphan.change_time = orphan.change_time.map(|time| time + 5);
    });
    stage.press(&format!("<Right><Right>{count}<Enter>"));
    insta::assert_snapshot!("remove_partly_failed", stage.styled());
    assert!(segment(&stage, ORPHAN).is_some(), "it was left alone");
    assert!(segment(&stage, POSTGRES).unwrap().flags.removed);
    // What was asked for stays marked where it failed.
    stage.wait(60);
    assert!(matches!(stage.app.dialog, Some(Dialog::Results(_))));
    stage.press("<Esc>");
    assert_eq!(stage.app.dialog, None);
}

#[test]
fn owner_group_and_mode_are_changed_as_typed() {
    let mut stage = at(ORPHAN);
    stage.press("m");
    assert_eq!(stage.app.request.text(), "", "nothing is prefilled");
    stage.press("mode=640 owner=postgres<Enter>");
    insta::assert_snapshot!("change_asked", stage.picture());
    stage.press("<Right><Right><Enter>");
    let changed = segment(&stage, ORPHAN).unwrap();
    assert_eq!(
        (changed.mode, changed.owner, changed.group),
        (0o640, 109, 1000)
    );
}

#[test]
fn a_wish_that_cannot_be_meant_is_answered_while_it_is_typed() {
    let mut stage = at(ORPHAN);
    stage.press("mmode=999<Enter>");
    assert!(stage.app.typing.is_some());
    assert!(stage.picture().contains("`999` is not a mode"));
    stage.press("<Esc>");
    stage.press("m600 owner=stranger<Enter>");
    assert_eq!(stage.app.dialog, None);
    assert!(
        stage
            .picture()
            .contains("this system has no user `stranger`")
    );
}

#[test]
fn segments_are_locked_and_unlocked() {
    let mut stage = at(ORPHAN);
    stage.press("L<Right><Right><Enter>");
    assert!(segment(&stage, ORPHAN).unwrap().flags.locked);
    // All that are meant are locked: the same key unlocks.
    stage.press("L<Tab><Tab><Enter>");
    assert!(!segment(&stage, ORPHAN).unwrap().flags.locked);
}

#[test]
fn a_segment_is_made_as_typed() {
    let mut stage = at(ORPHAN);
    stage.press("C64k key=0x77<Enter>");
    insta::assert_snapshot!("create_asked", stage.picture());
    stage.press("<Right><Right><Enter>");
    let made = stage.app.rows.segment(ORPHAN + 32_769 + 1);
    let made = made.or_else(|| stage.app.rows.passing().find(|s| s.key.0 == 0x77));
    assert_eq!(
        made.map(|made| (made.size, made.mode)),
        Some((65_536, 0o600))
    );
    // A second one with the key is refused, in the dry run too.
    stage.press("C1 key=0x77<Enter><Right><Enter>");
    assert!(stage.picture().contains("has key 0x00000077 already"));
    stage.press("<Esc>C1 key=0x77<Enter><Right><Right><Enter>");
    assert!(stage.picture().contains("already exists"));
}

#[test]
fn a_refusal_of_the_system_is_shown_with_its_reason() {
    let mut stage = at(ORPHAN);
    stage
        .fake
        .change(|system| system.refusal = Some("only its owner may".to_owned()));
    stage.press("D<Right><Right><Enter>");
    assert!(stage.picture().contains("only its owner may"));
    assert!(segment(&stage, ORPHAN).is_some());
}

#[test]
fn a_read_only_run_refuses_at_the_key_and_the_gate_besides() {
    let mut stage = at(ORPHAN);
    stage.policy = Policy {
        change: false,
        ..Policy::default()
    };
    let before = stage.fake.change(|system| system.segments.clone());
    stage.app.may_change = false;
    for keys in ["D", "L", "m", "C"] {
        stage.press(keys);
        assert_eq!(stage.app.dialog, None, "{keys}");
        assert_eq!(stage.app.typing, None, "{keys}");
        let notice = stage.app.notice.take().unwrap();
        assert!(notice.text.contains("--read-only"), "{keys}: {notice:?}");
    }
    // Should a key ever get past that, nothing is changed either.
    stage.app.may_change = true;
    for keys in ["D", "L", "m600<Enter>", "C1<Enter>"] {
        stage.press(keys);
        stage.press("<Right><Right><Enter>");
        let said = format!("{:?} {:?}", stage.app.notice, stage.app.dialog);
        assert!(said.contains("--read-only"), "{keys}: {said}");
        stage.press("<Esc>");
    }
    assert_eq!(stage.fake.change(|system| system.segments.clone()), before);
}

#[test]
fn messages_go_with_the_screen_and_never_cover_the_keys_of_a_dialog() {
    let mut stage = at(POSTGRES);
    stage.app.notify("about the table", false);
    assert!(stage.picture().contains("about the table"));
    // Another row is still the table; another screen is not.
    stage.press("j");
    assert!(stage.app.notice.is_some());
    stage.press("e");
    assert_eq!(stage.app.notice, None);
    stage.press("q");
    // In a dialog it stands inside, and the keys where they are.
    let mut stage = at(POSTGRES);
    stage.press("D<Right><Right><Enter>");
    let picture = stage.picture();
    assert!(picture.contains("type 0 to confirm"), "{picture}");
    let footer = picture.lines().last().unwrap();
    assert!(footer.contains("Esc"), "{footer}");
    assert!(!footer.contains("to confirm"), "{footer}");
    stage.press("<Esc>");
    assert_eq!(stage.app.notice, None);
    // And after some seconds it goes by itself.
    stage.app.notify("for a while", false);
    stage.wait(7);
    assert_eq!(stage.app.notice, None);
}

#[test]
fn help_opens_while_something_is_typed() {
    let mut stage = at(ORPHAN);
    stage.press("/");
    stage.press("?");
    assert!(stage.app.help.open, "nothing was typed yet");
    stage.press("<Esc>a");
    stage.key(KeyCode::F(1), KeyModifiers::NONE);
    assert!(stage.app.help.open);
    stage.key(KeyCode::F(1), KeyModifiers::NONE);
    stage.press("?");
    assert!(!stage.app.help.open);
    assert_eq!(stage.app.filter_text.text(), "a?");
    // In a question, too.
    let mut stage = at(POSTGRES);
    stage.press("D");
    stage.key(KeyCode::F(1), KeyModifiers::NONE);
    assert!(stage.app.help.open && stage.app.dialog.is_some());
}

#[test]
fn another_namespace_forgets_the_marks() {
    let mut stage = at(ORPHAN);
    stage.press("*nj<Enter>");
    assert_eq!(stage.app.marks.count(), 0);
}

#[test]
fn dialogs_fit_every_screen() {
    for (width, height) in [(80, 24), (40, 12), (20, 5), (1, 1)] {
        let mut stage = at(POSTGRES);
        stage.resize(width, height);
        stage.press("D");
        let picture = stage.picture();
        insta::assert_snapshot!(format!("remove_asked_{width}x{height}"), picture);
    }
    let mut stage = at(POSTGRES);
    stage.press("D");
    stage.key(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(stage.app.dialog, None);
    assert!(!stage.effects.contains(&Effect::Quit));
}

#[test]
fn a_question_about_several_has_their_sum_and_scrolls() {
    let mut stage = at(ORPHAN);
    stage.press("*D");
    let picture = stage.picture();
    assert!(
        picture.contains("4 segments, 9M resident of 4.1G"),
        "{picture}"
    );
    for (width, height) in [(80, 24), (40, 10)] {
        stage.resize(width, height);
        insta::assert_snapshot!(format!("remove_several_{width}x{height}"), stage.picture());
    }
    // Everything is reached by scrolling, and nothing is cut.
    let mut seen = String::new();
    for _ in 0..40 {
        seen += &stage.picture();
        stage.press("<Down>");
    }
    for words in [
        "segment 98307",
        "key 0xdeadbeef",
        "Type 4 to confirm",
        "[Cancel]",
    ] {
        assert!(seen.contains(words), "{words}");
    }
    assert!(seen.contains("firefox-esr"), "who has them attached");
    stage.press("<Home>4<Enter>");
    assert_eq!(changes(&stage), 1, "the number typed agrees");
}

#[test]
fn the_cursor_goes_to_the_segment_that_was_made() {
    let mut stage = at(POSTGRES);
    stage.press("Csize=1m<Enter><Right><Right><Enter>");
    assert_eq!(stage.app.rows.selected().unwrap().segment.size, 1 << 20);
    // A segment hidden by the filter is reported.
    stage.press("/postgres<Enter>C64k<Enter><Right><Right><Enter>");
    assert!(
        stage.picture().contains("which the filter hides"),
        "{}",
        stage.picture()
    );
}

#[test]
fn what_was_typed_is_kept_after_a_failure() {
    let mut stage = at(ORPHAN);
    stage.press("m640 owner=stranger<Enter>");
    assert_eq!(stage.app.request.text(), "640 owner=stranger");
    assert!(stage.app.typing.is_some(), "to be corrected");
    assert!(stage.picture().contains("no user `stranger`"));
    stage.press("<Esc>C1 key=0x5100_0a2f<Enter>");
    stage.press("<Esc>C1 key=0x51000a2f<Enter><Right><Right><Enter>");
    assert!(stage.picture().contains("already exists"));
    stage.press("<Esc>C");
    assert_eq!(stage.app.request.text(), "1 key=0x51000a2f");
    // It is a suggestion: typing replaces it.
    stage.press("2");
    assert_eq!(stage.app.request.text(), "2");
}

#[test]
fn a_path_may_begin_with_the_home_directory_and_stays_after_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        home: Some(folder.path().to_path_buf()),
        ..Settings::default()
    };
    let mut stage = Stage::with(Fake::example(START), settings, 100, 30);
    stage.files = true;
    stage.press("<Enter>w");
    assert_eq!(stage.app.entry.text(), "segment-0.bin");
    stage.press("~/no/x.bin<Enter>");
    assert_eq!(stage.app.entry.text(), "~/no/x.bin", "to be corrected");
    let picture = stage.picture();
    assert!(picture.contains("No such file"), "{picture}");
    for _ in 0.."no/x.bin".len() {
        stage.press("<Backspace>");
    }
    stage.press("x.bin<Enter>");
    assert_eq!(stage.app.typing, None, "{}", stage.picture());
    assert_eq!(
        std::fs::read(folder.path().join("x.bin")).unwrap().len(),
        56
    );
    // Done: the next one begins with the suggestion again.
    stage.press("w");
    assert_eq!(stage.app.entry.text(), "segment-0.bin");
}

#[test]
fn answers_can_be_clicked() {
    let mut stage = at(ORPHAN);
    stage.press("D");
    stage.click("Remove ");
    assert!(stage.app.dialog.is_some(), "the title is no answer");
    stage.click(" Remove  ");
    assert_eq!(changes(&stage), 0, "the first click only goes to it");
    stage.click("[Remove]");
    assert_eq!(segment(&stage, ORPHAN), None);
    let mut stage = at(POSTGRES);
    stage.press("D");
    stage.click("[Cancel]");
    assert_eq!(stage.app.dialog, None);
}

#[test]
fn the_name_of_an_export_is_corrected_after_a_failure() {
    let mut stage = at(ORPHAN);
    stage.press("ew");
    assert_eq!(stage.app.export_path.text(), "shm-events.txt");
    stage.press("/no/such<Enter>");
    assert_eq!(stage.app.typing, None);
    let why = "cannot make /no/such: No such file or directory".to_owned();
    stage.act(Action::Exported(Err(why)));
    assert_eq!(stage.app.typing, Some(Prompt::Export));
    assert_eq!(stage.app.export_path.text(), "/no/such");
    assert!(
        stage.picture().contains("No such file"),
        "{}",
        stage.picture()
    );
    // What fails later than one looks at something else is only said.
    stage.press("x<Enter>q");
    stage.act(Action::Exported(Err("cannot make /no/suchx".to_owned())));
    assert_eq!(stage.app.typing, None);
    assert!(stage.picture().contains("cannot make /no/suchx"));
}

#[test]
fn the_end_of_a_long_line_is_visible_while_it_is_typed() {
    let mut stage = at(ORPHAN);
    stage.resize(40, 10);
    stage.press("/");
    for number in 0..30 {
        stage.press(&format!("w{number} "));
    }
    let picture = stage.picture();
    assert!(picture.contains("w29"), "{picture}");
    assert!(picture.lines().last().unwrap().chars().count() <= 40);
    // The caret follows what is wrong.
    stage.press("sise=1");
    let picture = stage.picture();
    let line = |words: &str| {
        picture
            .lines()
            .find_map(|line| line.find(words).map(|at| (line, at)))
    };
    let (carets, at) = line("^^^^").unwrap();
    let (typed, there) = line("sise").unwrap();
    let cells = |line: &str, at: usize| line[..at].chars().count();
    assert_eq!(cells(carets, at), cells(typed, there), "{picture}");
    assert!(picture.contains("did you mean"), "{picture}");
}
