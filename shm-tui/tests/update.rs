//! The state after every sequence of actions, without a terminal.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use proptest::prelude::*;
use ratatui::crossterm::event::{Event, KeyCode, KeyModifiers};
use shm_tui::app::action::Sampled;
use shm_tui::app::dialog::{Choice, Dialog};
use shm_tui::app::effect::Impact;
use shm_tui::app::event;
use shm_tui::app::keymap::BINDINGS;
use shm_tui::app::{Action, Effect, Screen};
use shm_tui::model::diff::Change;
use shm_tui::model::segment::Segment;
use support::Stage;

#[test]
fn quitting_is_an_effect() {
    let mut stage = Stage::new(80, 24);
    stage.press("q");
    assert_eq!(stage.effects, [Effect::Quit]);
}

#[test]
fn events_of_another_namespace_carry_its_number() {
    let mut stage = Stage::new(120, 24);
    stage.fake.change(|system| system.segments.remove(&65_538));
    stage.wait(1);
    stage.press("n<Down><Enter>");
    let other = stage
        .fake
        .change(|system| system.others[&4_026_532_411].clone());
    other.change(|system| {
        system.segments.insert(
            7,
            Segment {
                id: 7,
                ..Segment::default()
            },
        );
    });
    stage.wait(1);
    let events: Vec<_> = stage.app.shown_events().collect();
    let namespaces: Vec<_> = events
        .iter()
        .map(|entry| (entry.id, entry.namespace))
        .collect();
    assert_eq!(namespaces, [(7, Some(4_026_532_411)), (65_538, None)]);
    assert!(events[0].line("").contains("ns 4026532411"));
    assert!(!events[1].line("").contains("ns "));
}

#[test]
fn details_say_before_that_looking_would_destroy() {
    for may in [false, true] {
        let mut stage = Stage::new(120, 40);
        stage.app.may_destroy = may;
        stage.fake.change(|system| {
            system.limits.rmid_forced = Some(true);
            system.may_destroy = may;
        });
        stage.wait(1);
        stage.press("<Down><Down>");
        let said = match may {
            false => "not shown: the detach would destroy the segment",
            true => "viewing them destroys the segment afterwards",
        };
        assert!(stage.picture().contains(said), "{}", stage.picture());
        stage.press("<Enter>");
        let held = |stage: &Stage| stage.fake.change(|s| s.held.get(&65_538).copied());
        assert_eq!(held(&stage).unwrap_or(0), u64::from(may));
        stage.press("q<Up>");
        assert!(!stage.picture().contains(said), "somebody has it attached");
    }
}

