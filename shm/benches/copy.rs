//! Copies into and out of a segment through a view, against the C library's
//! `memcpy` on the same memory.
//!
//! `copy_in` writes to the segment, `copy_out` reads from it. In the unaligned
//! rows the source begins one byte behind a page's start and the target three.

mod harness;

use std::error::Error;
use std::hint::black_box;

use harness::{Harness, Size};
use shm::{AccessError, Segment, View};

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
        // Every page is there before the first copy.
        view.fill(1);
        let mut memory = PageAligned::new(size + SLACK);
        copy_in(&mut harness, "copy_in", view, 0, memory.part(0, size))?;
        copy_out(&mut harness, "copy_out", view, 0, memory.part(0, size))?;
        let name = "copy_in_unaligned";
        copy_in(&mut harness, name, view, 3, memory.part(1, size))?;
        let name = "copy_out_unaligned";
        copy_out(&mut harness, name, view, 1, memory.part(3, size))?;
    }
    harness.finish();
    Ok(())
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
