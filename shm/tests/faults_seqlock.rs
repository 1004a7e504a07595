//! Two processes write and read one segment at once, under a sequence lock that detects
//! disturbed reads, and with words that detect its failure. Alone in its file, because
//! the child inherits the attachments of all tests.
#![allow(clippy::unwrap_used)]

mod children;
mod common;

use std::sync::atomic::{AtomicU32, Ordering, fence};
use std::time::{Duration, Instant};

use children::{exit, fork};
use common::attached;
use shm::View;

const WORDS: usize = 250;

/// A sequence lock with its data, as two processes share it in a segment. Odd during a
/// write. A writer sets all words to one number, so that a reader who mixes two writes
/// notices.
struct Locked<'a> {
    sequence: &'a AtomicU32,
    words: View<'a>,
}

impl<'a> Locked<'a> {
    fn new(view: View<'a>) -> Self {
        let words = view.slice(64..64 + 8 * WORDS).unwrap();
        Self {
            sequence: view.atomic::<u32>(0).unwrap(),
            words,
        }
    }

    /// Writes, unless somebody else does.
    fn write(&self, number: u64) -> bool {
        let sequence = self.sequence.load(Ordering::Relaxed);
        let locked = sequence.wrapping_add(1);
        let exchange = |new| {
            let (success, failure) = (Ordering::Acquire, Ordering::Relaxed);
            self.sequence
                .compare_exchange(sequence, new, success, failure)
        };
        if sequence % 2 == 1 || exchange(locked).is_err() {
            return false;
        }
        // The odd number is visible before any of the new words.
        fence(Ordering::Release);
        let written = self.words.write_slice(0, &[number; WORDS]).is_ok();
        self.sequence
            .store(locked.wrapping_add(1), Ordering::Release);
        written
    }

    /// Returns the words, if nobody wrote meanwhile.
    fn read(&self) -> Option<[u64; WORDS]> {
        let before = self.sequence.load(Ordering::Acquire);
        if before % 2 == 1 {
            return None;
        }
        let mut words = [0; WORDS];
        self.words.read_slice(0, &mut words).ok()?;
        // The words are read before the sequence is read again.
        fence(Ordering::Acquire);
        (self.sequence.load(Ordering::Relaxed) == before).then_some(words)
    }

    /// Alternates writes and reads until a time; returns the number of writes and of
    /// consistent reads, and whether no read was inconsistent.
    fn hammer(&self, mine: u64, until: Instant) -> (u64, u64, bool) {
        let (mut writes, mut reads) = (0, 0);
        while Instant::now() < until {
            for _ in 0..100 {
                if self.write((writes << 1) | mine) {
                    writes += 1;
                }
                if let Some(words) = self.read() {
                    reads += 1;
                    if words.iter().any(|word| *word != words[0]) {
                        return (writes, reads, false);
                    }
                }
            }
        }
        (writes, reads, true)
    }
}

/// The duration: `SHM_TEST_SECONDS`, else a minute if `CI` is set (as continuous
/// integration does) and a few seconds otherwise.
fn duration() -> Duration {
    let given = std::env::var("SHM_TEST_SECONDS").ok();
    let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
    let default = if in_ci { 60 } else { 5 };
    Duration::from_secs(given.and_then(|text| text.parse().ok()).unwrap_or(default))
}

#[test]
fn two_processes_under_a_sequence_lock_never_see_half_a_write() {
    let (_segment, attachment) = attached(64 + 8 * WORDS + 64);
    let until = Instant::now() + duration();
    let Some(child) = fork() else {
        let (writes, reads, consistent) = Locked::new(attachment.view()).hammer(1, until);
        exit(consistent && writes > 0 && reads > 0);
    };
    let (writes, reads, consistent) = Locked::new(attachment.view()).hammer(0, until);
    println!("{writes} writes and {reads} consistent reads in this process");
    assert!(consistent, "a read mixed two writes after {reads} reads");
    assert!(writes > 0 && reads > 0);
    assert!(
        child.ends_well(),
        "the other process saw half a write, or never got the lock"
    );
}