#[test]
fn control_c_quits_from_anywhere_but_a_line() {
    let mut stage = Stage::new(80, 24);
    stage.press("<Enter>");
    stage.key(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert!(stage.effects.contains(&Effect::Quit));
    let mut stage = Stage::new(80, 24);
    stage.press("/abc");
    stage.key(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert!(!stage.effects.contains(&Effect::Quit));
    assert_eq!(stage.app.filter_text.text(), "");
}

#[test]
fn a_segment_is_attached_only_while_it_is_shown() {
    let held = |stage: &Stage| {
        stage
            .fake
            .change(|system| system.held.values().sum::<u64>())
    };
    let mut stage = Stage::new(80, 24);
    assert_eq!(held(&stage), 0);
    stage.press("<Enter>");
    assert_eq!(held(&stage), 1);
    stage.press("q");
    assert_eq!(held(&stage), 0);
    assert_eq!(stage.app.screen, Screen::List);
}

#[test]
fn the_own_attachment_is_not_counted() {
    let mut stage = Stage::new(120, 24);
    stage.press("<Enter>");
    stage.wait(1);
    stage.press("q");
    assert_eq!(stage.app.rows.segment(0).unwrap().attached, 7);
    assert_eq!(stage.app.rows.segment(0).unwrap().own_attached, 1);
}

#[test]
fn an_identifier_that_came_back_is_not_opened_as_the_old_one() {
    let mut stage = Stage::new(80, 24);
    stage.fake.change(|system| {
        let reused = Segment {
            creator_pid: 4_711,
            ..system.segments[&0]
        };
        system.segments.insert(0, reused);
    });
    stage.press("<Enter>");
    assert!(stage.picture().contains("is not the one that was listed"));
}

#[test]
fn a_click_in_a_title_sorts_and_a_second_one_reverses_the_order() {
    let mut stage = Stage::new(120, 24);
    let picture = stage.picture();
    let titles: Vec<char> = picture.lines().nth(2).unwrap().chars().collect();
    let size = titles
        .windows(4)
        .position(|title| title == ['S', 'I', 'Z', 'E']);
    let x = u16::try_from(size.unwrap()).unwrap();
    for (first, last) in [(98_307, 0), (0, 98_307)] {
        stage.act(Action::Click { x, y: 2 });
        let shown = |position| stage.app.rows.at(position).unwrap().segment.id;
        assert_eq!((shown(0), shown(3)), (first, last));
    }
}

#[test]
fn a_click_selects_and_a_second_one_opens() {
    let mut stage = Stage::new(120, 24);
    stage.act(Action::Click { x: 5, y: 5 });
    assert_eq!(stage.app.rows.selected().unwrap().segment.id, 65_538);
    stage.act(Action::Click { x: 5, y: 5 });
    assert_eq!(stage.app.screen, Screen::Contents);
}

#[test]
fn pausing_stops_the_looks_and_going_on_looks_at_once() {
    let mut stage = Stage::new(80, 24);
    stage.press("p");
    assert_eq!(stage.effects, [Effect::SetPeriod(None)]);
    stage.effects.clear();
    stage.press("p");
    let second = std::time::Duration::from_secs(1);
    assert_eq!(
        stage.effects,
        [Effect::SetPeriod(Some(second)), Effect::Refresh]
    );
}

#[test]
fn the_rate_has_ends() {
    let mut stage = Stage::new(80, 24);
    stage.press("++++++");
    assert_eq!(stage.app.period.as_millis(), 250);
    stage.press("------------");
    assert_eq!(stage.app.period.as_secs(), 60);
}

#[test]
fn without_the_focus_it_looks_a_fifth_as_often() {
    let mut stage = Stage::new(80, 24);
    stage.act(Action::Focus(false));
    let five = std::time::Duration::from_secs(5);
    assert_eq!(stage.effects, [Effect::SetPeriod(Some(five))]);
}

#[test]
fn what_was_seen_in_another_namespace_and_arrives_late_is_dropped() {
    let mut stage = Stage::new(80, 24);
    let late = |id, generation| {
        let segment = Segment {
            id,
            ..Segment::default()
        };
        Action::Sampled(Box::new(Sampled {
            generation,
            changes: vec![Change::Appeared(segment)],
            ..Sampled::default()
        }))
    };
    stage.act(late(4_711, 0));
    assert!(stage.app.rows.segment(4_711).is_some());
    stage.press("n<Down><Enter>");
    stage.act(late(4_712, 0));
    assert!(stage.app.rows.segment(4_712).is_none());
    stage.act(late(4_713, 1));
    assert!(stage.app.rows.segment(4_713).is_some());
}

#[derive(Clone, Debug)]
enum Step {
    Bound(usize, usize),
    Typed(char),
    Pressed(&'static str),
    Pasted(String),
    Click(u16, u16),
    Scroll(i8),
    Resize(u16, u16),
    Wait(u64),
    Add(i32, u64, i32),
    Remove(i32),
    MarkRemoved(i32),
    Fail(bool),
    Focus(bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..BINDINGS.len(), 0..3usize).prop_map(|(b, k)| Step::Bound(b, k)),
        2 => any::<char>().prop_map(Step::Typed),
        1 => any::<String>().prop_map(Step::Pasted),
        // What it takes to change something, often enough to come that far.
        6 => proptest::sample::select(vec!["*", "D", "L", "<Right><Right>", "<Enter>", "4", "<Esc>"])
            .prop_map(Step::Pressed),
        1 => (0..200u16, 0..60u16).prop_map(|(x, y)| Step::Click(x, y)),
        1 => any::<i8>().prop_map(Step::Scroll),
        2 => prop_oneof![
            (0..20u16, 0..8u16),
            (0..400u16, 0..100u16)
        ].prop_map(|(w, h)| Step::Resize(w, h)),
        2 => (0..100u64).prop_map(Step::Wait),
        2 => (0..100i32, 1..u64::MAX, 1..4i32).prop_map(|(id, s, p)| Step::Add(id, s, p)),
        2 => prop_oneof![0..100i32, Just(65_538)].prop_map(Step::Remove),
        1 => prop_oneof![Just(0), Just(65_538)].prop_map(Step::MarkRemoved),
        1 => any::<bool>().prop_map(Step::Fail),
        1 => any::<bool>().prop_map(Step::Focus),
    ]
}

fn take(stage: &mut Stage, step: Step) {
    match step {
        Step::Bound(binding, key) => {
            let keys = BINDINGS[binding].keys;
            let chord = keys[key % keys.len()];
            let modifiers = match chord.control {
                true => KeyModifiers::CONTROL,
                false => KeyModifiers::NONE,
            };
            stage.key(chord.code, modifiers);
        }
        Step::Typed(character) => stage.key(KeyCode::Char(character), KeyModifiers::NONE),
        Step::Pressed(keys) => stage.press(keys),
        Step::Pasted(text) => {
            if let Some(action) = event::interpret(&stage.app, Event::Paste(text)) {
                stage.act(action);
            }
        }
        Step::Click(x, y) => stage.act(Action::Click { x, y }),
        Step::Scroll(by) => stage.act(Action::Scroll(by)),
        Step::Resize(width, height) => stage.resize(width, height),
        Step::Wait(seconds) => stage.wait(seconds),
        Step::Add(id, size, creator_pid) => stage.fake.change(|system| {
            let segment = Segment {
                id,
                size,
                creator_pid,
                ..Segment::default()
            };
            system.segments.insert(id, segment);
        }),
        Step::Remove(id) => {
            stage.fake.change(|system| system.segments.remove(&id));
        }
        Step::MarkRemoved(id) => stage.fake.change(|system| {
            if let Some(segment) = system.segments.get_mut(&id) {
                segment.flags.removed = true;
            }
        }),
        Step::Fail(fails) => stage.fake.change(|system| {
            system.failure = fails.then(|| "refused".to_owned());
        }),
        Step::Focus(focused) => stage.act(Action::Focus(focused)),
    }
}

fn check(stage: &Stage) {
    let app = &stage.app;
    // A row whose segment is gone stays for a while, and can be selected.
    let selected = app.rows.selected().is_some() || app.rows.group().is_some();
    assert_eq!(selected, app.rows.lines() > 0);
    assert!(app.rows.position() <= app.rows.lines().saturating_sub(1));
    assert!(app.rows.top() <= app.rows.position());
    let height = usize::from(shm_tui::app::layout::areas(app).rows.height.max(1));
    assert!(
        app.rows.position() < app.rows.top() + height,
        "out of sight"
    );
    assert!(app.columns_left < app.columns.len());
    for segment in app.marks.segments() {
        assert!(app.rows.segment(segment.id).is_some(), "a mark of nothing");
    }
    if let Some(Dialog::Confirm(asked)) = &app.dialog {
        assert!(
            !asked.plan.commands().is_empty(),
            "a question about nothing"
        );
    }
    let inside = [Screen::Contents, Screen::Map, Screen::Differences];
    assert_eq!(inside.contains(&app.screen), app.contents.is_some());
    let held: u64 = stage.fake.change(|system| system.held.values().sum());
    match &app.contents {
        Some(contents) if contents.is_attached() => assert!(held <= 1),
        _ => assert_eq!(held, 0, "attached without showing anything"),
    }
    if let Some(deadline) = app.next_deadline() {
        assert!(
            deadline >= app.now.steady,
            "a deadline that has passed spins"
        );
    }
    stage.picture();
}

proptest! {
    #[test]
    fn no_sequence_of_actions_panics_or_breaks_an_invariant(
        width in 1..200u16,
        height in 1..60u16,
        steps in proptest::collection::vec(step(), 0..40),
    ) {
        let mut stage = Stage::new(width, height);
        for step in steps {
            let agreed = matches!(
                &stage.app.dialog,
                Some(Dialog::Confirm(asked)) if asked.choice == Choice::Go && asked.is_proven()
            );
            let before = stage.effects.len();
            take(&mut stage, step);
            let mut asked_for = stage.effects[before..].iter();
            let changes = asked_for.any(|effect| effect.impact() == Impact::Changes);
            prop_assert!(agreed || !changes, "changed without an answer");
            check(&stage);
        }
    }
}
