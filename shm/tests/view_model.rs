//! Compares views with a vector of bytes: random sequences of operations on a real
//! segment and on a model give the same results and contents, also for absurd offsets and
//! lengths. Nothing ever panics.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::ops::Range;

use common::attached;
use proptest::prelude::*;
use shm::{AccessError, LoadOrdering, StoreOrdering, View};

/// Odd, and enough for every kind of copy.
const SIZE: usize = 9_001;

#[derive(Debug, Clone)]
enum Operation {
    WriteAt(usize, Vec<u8>),
    WriteAllAt(usize, Vec<u8>),
    ReadAt(usize, usize),
    ReadExactAt(usize, usize),
    Fill(Range<usize>, u8),
    CopyTo(Range<usize>, Range<usize>),
    Slice(Range<usize>, Range<usize>),
    SplitAt(usize),
    WriteValue(usize, u64),
    ReadValue(usize),
    WriteSlice(usize, Vec<u32>),
    ReadSlice(usize, usize),
    Store(usize, u32),
    Load(usize),
    Add(usize, u16),
    Cursor(i64, Vec<u8>, usize),
    Equal(Range<usize>, bool),
}

/// Mostly within the segment, often near an end, sometimes far outside.
fn offset() -> impl Strategy<Value = usize> {
    prop_oneof![
        6 => 0..=SIZE,
        2 => 0..=64_usize,
        2 => SIZE - 64..=SIZE + 64,
        1 => usize::MAX - 64..=usize::MAX,
        1 => (isize::MAX as usize) - 8..=(isize::MAX as usize) + 8,
    ]
}

/// Short ones, those around the lengths where the method of copying changes, and too long
/// ones.
fn length() -> impl Strategy<Value = usize> {
    prop_oneof![
        4 => 0..=140_usize,
        2 => 140..=4_200_usize,
        1 => SIZE - 2..=SIZE + 2,
    ]
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    (length(), any::<u8>()).prop_map(|(len, seed)| {
        (0..len)
            .map(|index| seed.wrapping_add((index * 37 + index / 256) as u8))
            .collect()
    })
}

fn range() -> impl Strategy<Value = Range<usize>> {
    (offset(), length()).prop_map(|(start, len)| start..start.saturating_add(len))
}

fn operation() -> impl Strategy<Value = Operation> {
    use Operation::*;
    prop_oneof![
        (offset(), bytes()).prop_map(|(at, bytes)| WriteAt(at, bytes)),
        (offset(), bytes()).prop_map(|(at, bytes)| WriteAllAt(at, bytes)),
        (offset(), length()).prop_map(|(at, len)| ReadAt(at, len)),
        (offset(), length()).prop_map(|(at, len)| ReadExactAt(at, len)),
        (range(), any::<u8>()).prop_map(|(range, byte)| Fill(range, byte)),
        (range(), range()).prop_map(|(from, to)| CopyTo(from, to)),
        (range(), range()).prop_map(|(outer, inner)| Slice(outer, inner)),
        offset().prop_map(SplitAt),
        (offset(), any::<u64>()).prop_map(|(at, value)| WriteValue(at, value)),
        offset().prop_map(ReadValue),
        (offset(), prop::collection::vec(any::<u32>(), 0..70))
            .prop_map(|(at, values)| WriteSlice(at, values)),
        (offset(), 0..70_usize).prop_map(|(at, count)| ReadSlice(at, count)),
        (offset(), any::<u32>()).prop_map(|(at, value)| Store(at, value)),
        offset().prop_map(Load),
        (offset(), any::<u16>()).prop_map(|(at, value)| Add(at, value)),
        (any::<i16>(), bytes(), length()).prop_map(|(seek, bytes, len)| Cursor(
            i64::from(seek),
            bytes,
            len
        )),
        (range(), any::<bool>()).prop_map(|(range, change)| Equal(range, change)),
    ]
}

/// The range of `len` bytes at an offset, if it is within the model.
fn within(at: usize, len: usize) -> Option<Range<usize>> {
    let end = at.checked_add(len)?;
    (end <= SIZE).then_some(at..end)
}

/// The range of a short read or write.
fn clipped(at: usize, len: usize) -> Range<usize> {
    let start = at.min(SIZE);
    start..start + len.min(SIZE - start)
}

/// Whether an access was refused exactly where it must be.
fn check<T>(result: Result<T, AccessError>, fits: bool) -> Option<T> {
    assert_eq!(result.is_ok(), fits, "{:?}", result.err());
    result.ok()
}

