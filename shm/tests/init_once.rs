//! One of many processes initializes; others wait for it, and take over if it dies.
//!
//! Alone in its file: a child inherits the attachments of all tests.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod children;
mod common;

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::Duration;

use children::{alone, exit, fork};
use common::{attached, is_emulated, skipped, until};
use shm::{
    AccessError, Attempt, INIT_SIZE, InitError, InitState, Initialized, Liveness, ThreadIdentity,
    View, WaitError, Wake, field,
};

const STATE: usize = 64;
/// Offset of the numbering that all callers share.
const NUMBERING: usize = STATE + 4;
/// The bit for an owner whose identity is not written yet.
const CLAIMED: u32 = 1 << 30;
const COUNT: usize = 0;
const READY: usize = 8;
const DATA: usize = 128;
const LONG: Option<Duration> = Some(Duration::from_secs(60));

fn word(view: View<'_>, offset: usize) -> &AtomicU32 {
    view.atomic::<u32>(offset).unwrap()
}

/// Whether the running system can wait and recognizes threads.
fn works(view: View<'_>) -> bool {
    if let Err(error @ WaitError::Unsupported { .. }) = view.wake(0, Wake::One) {
        skipped(error);
        return false;
    }
    if ThreadIdentity::current().liveness() != Liveness::Alive {
        skipped("this system does not tell when a thread started");
        return false;
    }
    true
}

/// Initializes slowly, and counts how often that happens.
fn start(view: View<'_>) -> Result<Initialized, InitError<AccessError>> {
    view.init_once(STATE, LONG, |_| {
        word(view, COUNT).fetch_add(1, Relaxed);
        std::thread::sleep(Duration::from_millis(20));
        view.slice(DATA..)?.fill(7);
        Ok(())
    })
}

#[test]
fn of_many_processes_and_threads_one_initializes_and_all_see_it() {
    if is_emulated() {
        skipped("qemu answers for a process's own /proc/PID/stat, with a start time of its own");
        return;
    }
    let _alone = alone();
    let (_segment, attachment) = attached(4096);
    let view = attachment.view();
    if !works(view) {
        return;
    }
    let whole = || view.slice(DATA..).unwrap().eq_bytes(&[7; 4096 - DATA]);
    let children: Vec<_> = (0..4)
        .map(|_| fork().unwrap_or_else(|| exit(start(view).is_ok() && whole())))
        .collect();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                start(view).unwrap();
                assert!(whole());
            });
        }
    });
    assert!(children.into_iter().all(children::Child::ends_well));
    assert_eq!(word(view, COUNT).load(Relaxed), 1);
    assert_eq!(start(view), Ok(Initialized::Elsewhere));
}

#[test]
fn another_takes_over_from_one_that_was_killed() {
    if is_emulated() {
        skipped("qemu answers for a process's own /proc/PID/stat, with a start time of its own");
        return;
    }
    let _alone = alone();
    let (_segment, attachment) = attached(4096);
    let view = attachment.view();
    if !works(view) {
        return;
    }
    let Some(dying) = fork() else {
        let _ = view.init_once::<AccessError>(STATE, None, |attempt| {
            word(view, READY).store(1 + u32::from(attempt == Attempt::Again), Release);
            std::thread::sleep(Duration::from_secs(600));
            Ok(())
        });
        exit(false);
    };
    until("it initializes", || word(view, READY).load(Acquire) == 1);
    // It is alive, so nobody takes over.
    let early = view.init_once(STATE, Some(Duration::from_millis(250)), |_| {
        Err(AccessError::Misaligned {
            offset: 0,
            align: 0,
        })
    });
    let number = dying.pid() as u32;
    let liveness = Liveness::Alive;
    assert_eq!(early, Err(InitError::TimedOut { number, liveness }));

    // One waits already when the owner dies, and one comes later.
    let Some(waiting) = fork() else {
        let attempt = std::cell::Cell::new(None);
        let done = view.init_once::<AccessError>(STATE, LONG, |found| {
            attempt.set(Some(found));
            Ok(())
        });
        exit(done == Ok(Initialized::Here) && attempt.get() == Some(Attempt::Again));
    };
    std::thread::sleep(Duration::from_millis(50));
    dying.kill();
    assert!(waiting.ends_well());
    assert_eq!(start(view), Ok(Initialized::Elsewhere));
}

#[test]
fn after_a_failure_or_a_panic_the_next_one_tries_again() {
    let (_segment, attachment) = attached(4096);
    let view = attachment.view();
    if !works(view) {
        return;
    }
    let failed = view.init_once(STATE, LONG, Err);
    assert_eq!(failed, Err(InitError::Failed(Attempt::First)));
    let panicked = std::panic::catch_unwind(|| {
        view.init_once::<AccessError>(STATE, LONG, |attempt| panic!("at the {attempt:?}"))
    });
    assert!(panicked.is_err());
    let seen = std::cell::Cell::new(None);
    let done = view.init_once::<AccessError>(STATE, LONG, |attempt| {
        seen.set(Some(attempt));
        Ok(())
    });
    assert_eq!(done, Ok(Initialized::Here));
    assert_eq!(seen.get(), Some(Attempt::Again));
}

