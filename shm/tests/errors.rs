//! Provokes every distinguished cause on the real kernel.

#![cfg(feature = "std")]

mod common;

use std::io::ErrorKind;

use common::private;
use shm::{Cause, Key, Segment, SegmentId, SegmentOptions};

/// The message for users, and the kind for programs.
fn check(error: &shm::Error, kind: ErrorKind, words: &[&str]) {
    let sentence = error.to_string();
    assert_eq!(error.kind(), kind, "{sentence}");
    for word in words {
        assert!(sentence.contains(word), "{word:?} is not in: {sentence}");
    }
    let converted: std::io::Error = error.clone().into();
    assert_eq!((converted.kind(), converted.to_string()), (kind, sentence));
}

#[test]
fn an_absent_key_is_not_found() {
    let key = Key::random();
    let error = Segment::open(key).unwrap_err();
    assert_eq!(error.cause(), &Cause::NotFound);
    assert_eq!(error.raw_os_error(), Some(libc::ENOENT));
    check(
        &error,
        ErrorKind::NotFound,
        &["cannot open", &key.to_string()],
    );
}

#[test]
fn exclusive_creation_of_an_existing_key_already_exists() {
    let key = Key::random();
    let _segment = Segment::create_new(key, 100).unwrap().remove_on_drop();
    let error = Segment::create_new(key, 100).unwrap_err();
    assert_eq!(error.cause(), &Cause::AlreadyExists);
    check(
        &error,
        ErrorKind::AlreadyExists,
        &["cannot create", "already exists"],
    );
}

#[test]
fn more_than_the_existing_segment_has_is_a_size_mismatch() {
    let key = Key::random();
    let segment = Segment::create_new(key, 5000).unwrap().remove_on_drop();
    let actual = segment.stat().unwrap().size;
    let requested = 1_000_000;
    for error in [
        SegmentOptions::new()
            .size(requested as usize)
            .open(key)
            .unwrap_err(),
        SegmentOptions::new()
            .size(requested as usize)
            .open_or_create(true)
            .open(key)
            .unwrap_err(),
        SegmentOptions::new()
            .size(requested as usize)
            .open_or_create(true)
            .open_owned(key)
            .unwrap_err(),
    ] {
        assert_eq!(error.cause(), &Cause::SizeMismatch { requested, actual });
        check(
            &error,
            ErrorKind::InvalidInput,
            &[&actual.to_string(), "1000000"],
        );
    }
}

#[test]
fn no_bytes_are_too_few() {
    for error in [
        Segment::private(0).unwrap_err(),
        Segment::create_new(Key::random(), 0).unwrap_err(),
    ] {
        assert!(
            matches!(
                error.cause(),
                Cause::TooSmall {
                    requested: 0,
                    min: 1..
                }
            ),
            "{error}"
        );
        check(
            &error,
            ErrorKind::InvalidInput,
            &["cannot create", "0 bytes are below"],
        );
    }
}

#[test]
fn an_identifier_of_nothing_is_gone() {
    let segment = private(100).keep();
    segment.remove().unwrap();
    for error in [
        segment.stat().unwrap_err(),
        segment.attach().unwrap_err(),
        segment.attach_read_only().unwrap_err(),
        segment.remove().unwrap_err(),
        segment
            .set_permissions(&shm::Permissions::new())
            .unwrap_err(),
        Segment::open_id(SegmentId::from_raw(-1)).unwrap_err(),
    ] {
        assert_eq!(error.cause(), &Cause::Gone, "{error}");
        check(&error, ErrorKind::NotFound, &["segment", "namespace"]);
    }
}

#[test]
fn more_than_can_be_addressed_says_so() {
    let error = Segment::private(usize::MAX).unwrap_err();
    let size = usize::MAX as u64;
    assert_eq!(error.cause(), &Cause::NotAddressable { size }, "{error}");
}

/// Linux has no such limit.
#[cfg(not(target_os = "linux"))]
#[test]
fn one_attachment_too_many_names_the_limit() {
    let segment = private(1);
    let max = shm::limits().unwrap().max_attachments;
    let mut attachments = Vec::new();
    let error = loop {
        match segment.attach_read_only() {
            Ok(attachment) => attachments.push(attachment),
            Err(error) => break error,
        }
    };
    assert_eq!(error.cause(), &Cause::AttachmentLimit { max });
    check(&error, ErrorKind::QuotaExceeded, &["shmseg"]);
}

#[cfg(target_os = "linux")]
mod linux {
    use shm::{HugePages, Limit, Mode, Support};

    use super::*;
    use crate::common::{as_nobody, in_own_namespace, set_limit, skipped};

