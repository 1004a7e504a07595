//! Other IPC namespaces on Linux: their contents, and changes in them.
#![cfg(all(target_os = "linux", feature = "std"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;
mod isolated;

use std::io::ErrorKind;

use isolated::Child;
use shm::{Cause, Coverage, Key, Limit, Mode, Namespace, Permissions, SegmentId, StatFlags};

/// The key of the segment that `inhabitant` creates.
const KEY: i32 = 0x5eed_0002;

/// A child in its own namespace, with an attached segment.
fn inhabitant() -> (Child, Namespace) {
    let child = Child::fork(|| isolated::settle(KEY, 10_001, 0o640));
    let namespace = || Namespace::of_process(child.0).unwrap();
    common::until("the child has settled", || {
        let namespace = namespace();
        let ready = || namespace.scan_processes().unwrap().attachments.len() == 1;
        !namespace.is_own() && ready()
    });
    let namespace = namespace();
    (child, namespace)
}

#[test]
fn linux_namespaces_are_found_with_their_processes() {
    isolated::run("linux_namespaces_are_found_with_their_processes", || {
        let (child, theirs) = inhabitant();
        let found = shm::namespaces().unwrap();
        let ours = found
            .list
            .iter()
            .find(|namespace| namespace.is_own())
            .unwrap();
        assert_eq!(ours.inode(), Namespace::own().inode());
        assert!(ours.processes().contains(&(std::process::id() as i32)));
        let inodes: Vec<_> = found.list.iter().filter_map(Namespace::inode).collect();
        assert!(inodes.is_sorted_by(|a, b| a < b), "{inodes:?}");
        let listed = found
            .list
            .iter()
            .find(|one| one.inode() == theirs.inode())
            .unwrap();
        assert_eq!(listed.processes(), [child.0]);
    });
}

#[test]
fn linux_segments_of_another_namespace_are_listed_there_and_not_here() {
    isolated::run(
        "linux_segments_of_another_namespace_are_listed_there_and_not_here",
        || {
            let (child, theirs) = inhabitant();
            let ours = common::private(77);
            let listed = theirs.segments().unwrap();
            let [stat] = &listed[..] else {
                panic!("{listed:?}")
            };
            assert_eq!(
                (stat.id, stat.key),
                (SegmentId::from_raw(0), Key::from_raw(KEY))
            );
            assert_eq!(
                (stat.size, stat.mode.bits(), stat.creator_pid),
                (10_001, 0o640, child.0)
            );
            let with_memory = theirs.segments_with_memory().unwrap();
            assert!(with_memory[0].memory.is_some());
            assert_eq!(theirs.usage().unwrap().segments, 1);
            let found = theirs.attached_processes(stat).unwrap();
            assert_eq!(
                (found.attachments[0].pid, found.coverage),
                (child.0, Coverage::Complete)
            );
            // This thread has not moved.
            let here = shm::segments().unwrap();
            assert_eq!((here.len(), here[0].id, here[0].size), (1, ours.id(), 77));
        },
    );
}

#[test]
fn linux_limits_are_those_of_the_namespace_entered() {
    isolated::run("linux_limits_are_those_of_the_namespace_entered", || {
        let (_child, theirs) = inhabitant();
        if let Err(error) = std::fs::write("/proc/sys/kernel/shmmni", "123") {
            return common::skipped(format_args!("shmmni cannot be written: {error}"));
        }
        assert_eq!(
            Namespace::own().limits().unwrap().max_segments,
            Limit::AtMost(123)
        );
        assert_eq!(theirs.limits().unwrap().max_segments, Limit::AtMost(4096));
    });
}

