//! From creation to removal, on the real kernel.
#![cfg(feature = "std")]

mod common;

use std::ptr::NonNull;

use common::{ODD_SIZE, attached, private, skipped};
use shm::{AttachOptions, Cause, Key, Mode, Opened, Permissions, Segment, SegmentOptions, Support};

#[test]
fn a_new_segment_has_what_was_asked_for() {
    let key = Key::random();
    let mode = Mode::OWNER_READ_WRITE | Mode::GROUP_READ;
    let segment = SegmentOptions::new()
        .size(ODD_SIZE)
        .mode(mode)
        .create_new(true)
        .open(key);
    let segment = segment.unwrap().remove_on_drop();
    let stat = segment.stat().unwrap();
    assert_eq!(stat.id, segment.id());
    assert_eq!(stat.key, key);
    // FreeBSD 13 and later round up to pages.
    assert!(
        (ODD_SIZE as u64..ODD_SIZE as u64 + 65536).contains(&stat.size),
        "{}",
        stat.size
    );
    assert_eq!(stat.mode, mode);
    assert!(!stat.flags.marked_for_removal() && !stat.flags.locked());
    // SAFETY: takes nothing.
    let uid = unsafe { libc::geteuid() };
    // SAFETY: takes nothing.
    let gid = unsafe { libc::getegid() };
    assert_eq!((stat.owner_uid, stat.creator_uid), (uid, uid));
    assert_eq!((stat.owner_gid, stat.creator_gid), (gid, gid));
    assert_eq!(stat.creator_pid, std::process::id() as i32);
    assert_eq!((stat.last_pid, stat.attached), (0, 0));
    assert_eq!((stat.attach_time, stat.detach_time), (None, None));
    let age = stat
        .change_time
        .unwrap()
        .to_system_time()
        .unwrap()
        .elapsed();
    assert!(age.unwrap_or_default().as_secs() < 3600);
}

#[test]
fn an_attachment_has_the_size_asked_for_and_is_counted() {
    let (segment, attachment) = attached(ODD_SIZE);
    assert_eq!(attachment.len(), ODD_SIZE);
    assert_eq!(attachment.stat_when_attached().attached, 1);
    let stat = segment.stat().unwrap();
    assert_eq!(
        (stat.attached, stat.last_pid),
        (1, std::process::id() as i32)
    );
    assert!(stat.attach_time.is_some());
    let second = segment.attach_read_only().unwrap();
    assert_eq!(segment.stat().unwrap().attached, 2);
    attachment.detach().unwrap();
    drop(second);
    let stat = segment.stat().unwrap();
    assert_eq!(stat.attached, 0);
    assert!(stat.detach_time.is_some());
}

#[test]
fn what_one_attachment_writes_another_reads() {
    let (segment, writer) = attached(ODD_SIZE);
    let reader = Segment::open_id(segment.id())
        .unwrap()
        .attach_read_only()
        .unwrap();
    assert_ne!(reader.as_ptr(), writer.as_ptr());
    writer.view().write_all_at(ODD_SIZE - 6, b"across").unwrap();
    assert!(
        reader
            .view()
            .slice(ODD_SIZE - 6..ODD_SIZE)
            .unwrap()
            .eq_bytes(b"across")
    );
}

#[test]
fn open_owned_tells_one_creator_among_many() {
    for _ in 0..20 {
        let key = Key::random();
        let options = SegmentOptions::new().size(100).open_or_create(true);
        let opened: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| options.open_owned(key).unwrap()))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        let id = opened[0].id();
        assert!(opened.iter().all(|opened| opened.id() == id));
        let (created, existing): (Vec<_>, Vec<_>) =
            opened.into_iter().partition(Opened::is_created);
        assert_eq!(created.len(), 1);
        drop(existing);
        assert_eq!(Segment::open(key).unwrap().id(), id);
        drop(created);
        assert_eq!(Segment::find(key).unwrap(), None);
    }
}

#[test]
fn open_owned_survives_removals_between_its_two_calls() {
    let key = Key::random();
    let options = SegmentOptions::new().size(100).open_or_create(true);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..500 {
                    let segment = options.open_owned(key).unwrap().keep();
                    // The other thread may have been faster.
                    let _ = segment.remove();
                }
            });
        }
    });
    assert!(matches!(
        Segment::open(key).unwrap_err().cause(),
        Cause::NotFound
    ));
}

#[test]
fn open_attached_gives_handle_and_attachment() {
    let key = Key::random();
    let options = SegmentOptions::new().size(ODD_SIZE).open_or_create(true);
    let (first, attachment) = options.open_attached(key).unwrap();
    assert!(first.is_created());
    assert_eq!((attachment.id(), attachment.len()), (first.id(), ODD_SIZE));
    let (second, attachment) = options.open_attached_read_only(key).unwrap();
    assert!(!second.is_created());
    assert_eq!(attachment.stat_when_attached().attached, 2);
    drop(second);
    assert_eq!(Segment::open(key).unwrap().id(), first.id());
}

