//! Copies into and out of a segment through a view, compared with the C library's
//! `memcpy` on private memory.
//!
//! `copy_in` writes to the segment, `copy_out` reads from it. In the unaligned rows the
//! source begins one byte after a page's start and the target three.
//!
//! The `place` rows access an array of structures in the segment, field by field,
//! compared with the same array in private memory: `place_get` reads a `u64` against
//! `read_volatile`, `place_set` writes one against `write_volatile`, and `place_atomic`
//! stores through the atomic against the same store of a private `AtomicU64`. They
//! compile to the same instructions. `place_sum` adds up the fields: a loop that the
//! compiler unrolls four times with `read_volatile`, and not with assembly in it.

mod harness;

use std::error::Error;
use std::hint::black_box;
use std::mem::offset_of;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use harness::{Harness, Size};
use shm::{AccessError, ArrayPlace, Segment, View, field};

const SIZES: [usize; 7] = [8, 64, 256, 4 << 10, 64 << 10, 1 << 20, 64 << 20];

/// Room for an unaligned start.
const SLACK: usize = 64;

fn main() -> Result<(), Box<dyn Error>> {
    let mut harness = Harness::start();
    for size in SIZES {
        let segment = match Segment::private(size + SLACK) {
            Ok(segment) => segment.remove_on_drop(),
            Err(error) => {
                harness.skip("copy", size, error);
                continue;
            }
        };
        let attachment = segment.attach()?;
        let view = attachment.view();
        // Every page exists before the first copy.
        view.fill(1);
        let mut memory = PageAligned::new(size + SLACK);
        copy_in(&mut harness, "copy_in", view, 0, memory.part(0, size))?;
        copy_out(&mut harness, "copy_out", view, 0, memory.part(0, size))?;
        let name = "copy_in_unaligned";
        copy_in(&mut harness, name, view, 3, memory.part(1, size))?;
        let name = "copy_out_unaligned";
        copy_out(&mut harness, name, view, 1, memory.part(3, size))?;
    }
    places(&mut harness)?;
    harness.finish();
    Ok(())
}

/// A structure of one cache line.
#[repr(C)]
struct Record {
    state: u32,
    count: u64,
    total: AtomicU64,
    /// The rest of the cache line.
    rest: [u64; 5],
}

/// As many as fit into the nearest cache.
const RECORDS: usize = 256;

/// Measures the fields of structures in a segment and in private memory.
fn places(harness: &mut Harness) -> Result<(), Box<dyn Error>> {
    let len = RECORDS * size_of::<Record>();
    let segment = Segment::private(len)?.remove_on_drop();
    let attachment = segment.attach()?;
    attachment.view().fill(1);
    let mut memory = PageAligned::new(len);
    let private = NonNull::from(memory.part(0, len)).cast::<Record>();
    let shared: ArrayPlace<'_, Record> = attachment.view().array(0, RECORDS)?;
    let size = Size::Count(RECORDS);
    harness.compare(
        "place_get",
        size,
        move || {
            for record in records(black_box(private)) {
                // SAFETY: the private memory has that many records, which
                // nobody else uses.
                black_box(unsafe { count(record).read_volatile() });
            }
            Ok::<(), AccessError>(())
        },
        move || {
            for record in black_box(shared) {
                black_box(record.field(field!(Record, count)).get());
            }
            Ok::<(), AccessError>(())
        },
    )?;
    harness.compare(
        "place_sum",
        size,
        move || {
            let mut sum = 0_u64;
            for record in records(black_box(private)) {
                // SAFETY: likewise.
                sum = sum.wrapping_add(unsafe { count(record).read_volatile() });
            }
            black_box(sum);
            Ok::<(), AccessError>(())
        },
        move || {
            let mut sum = 0_u64;
            for record in black_box(shared) {
                sum = sum.wrapping_add(record.field(field!(Record, count)).get());
            }
            black_box(sum);
            Ok::<(), AccessError>(())
        },
    )?;
    harness.compare(
        "place_set",
        size,
        move || {
            for record in records(black_box(private)) {
                let value = black_box(7);
                // SAFETY: likewise.
                unsafe { count(record).write_volatile(value) };
            }
            Ok::<(), AccessError>(())
        },
        move || {
            for record in black_box(shared) {
                let value = black_box(7);
                record.field(field!(Record, count)).set(value);
            }
            Ok::<(), AccessError>(())
        },
    )?;
    harness.compare(
        "place_atomic",
        size,
        move || {
            for record in records(black_box(private)) {
                let value = black_box(7);
                // SAFETY: likewise.
                unsafe { &(*record).total }.store(value, Relaxed);
            }
            Ok::<(), AccessError>(())
        },
        move || {
            for record in black_box(shared) {
                let value = black_box(7);
                record
                    .field(field!(Record, total))
                    .atomic()
                    .store(value, Relaxed);
            }
            Ok::<(), AccessError>(())
        },
    )
}

