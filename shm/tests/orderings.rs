//! What the orderings of loads, stores and `init_once` publish: plain memory of this
//! process that nothing else orders.
//!
//! On x86 every load acquires and every store releases, so a missing ordering changes
//! nothing there. Miri runs these tests in the stage *miri* and reports a data race, or
//! returns the old value, if an ordering is missing. It knows no `shmat`: the views are
//! of the heap.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::cell::UnsafeCell;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use common::until;
use shm::{
    Access, AccessError, Initialized, LoadOrdering, ReadOnly, ReadWrite, StoreOrdering, View,
    WaitError, Wake,
};

const LONG: Duration = Duration::from_secs(60);
/// Miri chooses another schedule and other stale values each time.
const ROUNDS: usize = if cfg!(miri) { 8 } else { 200 };

/// Memory that stands in for a segment.
struct Memory([AtomicU64; 8]);

impl Memory {
    fn new() -> Self {
        Self(std::array::from_fn(|_| AtomicU64::new(0)))
    }

    fn view<A: Access>(&self) -> View<'_, A> {
        let base = NonNull::from(&self.0).cast();
        // SAFETY: the bytes are this value's for as long as the view borrows it, and
        // are accessed through views and atomics only, which may write to them.
        unsafe { View::from_raw_parts(base, size_of_val(&self.0)) }
    }
}

/// A value that is ordered by nothing but what the test orders it by.
struct Plain(UnsafeCell<u64>);

// SAFETY: the tests write before they publish and read after they were told, which is
// what they test; on any processor the accesses are whole.
unsafe impl Sync for Plain {}

impl Plain {
    fn new() -> Self {
        Self(UnsafeCell::new(0))
    }

    fn set(&self, value: u64) {
        // SAFETY: the other thread reads only after it saw the flag.
        unsafe { self.0.get().write(value) };
    }

    fn get(&self) -> u64 {
        // SAFETY: the other thread wrote before it told this one.
        unsafe { self.0.get().read() }
    }
}

/// One thread writes to plain memory and calls `publish`; another calls `seen` until it
/// is true, and reads.
fn message(publish: impl Fn(View<'_, ReadWrite>) + Sync, seen: impl Fn(&Memory) -> bool + Sync) {
    for _ in 0..ROUNDS {
        let (memory, plain) = (Memory::new(), Plain::new());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                plain.set(7);
                publish(memory.view());
            });
            until("it is published", || seen(&memory));
            assert_eq!(plain.get(), 7);
        });
    }
}

fn loads<A: Access>(ordering: LoadOrdering) -> impl Fn(&Memory) -> bool {
    move |memory| memory.view::<A>().load::<u32>(8, ordering).unwrap() == 1
}

#[test]
fn a_release_store_publishes_to_an_acquire_load() {
    let publish = |view: View<'_, ReadWrite>| view.store(8, 1_u32, StoreOrdering::Release).unwrap();
    message(publish, loads::<ReadWrite>(LoadOrdering::Acquire));
    message(publish, loads::<ReadOnly>(LoadOrdering::Acquire));
}

#[test]
fn sequentially_consistent_loads_and_stores_publish_too() {
    let publish = |view: View<'_, ReadWrite>| view.store(8, 1_u32, StoreOrdering::SeqCst).unwrap();
    message(publish, loads::<ReadWrite>(LoadOrdering::SeqCst));
    message(publish, loads::<ReadOnly>(LoadOrdering::SeqCst));
}

#[test]
fn orderings_of_the_standard_library_mean_the_same() {
    let publish = |view: View<'_, ReadWrite>| view.store(8, 1_u32, Ordering::Release).unwrap();
    message(publish, |memory| {
        let view = memory.view::<ReadOnly>();
        view.load::<u32>(8, Ordering::Acquire).unwrap() == 1
    });
    let publish = |view: View<'_, ReadWrite>| view.store(8, 1_u32, Ordering::SeqCst).unwrap();
    message(publish, |memory| {
        let view = memory.view::<ReadOnly>();
        view.load::<u32>(8, Ordering::SeqCst).unwrap() == 1
    });
}

