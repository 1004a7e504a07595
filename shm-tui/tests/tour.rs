//! The invented system of `--demo`: consistent, plausible, and the same in every run.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::collections::BTreeMap;

use shm_tui::model::column::COLUMNS;
use shm_tui::model::diff::{self, Change};
use shm_tui::model::segment::{Id, Segment};
use shm_tui::model::state::{self, State};
use shm_tui::model::structure;
use shm_tui::output;
use shm_tui::source::fake::Fake;
use shm_tui::source::{RegionKind, SnapshotOptions, Source};
use support::{START, StoppedClock};

/// The tour so many seconds after its beginning, having been looked at in between or
/// not.
fn tour_after(steps: &[i64]) -> Fake {
    let clock = StoppedClock::at(START);
    let fake = Fake::tour(clock.clone());
    let mut last = 0;
    for step in steps {
        clock.advance(step - last);
        last = *step;
        fake.change(|_| ());
    }
    fake
}

fn segments(fake: &Fake) -> Vec<Segment> {
    fake.snapshot(SnapshotOptions::ALL).unwrap().segments
}

fn states(fake: &Fake, now: i64) -> BTreeMap<Id, State> {
    let segments = segments(fake);
    let columns = COLUMNS.map(|definition| definition.column);
    let directory = output::directory(&segments, &columns, fake, fake);
    let states = segments
        .iter()
        .map(|segment| (segment.id, state::classify(segment, &directory, now)));
    states.collect()
}

/// The first bytes of a segment.
fn head(fake: &Fake, id: Id, length: usize) -> Vec<u8> {
    let segment = segments(fake).into_iter().find(|one| one.id == id).unwrap();
    let contents = fake.open(&segment.identity()).unwrap();
    let mut bytes = vec![0; length.min(segment.size as usize)];
    contents.copy(0, &mut bytes).unwrap();
    bytes
}

#[test]
fn the_tour_has_some_twenty_segments_in_every_state() {
    let fake = tour_after(&[]);
    let states = states(&fake, START);
    assert!((20..=30).contains(&states.len()), "{}", states.len());
    for (state, name, _) in state::STATES {
        assert!(states.values().any(|found| *found == state), "{name}");
    }
    let leaks = states
        .iter()
        .filter(|(id, _)| (65_541..=65_545).contains(*id));
    assert!(
        leaks.clone().count() == 5
            && leaks
                .clone()
                .all(|(_, state)| *state == State::LikelyOrphan)
    );
    let segments = segments(&fake);
    let any = |what: fn(&Segment) -> bool| segments.iter().any(what);
    assert!(
        any(|one| one.flags.huge)
            && any(|one| one.flags.locked)
            && any(|one| one.mode & 0o002 != 0)
    );
    // A sparse one: far more size than memory.
    assert!(any(
        |one| one.memory.unwrap().resident < one.size / 100 && one.attached > 1
    ));
}

#[test]
fn what_the_tour_says_fits_together_whenever_one_looks() {
    for seconds in [0, 3, 17, 100, 1234, 30_000, 30_001] {
        let fake = tour_after(&[seconds]);
        let scan = fake.scan(None).unwrap();
        for segment in segments(&fake) {
            let found = scan.of(&segment).count() as u64;
            assert!(
                found == segment.attached || segment.id == 163_846,
                "{seconds} s: {segment:?}"
            );
            let memory = segment.memory.unwrap();
            let most = segment.size.next_multiple_of(4096);
            assert!(memory.resident + memory.swapped <= most, "{segment:?}");
            for time in [
                segment.attach_time,
                segment.detach_time,
                segment.change_time,
            ] {
                assert!(
                    time.is_none_or(|time| time <= START + seconds),
                    "{segment:?}"
                );
            }
        }
        let list = fake.namespaces().unwrap().list;
        let count = list[0].usage.as_ref().unwrap().segments;
        assert_eq!(count, segments(&fake).len() as u64);
    }
}

