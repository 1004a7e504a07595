use std::ops::{ControlFlow, Range};

use proptest::prelude::*;

use super::*;
use crate::model::segment::Segment;
use crate::source::fake::{Fake, System};
use crate::source::{Contents, Source as _};

fn segment(size: u64, bytes: &[u8], unreported: Range<u64>) -> (Fake, Box<dyn Contents>) {
    let segment = Segment {
        id: 1,
        size,
        ..Segment::default()
    };
    let fake = Fake::new(System {
        segments: [(1, segment)].into(),
        bytes: [(1, bytes.to_vec())].into(),
        unreported: [(1, unreported)].into(),
        ..System::default()
    });
    let contents = fake.open(&segment.identity()).unwrap();
    (fake, contents)
}

/// What a sweep hands out, put together: `None` is unknown.
fn together(scan: &ByteScan, contents: &dyn Contents) -> (Vec<Option<u8>>, Outcome) {
    let start = scan.range.start;
    let mut all: Vec<Option<u8>> = Vec::new();
    let outcome = scan
        .run::<SourceError>(contents, &mut |_| true, &mut |piece| {
            let next = start + all.len() as u64;
            match piece {
                Piece::Bytes {
                    offset,
                    bytes,
                    carried,
                } => {
                    assert_eq!(offset + carried as u64, next);
                    let before = all[all.len() - carried..].iter().copied();
                    let again = bytes[..carried].iter().copied().map(Some);
                    assert!(before.eq(again), "what is carried was handed out before");
                    assert!(carried <= scan.overlap && bytes.len() > carried);
                    all.extend(bytes[carried..].iter().copied().map(Some));
                }
                Piece::Zeros(range) => {
                    assert_eq!(range.start, next);
                    all.extend(range.map(|_| Some(0)));
                }
                Piece::Unknown(range) => {
                    assert_eq!(range.start, next);
                    all.extend(range.map(|_| None));
                }
            }
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
    (all, outcome)
}

proptest! {
    #[test]
    fn every_byte_is_handed_out_once_and_unknown_ones_are_not_made_up(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        size in 300..600u64,
        from in 0..600u64,
        length in 0..600u64,
        unreported in (0..600u64, 0..600u64),
        overlap in 0..20usize,
        read: bool,
    ) {
        let unreported = unreported.0.min(unreported.1)..unreported.0.max(unreported.1);
        let (_fake, contents) = segment(size, &bytes, unreported.clone());
        let scan = ByteScan {
            range: from..from + length,
            unknown: if read { Unknown::Read } else { Unknown::Skip },
            overlap,
        };
        let (all, outcome) = together(&scan, &*contents);
        let range = from..(from + length).min(size);
        let expected: Vec<Option<u8>> = range.clone().map(|at| {
            let byte = bytes.get(at as usize).copied().unwrap_or(0);
            (read || !unreported.contains(&at)).then_some(byte)
        }).collect();
        prop_assert_eq!(all, expected);
        prop_assert_eq!(outcome.end, End::Complete);
        let counted = range.filter(|at| unreported.contains(at)).count() as u64;
        prop_assert_eq!(outcome.unknown, counted);
    }
}

#[test]
fn it_ends_when_called_off_or_when_there_is_enough() {
    let (_fake, contents) = segment(1 << 30, &[1; 1000], 0..0);
    let scan = ByteScan::of(0..1 << 30);
    let mut enough = |_: Piece<'_>| Ok::<_, SourceError>(ControlFlow::Break(()));
    let outcome = scan.run(&*contents, &mut |_| true, &mut enough).unwrap();
    assert_eq!(outcome.end, End::Enough);
    let mut on = |_: Piece<'_>| Ok::<_, SourceError>(ControlFlow::Continue(()));
    let outcome = scan.run(&*contents, &mut |_| false, &mut on).unwrap();
    assert_eq!(outcome.end, End::Cancelled);
}

#[test]
fn a_segment_that_is_marked_for_removal_is_not_kept_alive() {
    let (fake, contents) = segment(1 << 20, &[1; 1 << 20], 0..0);
    fake.change(|system| system.segments.get_mut(&1).unwrap().flags.removed = true);
    let scan = ByteScan::of(0..1 << 20);
    let mut slow = |_: Piece<'_>| {
        std::thread::sleep(CHECK);
        Ok::<_, SourceError>(ControlFlow::Continue(()))
    };
    let outcome = scan.run(&*contents, &mut |_| true, &mut slow).unwrap();
    assert_eq!(outcome.end, End::Released(Release::Removed));
}

#[test]
fn a_look_reads_what_is_unknown_and_says_how_much() {
    let (_fake, contents) = segment(100, b"abcdef", 4..6);
    let mut buffer = [9; 8];
    let window = read_window(&*contents, 2, &mut buffer).unwrap();
    assert_eq!(&buffer, b"cdef\0\0\0\0");
    assert_eq!((window.length, window.unknown), (8, 2));
    let window = read_window(&*contents, 96, &mut buffer).unwrap();
    assert_eq!(window.length, 4);
}
