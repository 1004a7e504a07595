//! Systems that show less than Linux: attached processes only by a probe, or not at all;
//! no locks; nothing about pages; nothing about processes. On an invented system.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use ratatui::crossterm::event::{KeyCode, KeyModifiers};
use shm_tui::app::{Effect, Screen, Settings};
use shm_tui::model::directory::Process;
use shm_tui::model::scan::{Abilities, Finding, PROBE, UNVERIFIED};
use shm_tui::model::segment::Id;
use shm_tui::runtime::gate::Policy;
use shm_tui::source::fake::Fake;
use support::{START, Stage};

/// It is attached by others.
const POSTGRES: Id = 0;
/// Unattached.
const ORPHAN: Id = 65_538;

/// The browser on such a system, with one row selected.
fn on(fake: Fake, id: Id) -> Stage {
    let mut stage = Stage::with(fake, Settings::default(), 120, 30);
    stage.press("gg");
    for _ in 0..stage.app.rows.count() {
        if stage.app.rows.selected().unwrap().segment.id == id {
            return stage;
        }
        stage.press("j");
    }
    panic!("segment {id} is not shown");
}

fn with(abilities: Abilities) -> Fake {
    let fake = Fake::example(START);
    fake.change(|system| system.abilities = abilities);
    fake
}

fn probing() -> Fake {
    with(Abilities {
        finding: Finding::Probe,
        ..Abilities::default()
    })
}

fn probes(stage: &Stage) -> u64 {
    stage.fake.change(|system| system.probes)
}

/// The picture with its lines joined, so that wrapped sentences can be found in it.
fn said(stage: &Stage) -> String {
    let words: Vec<String> = stage
        .picture()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    words.join(" ")
}

#[test]
fn a_segment_is_attached_to_find_its_users_only_when_a_key_asks_for_it() {
    let mut stage = on(probing(), POSTGRES);
    stage.press("a");
    assert!(said(&stage).contains(PROBE), "{}", said(&stage));
    assert_eq!(probes(&stage), 0);
    assert!(
        !stage
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Scan(..))),
        "what can only fail is not repeated every few seconds"
    );
    stage.press("P");
    assert_eq!(probes(&stage), 1);
    let picture = said(&stage);
    assert!(picture.contains("postgres"), "{picture}");
    assert!(picture.contains("attachments not found"), "{picture}");
    assert!(picture.contains("4K in memory"), "{picture}");
    assert!(picture.contains(UNVERIFIED), "{picture}");
    assert_eq!(stage.fake.change(|system| system.held[&POSTGRES]), 0);
}

#[test]
fn what_a_probe_found_is_not_said_of_another_segment() {
    let mut stage = on(probing(), POSTGRES);
    stage.press("aPq");
    stage.press("j");
    assert_ne!(stage.app.rows.selected().unwrap().segment.id, POSTGRES);
    stage.press("a");
    assert!(said(&stage).contains(PROBE), "{}", said(&stage));
    assert_eq!(probes(&stage), 1);
}

#[test]
fn a_probe_without_the_right_to_read_or_to_attach_says_why() {
    let fake = probing();
    fake.change(|system| system.unreadable.push(POSTGRES));
    let mut stage = on(fake, POSTGRES);
    stage.press("aP");
    assert!(said(&stage).contains("permission denied"));
    let mut stage = on(probing(), POSTGRES);
    stage.policy = Policy {
        attach: false,
        ..Policy::default()
    };
    stage.press("aP");
    assert!(said(&stage).contains("--no-attach"), "{}", said(&stage));
    assert_eq!(probes(&stage), 0);
}

#[test]
fn a_system_that_shows_it_to_nobody_says_so_and_one_that_shows_it_needs_no_probe() {
    let mut stage = on(
        with(Abilities {
            finding: Finding::Impossible("no way known"),
            ..Abilities::default()
        }),
        POSTGRES,
    );
    stage.press("a");
    assert!(said(&stage).contains("no way known"));
    stage.press("P");
    assert_eq!(probes(&stage), 0);
    let mut stage = on(Fake::example(START), POSTGRES);
    stage.press("aP");
    assert!(said(&stage).contains("without a probe"));
    assert_eq!(probes(&stage), 0);
}

#[test]
fn a_key_for_what_the_system_lacks_says_so_and_asks_nothing() {
    let mut stage = on(
        with(Abilities {
            locks: false,
            ..Abilities::default()
        }),
        ORPHAN,
    );
    for (key, modifiers) in [('L', KeyModifiers::NONE), ('u', KeyModifiers::CONTROL)] {
        stage.key(KeyCode::Char(key), modifiers);
        assert!(stage.app.dialog.is_none(), "{key}");
        assert!(said(&stage).contains("mlock(2)"), "{}", said(&stage));
    }
    stage.press("?");
    let mut help = said(&stage);
    while stage.app.help.top < shm_tui::app::help::last_top(&stage.app) {
        stage.press("<PgDn>");
        help += &said(&stage);
    }
    assert!(help.contains("this system cannot lock segments"), "{help}");
    assert!(!help.contains("lock the marked segments in memory"));
}

#[test]
fn a_process_is_said_to_have_ended_only_if_it_has() {
    let fake = Fake::example(START);
    let pids: Vec<i32> = fake.change(|system| {
        let found = system.scan.attachments.iter();
        let mut pids: Vec<i32> = found
            .filter(|found| found.id == POSTGRES)
            .map(|found| found.pid)
            .collect();
        pids.dedup();
        system.processes.insert(pids[0], Process::Unknown);
        system.processes.insert(pids[1], Process::Gone);
        pids
    });
    let mut stage = on(fake, POSTGRES);
    stage.press("a");
    let picture = stage.picture();
    let line = |pid: i32| {
        let has = |line: &&str| line.split_whitespace().any(|word| word == pid.to_string());
        picture.lines().find(has).unwrap()
    };
    assert!(line(pids[0]).contains("(unknown)"), "{picture}");
    assert!(line(pids[1]).contains("(ended)"), "{picture}");
}

#[test]
fn reading_the_unknown_is_asked_for_in_the_map_and_repeats_the_search() {
    let fake = Fake::example(START);
    // A system that says nothing about pages.
    fake.change(|system| {
        let size = 1 << 16;
        system.segments.get_mut(&ORPHAN).unwrap().size = size;
        system.unreported.insert(ORPHAN, 0..size);
        let bytes = system.bytes.entry(ORPHAN).or_default();
        bytes.resize(8192, 0);
        bytes[5000..5006].copy_from_slice(b"needle");
    });
    let mut stage = on(fake, ORPHAN);
    stage.press("<Enter>/needle<Enter>");
    let hits = |stage: &Stage| {
        let contents = stage.app.contents.as_ref().unwrap();
        contents.search.as_ref().unwrap().hits.clone()
    };
    assert_eq!(hits(&stage), [0_u64; 0]);
    stage.press("m");
    assert_eq!(stage.app.screen, Screen::Map);
    let unknown = |stage: &Stage| stage.app.contents.as_ref().unwrap().map.unknown;
    let before = stage.app.contents.as_ref().unwrap().map.map.clone();
    assert!(unknown(&stage) > 0);
    stage.press("U");
    assert!(stage.app.contents.as_ref().unwrap().read_unknown);
    assert_ne!(stage.app.contents.as_ref().unwrap().map.map, before);
    assert_eq!(hits(&stage), [5000]);
    stage.press("n");
    let contents = stage.app.contents.as_ref().unwrap();
    assert_eq!(contents.map.cell, 1);
    stage.press("qn");
    assert_eq!(stage.app.contents.as_ref().unwrap().window.cursor, 5000);
}