#[test]
fn linux_changes_are_made_in_the_namespace_of_the_record() {
    isolated::run(
        "linux_changes_are_made_in_the_namespace_of_the_record",
        || {
            let (_child, theirs) = inhabitant();
            let ours = common::private(77);
            let look = || theirs.segments().unwrap()[0].clone();
            let stat = look();
            assert_eq!(stat.id, ours.id());

            let permissions = Permissions::new().mode(Mode::OWNER_READ);
            theirs.set_permissions(&stat, &permissions).unwrap();
            let stat = look();
            assert_eq!(stat.mode, Mode::OWNER_READ);
            match theirs.lock(&stat) {
                Ok(()) => {
                    assert!(look().flags.locked());
                    theirs.unlock(&stat).unwrap();
                }
                Err(error) => common::partly(error),
            }
            assert!(!look().flags.locked());
            theirs.remove(&stat).unwrap();
            assert_eq!(look().flags, StatFlags::MARKED_FOR_REMOVAL);
            let here = ours.stat().unwrap();
            assert_eq!(
                (here.mode, here.flags),
                (Mode::OWNER_READ_WRITE, StatFlags::LIVE)
            );
        },
    );
}

#[test]
fn linux_segment_that_is_not_the_listed_one_is_left_alone() {
    isolated::run(
        "linux_segment_that_is_not_the_listed_one_is_left_alone",
        || {
            let namespace = Namespace::own();
            let segment = common::private(77);
            let mut listed = namespace.segments().unwrap()[0].clone();
            listed.size = 78;
            for result in [
                namespace.remove(&listed),
                namespace.lock(&listed),
                namespace.unlock(&listed),
                namespace.set_permissions(&listed, &Permissions::new().mode(Mode::NONE)),
            ] {
                let error = result.unwrap_err();
                assert!(matches!(error.cause(), Cause::Replaced), "{error}");
            }
            assert_eq!(segment.stat().unwrap().mode, Mode::OWNER_READ_WRITE);
            listed.id = SegmentId::from_raw(i32::MAX);
            let error = namespace.remove(&listed).unwrap_err();
            assert!(matches!(error.cause(), Cause::Gone), "{error}");
        },
    );
}

#[test]
fn linux_own_segment_with_no_rights_at_all_is_removed_by_its_record() {
    isolated::run(
        "linux_own_segment_with_no_rights_at_all_is_removed_by_its_record",
        || {
            let removed = common::as_nobody(|| {
                let options = shm::SegmentOptions::new();
                let segment = options.size(100).mode(Mode::NONE).private().unwrap();
                let listed = shm::segments().unwrap()[0].clone();
                assert!(segment.stat().is_err(), "its owner may not read it");
                Namespace::own().remove(&listed)
            });
            if let Some(result) = removed {
                result.unwrap();
                assert!(shm::segments().unwrap().is_empty());
            }
        },
    );
}

#[test]
fn linux_namespace_that_may_not_be_entered_says_so() {
    isolated::run("linux_namespace_that_may_not_be_entered_says_so", || {
        let (_child, theirs) = inhabitant();
        let Some(result) = common::as_nobody(move || theirs.segments()) else {
            return;
        };
        let error = result.unwrap_err();
        assert!(matches!(error.cause(), Cause::NamespaceDenied), "{error}");
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        assert!(
            error
                .to_string()
                .starts_with("cannot look into IPC namespace "),
            "{error}"
        );
        assert!(error.to_string().contains("CAP_SYS_ADMIN"), "{error}");
    });
}

#[test]
fn linux_namespace_whose_processes_have_ended_is_gone() {
    isolated::run("linux_namespace_whose_processes_have_ended_is_gone", || {
        let (child, theirs) = inhabitant();
        drop(child);
        let error = theirs.segments().unwrap_err();
        assert!(matches!(error.cause(), Cause::NamespaceGone), "{error}");
        let error = Namespace::of_process(i32::MAX).unwrap_err();
        assert!(matches!(error.cause(), Cause::NamespaceGone), "{error}");
    });
}

#[test]
fn linux_processes_that_may_not_be_inspected_are_counted() {
    let name = "linux_processes_that_may_not_be_inspected_are_counted";
    isolated::run(name, || {
        let (child, _theirs) = inhabitant();
        let pid = child.0;
        let Some((found, refused)) = common::as_nobody(move || {
            let found = shm::namespaces().unwrap();
            (found, Namespace::of_process(pid).unwrap_err())
        }) else {
            return;
        };
        // At least the child and this process, of another user.
        assert!(found.unreadable >= 2, "{found:?}");
        let cause = refused.cause();
        assert!(matches!(cause, Cause::NamespaceDenied), "{refused}");
    });
}