#[test]
fn places_order_as_views_do() {
    fn loads<A: Access>(memory: &Memory) -> bool {
        memory
            .view::<A>()
            .at::<u32>(8)
            .unwrap()
            .load(LoadOrdering::Acquire)
            == 1
    }
    let publish = |view: View<'_, ReadWrite>| {
        let place = view.at::<u32>(8).unwrap();
        place.atomic().store(1, Ordering::Release);
    };
    message(publish, loads::<ReadWrite>);
    message(publish, loads::<ReadOnly>);
}

/// Store buffering: of two threads that each store to one word and load the other, one
/// sees the other's store, since all of it is in one order.
fn one_of_two_sees_the_other<A: Access>() {
    for _ in 0..ROUNDS * 4 {
        let memory = Memory::new();
        let both = |mine: usize, theirs: usize| {
            let view = memory.view::<ReadWrite>();
            view.store(mine, 1_u32, StoreOrdering::SeqCst).unwrap();
            memory
                .view::<A>()
                .load::<u32>(theirs, LoadOrdering::SeqCst)
                .unwrap()
        };
        let seen = std::thread::scope(|scope| {
            let other = scope.spawn(|| both(8, 16));
            (both(16, 8), other.join().unwrap())
        });
        assert_ne!(seen, (0, 0));
    }
}

#[test]
fn sequentially_consistent_accesses_have_one_order() {
    one_of_two_sees_the_other::<ReadWrite>();
    one_of_two_sees_the_other::<ReadOnly>();
}

/// Whether the running system can wait for a word.
fn can_wait(memory: &Memory) -> bool {
    let woken = memory.view::<ReadWrite>().wake(0, Wake::One);
    !matches!(woken, Err(WaitError::Unsupported { .. }))
}

#[test]
fn init_once_publishes_what_the_closure_wrote() {
    if !can_wait(&Memory::new()) {
        return;
    }
    for _ in 0..ROUNDS {
        let (memory, plain) = (Memory::new(), Plain::new());
        let start = || {
            let ended = memory.view::<ReadWrite>().init_once(0, Some(LONG), |_| {
                plain.set(7);
                Ok::<(), AccessError>(())
            });
            (ended.unwrap(), plain.get())
        };
        let ended = std::thread::scope(|scope| {
            let others = [scope.spawn(start), scope.spawn(start)];
            let [second, third] = others.map(|other| other.join().unwrap());
            [start(), second, third]
        });
        assert!(ended.iter().all(|(_, seen)| *seen == 7));
        let here = ended.iter().filter(|(who, _)| *who == Initialized::Here);
        assert_eq!(here.count(), 1);
    }
}

/// A call after the initialization is one load.
#[test]
fn init_once_publishes_to_those_who_come_later() {
    if !can_wait(&Memory::new()) {
        return;
    }
    for _ in 0..ROUNDS {
        let (memory, plain) = (Memory::new(), Plain::new());
        let start = || {
            let ended = memory.view::<ReadWrite>().init_once(0, Some(LONG), |_| {
                plain.set(7);
                Ok::<(), AccessError>(())
            });
            ended.unwrap()
        };
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                assert_eq!(start(), Initialized::Here);
                over.store(true, Ordering::Relaxed);
            });
            until("it is initialized", || over.load(Ordering::Relaxed));
            assert_eq!(start(), Initialized::Elsewhere);
            assert_eq!(plain.get(), 7);
        });
    }
}

#[test]
fn init_once_hands_over_what_a_failed_closure_left() {
    if !can_wait(&Memory::new()) {
        return;
    }
    for _ in 0..ROUNDS {
        let (memory, plain) = (Memory::new(), Plain::new());
        let failing = || {
            let ended = memory.view::<ReadWrite>().init_once(0, Some(LONG), |_| {
                plain.set(plain.get() + 1);
                Err(())
            });
            ended.unwrap_err();
        };
        std::thread::scope(|scope| {
            scope.spawn(failing);
            scope.spawn(failing);
        });
        assert_eq!(plain.get(), 2);
    }
}