    #[test]
    fn a_size_over_shmmax_names_it() {
        in_own_namespace("linux::a_size_over_shmmax_names_it", || {
            set_limit("shmmax", 1 << 20);
            let error = Segment::private((1 << 20) + 1).unwrap_err();
            assert_eq!(
                error.cause(),
                &Cause::TooLarge {
                    requested: (1 << 20) + 1,
                    max: 1 << 20
                }
            );
            check(
                &error,
                ErrorKind::InvalidInput,
                &["1048577", "1048576", "kernel.shmmax"],
            );
            drop(private(1 << 20));
        });
    }

    #[test]
    fn a_full_table_names_shmmni() {
        in_own_namespace("linux::a_full_table_names_shmmni", || {
            set_limit("shmmni", 3);
            let held: Vec<_> = (0..3).map(|_| private(100)).collect();
            let error = Segment::private(100).unwrap_err();
            let max = Limit::AtMost(3);
            assert_eq!(error.cause(), &Cause::SegmentLimit { in_use: 3, max });
            check(
                &error,
                ErrorKind::QuotaExceeded,
                &["3 of at most 3", "kernel.shmmni"],
            );
            drop(held);
        });
    }

    #[test]
    fn too_many_pages_together_name_shmall() {
        in_own_namespace("linux::too_many_pages_together_name_shmall", || {
            let page_size = shm::limits().unwrap().page_size;
            set_limit("shmall", 10);
            let _held = private(8 * page_size as usize);
            let error = Segment::private(3 * page_size as usize).unwrap_err();
            let expected = Cause::TotalLimit {
                requested: 3,
                in_use: 8,
                max: 10,
                page_size,
            };
            assert_eq!(error.cause(), &expected);
            check(
                &error,
                ErrorKind::QuotaExceeded,
                &["8 of 10", "kernel.shmall"],
            );
        });
    }

    #[test]
    fn a_system_that_refuses_all_segments_is_denied_and_not_missing() {
        in_own_namespace(
            "linux::a_system_that_refuses_all_segments_is_denied_and_not_missing",
            || {
                set_limit("shmmni", 0);
                match shm::is_supported() {
                    Support::Denied(error) => {
                        assert!(matches!(
                            error.cause(),
                            Cause::SegmentLimit { in_use: 0, .. }
                        ));
                    }
                    other => panic!("{other:?}"),
                }
            },
        );
    }

    #[test]
    fn a_stranger_is_denied_and_told_the_owner() {
        let key = Key::random();
        let segment = Segment::create_new(key, 100).unwrap().remove_on_drop();
        let handle = Segment::from_id(segment.id());
        let Some(errors) = as_nobody(move || {
            [
                handle.attach().unwrap_err(),
                handle.attach_read_only().unwrap_err(),
                handle.stat().unwrap_err(),
                SegmentOptions::new()
                    .size(100)
                    .open_or_create(true)
                    .open(key)
                    .unwrap_err(),
            ]
        }) else {
            return;
        };
        for error in errors {
            assert!(
                matches!(
                    error.cause(),
                    Cause::PermissionDenied {
                        holder: Some(_),
                        you: 65534
                    }
                ),
                "{error}"
            );
            let words = [
                "permission denied",
                "owner uid 0, mode 0600; you are uid 65534",
            ];
            check(&error, ErrorKind::PermissionDenied, &words);
        }
    }

    #[test]
    fn a_stranger_may_open_what_it_may_not_attach() {
        let segment = private(100);
        let id = segment.id();
        let found = as_nobody(move || Segment::open_id(id).map(|found| found.id()));
        assert!(found.is_none_or(|found| found == Ok(id)));
    }

    #[test]
    fn only_owner_and_creator_remove_and_change() {
        let mode = Mode::ALL_READ_WRITE;
        let segment = SegmentOptions::new()
            .size(100)
            .mode(mode)
            .private()
            .unwrap()
            .remove_on_drop();
        let handle = Segment::from_id(segment.id());
        let Some(errors) = as_nobody(move || {
            [
                handle.remove().unwrap_err(),
                handle
                    .set_permissions(&shm::Permissions::new().mode(mode))
                    .unwrap_err(),
                handle.lock().unwrap_err(),
                handle.unlock().unwrap_err(),
            ]
        }) else {
            return;
        };
        for error in errors {
            assert!(
                matches!(
                    error.cause(),
                    Cause::NotOwner {
                        holder: Some(_),
                        you: 65534
                    }
                ),
                "{error}"
            );
            check(
                &error,
                ErrorKind::PermissionDenied,
                &["only its owner", "owner uid 0"],
            );
        }
    }

