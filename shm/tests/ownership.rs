//! When and by whom segments are removed, and that it is never another segment.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used)]

mod common;

use common::private;
use shm::{
    AttachOptions, Cause, Key, Mode, Opened, OwnedSegment, Permissions, RemovePolicy, Segment,
    SegmentOptions,
};

fn is_gone(segment: &Segment) -> bool {
    match Segment::open_id(segment.id()) {
        Ok(_) => false,
        Err(error) => {
            assert!(matches!(error.cause(), Cause::Gone), "{error}");
            true
        }
    }
}

/// A second handle, like another program's.
fn other_handle(segment: &OwnedSegment) -> Segment {
    Segment::from_id(segment.id())
}

#[test]
fn an_owned_segment_goes_with_the_value_unless_it_is_kept() {
    let segment = private(100);
    let other = other_handle(&segment);
    drop(segment);
    assert!(is_gone(&other));
    let kept = private(100).keep();
    assert!(!is_gone(&kept));
    kept.clone().remove_on_drop().remove().unwrap();
    assert!(is_gone(&kept));
}

#[test]
fn the_policy_after_attach_removes_whichever_method_attaches() {
    type Attach = fn(&OwnedSegment) -> Result<Box<dyn std::any::Any>, shm::Error>;
    let options = AttachOptions::new();
    let ways: [(&str, Attach); 6] = [
        ("attach", |segment| Ok(Box::new(segment.attach()?))),
        ("attach_read_only", |segment| {
            Ok(Box::new(segment.attach_read_only()?))
        }),
        ("attach_with", |segment| {
            Ok(Box::new(segment.attach_with(&AttachOptions::new())?))
        }),
        ("attach_read_only_with", |segment| {
            let options = AttachOptions::new();
            Ok(Box::new(segment.attach_read_only_with(&options)?))
        }),
        ("attach_any", |segment| {
            Ok(Box::new(segment.attach_any(&AttachOptions::new(), true)?))
        }),
        ("attach_any to read", |segment| {
            Ok(Box::new(segment.attach_any(&AttachOptions::new(), false)?))
        }),
    ];
    assert_eq!(options, AttachOptions::default());
    for (name, attach) in ways {
        let segment = private(100);
        let other = other_handle(&segment);
        match segment.with_policy(RemovePolicy::AfterAttach) {
            Ok(segment) => {
                assert!(!segment.stat().unwrap().flags.marked_for_removal());
                let first = attach(&segment).unwrap();
                let marked = other.stat().unwrap().flags.marked_for_removal();
                assert!(marked, "{name}");
                let second = segment.attach().unwrap();
                drop((segment, first));
                second.view().write(0, &1_u8).unwrap();
                drop(second);
            }
            Err(error) => {
                assert!(
                    matches!(error.cause(), Cause::Unsupported { .. }),
                    "{error}"
                );
                assert!(!shm::attaches_after_removal().unwrap());
            }
        }
        assert!(is_gone(&other), "{name}");
    }
}

#[test]
fn the_policy_after_attach_removes_after_a_replacing_attach() {
    let room = private(100).attach().unwrap();
    let address = std::ptr::NonNull::new(room.as_mut_ptr()).unwrap();
    let options = AttachOptions::new().address(address);
    let Ok(segment) = private(100).with_policy(RemovePolicy::AfterAttach) else {
        return common::skipped("this system attaches nothing after a removal");
    };
    let other = other_handle(&segment);
    // The attachment is replaced and must not detach its successor.
    std::mem::forget(room);
    // SAFETY: what is replaced is the page of the forgotten attachment.
    match unsafe { segment.attach_replacing(&options, 100) } {
        Ok(_attachment) => assert!(other.stat().unwrap().flags.marked_for_removal()),
        Err(error) => {
            assert!(
                matches!(error.cause(), Cause::Unsupported { .. }),
                "{error}"
            );
            common::skipped(error);
        }
    }
    drop(segment);
    assert!(is_gone(&other));
}