#[test]
fn a_failure_wakes_those_who_wait() {
    let (_segment, attachment) = attached(4096);
    let view = attachment.view();
    if !works(view) {
        return;
    }
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let failed = view.init_once(STATE, LONG, |attempt| {
                word(view, READY).store(1, Release);
                std::thread::sleep(Duration::from_millis(50));
                Err(attempt)
            });
            assert_eq!(failed, Err(InitError::Failed(Attempt::First)));
        });
        until("it initializes", || word(view, READY).load(Acquire) == 1);
        assert_eq!(start(view), Ok(Initialized::Here));
    });
}

#[test]
fn a_place_that_does_not_fit_is_refused() {
    let (_segment, attachment) = attached(100);
    let view = attachment.view().slice(..100).unwrap();
    let at = |offset| view.init_once::<AccessError>(offset, LONG, |_| panic!("not here"));
    for offset in [100 - INIT_SIZE + 1, 100, usize::MAX] {
        let error = at(offset).unwrap_err();
        let InitError::Wait(WaitError::Access(AccessError::OutOfBounds { .. })) = error else {
            panic!("{error}")
        };
    }
    let misaligned = AccessError::Misaligned {
        offset: 4,
        align: 8,
    };
    assert_eq!(at(4), Err(misaligned.into()));
}

/// Anybody may have written anything to the segment.
#[test]
fn nonsense_in_the_words_ends_at_the_timeout() {
    let (_segment, attachment) = attached(4096);
    let view = attachment.view();
    if !works(view) {
        return;
    }
    for (state, words) in [
        (1, [2, 3, 4]),
        (1 << 30 | 5, [5, 0, 0]),
        (77 << 8, [77 << 8, u64::MAX, u64::MAX]),
        (u32::MAX - 1, [u64::MAX; 3]),
    ] {
        word(view, STATE).store(state, Relaxed);
        word(view, NUMBERING).store(ThreadIdentity::MIXED, Relaxed);
        view.write(STATE + 8, &words).unwrap();
        let timeout = Some(Duration::from_millis(5));
        let answer = view.init_once::<AccessError>(STATE, timeout, |_| panic!("not our turn"));
        assert!(
            matches!(answer, Err(InitError::TimedOut { .. })),
            "{answer:?}"
        );
    }
}

/// Killed between the two writes: only its number is left.
#[test]
fn an_owner_that_died_before_it_said_who_it_was_is_dead_if_all_number_alike() {
    let _alone = alone();
    let (_segment, attachment) = attached(4096);
    let view = attachment.view();
    if !works(view) {
        return;
    }
    let child = fork().unwrap_or_else(|| exit(true));
    let number = child.pid() as u32;
    assert!(child.ends_well());
    let short = Some(Duration::from_millis(5));

    word(view, STATE).store(CLAIMED | number, Relaxed);
    word(view, NUMBERING).store(ThreadIdentity::current().numbering() ^ 2, Relaxed);
    let liveness = Liveness::Unknown;
    let mixed = view.init_once::<AccessError>(STATE, short, |_| panic!("another numbering"));
    assert_eq!(mixed, Err(InitError::TimedOut { number, liveness }));
    let stays = word(view, NUMBERING).load(Relaxed);
    assert_eq!(stays, ThreadIdentity::MIXED, "one stranger is enough");

    // An owner with a living number keeps the lock.
    word(view, NUMBERING).store(0, Relaxed);
    word(view, STATE).store(CLAIMED | std::process::id(), Relaxed);
    let living = view.init_once::<AccessError>(STATE, short, |_| panic!("it may be at it"));
    assert!(
        matches!(living, Err(InitError::TimedOut { .. })),
        "{living:?}"
    );

    word(view, STATE).store(CLAIMED | number, Relaxed);
    let seen = std::cell::Cell::new(None);
    let done = view.init_once::<AccessError>(STATE, LONG, |attempt| {
        seen.set(Some(attempt));
        Ok(())
    });
    assert_eq!(done, Ok(Initialized::Here));
    assert_eq!(seen.get(), Some(Attempt::Again));
}

/// The state as a field: the same bytes as at an offset, with the same alignment on every
/// machine.
#[test]
fn the_state_as_a_field_is_the_state_at_its_offset() {
    #[repr(C)]
    struct Table {
        version: u32,
        init: InitState,
        rows: u32,
    }
    assert_eq!((size_of::<InitState>(), align_of::<InitState>()), (32, 8));
    assert_eq!(std::mem::offset_of!(Table, init), 8);
    let (_segment, attachment) = attached(256);
    let view = attachment.view();
    let table = view.at::<Table>(STATE - 8).unwrap();
    let init = table.field(field!(Table, init));
    let failed = init.init_once(LONG, |attempt| {
        assert_eq!(attempt, Attempt::First);
        Err("no")
    });
    assert_eq!(failed, Err(InitError::Failed("no")));
    let here = init.init_once(LONG, |attempt| {
        assert_eq!(attempt, Attempt::Again);
        table.field(field!(Table, rows)).set(3);
        Ok::<(), &str>(())
    });
    assert_eq!(here, Ok(Initialized::Here));
    assert_eq!(start(view), Ok(Initialized::Elsewhere));
    assert_eq!(view.read::<u32>(STATE + INIT_SIZE).unwrap(), 3);
}
