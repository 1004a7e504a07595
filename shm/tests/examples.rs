//! The examples that need no server: run as programs, and the ring and the mutex also as
//! modules, with processes that are killed.
//!
//! Alone in its file: a child inherits the attachments of all tests.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod children;
mod common;

#[path = "../examples/ring_buffer.rs"]
#[allow(dead_code, reason = "its main is not called")]
mod ring_buffer;
#[path = "../examples/robust_mutex.rs"]
#[allow(dead_code, reason = "its main is not called")]
mod robust_mutex;

use std::process::Command;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use children::{alone, exit, fork};
use common::{attached, skipped};
use robust_mutex::Mutex;
use shm::{Key, Liveness, Segment, ThreadIdentity, View, WaitError, Wake};

const LONG: Duration = Duration::from_secs(60);

/// The output of an example; `None` if it was not built.
fn run(name: &str, arguments: &[&str]) -> Option<String> {
    let mut example = Command::new(common::example(name)?);
    let output = common::limited(&mut example)
        .args(arguments)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {errors}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Whether the running system can wait, and knows when a process started.
fn works() -> bool {
    let (_segment, attachment) = attached(64);
    if let Err(error @ WaitError::Unsupported { .. }) = attachment.view().wake(0, Wake::One) {
        skipped(error);
        return false;
    }
    let knows = ThreadIdentity::current().liveness() == Liveness::Alive;
    if !knows {
        skipped("this system does not tell when a thread started");
    }
    knows
}

#[test]
fn the_ring_passes_every_number_between_two_processes() {
    if let Some(printed) = works().then(|| run("ring_buffer", &[])).flatten() {
        assert!(
            printed.starts_with("10000 numbers, whose sum is 49995000; exit status: 0"),
            "{printed}"
        );
    }
}

#[test]
fn the_ring_tells_when_nobody_pops_or_pushes() {
    if !works() {
        return;
    }
    let (_segment, attachment) = attached(size_of::<ring_buffer::Ring>());
    let (view, short) = (attachment.view(), Duration::from_millis(10));
    let ring = view.at(0).unwrap();
    assert_eq!(ring_buffer::pop(ring, short), Ok(None));
    // The counters wrap.
    for counter in [0, 64] {
        view.write(counter, &(u32::MAX - 3)).unwrap();
    }
    for number in 0..u64::from(ring_buffer::CAPACITY) {
        assert_eq!(ring_buffer::push(ring, number, short), Ok(true));
    }
    assert_eq!(ring_buffer::push(ring, 99, short), Ok(false));
    for number in 0..u64::from(ring_buffer::CAPACITY) {
        assert_eq!(ring_buffer::pop(ring, short), Ok(Some(number)));
    }
}

#[test]
fn the_mutex_of_a_process_that_aborted_is_taken_and_repaired() {
    if let Some(printed) = works().then(|| run("robust_mutex", &[])).flatten() {
        assert!(
            printed.contains("owner died: true; numbers (1, 0)"),
            "{printed}"
        );
        assert!(printed.contains("next owner died: false"), "{printed}");
    }
}

/// Behind the mutex: two counters that differ only while the lock is taken, and one more
/// for the current number of owners.
const ONE: usize = 64;
const OTHER: usize = 72;
const OWNERS: usize = 80;

/// Takes the lock once; returns whether nobody else had it.
fn turn(view: View<'_>, mutex: &Mutex<'_>) -> Result<bool, WaitError> {
    let guard = mutex.lock()?;
    let owners = view.atomic::<u32>(OWNERS)?;
    if guard.owner_died {
        owners.store(0, Relaxed);
    }
    let alone = owners.fetch_add(1, Relaxed) == 0;
    let (one, other) = (view.read::<u64>(ONE)?, view.read::<u64>(OTHER)?);
    let whole = one == other || guard.owner_died;
    view.write(ONE, &(one + 1))?;
    std::hint::spin_loop();
    view.write(OTHER, &(one + 1))?;
    owners.fetch_sub(1, Relaxed);
    Ok(alone && whole)
}

#[test]
fn the_mutex_lets_one_in_at_a_time() {
    const TURNS: u64 = 3000;
    const PROCESSES: u64 = 4;
    let _alone = alone();
    if !works() {
        return;
    }
    let (_segment, attachment) = attached(128);
    let view = attachment.view();
    let place = view.at(0).unwrap();
    let children: Vec<_> = (0..PROCESSES)
        .map(|_| {
            fork().unwrap_or_else(|| {
                let mutex = Mutex::new(place);
                exit((0..TURNS).all(|_| turn(view, &mutex) == Ok(true)))
            })
        })
        .collect();
    assert!(children.into_iter().all(children::Child::ends_well));
    assert_eq!(view.read::<u64>(ONE).unwrap(), PROCESSES * TURNS);
    assert_eq!(view.read::<u64>(OTHER).unwrap(), PROCESSES * TURNS);
}

#[test]
fn the_mutex_of_a_slow_owner_is_not_taken() {
    let _alone = alone();
    if !works() {
        return;
    }
    let (_segment, attachment) = attached(128);
    let view = attachment.view();
    let place = view.at(0).unwrap();
    let mutex = Mutex::new(place);
    let guard = mutex.lock().unwrap();
    let Some(child) = fork() else {
        let mutex = Mutex::new(place);
        let in_time = mutex.lock().is_ok_and(|guard| !guard.owner_died);
        exit(in_time && view.read::<u64>(ONE) == Ok(1));
    };
    // Several checks of the owner.
    std::thread::sleep(Duration::from_millis(350));
    view.write(ONE, &1_u64).unwrap();
    drop(guard);
    assert!(child.ends_well(), "it got the lock of a living owner");
}

#[test]
fn the_mutex_survives_owners_that_are_killed_anywhere() {
    const KILLED: u32 = 25;
    let _deadline = common::deadline();
    let _alone = alone();
    if !works() {
        return;
    }
    let (_segment, attachment) = attached(128);
    let view = attachment.view();
    let place = view.at(0).unwrap();
    let mutex = Mutex::new(place);
    let (mut died, mut early) = (0, 0);
    for round in 0..KILLED {
        let start = || {
            fork().unwrap_or_else(|| {
                let mutex = Mutex::new(place);
                // Until killed.
                while turn(view, &mutex) == Ok(true) {}
                exit(false)
            })
        };
        let children = [start(), start()];
        std::thread::sleep(Duration::from_micros(3000 + u64::from(round * 7919 % 5000)));
        for child in children {
            child.kill();
        }
        early += u32::from(between_word_and_identity(view));
        let begun = Instant::now();
        let guard = mutex.lock().unwrap();
        assert!(begun.elapsed() < LONG);
        let (one, other): (u64, u64) = (view.read(ONE).unwrap(), view.read(OTHER).unwrap());
        assert!(
            one == other || guard.owner_died,
            "{one} and {other}, and nobody died"
        );
        died += u32::from(guard.owner_died);
        view.write(OTHER, &one).unwrap();
        view.write(OWNERS, &0_u32).unwrap();
    }
    println!("{died} of {KILLED} pairs died with the lock, {early} before they had said so");
}

/// The bit of the word that says so.
fn between_word_and_identity(view: View<'_>) -> bool {
    view.read::<u32>(0).unwrap() & 1 << 30 != 0
}

#[test]
fn a_segment_is_in_use_until_the_last_one_detaches() {
    let directory = std::env::temp_dir().join(format!("shm-test-in-use-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let key = Key::random();
    let segment = Segment::create_new(key, 4096).unwrap().remove_on_drop();
    let line = format!("{} {}", key.as_raw() as u32, segment.id());
    let lock_file = format!("1\n/data\n0\n5432\n/tmp\n\n{line}\nready\n");
    std::fs::write(directory.join("postmaster.pid"), lock_file).unwrap();
    let says = || run("still_in_use", &[directory.to_str().unwrap()]);
    let attachment = segment.attach().unwrap();
    let used = says();
    drop(attachment);
    let unused = says();
    drop(segment);
    let gone = says();
    std::fs::remove_dir_all(&directory).unwrap();
    if used.is_some() {
        let expected = ["in use: 1 attachments\n", "not in use\n", "not in use\n"];
        assert_eq!([used, unused, gone].map(Option::unwrap), expected);
    }
}

#[test]
fn the_monitor_shows_ten_segments_at_most_and_a_large_one_first() {
    if let Err(error) = shm::segments() {
        return skipped(format_args!("the segments cannot be listed: {error}"));
    }
    let (segment, attachment) = attached(32 << 20);
    attachment.view().fill(1);
    if let Some(printed) = run("top", &["--once"]) {
        let ids: Vec<_> = printed
            .lines()
            .skip(1)
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        assert!(
            ids.len() <= 10 && ids.contains(&segment.id().to_string().as_str()),
            "{printed}"
        );
    }
}

#[test]
fn the_port_of_the_go_librarys_test_runs() {
    if let Some(printed) = run("seed", &[]) {
        assert!(printed.ends_with("of 65536 bytes\n"), "{printed}");
    }
}
