//! Waiting for a word and waking, between threads and between processes.
//!
//! Alone in its file: a child inherits the attachments of all tests.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod children;
mod common;

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::{Duration, Instant};

use children::{alone, exit, fork};
use common::{attached, deadline, skipped, until};
use shm::{AccessError, View, WaitError, Waited, Wake, field};

/// The word to wait for, and one where children report that they run.
const WORD: usize = 0;
const READY: usize = 64;

/// Longer than anything takes that works.
const LONG: Duration = Duration::from_secs(60);

fn word(view: View<'_>, offset: usize) -> &AtomicU32 {
    view.atomic::<u32>(offset).unwrap()
}

/// Whether the running system can wait.
fn can_wait(view: View<'_>) -> bool {
    match view.wake(WORD, Wake::One) {
        Err(error @ WaitError::Unsupported { .. }) => {
            skipped(error);
            false
        }
        other => {
            other.unwrap();
            true
        }
    }
}

#[test]
fn a_word_with_another_value_is_not_waited_for() {
    let (_segment, attachment) = attached(128);
    let view = attachment.view();
    word(view, WORD).store(5, Relaxed);
    for timeout in [None, Some(Duration::ZERO), Some(LONG)] {
        assert_eq!(view.wait(WORD, 4, timeout), Ok(Waited::Changed));
    }
}

#[test]
fn a_timeout_is_an_answer_and_comes_after_its_time() {
    let (_segment, attachment) = attached(128);
    let view = attachment.view();
    if !can_wait(view) {
        return;
    }
    assert_eq!(
        view.wait(WORD, 0, Some(Duration::ZERO)),
        Ok(Waited::TimedOut)
    );
    for milliseconds in [1, 30] {
        let time = Duration::from_millis(milliseconds);
        let start = Instant::now();
        // The system may wake it without a reason.
        let ends = (0..1000).any(|_| view.wait(WORD, 0, Some(time)) == Ok(Waited::TimedOut));
        assert!(ends);
        assert!(start.elapsed() >= time, "{:?}", start.elapsed());
    }
}

#[test]
fn words_outside_of_the_view_or_misaligned_are_refused() {
    let (_segment, attachment) = attached(128);
    let view = attachment.view().slice(..64).unwrap();
    for offset in [61, 64, usize::MAX] {
        let out = |result| {
            matches!(
                result,
                Err(WaitError::Access(AccessError::OutOfBounds { .. }))
            )
        };
        assert!(out(view.wait(offset, 0, None).map(drop)), "{offset}");
        assert!(out(view.wake(offset, Wake::All)), "{offset}");
    }
    let misaligned = AccessError::Misaligned {
        offset: 2,
        align: 4,
    };
    assert_eq!(view.wait(2, 0, None), Err(WaitError::Access(misaligned)));
    assert_eq!(view.wake(2, Wake::One), Err(misaligned.into()));
}

/// The word never changes: only the wake ends the wait.
#[test]
fn a_wake_reaches_a_wait_in_another_process() {
    let _alone = alone();
    let (_segment, attachment) = attached(128);
    let view = attachment.view();
    if !can_wait(view) {
        return;
    }
    let Some(child) = fork() else {
        word(view, READY).store(1, Release);
        let woken = view.wait(WORD, 0, Some(LONG)) == Ok(Waited::Woken);
        word(view, READY).store(2, Release);
        exit(woken);
    };
    until("the wait ends", || {
        view.wake(WORD, Wake::All).unwrap();
        word(view, READY).load(Acquire) == 2
    });
    assert!(child.ends_well());
}

/// Also through another attachment, at another address.
#[test]
fn wake_one_wakes_one_of_three_and_wake_all_the_rest() {
    const WAITERS: u32 = 3;
    let _alone = alone();
    let (segment, attachment) = attached(128);
    let view = attachment.view();
    if !can_wait(view) {
        return;
    }
    let ready = word(view, READY);
    let children: Vec<_> = (0..WAITERS)
        .map(|_| {
            fork().unwrap_or_else(|| {
                ready.fetch_add(1, Release);
                let woken = view.wait(WORD, 0, Some(LONG));
                ready.fetch_add(100, Release);
                exit(woken == Ok(Waited::Woken))
            })
        })
        .collect();
    until("all sleep", || {
        ready.load(Acquire) == WAITERS && children.iter().all(|child| sleeps(child.pid()))
    });
    let other = segment.attach().unwrap();
    other.view().wake(WORD, Wake::One).unwrap();
    until("one is woken", || ready.load(Acquire) >= 100);
    // A second one would follow at once.
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(
        ready.load(Acquire),
        WAITERS + 100,
        "more than one was woken"
    );
    // Not those of another word.
    other.view().wake(WORD + 4, Wake::All).unwrap();
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(
        ready.load(Acquire),
        WAITERS + 100,
        "the word does not matter"
    );
    other.view().wake(WORD, Wake::All).unwrap();
    until("all are woken", || {
        ready.load(Acquire) == WAITERS + 100 * WAITERS
    });
    assert!(children.into_iter().all(children::Child::ends_well));
}