#[test]
fn the_private_key_makes_a_new_segment_each_time_and_opens_none() {
    let one = Segment::open_or_create(Key::PRIVATE, 10)
        .unwrap()
        .remove_on_drop();
    let other = Segment::open_or_create(Key::PRIVATE, 10)
        .unwrap()
        .remove_on_drop();
    assert_ne!(one.id(), other.id());
    for error in [
        Segment::open(Key::PRIVATE).unwrap_err(),
        SegmentOptions::new().open_owned(Key::PRIVATE).unwrap_err(),
    ] {
        assert!(
            matches!(error.cause(), Cause::InvalidArgument { .. }),
            "{error}"
        );
        assert!(error.to_string().contains("Segment::private"), "{error}");
    }
}

#[test]
fn permissions_change_field_by_field() {
    let segment = private(100);
    let before = segment.stat().unwrap();
    let mode = Mode::OWNER_READ_WRITE | Mode::OTHER_READ;
    segment
        .set_permissions(&Permissions::new().mode(mode))
        .unwrap();
    let after = segment.stat().unwrap();
    assert_eq!(after.mode, mode);
    assert_eq!(
        (after.owner_uid, after.owner_gid),
        (before.owner_uid, before.owner_gid)
    );
    if before.owner_uid != 0 {
        return skipped("only the superuser gives segments away");
    }
    segment
        .set_permissions(&Permissions::new().owner(65534))
        .unwrap();
    segment
        .set_permissions(&Permissions::new().group(65533))
        .unwrap();
    let after = segment.stat().unwrap();
    assert_eq!(
        (after.owner_uid, after.owner_gid, after.mode),
        (65534, 65533, mode)
    );
    assert_eq!(
        (after.creator_uid, after.creator_gid),
        (before.creator_uid, before.creator_gid)
    );
}

#[test]
fn a_removed_segment_lives_until_the_last_detach() {
    let (segment, attachment) = attached(100);
    attachment.view().write_all_at(0, b"still here").unwrap();
    let id = segment.id();
    segment.keep().remove().unwrap();
    assert!(
        attachment
            .view()
            .slice(..10)
            .unwrap()
            .eq_bytes(b"still here")
    );
    let late = Segment::open_id(id).and_then(|segment| segment.attach());
    match shm::attaches_after_removal().unwrap() {
        true => {
            let stat = Segment::open_id(id).unwrap().stat().unwrap();
            assert!(stat.flags.marked_for_removal());
            assert_eq!(stat.key, Key::PRIVATE);
            assert!(
                late.unwrap()
                    .view()
                    .slice(..10)
                    .unwrap()
                    .eq_bytes(b"still here")
            );
        }
        false => {
            assert!(matches!(late.unwrap_err().cause(), Cause::Gone));
        }
    }
    drop(attachment);
    assert!(matches!(
        Segment::open_id(id).unwrap_err().cause(),
        Cause::Gone
    ));
}

#[test]
fn the_key_of_a_removed_segment_is_free_at_once() {
    let key = Key::random();
    let old = Segment::create_new(key, 100).unwrap();
    let attachment = old.attach().unwrap();
    old.remove().unwrap();
    let new = Segment::create_new(key, 200).unwrap().remove_on_drop();
    assert_ne!(new.id(), attachment.id());
}

#[test]
fn a_lock_shows_and_goes_where_the_system_has_it() {
    let segment = private(100);
    let locked = segment.lock();
    if cfg!(any(target_os = "linux", target_os = "netbsd")) {
        match locked {
            Ok(()) if cfg!(target_os = "linux") => {
                assert!(segment.stat().unwrap().flags.locked());
                segment.unlock().unwrap();
                assert!(!segment.stat().unwrap().flags.locked());
            }
            Ok(()) => segment.unlock().unwrap(),
            Err(error) => skipped(error),
        }
    } else {
        assert!(matches!(
            locked.unwrap_err().cause(),
            Cause::Unsupported { .. }
        ));
    }
}

#[test]
fn an_address_is_taken_refused_or_rounded_but_never_replaced() {
    let (segment, attachment) = attached(100);
    let address = NonNull::new(attachment.as_mut_ptr()).unwrap();
    let at = |address| segment.attach_with(&AttachOptions::new().address(address));
    // Occupied by this test: existing mappings stay.
    attachment.view().write(0, &7_u8).unwrap();
    let error = at(address).unwrap_err();
    assert!(matches!(error.cause(), Cause::BadAddress { .. }), "{error}");
    assert_eq!(attachment.view().read::<u8>(0).unwrap(), 7);
    attachment.detach().unwrap();

    let odd = NonNull::new(address.as_ptr().map_addr(|address| address + 1)).unwrap();
    let error = at(odd).unwrap_err();
    assert!(matches!(error.cause(), Cause::BadAddress { .. }), "{error}");

    // Another thread of the tests may have taken the address by now.
    let rounded = segment.attach_with(&AttachOptions::new().address(odd).round(true));
    match rounded {
        Ok(rounded) => assert_eq!(rounded.as_ptr(), address.as_ptr().cast_const()),
        Err(error) => assert!(matches!(error.cause(), Cause::BadAddress { .. }), "{error}"),
    }
}