#[test]
fn the_tour_changes_the_same_way_every_time_and_without_end() {
    let often = tour_after(&[1, 2, 3, 50, 51, 99, 300]);
    let once = tour_after(&[300]);
    assert_eq!(segments(&often), segments(&once));
    assert_eq!(head(&often, 32_772, 4096), head(&once, 32_772, 4096));
    assert_ne!(
        head(&once, 32_772, 4096),
        head(&tour_after(&[]), 32_772, 4096)
    );

    // A few minutes show something of everything, and it never grows without end.
    let (mut made, mut gone, mut last) = (0, 0, segments(&tour_after(&[])));
    let clock = StoppedClock::at(START);
    let fake = Fake::tour(clock.clone());
    for _ in 0..240 {
        clock.advance(1);
        let now = segments(&fake);
        for change in diff::compare(&last, &now) {
            match change {
                Change::Appeared(_) => made += 1,
                Change::Gone(_) => gone += 1,
                Change::Changed { .. } => {}
            }
        }
        last = now;
    }
    let left = states(&fake, START + 240);
    let left = left
        .into_iter()
        .filter(|(id, state)| *id >= 2_000_000 && *state == State::PossibleOrphan);
    let leaks = left.count();
    assert!(
        made > 20 && gone > 15 && (5..=7).contains(&leaks),
        "{made} {gone} {leaks}"
    );
    let later = segments(&tour_after(&[90 * 86_400]));
    assert!(later.len() < 45, "{}", later.len());
}

#[test]
fn the_contents_look_like_what_they_are() {
    let fake = tour_after(&[60]);
    let title = |id| {
        let size = segments(&fake)
            .into_iter()
            .find(|one| one.id == id)
            .unwrap()
            .size;
        structure::recognize(&head(&fake, id, 64), size).map(|found| found.title())
    };
    assert_eq!(title(0).as_deref(), Some("PostgreSQL PGShmemHeader"));
    assert_eq!(title(3).as_deref(), Some("PostgreSQL PGShmemHeader"));
    assert_eq!(title(163_845).as_deref(), Some("PHP sysvshm_chunk_head"));
    assert_eq!(title(32_772), None);
    let text = String::from_utf8_lossy(&head(&fake, 3, 65_536)).into_owned();
    assert!(text.contains("SELECT region") && text.contains("Harbor Books"));
    assert!(String::from_utf8_lossy(&head(&fake, 294_924, 96)).contains("took"));
    // The cache has holes, and they are zeros.
    let memo = segments(&fake)
        .into_iter()
        .find(|one| one.id == 98_310)
        .unwrap();
    let contents = fake.open(&memo.identity()).unwrap();
    let regions = contents.regions(0..memo.size);
    let data = regions
        .iter()
        .filter(|region| region.kind == RegionKind::Data);
    assert!(data.clone().count() > 100);
    let bytes: u64 = data
        .map(|region| region.range.end - region.range.start)
        .sum();
    assert_eq!(bytes, memo.memory.unwrap().resident);
    let hole = regions
        .iter()
        .find(|region| region.kind == RegionKind::Hole)
        .unwrap();
    let mut buffer = [1; 64];
    contents.copy(hole.range.start, &mut buffer).unwrap();
    assert_eq!(buffer, [0; 64]);
}

#[test]
fn what_is_written_over_the_tour_stays_and_nothing_else() {
    let clock = StoppedClock::at(START);
    let fake = Fake::tour(clock.clone());
    let video = segments(&fake)
        .into_iter()
        .find(|one| one.id == 32_772)
        .unwrap();
    let before = head(&fake, 32_772, 16_384);
    let store = fake.open_to_write(&video.identity()).unwrap();
    store.write(4090, b"over two pages").unwrap();
    drop(store);
    let after = head(&fake, 32_772, 16_384);
    assert_eq!(&after[4090..4104], b"over two pages");
    assert_eq!(
        (&after[..4090], &after[4104..]),
        (&before[..4090], &before[4104..])
    );
    clock.advance(1);
    assert_eq!(&head(&fake, 32_772, 16_384)[4090..4104], b"over two pages");
}

#[test]
fn another_namespace_can_be_entered() {
    let fake = tour_after(&[]);
    let scan = fake.namespaces().unwrap();
    let other = scan
        .list
        .iter()
        .find(|found| !found.own && found.usage.is_ok())
        .unwrap();
    let inside = fake
        .enter(Some(other.inode))
        .snapshot(SnapshotOptions::ALL)
        .unwrap();
    let count = other.usage.as_ref().unwrap().segments;
    assert_eq!(inside.segments.len() as u64, count);
    assert!(scan.list.iter().any(|found| found.usage.is_err()));
}