/// Whether a process sleeps, if that can be found out; otherwise after some time.
fn sleeps(pid: i32) -> bool {
    match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        Ok(stat) => stat
            .rsplit(')')
            .next()
            .is_some_and(|rest| rest.trim_start().starts_with('S')),
        Err(_) => {
            std::thread::sleep(Duration::from_millis(200));
            true
        }
    }
}

#[test]
fn a_signal_interrupts_a_wait_and_is_told_apart() {
    extern "C" fn nothing(_: libc::c_int) {}

    let (_segment, attachment) = attached(128);
    let view = attachment.view();
    if !can_wait(view) {
        return;
    }
    // SAFETY: all zeros are a valid `sigaction`.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = nothing as *const () as usize;
    // SAFETY: a handler that does nothing, for a signal that nobody else here uses.
    let set = unsafe { libc::sigaction(libc::SIGUSR2, &raw const action, std::ptr::null_mut()) };
    assert_eq!(set, 0);
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            // SAFETY: takes nothing.
            sender
                .send(unsafe { libc::pthread_self() } as usize)
                .unwrap();
            let answer = view.wait(WORD, 0, Some(LONG));
            word(view, READY).store(1, Release);
            // The signals continue until they see that; the thread exists until then.
            until("the signals end", || word(view, READY).load(Acquire) == 2);
            answer
        });
        let thread = receiver.recv_timeout(LONG).unwrap();
        until("the wait ends", || {
            // SAFETY: the thread has not ended.
            unsafe { libc::pthread_kill(thread as libc::pthread_t, libc::SIGUSR2) };
            word(view, READY).load(Acquire) == 1
        });
        word(view, READY).store(2, Release);
        assert_eq!(waiter.join().unwrap(), Ok(Waited::Interrupted));
    });
}

#[test]
fn the_longest_timeout_does_not_overflow() {
    let _deadline = deadline();
    let (_segment, attachment) = attached(128);
    let view = attachment.view();
    if !can_wait(view) {
        return;
    }
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            while word(view, WORD).load(Acquire) == 0 {
                let waited = view.wait(WORD, 0, Some(Duration::MAX)).unwrap();
                assert_ne!(waited, Waited::TimedOut);
            }
        });
        std::thread::sleep(Duration::from_millis(10));
        word(view, WORD).store(1, Release);
        view.wake(WORD, Wake::All).unwrap();
        waiter.join().unwrap();
    });
}

/// The processor time of a thread, by its own clock.
#[test]
fn idle_waiters_use_no_processor_time() {
    const IDLE: Duration = Duration::from_millis(400);
    fn used() -> Duration {
        // SAFETY: all zeros are a valid `timespec`.
        let mut time: libc::timespec = unsafe { std::mem::zeroed() };
        // SAFETY: writes one `timespec`.
        let answer = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
        assert_eq!(answer, 0);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    }

    let (_segment, attachment) = attached(128);
    let view = attachment.view();
    if !can_wait(view) {
        return;
    }
    std::thread::scope(|scope| {
        let waiters: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let (before, start) = (used(), Instant::now());
                    while start.elapsed() < IDLE {
                        let _: Waited = view.wait(WORD, 0, Some(IDLE)).unwrap();
                    }
                    used() - before
                })
            })
            .collect();
        for waiter in waiters {
            let used = waiter.join().unwrap();
            assert!(used < IDLE / 10, "{used:?} of {IDLE:?}");
        }
    });
}

