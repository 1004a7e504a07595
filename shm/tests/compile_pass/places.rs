//! Code similar to the cases of `compile_fail` that compiles: also under
//! `forbid(unsafe_code)`, and with fields of every kind.
#![forbid(unsafe_code)]
#![deny(warnings)]

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use shm::{ArrayPlace, Field, LoadOrdering, Place, ReadOnly, ReadWrite, Segment, field};

#[repr(C)]
struct Inner {
    pid: i32,
}

#[repr(C)]
struct Status {
    state: AtomicU32,
    count: u64,
    total: AtomicU64,
    inner: Inner,
    names: [[u8; 4]; 3],
    pair: (u8, u16),
}

#[repr(C, packed)]
struct Packed {
    tag: u8,
    count: u32,
}

#[repr(C)]
struct Slot<T> {
    sequence: u32,
    value: T,
}

const COUNT: Field<Status, u64> = field!(Status, count);

fn value<T>() -> Field<Slot<T>, T> {
    const {
        match Field::new(std::mem::offset_of!(Slot<T>, value), |slot: &Slot<T>| &raw const slot.value) {
            Some(field) => field,
            None => panic!("a structure contains its fields"),
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let segment = Segment::private(4096)?.remove_on_drop();
    let attachment = segment.attach()?;
    let view = attachment.view();

    let status: Place<Status> = view.at(0)?;
    let count: Place<u64> = status.field(COUNT);
    count.set(7);
    status.field(field!(Status, state)).atomic().store(1, Ordering::Release);
    status.field(field!(Status, total)).atomic().store(1, Ordering::Release);
    status.field(field!(Status, inner.pid)).set(-1);
    status.field(field!(Status, pair.1)).set(2);
    let names: ArrayPlace<[u8; 4]> = status.field(field!(Status, names)).elements();
    names.iter().for_each(|name| name.set(*b"name"));

    let reader = segment.attach_read_only()?.into_place::<Status>(0).map_err(|e| e.error())?;
    let seen: Place<Status, ReadOnly> = reader.place();
    assert_eq!(seen.field(field!(Status, state)).load(LoadOrdering::Acquire), 1);
    assert_eq!(seen.field(COUNT).get(), 7);
    assert_eq!(seen.field(field!(Status, inner)).field(field!(Inner, pid)).get(), -1);

    let packed: Place<Packed> = view.at(101)?;
    let unaligned: Place<u32, ReadWrite, false> = packed.field(field!(Packed, count));
    unaligned.set(3);
    packed.field(field!(Packed, tag)).atomic().store(1, Ordering::Relaxed);

    let slot: Place<Slot<u64>> = view.at(256)?;
    slot.field(value()).set(9);
    slot.field(field!(Slot<u64>, sequence)).set(1);
    Ok(())
}