/// Applies an operation to both and compares the results.
fn apply(view: View<'_>, model: &mut [u8], operation: Operation) {
    use Operation::*;
    match operation {
        WriteAt(at, bytes) => {
            let range = clipped(at, bytes.len());
            assert_eq!(view.write_at(at, &bytes), range.len());
            let written = &bytes[..range.len()];
            model[range].copy_from_slice(written);
        }
        WriteAllAt(at, bytes) => {
            let range = within(at, bytes.len());
            check(view.write_all_at(at, &bytes), range.is_some());
            if let Some(range) = range {
                model[range].copy_from_slice(&bytes);
            }
        }
        ReadAt(at, len) => {
            let range = clipped(at, len);
            let mut buffer = vec![0xee; len];
            assert_eq!(view.read_at(at, &mut buffer), range.len());
            let (read, rest) = buffer.split_at(range.len());
            assert!(read == &model[range] && rest.iter().all(|byte| *byte == 0xee));
        }
        ReadExactAt(at, len) => {
            let range = within(at, len);
            let mut buffer = vec![0xee; len];
            check(view.read_exact_at(at, &mut buffer), range.is_some());
            match range {
                Some(range) => assert!(buffer == model[range]),
                None => assert!(buffer.iter().all(|byte| *byte == 0xee), "it is untouched"),
            }
        }
        Fill(range, byte) => {
            let fits = range.end <= SIZE;
            if let Some(part) = check(view.slice(range.clone()), fits) {
                part.fill(byte);
                model[range].fill(byte);
            }
        }
        CopyTo(from, to) => {
            if let (Ok(source), Ok(target)) = (view.slice(from.clone()), view.slice(to.clone())) {
                let n = from.len().min(to.len());
                assert_eq!(source.copy_to(target), n);
                model.copy_within(from.start..from.start + n, to.start);
            }
        }
        Slice(outer, inner) => slice_of_slice(view, model, outer, inner),
        SplitAt(middle) => {
            if let Some((left, right)) = check(view.split_at(middle), middle <= SIZE) {
                assert_eq!((left.len(), right.len()), (middle, SIZE - middle));
                assert!(right.eq_bytes(&model[middle..]));
            }
        }
        Equal(range, change) => {
            if let Ok(part) = view.slice(range.clone()) {
                let mut bytes = model[range].to_vec();
                let changes = change && !bytes.is_empty();
                if changes {
                    let middle = bytes.len() / 2;
                    bytes[middle] ^= 1;
                }
                assert_eq!(part.eq_bytes(&bytes), !changes);
            }
        }
        Cursor(seek, bytes, len) => cursor(view, model, seek, &bytes, len),
        typed => apply_typed(view, model, typed),
    }
}

/// [`apply`] for values.
fn apply_typed(view: View<'_>, model: &mut [u8], operation: Operation) {
    use Operation::*;
    match operation {
        WriteValue(at, value) => {
            let range = within(at, 8);
            check(view.write(at, &value), range.is_some());
            if let Some(range) = range {
                model[range].copy_from_slice(&value.to_ne_bytes());
            }
        }
        ReadValue(at) => {
            let range = within(at, 8);
            if let Some(value) = check(view.read::<u64>(at), range.is_some()) {
                assert_eq!(value.to_ne_bytes()[..], model[range.unwrap()]);
            }
        }
        WriteSlice(at, values) => {
            let range = within(at, 4 * values.len());
            check(view.write_slice(at, &values), range.is_some());
            if let Some(range) = range {
                let bytes: Vec<_> = values
                    .iter()
                    .flat_map(|value| value.to_ne_bytes())
                    .collect();
                model[range].copy_from_slice(&bytes);
            }
        }
        ReadSlice(at, count) => {
            let range = within(at, 4 * count);
            let mut values = vec![0_u32; count];
            check(view.read_slice(at, &mut values), range.is_some());
            if let Some(range) = range {
                let bytes: Vec<_> = values
                    .iter()
                    .flat_map(|value| value.to_ne_bytes())
                    .collect();
                assert!(bytes == model[range]);
            }
        }
        Store(at, value) => {
            let range = within(at, 4).filter(|range| range.start % 4 == 0);
            check(
                view.store(at, value, StoreOrdering::Release),
                range.is_some(),
            );
            if let Some(range) = range {
                model[range].copy_from_slice(&value.to_ne_bytes());
            }
        }
        Load(at) => {
            let range = within(at, 4).filter(|range| range.start % 4 == 0);
            let loaded = view.load::<u32>(at, LoadOrdering::Acquire);
            assert_eq!(loaded, view.read_only().load(at, LoadOrdering::SeqCst));
            if let Some(value) = check(loaded, range.is_some()) {
                assert_eq!(value.to_ne_bytes()[..], model[range.unwrap()]);
            }
        }
        Add(at, value) => {
            let range = within(at, 2).filter(|range| range.start % 2 == 0);
            if let Some(atomic) = check(view.atomic::<u16>(at), range.is_some()) {
                let place = &mut model[range.unwrap()];
                let before = atomic.fetch_add(value, std::sync::atomic::Ordering::Relaxed);
                assert_eq!(before.to_ne_bytes()[..], *place);
                place.copy_from_slice(&before.wrapping_add(value).to_ne_bytes());
            }
        }
        other => unreachable!("{other:?} is not about values"),
    }
}