    #[test]
    fn an_owner_without_the_right_to_read_may_still_change_and_remove() {
        as_nobody(|| {
            let options = SegmentOptions::new();
            let segment = options.size(100).mode(Mode::NONE).private().unwrap();
            let segment = segment.remove_on_drop();
            let denied = segment.attach().unwrap_err();
            assert!(
                matches!(denied.cause(), Cause::PermissionDenied { .. }),
                "{denied}"
            );
            let mode = Mode::OWNER_READ_WRITE;
            segment
                .set_permissions(&shm::Permissions::new().mode(mode))
                .unwrap();
            let stat = segment.stat().unwrap();
            assert_eq!(
                (stat.mode, stat.owner_uid, stat.owner_gid),
                (mode, 65534, 65534)
            );
            segment
                .set_permissions(&shm::Permissions::new().mode(Mode::NONE))
                .unwrap();
            segment.remove().unwrap();
        });
    }

    #[test]
    fn an_owner_that_is_none_is_not_taken_for_a_missing_segment() {
        let segment = private(100);
        let error = segment
            .set_permissions(&shm::Permissions::new().owner(u32::MAX))
            .unwrap_err();
        check(&error, ErrorKind::InvalidInput, &["owner or group"]);
    }

    #[test]
    fn locking_over_the_limit_says_which() {
        let result = as_nobody(|| {
            let options = SegmentOptions::new();
            let segment = options
                .size(1 << 30)
                .no_reserve(true)
                .private()
                .unwrap()
                .remove_on_drop();
            segment
                .lock()
                .map(|()| segment.stat().unwrap().flags.locked())
        });
        match result {
            None => {}
            Some(Ok(locked)) => {
                assert!(locked);
                skipped("RLIMIT_MEMLOCK is over a GiB here");
            }
            Some(Err(error)) => {
                assert_eq!(error.cause(), &Cause::LockLimit);
                check(&error, ErrorKind::OutOfMemory, &["RLIMIT_MEMLOCK"]);
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn addresses_outside_the_address_space_are_bad_and_no_lack_of_memory() {
        use std::ptr::{NonNull, without_provenance_mut};

        let segment = private(4096);
        for address in [0x7fff_ffff_f000, 0x8000_0000_0000, 1 << 62, !0xfff_usize] {
            let address = NonNull::new(without_provenance_mut(address)).unwrap();
            let options = shm::AttachOptions::new().address(address);
            let Err(error) = segment.attach_with(&options) else {
                // A processor with five levels of page tables.
                continue;
            };
            assert!(matches!(error.cause(), Cause::BadAddress { .. }), "{error}");
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
        }
        assert_eq!(segment.stat().unwrap().attached, 0);
    }

    #[test]
    fn absent_huge_pages_are_named() {
        // A size without free pages in any pool of this machine.
        let options = SegmentOptions::new()
            .size(1 << (usize::BITS - 2))
            .huge_pages(HugePages::DEFAULT);
        let error = options.private().unwrap_err();
        match error.cause() {
            Cause::NoHugePages => {
                check(
                    &error,
                    ErrorKind::OutOfMemory,
                    &["huge pages", "/sys/kernel/mm/hugepages"],
                );
            }
            Cause::HugePagesDenied => skipped("this user may not use huge pages"),
            other => panic!("{other:?}: {error}"),
        }
    }

    #[test]
    fn a_page_size_that_the_machine_lacks_is_told_from_a_lack_of_pages() {
        let Ok(sizes) = std::fs::read_dir("/sys/kernel/mm/hugepages") else {
            return skipped("this kernel has no huge pages");
        };
        // Named hugepages-2048kB.
        let sizes: Vec<_> = sizes
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let absent = (12..40).filter_map(HugePages::from_log2).find(|pages| {
            let kib = u64::from(*pages) / 1024;
            !sizes.contains(&format!("hugepages-{kib}kB"))
        });
        let options = SegmentOptions::new().size(1 << 21);
        let error = options.huge_pages(absent.unwrap()).private().unwrap_err();
        assert_eq!(error.cause(), &Cause::NoSuchPageSize, "{error}");
        assert_eq!(error.raw_os_error(), Some(libc::EINVAL));
        check(
            &error,
            ErrorKind::InvalidInput,
            &["no huge pages of that size"],
        );
    }

    #[test]
    fn huge_pages_need_a_right_of_their_own() {
        let result = as_nobody(|| {
            SegmentOptions::new()
                .size(1 << 21)
                .huge_pages(HugePages::DEFAULT)
                .private()
                .map(Segment::remove_on_drop)
        });
        match result {
            None => {}
            Some(Ok(_)) => skipped("this kernel gives huge pages to everybody"),
            Some(Err(error)) => {
                assert_eq!(error.cause(), &Cause::HugePagesDenied, "{error}");
                check(
                    &error,
                    ErrorKind::PermissionDenied,
                    &["vm.hugetlb_shm_group"],
                );
            }
        }
    }
}