/// `Waitable` promises it for Linux: the kernel only reads the word.
#[cfg(target_os = "linux")]
#[test]
fn a_read_only_view_waits_on_linux() {
    let _alone = alone();
    let (segment, attachment) = attached(128);
    let view = attachment.view();
    let reader = segment.attach_read_only().unwrap();
    let timeout = Some(Duration::from_millis(1));
    assert_eq!(reader.view().wait(WORD, 0, timeout), Ok(Waited::TimedOut));
    let Some(child) = fork() else {
        let woken = reader.view().wait(WORD, 0, Some(LONG)) == Ok(Waited::Woken);
        word(view, READY).store(2, Release);
        exit(woken);
    };
    until("the wait ends", || {
        view.wake(WORD, Wake::One).unwrap();
        word(view, READY).load(Acquire) == 2
    });
    assert!(child.ends_well());
}

/// What the places below wait for, behind the words of the other tests.
#[repr(C)]
struct Job {
    ready: AtomicU32,
    plain: u32,
}

/// The offset of the state, and of its words.
const JOB: usize = 96;
const JOB_READY: usize = JOB + std::mem::offset_of!(Job, ready);
const JOB_PLAIN: usize = JOB + std::mem::offset_of!(Job, plain);

#[test]
fn a_place_waits_for_an_atomic_and_for_an_integer() {
    let (_segment, attachment) = attached(128);
    let view = attachment.view();
    let job = view.at::<Job>(JOB).unwrap();
    job.field(field!(Job, ready)).atomic().store(5, Relaxed);
    job.field(field!(Job, plain)).set(7);
    let (ready, plain) = (job.field(field!(Job, ready)), job.field(field!(Job, plain)));
    assert_eq!(ready.wait(4, None), Ok(Waited::Changed));
    assert_eq!(plain.wait(5, Some(LONG)), Ok(Waited::Changed));
    if !can_wait(view) {
        return;
    }
    let short = Duration::from_millis(20);
    let start = Instant::now();
    // The system may wake it without a reason.
    let ends = |place: &dyn Fn() -> Result<Waited, WaitError>| {
        (0..1000).any(|_| place() == Ok(Waited::TimedOut))
    };
    assert!(ends(&|| ready.wait(5, Some(short))));
    assert!(ends(&|| plain.wait(7, Some(short))));
    assert!(start.elapsed() >= 2 * short, "{:?}", start.elapsed());
}

/// In both directions: a place names the same word as an offset, and not the neighboring
/// word.
#[test]
fn a_place_and_an_offset_are_the_same_word_between_processes() {
    let _alone = alone();
    for waits_by_place in [true, false] {
        let (_segment, attachment) = attached(128);
        let view = attachment.view();
        if !can_wait(view) {
            return;
        }
        let plain = view.at::<Job>(JOB).unwrap().field(field!(Job, plain));
        let Some(child) = fork() else {
            word(view, READY).store(1, Release);
            let waited = if waits_by_place {
                plain.wait(0, Some(LONG))
            } else {
                view.wait(JOB_PLAIN, 0, Some(LONG))
            };
            word(view, READY).store(2, Release);
            exit(waited == Ok(Waited::Woken));
        };
        until("the child sleeps", || {
            word(view, READY).load(Acquire) == 1 && sleeps(child.pid())
        });
        let ready = view.at::<Job>(JOB).unwrap().field(field!(Job, ready));
        ready.wake(Wake::All).unwrap();
        view.wake(JOB_READY, Wake::All).unwrap();
        std::thread::sleep(Duration::from_millis(30));
        assert_eq!(word(view, READY).load(Acquire), 1, "woken by another word");
        until("the wait ends", || {
            if waits_by_place {
                view.wake(JOB_PLAIN, Wake::One).unwrap();
            } else {
                plain.wake(Wake::One).unwrap();
            }
            word(view, READY).load(Acquire) == 2
        });
        assert!(child.ends_well());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_read_only_place_waits_on_linux() {
    let (segment, attachment) = attached(128);
    let reader = segment.attach_read_only().unwrap();
    let job = reader.view().at::<Job>(JOB).unwrap();
    let ready = job.field(field!(Job, ready));
    let timeout = Some(Duration::from_millis(1));
    assert_eq!(ready.wait(0, timeout), Ok(Waited::TimedOut));
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            while ready.load(shm::LoadOrdering::Acquire) == 0 {
                assert_ne!(ready.wait(0, Some(LONG)), Ok(Waited::TimedOut));
            }
        });
        std::thread::sleep(Duration::from_millis(10));
        let writer = attachment.view().at::<Job>(JOB).unwrap();
        let ready = writer.field(field!(Job, ready));
        ready.atomic().store(1, Release);
        ready.wake(Wake::All).unwrap();
        waiter.join().unwrap();
    });
}
