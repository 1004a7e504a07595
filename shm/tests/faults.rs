//! Segments under stress: removed while in use, and used by very many threads.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};

use common::{attached, private};
use shm::{Cause, Key, LoadOrdering, Segment};

#[test]
fn a_segment_removed_under_an_attachment_keeps_its_bytes_until_the_detach() {
    let key = Key::random();
    let segment = Segment::create_new(key, 10_000).unwrap();
    let id = segment.id();
    let attachment = segment.attach().unwrap();
    attachment.view().write_all_at(9_000, b"before").unwrap();
    segment.remove().unwrap();

    let view = attachment.view();
    assert!(view.slice(9_000..9_006).unwrap().eq_bytes(b"before"));
    view.write_all_at(0, b"after").unwrap();
    assert!(view.slice(..5).unwrap().eq_bytes(b"after"));
    let error = Segment::open(key).unwrap_err();
    assert!(matches!(error.cause(), Cause::NotFound), "{error}");

    // The key is free for another segment.
    let next = Segment::create_new(key, 500).unwrap().remove_on_drop();
    assert_ne!(next.id(), id);
    assert!(
        next.attach()
            .unwrap()
            .view()
            .to_vec()
            .iter()
            .all(|byte| *byte == 0)
    );

    attachment.detach().unwrap();
    let error = Segment::open_id(id).unwrap_err();
    assert!(matches!(error.cause(), Cause::Gone), "{error}");
}

#[test]
fn two_hundred_threads_share_one_attachment() {
    const THREADS: usize = 200;
    const ROUNDS: usize = 500;
    const SLOT: usize = 40;
    let (_segment, attachment) = attached(64 + THREADS * SLOT);
    let view = attachment.view();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                let total = view.atomic::<u32>(0).unwrap();
                let mine = view
                    .slice(64 + thread * SLOT..)
                    .unwrap()
                    .slice(..SLOT)
                    .unwrap();
                for round in 0..ROUNDS {
                    total.fetch_add(1, Ordering::Relaxed);
                    let bytes = [(thread ^ round) as u8; SLOT];
                    mine.write_all_at(0, &bytes).unwrap();
                    assert!(
                        mine.eq_bytes(&bytes),
                        "somebody else wrote to slot {thread}"
                    );
                }
            });
        }
    });
    let total = view.load::<u32>(0, LoadOrdering::SeqCst).unwrap();
    assert_eq!(total as usize, THREADS * ROUNDS);
}

#[test]
fn two_hundred_threads_attach_and_detach_one_segment() {
    let segment = private(5000);
    let most = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..200 {
            scope.spawn(|| {
                for _ in 0..20 {
                    match segment.attach_read_only() {
                        Ok(attachment) => {
                            most.fetch_add(1, Ordering::Relaxed);
                            attachment.detach().unwrap();
                        }
                        // Some systems let a process attach only a few times.
                        Err(error) => {
                            assert!(
                                matches!(error.cause(), Cause::AttachmentLimit { .. }),
                                "{error}"
                            );
                        }
                    }
                }
            });
        }
    });
    assert!(most.into_inner() > 0);
    assert_eq!(segment.stat().unwrap().attached, 0);
}