#[test]
fn what_was_created_is_recognized_after_a_change_of_mode() {
    let segment = private(100);
    let other = other_handle(&segment);
    let before = segment.stat().unwrap();
    // The kernel's times are whole seconds.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let permissions = Permissions::new().mode(Mode::ALL_READ_WRITE);
    other.set_permissions(&permissions).unwrap();
    assert!(!before.is_same_segment(&segment.stat().unwrap()));
    drop(segment);
    assert!(is_gone(&other));
}

#[test]
fn what_was_created_is_recognized_by_an_owner_who_may_not_read_it() {
    let segment = private(100);
    let other = other_handle(&segment);
    let permissions = Permissions::new().mode(Mode::NONE);
    segment.set_permissions(&permissions).unwrap();
    drop(segment);
    assert!(is_gone(&other));
}

#[test]
fn only_what_was_created_is_removed_on_drop() {
    let key = Key::random();
    let first = Segment::open_owned(key, 100).unwrap();
    let second = Segment::open_owned(key, 100).unwrap();
    assert!(first.is_created() && !second.is_created());
    assert_eq!(first.id(), second.id());
    drop(second);
    assert_eq!(
        Segment::find(key).unwrap().map(|s| s.id()),
        Some(first.id())
    );
    let kept = first.keep();
    assert!(!is_gone(&kept));
    match Segment::open_owned(key, 0).unwrap() {
        Opened::Created(_) => panic!("it was kept"),
        Opened::Existing(segment) => drop(segment.remove_on_drop()),
    }
    assert_eq!(Segment::find(key).unwrap(), None);
}

#[test]
fn open_attached_leaves_nothing_that_it_cannot_attach() {
    let try_it = || {
        let key = Key::random();
        let options = SegmentOptions::new().size(100).open_or_create(true);
        let options = options.mode(Mode::NONE);
        let writing = options.open_attached(key).map(drop);
        let reading = options.open_attached_read_only(key).map(drop);
        (writing, reading, Segment::find(key).unwrap())
    };
    // SAFETY: takes nothing.
    let privileged = unsafe { libc::geteuid() } == 0;
    #[cfg(target_os = "linux")]
    let tried = match privileged {
        true => common::as_nobody(try_it),
        false => Some(try_it()),
    };
    #[cfg(not(target_os = "linux"))]
    let tried = (!privileged).then(try_it);
    let Some((writing, reading, left)) = tried else {
        return common::skipped("a privileged process may attach everything");
    };
    for result in [writing, reading] {
        let error = result.unwrap_err();
        assert!(
            matches!(error.cause(), Cause::PermissionDenied { .. }),
            "{error}"
        );
    }
    assert_eq!(left, None);
}

#[test]
fn a_listed_segment_is_changed_only_while_it_is_the_same() {
    let segment = private(4096);
    let listed = segment.stat().unwrap();
    let same = Segment::from_stat(&listed);
    same.set_permissions(&Permissions::new().mode(Mode::ALL_READ_WRITE))
        .unwrap();
    for change in [
        |stat: &mut shm::Stat| stat.size += 1,
        |stat: &mut shm::Stat| stat.key = Key::from_raw(77),
        |stat: &mut shm::Stat| stat.creator_pid += 1,
        |stat: &mut shm::Stat| stat.creator_uid += 1,
    ] {
        let mut other = listed.clone();
        change(&mut other);
        let other = Segment::from_stat(&other);
        let permissions = Permissions::new().mode(Mode::NONE);
        let mut results = vec![other.remove(), other.set_permissions(&permissions)];
        if cfg!(any(target_os = "linux", target_os = "netbsd")) {
            results.extend([other.lock(), other.unlock()]);
        }
        for result in results {
            let error = result.unwrap_err();
            assert!(matches!(error.cause(), Cause::Replaced), "{error}");
        }
    }
    assert_eq!(segment.stat().unwrap().mode, Mode::ALL_READ_WRITE);
    same.remove().unwrap();
    assert!(is_gone(&same));
}