/// Returns the address of a record's field, computed by hand.
fn count(record: *mut Record) -> *mut u64 {
    record.wrapping_byte_add(offset_of!(Record, count)).cast()
}

/// Returns the addresses of the records in private memory. Their number is not a
/// constant, as in a segment.
fn records(first: NonNull<Record>) -> impl Iterator<Item = *mut Record> {
    (0..black_box(RECORDS)).map(move |index| first.as_ptr().wrapping_add(index))
}

/// Measures copies of all the bytes to an offset.
fn copy_in(
    harness: &mut Harness,
    name: &'static str,
    view: View<'_>,
    offset: usize,
    bytes: &[u8],
) -> Result<(), Box<dyn Error>> {
    harness.compare(
        name,
        Size::Bytes(bytes.len()),
        move || {
            let (bytes, offset) = (black_box(bytes), black_box(offset));
            let target = view.as_mut_ptr().wrapping_add(offset);
            // SAFETY: the view has that many bytes behind the offset, and
            // nobody else uses them.
            unsafe { libc::memcpy(target.cast(), bytes.as_ptr().cast(), bytes.len()) };
            Ok::<(), AccessError>(())
        },
        move || view.write_all_at(black_box(offset), black_box(bytes)),
    )
}

/// Measures copies from an offset over the whole buffer.
fn copy_out(
    harness: &mut Harness,
    name: &'static str,
    view: View<'_>,
    offset: usize,
    buffer: &mut [u8],
) -> Result<(), Box<dyn Error>> {
    let (place, len) = (buffer.as_mut_ptr(), buffer.len());
    harness.compare(
        name,
        Size::Bytes(len),
        move || {
            let (place, len, offset) = (black_box(place), black_box(len), black_box(offset));
            let source = view.as_ptr().wrapping_add(offset);
            // SAFETY: the view has that many bytes behind the offset, which
            // nobody changes, and so has the buffer.
            unsafe { libc::memcpy(place.cast(), source.cast(), len) };
            Ok::<(), AccessError>(())
        },
        move || {
            let (place, len) = (black_box(place), black_box(len));
            // SAFETY: the buffer, which only one of the closures uses at once.
            let buffer = unsafe { std::slice::from_raw_parts_mut(place, len) };
            view.read_exact_at(black_box(offset), buffer)
        },
    )
}

/// Private memory from a page's start on, as a segment has it.
struct PageAligned {
    bytes: Vec<u8>,
    start: usize,
}

impl PageAligned {
    const PAGE: usize = 4096;

    fn new(len: usize) -> Self {
        let bytes = vec![1; len + Self::PAGE];
        let start = bytes.as_ptr().align_offset(Self::PAGE);
        Self { bytes, start }
    }

    fn part(&mut self, offset: usize, len: usize) -> &mut [u8] {
        let from = self.start + offset;
        self.bytes.get_mut(from..from + len).unwrap_or_default()
    }
}