#[test]
fn addresses_that_would_round_to_null_are_refused() {
    let segment = private(100);
    let low = NonNull::new(std::ptr::without_provenance_mut::<u8>(100)).unwrap();
    for round in [false, true] {
        let options = AttachOptions::new().address(low).round(round);
        for error in [
            segment.attach_with(&options).unwrap_err(),
            segment.attach_read_only_with(&options).unwrap_err(),
        ] {
            assert!(
                matches!(
                    error.cause(),
                    Cause::BadAddress { .. } | Cause::Unsupported { .. }
                ),
                "{error}"
            );
        }
    }
    assert_eq!(segment.stat().unwrap().attached, 0);
}

#[test]
fn replacing_puts_the_segment_where_another_was() {
    let (segment, attachment) = attached(100);
    let other = private(100);
    let address = NonNull::new(attachment.as_mut_ptr()).unwrap();
    let options = AttachOptions::new().address(address);
    // The attachment is replaced and must not detach its successor.
    std::mem::forget(attachment);
    // SAFETY: what is replaced is the page of the forgotten attachment.
    match unsafe { other.attach_replacing(&options, 100) } {
        Ok(replacing) => {
            assert_eq!(replacing.as_ptr(), address.as_ptr().cast_const());
            assert_eq!(
                (
                    segment.stat().unwrap().attached,
                    other.stat().unwrap().attached
                ),
                (0, 1)
            );
        }
        Err(error) => {
            assert!(
                matches!(error.cause(), Cause::Unsupported { .. }),
                "{error}"
            );
            skipped(error);
        }
    }
}

#[test]
fn replacing_more_than_was_promised_is_refused() {
    // The identifier may have been reused for a larger segment.
    let (_segment, attachment) = attached(100);
    attachment.view().write(0, &7_u8).unwrap();
    let larger = private(64 << 10);
    let address = NonNull::new(attachment.as_mut_ptr()).unwrap();
    let options = AttachOptions::new().address(address);
    // SAFETY: nothing is replaced, since 64 KiB are more than the page promised.
    match unsafe { larger.attach_replacing(&options, 100) }.unwrap_err() {
        error if matches!(error.cause(), Cause::Unsupported { .. }) => skipped(error),
        error => {
            let cause = error.cause();
            assert!(
                matches!(cause, Cause::SizeMismatch { requested: 100, .. }),
                "{error}"
            );
        }
    }
    assert_eq!(attachment.view().read::<u8>(0).unwrap(), 7);
    assert_eq!(larger.stat().unwrap().attached, 0);
}

#[test]
fn what_only_linux_has_is_refused_elsewhere() {
    let mode = Mode::from_bits(0o700).unwrap();
    let segment = SegmentOptions::new()
        .size(100)
        .mode(mode)
        .private()
        .unwrap()
        .remove_on_drop();
    let executable = segment.attach_with(&AttachOptions::new().execute(true));
    let unreserved = SegmentOptions::new().size(100).no_reserve(true).private();
    if cfg!(target_os = "linux") {
        drop(executable.unwrap());
        unreserved.unwrap().remove().unwrap();
    } else {
        for error in [executable.unwrap_err(), unreserved.unwrap_err()] {
            assert!(
                matches!(error.cause(), Cause::Unsupported { .. }),
                "{error}"
            );
        }
    }
}

#[test]
fn keys_from_a_path_differ_by_project_and_follow_the_file() {
    let path = std::env::current_exe().unwrap();
    let key = Key::from_path(&path, b'A').unwrap();
    assert_eq!(key, Key::from_path(&path, b'A').unwrap());
    assert_ne!(key, Key::from_path(&path, b'B').unwrap());
    assert!(!key.is_private());
    let zero = Key::from_path(&path, 0).unwrap();
    assert_eq!(zero.as_raw(), key.as_raw() & 0xff_ffff);
    // The top byte is the project number, on every system.
    assert_eq!((key.as_raw() >> 24) & 0xff, 0x41);
    let error = Key::from_path("/nowhere/at all", 1).unwrap_err();
    assert!(error.to_string().contains("\"/nowhere/at all\""), "{error}");
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    let error = Key::from_path("a\0b", 1).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}

#[test]
fn support_is_found_out_by_trying() {
    // Every other test here would have failed too.
    assert_eq!(shm::is_supported(), Support::Works);
}