#[test]
fn create_new_says_that_a_key_is_taken_whatever_is_asked_for() {
    let key = Key::random();
    let segment = Segment::create_new(key, 5000).unwrap().remove_on_drop();
    for size in [0, 1, 5000, 5001, 1 << 20] {
        for mode in [Mode::NONE, Mode::OWNER_READ_WRITE, Mode::ALL_READ_WRITE] {
            let options = SegmentOptions::new().size(size).mode(mode);
            let error = options.create_new(true).open(key).unwrap_err();
            assert!(matches!(error.cause(), Cause::AlreadyExists), "{error}");
            let error = options.create_new(true).open_owned(key).unwrap_err();
            assert!(matches!(error.cause(), Cause::AlreadyExists), "{error}");
        }
    }
    assert_eq!(Segment::open(key).unwrap().id(), segment.id());
}

#[test]
fn a_random_key_is_the_segments() {
    let (segment, key) = Segment::create_random(100).unwrap();
    let segment = segment.remove_on_drop();
    assert_eq!(segment.stat().unwrap().key, key);
}

#[test]
#[cfg(target_os = "linux")]
fn rights_that_are_required_are_checked_on_opening() {
    let key = Key::random();
    let mode = Mode::OWNER_READ_WRITE | Mode::OTHER_READ;
    let options = SegmentOptions::new().size(100).mode(mode);
    let segment = options.create_new(true).open(key).unwrap().remove_on_drop();
    let open = move |rights| SegmentOptions::new().require(rights).open(key);
    assert_eq!(open(Mode::ALL_READ_WRITE).unwrap().id(), segment.id());
    let opened = common::as_nobody(move || {
        [Mode::NONE, Mode::OTHER_READ, Mode::OTHER_READ_WRITE].map(|rights| open(rights).err())
    });
    let Some([nothing, reading, writing]) = opened else {
        return;
    };
    assert_eq!((nothing, reading), (None, None));
    let error = writing.unwrap();
    assert!(
        matches!(error.cause(), Cause::PermissionDenied { .. }),
        "{error}"
    );
}

#[test]
fn an_access_known_at_run_time_is_what_was_asked_for() {
    let segment = private(100);
    let plain = other_handle(&segment);
    let options = AttachOptions::new();
    for writable in [true, false] {
        for attachment in [
            segment.attach_any(&options, writable).unwrap(),
            plain.attach_any(&options, writable).unwrap(),
        ] {
            assert_eq!(attachment.is_writable(), writable);
            assert_eq!(attachment.writable().is_some(), writable);
            assert_eq!((attachment.id(), attachment.len()), (segment.id(), 100));
            assert_eq!(attachment.view().len(), 100);
            attachment.detach().unwrap();
        }
    }
    assert_eq!(segment.stat().unwrap().attached, 0);
}

#[test]
fn a_leaked_attachment_stays_attached() {
    let segment = private(100);
    let view = segment.attach().unwrap().leak();
    assert_eq!(segment.stat().unwrap().attached, 1);
    view.write_all_at(0, b"for ever").unwrap();
    let id = segment.id();
    drop(segment);
    assert!(view.slice(..8).unwrap().eq_bytes(b"for ever"));
    // Only the end of this process destroys it.
    if shm::attaches_after_removal().unwrap() {
        let stat = Segment::from_id(id).stat().unwrap();
        assert!(stat.flags.marked_for_removal());
    }
}

#[test]
fn builders_are_values() {
    let options = SegmentOptions::new().size(1);
    let new = options.mode(Mode::ALL_READ_WRITE);
    let segment = new.private().unwrap().remove_on_drop();
    assert_eq!(segment.stat().unwrap().mode, Mode::ALL_READ_WRITE);
    let attach = AttachOptions::new().round(true);
    segment.attach_with(&attach).unwrap();
    let permissions = Permissions::new().mode(Mode::OWNER_READ);
    segment.set_permissions(&permissions).unwrap();
    assert_eq!(options, SegmentOptions::new().size(1));
}
