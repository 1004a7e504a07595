//! `fork(2)` with every guard alive: the parent's guards keep working, and each process
//! releases its own attachments once.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used)]

mod children;
mod common;

use children::{alone, exit, fork};
use common::{attached, private};
use shm::{Key, RemovePolicy, Segment};

#[test]
fn a_child_that_drops_an_owned_segment_does_not_remove_it() {
    let _alone = alone();
    let segment = private(100);
    let Some(child) = fork() else {
        drop(segment);
        exit(true);
    };
    assert!(child.ends_well());
    assert!(Segment::open_id(segment.id()).is_ok());

    let id = segment.id();
    drop(segment);
    assert!(Segment::open_id(id).is_err(), "its maker removes it");
}

#[test]
fn a_child_that_adopts_an_owned_segment_removes_it() {
    let _alone = alone();
    let mut segment = private(100);
    let id = segment.id();
    let Some(child) = fork() else {
        segment.adopt();
        drop(segment);
        exit(true);
    };
    assert!(child.ends_well());
    assert!(Segment::open_id(id).is_err());
    // The parent finds it gone, which a drop ignores.
    drop(segment);
}

#[test]
fn a_child_may_remove_by_name_what_it_would_not_by_drop() {
    let _alone = alone();
    let segment = private(100);
    let id = segment.id();
    let Some(child) = fork() else {
        exit(segment.remove().is_ok());
    };
    assert!(child.ends_well());
    assert!(Segment::open_id(id).is_err());
    assert!(segment.remove().is_err(), "it is gone already");
}

#[test]
fn an_attachment_is_detached_once_by_each_process() {
    let _alone = alone();
    let (segment, attachment) = attached(100);
    attachment.view().write_all_at(0, b"parent").unwrap();
    // The child waits, attached, for the message, and answers.
    let (told, answered) = (64, 68);
    let view = attachment.view();
    let Some(child) = fork() else {
        let view = attachment.view();
        let told = view.atomic::<u32>(told).unwrap();
        while told.load(std::sync::atomic::Ordering::Acquire) == 0 {
            std::thread::yield_now();
        }
        let written = view.write_all_at(0, b"child!").is_ok();
        let answered = view.atomic::<u32>(answered).unwrap();
        answered.store(1, std::sync::atomic::Ordering::Release);
        exit(attachment.detach().is_ok() && written);
    };
    assert_eq!(segment.stat().unwrap().attached, 2);
    let told = view.atomic::<u32>(told).unwrap();
    told.store(1, std::sync::atomic::Ordering::Release);
    assert!(child.ends_well());

    assert_eq!(segment.stat().unwrap().attached, 1);
    assert!(view.slice(..6).unwrap().eq_bytes(b"child!"));
    attachment.detach().unwrap();
    assert_eq!(segment.stat().unwrap().attached, 0);
}

#[test]
fn a_child_that_ends_without_dropping_is_detached_by_the_system() {
    let _alone = alone();
    let (segment, attachment) = attached(100);
    let Some(child) = fork() else {
        std::mem::forget(attachment);
        exit(true);
    };
    assert!(child.ends_well());
    assert_eq!(segment.stat().unwrap().attached, 1);
    drop(attachment);
}

#[test]
fn a_read_only_attachment_is_inherited_as_such() {
    let _alone = alone();
    let (segment, writer) = attached(100);
    let reader = segment.attach_read_only().unwrap();
    writer.view().write_all_at(96, b"seen").unwrap();
    let Some(child) = fork() else {
        exit(
            reader
                .view()
                .slice(96..)
                .is_ok_and(|view| view.eq_bytes(b"seen")),
        );
    };
    assert!(child.ends_well());
    assert_eq!(segment.stat().unwrap().attached, 2);
}

#[test]
fn a_segment_removed_after_attaching_outlives_the_child() {
    let _alone = alone();
    let segment = match private(100).with_policy(RemovePolicy::AfterAttach) {
        Ok(segment) => segment,
        Err(error) => return common::skipped(error),
    };
    let attachment = segment.attach().unwrap();
    attachment.view().write_all_at(0, b"kept").unwrap();
    let Some(child) = fork() else {
        drop(attachment);
        drop(segment);
        exit(true);
    };
    assert!(child.ends_well());
    assert!(segment.stat().unwrap().flags.marked_for_removal());
    assert!(attachment.view().slice(..4).unwrap().eq_bytes(b"kept"));
    drop(attachment);
    assert!(Segment::open_id(segment.id()).is_err());
}

#[test]
fn what_a_child_creates_is_its_own_and_not_removed_by_the_parent() {
    let _alone = alone();
    let key = Key::random();
    let Some(child) = fork() else {
        let made = Segment::create_new(key, 100).map(Segment::remove_on_drop);
        // Ends without dropping, like a crash.
        let well = made.is_ok();
        std::mem::forget(made);
        exit(well);
    };
    let pid = child.pid();
    assert!(child.ends_well());
    let left = Segment::open(key).unwrap().remove_on_drop();
    assert_eq!(left.stat().unwrap().creator_pid, pid);
}

#[test]
#[cfg(target_os = "linux")]
fn children_do_not_get_what_is_kept_from_them() {
    if common::is_emulated() {
        common::skipped("qemu accepts madvise and ignores this advice");
        return;
    }
    let _alone = alone();
    let (segment, attachment) = attached(8192);
    let pages = attachment.as_mut_ptr().cast();
    let count = |advice| {
        // SAFETY: advice about pages that stay attached and that no child uses.
        assert_eq!(unsafe { libc::madvise(pages, 8192, advice) }, 0);
        let Some(child) = fork() else {
            loop {
                // SAFETY: sleeps.
                unsafe { libc::pause() };
            }
        };
        let attached = segment.stat().unwrap().attached;
        child.kill();
        attached
    };
    assert_eq!(count(libc::MADV_DONTFORK), 1);
    assert_eq!(count(libc::MADV_DOFORK), 2);
}
