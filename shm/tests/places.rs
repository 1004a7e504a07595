//! Typed places: fields, arrays, alignment, atomics, and the bytes behind them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::mem::offset_of;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};

use common::{attached, private};
use shm::bytemuck::{AnyBitPattern, Zeroable};
use shm::{
    AccessError, ArrayPlace, Field, LoadOrdering, OwnedPlace, Place, ReadOnly, ReadWrite, field,
};

#[repr(C)]
struct Owner {
    pid: i32,
    start: u64,
}

#[repr(C)]
struct Header {
    magic: [u8; 5],
    state: AtomicU32,
    count: u64,
    ratio: f64,
    owner: Owner,
    slots: [Owner; 3],
    pair: (u8, u16),
}

#[repr(C, packed)]
struct Packed {
    tag: u8,
    count: u32,
    inner: Inner,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Inner {
    a: u16,
    b: u16,
}

/// Ordinary C padding behind `small`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
struct Padded {
    small: u8,
    large: u32,
}

// SAFETY: zeros are a value of both fields.
unsafe impl Zeroable for Padded {}
// SAFETY: any bytes are a value of both fields.
unsafe impl AnyBitPattern for Padded {}

#[test]
fn a_field_is_at_its_offset_and_nothing_else_changes() {
    let (_segment, attachment) = attached(4096);
    let view = attachment.view();
    view.fill(0xee);
    let header: Place<Header> = view.at(64).unwrap();
    header
        .field(field!(Header, count))
        .set(0x0102_0304_0506_0708);
    header.field(field!(Header, ratio)).set(-0.5);
    header.field(field!(Header, magic)).set(*b"magic");
    header.field(field!(Header, owner.pid)).set(-7);
    header.field(field!(Header, pair.1)).set(513);

    let mut model = [0xee; 4096];
    let mut put = |offset: usize, bytes: &[u8]| {
        model[64 + offset..][..bytes.len()].copy_from_slice(bytes);
    };
    put(
        offset_of!(Header, count),
        &0x0102_0304_0506_0708_u64.to_ne_bytes(),
    );
    put(offset_of!(Header, ratio), &(-0.5_f64).to_ne_bytes());
    put(offset_of!(Header, magic), b"magic");
    put(offset_of!(Header, owner.pid), &(-7_i32).to_ne_bytes());
    put(offset_of!(Header, pair.1), &513_u16.to_ne_bytes());
    assert!(view.eq_bytes(&model));

    let reader: Place<Header, ReadOnly> = header.read_only();
    assert_eq!(reader.field(field!(Header, ratio)).get(), -0.5);
    assert_eq!(reader.field(field!(Header, magic)).get(), *b"magic");
    let owner = reader.field(field!(Header, owner));
    assert_eq!(owner.field(field!(Owner, pid)).get(), -7);
    assert_eq!(owner.view().len(), size_of::<Owner>());
    assert_eq!(
        owner.as_ptr().addr() - view.as_ptr().addr(),
        64 + offset_of!(Header, owner)
    );
}

#[test]
fn size_and_alignment_are_checked_once() {
    let (_segment, attachment) = attached(4096);
    let view = attachment.view();
    let size = size_of::<Header>();
    assert!(view.at::<Header>(4096 - size).is_ok());
    assert_eq!(
        view.at::<Header>(4096 - size + 8).unwrap_err(),
        AccessError::OutOfBounds {
            offset: 4096 - size + 8,
            len: size,
            size: 4096
        }
    );
    let align = align_of::<Header>();
    assert_eq!(
        view.at::<Header>(4).map(|_| ()).err(),
        (align > 4).then_some(AccessError::Misaligned { offset: 4, align })
    );
    assert_eq!(
        view.at::<u16>(1).unwrap_err(),
        AccessError::Misaligned {
            offset: 1,
            align: 2
        }
    );
    assert!(view.at::<Header>(usize::MAX - 7).is_err());
    // The address counts, not the offset.
    let odd = view.slice(3..).unwrap();
    assert!(odd.at::<u32>(1).is_ok() && odd.at::<u32>(4).is_err());
    assert!(view.at::<Packed>(1).is_ok());
    assert!(view.at::<()>(4096).is_ok() && view.at::<()>(4097).is_err());
}

#[test]
fn values_of_every_size_go_in_and_out() {
    fn round_trip<const N: usize>(view: shm::View<'_>)
    where
        [u8; N]: shm::bytemuck::AnyBitPattern + shm::bytemuck::NoUninit,
    {
        let value: [u8; N] = std::array::from_fn(|index| index as u8 ^ 0x5a);
        for offset in [0, 1, 7, 64] {
            view.fill(0xee);
            view.at::<[u8; N]>(offset).unwrap().set(value);
            assert_eq!(view.at::<[u8; N]>(offset).unwrap().get(), value);
            assert_eq!(view.read::<[u8; N]>(offset), Ok(value), "{N} at {offset}");
            let rest = view.to_vec();
            let untouched = rest[..offset].iter().chain(&rest[offset + N..]);
            assert!(untouched.copied().all(|byte| byte == 0xee));
        }
    }
    let (_segment, attachment) = attached(256);
    let view = attachment.view();
    round_trip::<0>(view);
    round_trip::<1>(view);
    round_trip::<2>(view);
    round_trip::<3>(view);
    round_trip::<4>(view);
    round_trip::<5>(view);
    round_trip::<8>(view);
    round_trip::<9>(view);
    round_trip::<16>(view);
    round_trip::<33>(view);
    round_trip::<100>(view);
}

#[test]
fn fields_of_packed_structures_are_copied() {
    let (_segment, attachment) = attached(64);
    let packed = attachment.view().at::<Packed>(0).unwrap();
    let count: Place<u32, ReadWrite, false> = packed.field(field!(Packed, count));
    count.set(0x0403_0201_u32.to_le());
    assert_eq!(count.get(), 0x0403_0201_u32.to_le());
    // A field of a field that may be unaligned may be too.
    let inner: Place<Inner, ReadWrite, false> = packed.field(field!(Packed, inner));
    let b: Place<u16, ReadWrite, false> = inner.field(field!(Inner, b));
    b.set(0x0b0a_u16.to_le());
    packed.field(field!(Packed, tag)).set(9);
    let bytes = attachment.view().to_vec();
    assert_eq!(bytes[..10], [9, 1, 2, 3, 4, 0, 0, 0x0a, 0x0b, 0]);
    assert_eq!(b.view().as_ptr().addr() - attachment.as_ptr().addr(), 7);
    // A byte is aligned anywhere.
    let tag: Place<u8> = packed.field(field!(Packed, tag));
    tag.atomic().store(1, Ordering::Relaxed);
}

#[test]
fn no_offset_of_a_field_leaves_its_structure() {
    type Of<F, const ALIGNED: bool = true> = Field<Header, F, ALIGNED>;
    let count = |offset| Of::<u64>::new(offset, |header| &raw const header.count).is_some();
    let size = size_of::<Header>();
    assert!(count(offset_of!(Header, count)) && count(size - 8));
    assert!(!count(size - 7) && !count(size) && !count(usize::MAX) && !count(usize::MAX - 6));
    assert!(!count(offset_of!(Header, count) + 1), "it is not aligned");
    let unaligned = Of::<u64, false>::new(3, |header| &raw const header.count);
    assert_eq!(unaligned.unwrap().offset(), 3);
    // A type with a larger alignment than the structure.
    assert!(Field::<[u8; 16], u32>::new(4, |_| std::ptr::null()).is_none());
    assert!(Field::<[u8; 16], u32, false>::new(4, |_| std::ptr::null()).is_some());
    assert!(Field::<[u8; 3], u32, false>::new(0, |_| std::ptr::null()).is_none());
}

#[test]
fn atomics_of_a_structure_are_the_standard_ones() {
    let (segment, attachment) = attached(4096);
    let header = attachment.view().at::<Header>(0).unwrap();
    let state: &AtomicU32 = header.field(field!(Header, state)).atomic();
    assert_eq!(state.fetch_add(3, Ordering::Relaxed), 0);
    let reader = segment.attach_read_only().unwrap();
    let state = reader.view().at::<Header>(0).unwrap();
    for ordering in [
        LoadOrdering::Relaxed,
        LoadOrdering::Acquire,
        LoadOrdering::SeqCst,
    ] {
        assert_eq!(state.field(field!(Header, state)).load(ordering), 3);
    }
    let half: &AtomicU16 = attachment.view().at::<u16>(100).unwrap().atomic();
    half.store(0xffff, Ordering::Release);
    let half = attachment.view().at::<AtomicU16>(100).unwrap();
    assert_eq!(half.load(LoadOrdering::Acquire), 0xffff);
    #[cfg(target_has_atomic = "64")]
    {
        use std::sync::atomic::AtomicI64;
        let signed: &AtomicI64 = attachment.view().at::<AtomicI64>(104).unwrap().atomic();
        signed.store(-1, Ordering::SeqCst);
        assert_eq!(attachment.view().read(104), Ok(-1_i64));
    }
}

#[test]
fn arrays_are_places_side_by_side() {
    let (_segment, attachment) = attached(4096);
    let view = attachment.view();
    let owners: ArrayPlace<Owner> = view.array(16, 10).unwrap();
    assert_eq!((owners.len(), owners.is_empty()), (10, false));
    for (index, owner) in owners.iter().enumerate() {
        owner.field(field!(Owner, start)).set(index as u64);
    }
    let at = |index: usize| 16 + index * size_of::<Owner>() + offset_of!(Owner, start);
    assert_eq!(view.read::<u64>(at(9)), Ok(9));
    assert_eq!(owners.get(9).unwrap().field(field!(Owner, start)).get(), 9);
    assert!(owners.get(10).is_none() && owners.get(usize::MAX).is_none());
    let mut places = owners.read_only().iter();
    let start = |place: Place<Owner, ReadOnly>| place.field(field!(Owner, start)).get();
    assert_eq!(places.next().map(start), Some(0));
    assert_eq!(places.next_back().map(start), Some(9));
    assert_eq!(places.len(), 8);
    let rest: Vec<_> = places.rev().map(start).collect();
    assert_eq!(rest, [8, 7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(owners.view().len(), 10 * size_of::<Owner>());

    assert!(view.array::<Owner>(0, 4096 / size_of::<Owner>()).is_ok());
    assert!(
        view.array::<Owner>(0, 4096 / size_of::<Owner>() + 1)
            .is_err()
    );
    assert!(view.array::<Owner>(0, usize::MAX).is_err());
    assert!(view.array::<u16>(2, usize::MAX / 2 + 2).is_err());
    assert!(view.array::<u32>(2, 1).is_err());
    assert_eq!(view.array::<u32>(4096, 0).unwrap().iter().count(), 0);

    let header = view.at::<Header>(0).unwrap();
    let slots = header.field(field!(Header, slots)).elements();
    slots.get(2).unwrap().field(field!(Owner, pid)).set(5);
    let second = offset_of!(Header, slots) + 2 * size_of::<Owner>();
    assert_eq!(view.read::<i32>(second), Ok(5));
}

#[test]
fn arrays_are_copied_whole_also_with_padding() {
    let (_segment, attachment) = attached(4096);
    let view = attachment.view();
    let numbers = view.array::<u16>(2, 5).unwrap();
    numbers.write_slice(0, &[1, 2, 3, 4, 5]).unwrap();
    assert_eq!(numbers.to_vec(), [1, 2, 3, 4, 5]);
    let mut two = [0; 2];
    numbers.read_slice(3, &mut two).unwrap();
    assert_eq!(two, [4, 5]);
    assert!(numbers.read_slice(4, &mut two).is_err());
    assert!(numbers.write_slice(4, &two).is_err());
    assert!(numbers.write_slice(usize::MAX, &two).is_err());
    assert_eq!(numbers.read_slice(5, &mut []), Ok(()));

    view.fill(0xff);
    let padded = view.at::<[Padded; 3]>(64).unwrap();
    for (index, place) in padded.elements().iter().enumerate() {
        place.field(field!(Padded, small)).set(index as u8);
        place.field(field!(Padded, large)).set(index as u32 + 10);
    }
    let expected = [0, 1, 2].map(|index| Padded {
        small: index as u8,
        large: index + 10,
    });
    assert_eq!(padded.get_array(), expected);
    assert_eq!(padded.elements().to_vec(), expected);
    assert_eq!(padded.elements().get(1).unwrap().get(), expected[1]);
    // `[u16; 33]` has no implementation of its own in bytemuck without const
    // generics.
    let many: [u16; 33] = std::array::from_fn(|index| index as u16);
    view.at::<[u16; 33]>(0).unwrap().set(many);
    assert_eq!(view.read::<[u16; 33]>(0), Ok(many));
}

#[test]
fn an_owned_place_keeps_its_attachment() {
    fn is_free<T: Send + Sync + 'static>(value: T) -> T {
        value
    }
    let segment = private(4096);
    let counter: OwnedPlace<AtomicU32> = is_free(segment.attach().unwrap().into_place(64).unwrap());
    let counter = Arc::new(counter);
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let counter = Arc::clone(&counter);
            std::thread::spawn(move || {
                for _ in 0..1000 {
                    counter.place().atomic().fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    threads
        .into_iter()
        .for_each(|thread| thread.join().unwrap());
    assert_eq!(counter.place().load(LoadOrdering::Acquire), 2000);
    assert_eq!(counter.attachment().view().read(64), Ok(2000_u32));
    assert_eq!(segment.stat().unwrap().attached, 1);
    let attachment = Arc::into_inner(counter).unwrap().into_attachment();
    assert_eq!(segment.stat().unwrap().attached, 1);
    let refused = attachment.into_place::<u64>(4092).unwrap_err();
    assert!(matches!(
        refused.error(),
        AccessError::OutOfBounds { offset: 4092, .. }
    ));
    assert_eq!(refused.to_string(), refused.error().to_string());
    drop(refused.into_attachment());
    assert_eq!(segment.stat().unwrap().attached, 0);
}

#[test]
fn debug_output_of_a_place_shows_no_contents() {
    let (_segment, attachment) = attached(100);
    attachment.view().fill(b'S');
    let place = attachment.view().at::<[u8; 4]>(0).unwrap();
    let shown = format!("{place:?} {:?}", place.elements());
    assert!(
        shown.contains("[u8; 4]") && !shown.contains("83"),
        "{shown}"
    );
}

#[cfg(all(feature = "zerocopy", feature = "derive"))]
mod zerocopy {
    use super::*;
    use shm::zerocopy::{FromBytes, Immutable, IntoBytes};

    // The path that users of the re-export write.
    #[derive(FromBytes, Debug, PartialEq, Clone, Copy)]
    #[zerocopy(crate = "shm::zerocopy")]
    #[repr(C)]
    struct Gap {
        small: u8,
        large: u64,
    }

    #[derive(FromBytes, IntoBytes, Immutable, Debug, PartialEq)]
    #[zerocopy(crate = "shm::zerocopy")]
    #[repr(C)]
    struct Point {
        x: f32,
        y: f32,
    }

    #[test]
    fn what_zerocopy_vouches_for_goes_in_and_out() {
        let (_segment, attachment) = attached(4096);
        let view = attachment.view();
        view.fill(0xff);
        let large = offset_of!(Gap, large);
        for index in 0..3 {
            view.write(64 + index * size_of::<Gap>(), &(index as u8))
                .unwrap();
            view.write(64 + index * size_of::<Gap>() + large, &(index as u64))
                .unwrap();
        }
        let gap = |index: u8| Gap {
            small: index,
            large: u64::from(index),
        };
        let expected = [gap(0), gap(1), gap(2)];
        assert_eq!(view.read_zc::<[Gap; 3]>(64), Ok(expected));
        assert_eq!(view.at::<[Gap; 3]>(64).unwrap().get_zc(), expected);
        assert_eq!(view.array::<Gap>(64, 3).unwrap().to_vec_zc(), expected);
        let mut gaps = [gap(9); 2];
        view.read_slice_zc(64, &mut gaps).unwrap();
        assert_eq!(gaps, expected[..2]);
        assert!(view.read_slice_zc(4090, &mut gaps).is_err());
        assert!(view.read_zc::<Gap>(4090).is_err());

        let point = |x| Point { x, y: -x };
        view.write_zc(3, &point(1.5)).unwrap();
        assert_eq!(view.read_zc::<Point>(3), Ok(point(1.5)));
        view.at::<[Point; 4]>(512)
            .unwrap()
            .set_zc([1.0, 2.0, 3.0, 4.0].map(point));
        let points = view.array::<Point>(512, 4).unwrap();
        points.write_slice_zc(3, &[point(8.0)]).unwrap();
        assert!(points.write_slice_zc(4, &[point(8.0)]).is_err());
        assert_eq!(points.to_vec_zc(), [1.0, 2.0, 3.0, 8.0].map(point));
        view.write_slice_zc(511, &[point(0.5)]).unwrap();
        assert_eq!(view.read::<f32>(511), Ok(0.5));
        assert!(view.write_zc(4089, &point(1.0)).is_err());
    }
}