/// A slice of a slice has the same bytes, and its own bounds apply.
fn slice_of_slice(view: View<'_>, model: &[u8], outer: Range<usize>, inner: Range<usize>) {
    let Some(part) = check(view.slice(outer.clone()), outer.end <= SIZE) else {
        return;
    };
    let model = &model[outer];
    match (part.slice(inner.clone()), model.get(inner)) {
        (Ok(part), Some(bytes)) => assert!(part.to_vec() == bytes && part.eq_bytes(bytes)),
        (part, bytes) => assert_eq!(part.is_ok(), bytes.is_some()),
    }
}

/// Seeks by a distance from the end, writes, goes back and reads, as with a cursor of
/// `std` over a slice.
#[cfg(feature = "std")]
fn cursor(view: View<'_>, model: &mut [u8], seek: i64, bytes: &[u8], len: usize) {
    use std::io::{Read, Seek, SeekFrom, Write};

    let mut ours = view.cursor();
    let mut theirs = std::io::Cursor::new(model);
    let sought = ours.seek(SeekFrom::End(seek));
    assert_eq!(sought.ok(), theirs.seek(SeekFrom::End(seek)).ok());
    assert_eq!(ours.write(bytes).unwrap(), theirs.write(bytes).unwrap());
    assert_eq!(ours.position(), theirs.position());
    let back = -(len as i64);
    let sought = ours.seek(SeekFrom::Current(back));
    assert_eq!(sought.ok(), theirs.seek(SeekFrom::Current(back)).ok());
    let (mut read, mut expected) = (vec![0; len], vec![0; len]);
    assert_eq!(
        ours.read(&mut read).unwrap(),
        theirs.read(&mut expected).unwrap()
    );
    assert!(read == expected);
    assert_eq!(ours.stream_position().unwrap(), theirs.position());
}

/// Without `std` there are no cursors.
#[cfg(not(feature = "std"))]
fn cursor(_: View<'_>, _: &mut [u8], _: i64, _: &[u8], _: usize) {}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_view_is_a_vector_of_bytes(operations in prop::collection::vec(operation(), 1..60)) {
        let _deadline = common::deadline();
        let (_segment, attachment) = attached(SIZE);
        let view = attachment.view();
        let mut model = vec![0; SIZE];
        for operation in operations {
            apply(view, &mut model, operation);
        }
        prop_assert!(view.eq_bytes(&model));
        prop_assert!(view.to_vec() == model);
    }

    #[test]
    fn chunks_are_the_view_piece_by_piece(
        range in range(),
        size in prop_oneof![1..200_usize, Just(usize::MAX)],
    ) {
        let _deadline = common::deadline();
        let (_segment, attachment) = attached(SIZE);
        let view = attachment.view();
        let bytes: Vec<_> = (0..SIZE).map(|index| (index * 31 + index / 256) as u8).collect();
        view.write_all_at(0, &bytes).unwrap();
        let Ok(part) = view.slice(range.clone()) else { return Ok(()) };
        let size = std::num::NonZeroUsize::new(size).unwrap();
        let chunks = part.chunks(size);
        let model = bytes[range].chunks(size.get());
        prop_assert_eq!(chunks.len(), model.len());
        prop_assert!(chunks.map(View::to_vec).eq(model.map(<[u8]>::to_vec)));
    }
}
