//! `kill -9` at any moment: afterwards the system's counts are right, and every segment
//! that the process left can be found by its number and removed.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod children;
mod common;

use std::collections::BTreeSet;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::Duration;

use children::{Child, exit, fork};
use common::attached;
use shm::{Cause, Key, Segment, SegmentId, Stat, View};

const ROUNDS: u32 = 60;

/// Where a child reports, in a segment of the parent: that it runs, how many lives it has
/// completed, and its current segment (identifier plus one, so that 0 is none).
const RUNS: usize = 0;
const LIVES: usize = 4;
const CURRENT: usize = 8;

#[test]
fn whatever_a_killed_process_leaves_is_found_and_removed() {
    if let Err(error) = shm::segments() {
        return common::skipped(format_args!("the segments cannot be listed: {error}"));
    }
    let (board, attachment) = attached(64);
    let view = attachment.view();
    let (mut left, mut lives) = (0, 0);
    for round in 0..ROUNDS {
        view.fill(0);
        let Some(child) = fork() else {
            live(attachment.view());
        };
        let pid = child.pid();
        kill_some_time(child, view, round);

        assert_eq!(
            board.stat().unwrap().attached,
            1,
            "only this process is left"
        );
        let found = segments_of(pid);
        let current = view.atomic::<u32>(CURRENT).unwrap().load(Acquire);
        check_current(current, &found);
        lives += view.atomic::<u32>(LIVES).unwrap().load(Relaxed);
        left += found.len();
        for stat in found {
            assert_eq!(stat.attached, 0, "{stat:?}");
            Segment::open_id(stat.id).unwrap().remove().unwrap();
        }
        assert!(segments_of(pid).is_empty());
    }
    println!("{ROUNDS} processes killed in {lives} lives of segments, which left {left}");
    assert!(lives > 0, "no child got anywhere");
}

/// Creates, attaches, writes, removes and detaches segments until killed.
fn live(board: View<'_>) -> ! {
    let (Ok(runs), Ok(lives), Ok(current)) = (
        board.atomic::<u32>(RUNS),
        board.atomic::<u32>(LIVES),
        board.atomic::<u32>(CURRENT),
    ) else {
        exit(false);
    };
    loop {
        let life = lives.fetch_add(1, Relaxed);
        let made = match life % 2 {
            0 => Segment::private(5000),
            _ => Segment::create_new(Key::random(), 5000),
        };
        let Ok(segment) = made else { exit(false) };
        current.store(segment.id().as_raw() as u32 + 1, Release);
        runs.store(1, Release);
        let Ok(attachment) = segment.attach() else {
            exit(false)
        };
        attachment.view().fill(life as u8);
        if life % 3 == 0 {
            drop(attachment);
            drop(segment.remove_on_drop());
        } else {
            let removed = segment.remove();
            if removed.is_err() || attachment.detach().is_err() {
                exit(false);
            }
        }
        current.store(0, Release);
    }
}

/// Kills a child once it runs, after a time that differs between rounds.
fn kill_some_time(child: Child, board: View<'_>, round: u32) {
    let runs = board.atomic::<u32>(RUNS).unwrap();
    for _ in 0..10_000 {
        if runs.load(Acquire) != 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_ne!(runs.load(Acquire), 0, "the child never began");
    std::thread::sleep(Duration::from_micros(u64::from(round * 7919 % 5000)));
    child.kill();
}

/// The segment that the child reported was found, or is gone.
fn check_current(current: u32, found: &[Stat]) {
    // It has one at a time; the previous one may still be recorded.
    let ids: BTreeSet<_> = found.iter().map(|stat| stat.id).collect();
    assert!(ids.len() <= 1, "{found:?}");
    if let Some(id) = current.checked_sub(1) {
        let id = SegmentId::from_raw(id as i32);
        if !ids.contains(&id) {
            let error = Segment::open_id(id).unwrap_err();
            assert!(matches!(error.cause(), Cause::Gone), "{error}");
        }
    }
}

fn segments_of(creator: i32) -> Vec<Stat> {
    let all = shm::segments().unwrap();
    all.iter()
        .filter(|stat| stat.creator_pid == creator)
        .cloned()
        .collect()
}
