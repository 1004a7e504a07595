//! Lists a full table, and one that others change at full speed meanwhile.
//!
//! The churn runs for 30 s; `SHM_TEST_SECONDS` makes it shorter.
#![cfg(all(target_os = "linux", feature = "std"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;
mod isolated;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use isolated::Child;
use shm::{OwnedSegment, SegmentId, Segments};

/// The kernel's default limit of segments (SHMMNI).
const FULL: usize = 4096;

fn ids(segments: &Segments) -> BTreeSet<SegmentId> {
    let ids: BTreeSet<_> = segments.iter().map(|stat| stat.id).collect();
    assert_eq!(ids.len(), segments.len(), "an identifier is listed twice");
    ids
}

#[test]
fn linux_4096_segments_are_listed() {
    isolated::run("linux_4096_segments_are_listed", || {
        let segments: Vec<OwnedSegment> = (0..FULL).map(|at| common::private(at + 1)).collect();
        let made: BTreeSet<_> = segments.iter().map(|segment| segment.id()).collect();
        let fast = shm::segments().unwrap();
        let full = shm::segments_with_memory().unwrap();
        assert_eq!(ids(&fast), made);
        assert_eq!(ids(&full), made);
        for (segment, size) in segments.iter().zip(1..) {
            let listed = fast.iter().find(|stat| stat.id == segment.id()).unwrap();
            assert_eq!(listed.size, size);
        }
        assert_eq!(shm::usage().unwrap().segments, FULL as u64);
        let error = shm::Segment::private(1).unwrap_err();
        let in_use = FULL as u64;
        assert!(
            matches!(error.cause(), shm::Cause::SegmentLimit { in_use: used, .. } if *used == in_use),
            "{error}"
        );
    });
}

/// Creates and removes segments, always keeping a few, until it is killed.
fn churn() {
    let mut alive = [-1; 16];
    let mut at = 0;
    loop {
        if alive[at] != -1 {
            // SAFETY: the command touches no memory.
            unsafe { libc::shmctl(alive[at], libc::IPC_RMID, std::ptr::null_mut()) };
        }
        // SAFETY: takes numbers.
        alive[at] = unsafe { libc::shmget(libc::IPC_PRIVATE, 4096, libc::IPC_CREAT | 0o600) };
        at = (at + 1) % alive.len();
    }
}

#[test]
fn linux_no_steady_segment_is_missed_while_four_processes_make_and_remove_others() {
    let name = "linux_no_steady_segment_is_missed_while_four_processes_make_and_remove_others";
    isolated::run(name, || {
        let seconds = std::env::var("SHM_TEST_SECONDS").map_or(30, |text| text.parse().unwrap());
        // Old and new ones, so that the churn happens before, between and after.
        let mut steady: Vec<OwnedSegment> = (0..2000).map(|_| common::private(4096)).collect();
        let churners: Vec<Child> = (0..4).map(|_| Child::fork(churn)).collect();
        steady.extend((0..1000).map(|_| common::private(4096)));
        let owned = steady;
        let steady: BTreeSet<_> = owned.iter().map(|segment| segment.id()).collect();
        let started = Instant::now();
        let mut rounds = 0;
        let mut others = 0;
        while started.elapsed() < Duration::from_secs(seconds) {
            for listed in [
                shm::segments().unwrap(),
                shm::segments_with_memory().unwrap(),
            ] {
                let found: BTreeSet<_> = listed.iter().map(|stat| stat.id).collect();
                let missed: Vec<_> = steady.difference(&found).collect();
                assert!(missed.is_empty(), "round {rounds}: {missed:?}");
                others += found.len() - steady.len();
                assert_eq!(listed.unreadable, 0);
            }
            rounds += 1;
        }
        drop(churners);
        assert!(
            rounds > 0 && others > 0,
            "{rounds} rounds, {others} others seen"
        );
        println!("{rounds} rounds of both ways to list; {others} short-lived segments seen");
    });
}
