//! Reused identifiers: Linux lets a privileged process choose the next one, so another
//! segment can get the identifier of a destroyed one.
#![cfg(all(target_os = "linux", feature = "std"))]
#![allow(clippy::unwrap_used)]

mod children;
mod common;

use children::{exit, fork};
use common::in_own_namespace;
use shm::{Cause, Key, OwnedSegment, Permissions, Segment, SegmentId};

const NEXT_ID: &str = "/proc/sys/kernel/shm_next_id";
const SIZE: usize = 4096;

/// Lets another process create a segment with the same key, size and identifier, which
/// must be free. `false` if this user may not choose identifiers.
fn strangers_segment(id: SegmentId, key: Key, size: usize) -> bool {
    if std::fs::write(NEXT_ID, id.to_string()).is_err() {
        common::skipped(format_args!("{NEXT_ID} may not be written"));
        return false;
    }
    let Some(child) = fork() else {
        exit(Segment::create_new(key, size).is_ok_and(|segment| segment.id() == id));
    };
    assert!(child.ends_well(), "the identifier could not be chosen");
    true
}

/// What is done to a handle of a destroyed segment.
type Deed = fn(OwnedSegment) -> Option<shm::Error>;

const DEEDS: [(&str, Deed); 4] = [
    ("drop", |segment| {
        drop(segment);
        None
    }),
    ("remove of the owned one", |segment| segment.remove().err()),
    ("remove of the handle", |segment| {
        segment.keep().remove().err()
    }),
    ("change of permissions", |segment| {
        segment.set_permissions(&Permissions::new()).err()
    }),
];

#[test]
fn a_strangers_segment_with_our_identifier_is_left_alone() {
    let name = "a_strangers_segment_with_our_identifier_is_left_alone";
    in_own_namespace(name, || {
        for size in [SIZE, 2 * SIZE] {
            for (what, deed) in DEEDS {
                let key = Key::random();
                let ours = Segment::create_new(key, SIZE).unwrap().remove_on_drop();
                let id = ours.id();
                Segment::from_id(id).remove().unwrap();
                if !strangers_segment(id, key, size) {
                    return;
                }
                if let Some(error) = deed(ours) {
                    assert!(matches!(error.cause(), Cause::Gone), "{what}: {error}");
                } else {
                    assert_eq!(what, "drop");
                }
                let theirs = Segment::open_id(id).expect(what);
                assert_eq!(theirs.stat().unwrap().size, size as u64);
                theirs.remove().unwrap();
            }
        }
    });
}

#[test]
fn what_was_found_is_removed_only_while_it_is_the_same() {
    let name = "what_was_found_is_removed_only_while_it_is_the_same";
    in_own_namespace(name, || {
        let key = Key::random();
        let ours = Segment::create_new(key, SIZE).unwrap();
        let found = Segment::open(key).unwrap().remove_on_drop();
        ours.remove().unwrap();
        if !strangers_segment(found.id(), key, SIZE) {
            return;
        }
        drop(found);
        let theirs = Segment::open(key).unwrap();
        // A handle of a destroyed segment matches nothing that comes later.
        theirs.remove().unwrap();
        let late = theirs.clone().remove_on_drop();
        assert!(strangers_segment(late.id(), key, SIZE));
        let error = late.remove().unwrap_err();
        assert!(matches!(error.cause(), Cause::Gone), "{error}");
        Segment::open(key).unwrap().remove().unwrap();
    });
}
