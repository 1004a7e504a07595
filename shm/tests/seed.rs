//! Mistakes of earlier libraries, as tests.
#![cfg(feature = "std")]

mod common;

use common::private;
use shm::{Cause, Key, Mode, Segment, SegmentOptions};

/// The one test of the Go library that inspired this crate, call for call.
#[test]
fn sixty_four_kib_private_attach_size_remove_detach() {
    let segment = SegmentOptions::new()
        .size(65_536)
        .mode(Mode::from_bits(0o600).unwrap())
        .private()
        .unwrap()
        .remove_on_drop();
    let attachment = segment.attach().unwrap();
    assert_eq!(segment.stat().unwrap().size, 65_536);
    assert_eq!(attachment.len(), 65_536);
    segment.remove().unwrap();
    attachment.detach().unwrap();
}

/// That library uses 1 for `SHM_LOCK` everywhere, which is `IPC_SET`: it rewrites owner
/// and mode from a null pointer.
#[test]
fn locking_does_not_set_permissions() {
    let segment = private(4096);
    let before = segment.stat().unwrap();
    if let Err(error) = segment.lock() {
        assert!(
            matches!(
                error.cause(),
                Cause::Unsupported { .. } | Cause::NotOwner { .. } | Cause::LockLimit
            ),
            "{error}"
        );
    }
    let after = segment.stat().unwrap();
    assert_eq!(
        (after.mode, after.owner_uid),
        (before.mode, before.owner_uid)
    );
}

/// That library passes sizes through 32 bits.
#[cfg(target_pointer_width = "64")]
#[test]
fn sizes_beyond_two_and_four_gib_reach_the_kernel_uncut() {
    for size in [3 << 30, 5 << 30] {
        let options = SegmentOptions::new()
            .size(size)
            .no_reserve(cfg!(target_os = "linux"));
        match options.private() {
            Ok(segment) => {
                let segment = segment.remove_on_drop();
                assert_eq!(segment.stat().unwrap().size, size as u64);
                let attachment = segment.attach().unwrap();
                assert_eq!(attachment.len(), size);
                let view = attachment.view();
                view.write(size - 8, &0x0102_0304_0506_0708_u64).unwrap();
                assert_eq!(view.read::<u64>(size - 8).unwrap(), 0x0102_0304_0506_0708);
            }
            // A system with smaller limits still gets the whole number.
            Err(error) => match error.cause() {
                Cause::TooLarge { requested, .. } => assert_eq!(*requested, size as u64),
                _ => common::partly(error),
            },
        }
    }
}

/// That library's detach indexes the first byte of its slice. Here an empty view is
/// valid, and detaching needs no byte.
#[test]
fn nothing_panics_on_an_empty_view() {
    let segment = private(1);
    let attachment = segment.attach().unwrap();
    let empty = attachment.view().slice(1..).unwrap();
    assert!(empty.is_empty() && empty.to_vec().is_empty() && empty.eq_bytes(b""));
    assert_eq!(empty.read_at(0, &mut [0; 4]), 0);
    assert_eq!(empty.write_at(0, &[1]), 0);
    empty.fill(1);
    attachment.detach().unwrap();
}

/// Other libraries use the requested size for the mapping's, so opening with 0 gives an
/// empty mapping.
#[test]
fn opening_without_a_size_attaches_all_of_it() {
    let key = Key::random();
    let segment = Segment::create_new(key, 12_345).unwrap().remove_on_drop();
    let opened = Segment::open(key).unwrap();
    assert!(opened.attach().unwrap().len() >= 12_345);
    let smaller = SegmentOptions::new().size(1).open(key).unwrap();
    assert_eq!(
        smaller.attach().unwrap().len(),
        opened.attach().unwrap().len()
    );
    drop(segment);
}

/// Another library returns the size as the count of attachments.
#[test]
fn the_count_of_attachments_is_no_size() {
    let segment = private(4096);
    let attachments: Vec<_> = (0..3).map(|_| segment.attach().unwrap()).collect();
    assert_eq!(segment.stat().unwrap().attached, 3);
    drop(attachments);
    assert_eq!(segment.stat().unwrap().attached, 0);
}

/// Another library sets unset fields to zero.
#[test]
fn a_change_of_mode_keeps_the_owner() {
    let segment = private(100);
    let owner = segment.stat().unwrap().owner_uid;
    segment
        .set_permissions(&shm::Permissions::new().mode(Mode::ALL_READ_WRITE))
        .unwrap();
    assert_eq!(segment.stat().unwrap().owner_uid, owner);
}

/// Identifier 0 is the first of every Linux namespace.
#[cfg(target_os = "linux")]
#[test]
fn identifier_zero_is_a_segment_like_any_other() {
    common::in_own_namespace("identifier_zero_is_a_segment_like_any_other", || {
        let segment = private(100);
        assert_eq!(segment.id().as_raw(), 0);
        let attachment = Segment::open_id(segment.id()).unwrap().attach().unwrap();
        attachment.view().write(0, &1_u8).unwrap();
        assert_eq!(segment.stat().unwrap().attached, 1);
    });
}
