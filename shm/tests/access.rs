//! Access to the bytes: bounds, alignment, values, atomics, cursors.

mod common;

use std::num::NonZeroUsize;
use std::sync::atomic::Ordering;

use common::{attached, deadline, until};
use shm::{AccessError, LoadOrdering, StoreOrdering};

const SIZE: usize = 10_001;

#[test]
fn offsets_beyond_the_end_are_refused_with_their_figures() {
    let (_segment, attachment) = attached(SIZE);
    let view = attachment.view();
    let beyond = |offset, len| AccessError::OutOfBounds {
        offset,
        len,
        size: SIZE,
    };
    assert_eq!(view.read::<u64>(SIZE - 7), Err(beyond(SIZE - 7, 8)));
    assert_eq!(view.write(usize::MAX, &1_u16), Err(beyond(usize::MAX, 2)));
    assert_eq!(
        view.write_all_at(SIZE - 19, &[1; 20]),
        Err(beyond(SIZE - 19, 20))
    );
    assert_eq!(view.read_exact_at(SIZE, &mut [0; 1]), Err(beyond(SIZE, 1)));
    assert_eq!(
        view.load::<u8>(SIZE, LoadOrdering::Relaxed),
        Err(beyond(SIZE, 1))
    );
    assert_eq!(
        view.atomic::<u32>(usize::MAX - 1).unwrap_err(),
        beyond(usize::MAX - 1, 4)
    );
    assert_eq!(view.slice(5..SIZE + 1).unwrap_err(), beyond(5, SIZE - 4));
    assert!(
        view.slice((
            std::ops::Bound::Excluded(usize::MAX),
            std::ops::Bound::Unbounded
        ))
        .is_err()
    );
    assert!(view.slice(..=usize::MAX).is_err());
    #[allow(clippy::reversed_empty_ranges, reason = "that is what is refused")]
    let reversed = view.slice(6..5);
    assert!(reversed.is_err());
    assert!(view.split_at(SIZE + 1).is_err());
    // A refused access did nothing in part.
    assert!(view.to_vec().iter().all(|byte| *byte == 0));
}

#[test]
fn a_view_shows_its_length_and_never_the_bytes() {
    let (segment, attachment) = attached(SIZE);
    attachment.view().write_all_at(0, b"secret").unwrap();
    let shown = format!("{:?} {:?}", attachment.view(), attachment);
    assert_eq!(shown.matches("10001").count(), 2, "{shown}");
    assert!(shown.contains(&format!("{:?}", segment.id())), "{shown}");
    assert!(
        !shown.contains("secret") && !shown.contains("115, 101"),
        "{shown}"
    );
    assert!(!attachment.is_empty() && !attachment.view().is_empty());
    assert!(attachment.view().slice(5..5).unwrap().is_empty());
}

#[test]
fn nothing_and_the_very_end_are_within_bounds() {
    let _deadline = deadline();
    let (_segment, attachment) = attached(SIZE);
    let view = attachment.view();
    assert_eq!(view.read_exact_at(SIZE, &mut []), Ok(()));
    assert_eq!(view.write_all_at(SIZE, &[]), Ok(()));
    assert!(view.read_exact_at(SIZE + 1, &mut []).is_err());
    assert_eq!(view.read::<[u8; 0]>(SIZE), Ok([]));
    let (all, none) = view.split_at(SIZE).unwrap();
    assert_eq!((all.len(), none.len()), (SIZE, 0));
    assert_eq!(none.chunks(NonZeroUsize::MIN).count(), 0);
}

#[test]
fn reads_and_writes_at_the_end_are_short() {
    let (_segment, attachment) = attached(SIZE);
    let view = attachment.view();
    assert_eq!(view.write_at(SIZE - 3, &[7; 10]), 3);
    let mut buffer = [1; 10];
    assert_eq!(view.read_at(SIZE - 3, &mut buffer), 3);
    assert_eq!(buffer, [7, 7, 7, 1, 1, 1, 1, 1, 1, 1]);
    assert_eq!(view.read_at(SIZE, &mut buffer), 0);
    assert_eq!(view.read_at(usize::MAX, &mut buffer), 0);
    assert_eq!(view.write_at(usize::MAX, &buffer), 0);
}

#[test]
fn values_keep_their_bits_at_any_offset() {
    let (_segment, attachment) = attached(SIZE);
    let view = attachment.view();
    for offset in [0, 1, 3, 4097, SIZE - 16] {
        view.write(offset, &-1.5_f64).unwrap();
        assert_eq!(view.read::<f64>(offset).unwrap(), -1.5);
        view.write(offset, &u128::MAX).unwrap();
        assert_eq!(view.read::<[i16; 8]>(offset).unwrap(), [-1; 8]);
    }
    let values: Vec<u32> = (0..500).collect();
    view.write_slice(33, &values).unwrap();
    let mut back = vec![0; 500];
    view.read_slice(33, &mut back).unwrap();
    assert_eq!(back, values);
    assert!(view.write_slice(SIZE - 1999, &values).is_err());
}

#[test]
fn comparing_looks_at_every_byte_and_at_the_length() {
    let (_segment, attachment) = attached(SIZE);
    let view = attachment.view();
    let mut bytes: Vec<u8> = (0..SIZE).map(|i| i as u8).collect();
    view.write_all_at(0, &bytes).unwrap();
    assert!(view.eq_bytes(&bytes));
    assert!(!view.eq_bytes(&bytes[..SIZE - 1]));
    for at in [0, 4095, 4096, SIZE - 1] {
        bytes[at] ^= 1;
        assert!(!view.eq_bytes(&bytes), "a difference at {at}");
        bytes[at] ^= 1;
    }
}

#[test]
fn overlapping_copies_keep_the_old_bytes_both_ways() {
    let (_segment, attachment) = attached(SIZE);
    let view = attachment.view();
    let bytes: Vec<u8> = (0..SIZE).map(|i| (i / 3) as u8).collect();
    for (from, to) in [(0, 1000), (1000, 0), (0, 1), (77, 77)] {
        view.write_all_at(0, &bytes).unwrap();
        let part = view.slice(from..from + 5000).unwrap();
        assert_eq!(part.copy_to(view.slice(to..).unwrap()), 5000);
        assert!(
            view.slice(to..to + 5000)
                .unwrap()
                .eq_bytes(&bytes[from..from + 5000])
        );
    }
    // The shorter length counts.
    assert_eq!(view.copy_to(view.slice(..10).unwrap()), 10);
}

#[test]
fn two_attachments_of_one_segment_overlap_too() {
    let (segment, one) = attached(SIZE);
    let other = segment.attach().unwrap();
    let bytes: Vec<u8> = (0..SIZE).map(|i| i as u8).collect();
    one.view().write_all_at(0, &bytes).unwrap();
    // Different addresses, the same memory: the overlap is in the kernel's pages, not in
    // the pointers, and the result is one of the two orders.
    let copied = one
        .view()
        .slice(..100)
        .unwrap()
        .copy_to(other.view().slice(200..).unwrap());
    assert_eq!(copied, 100);
    assert!(
        other
            .view()
            .slice(200..300)
            .unwrap()
            .eq_bytes(&bytes[..100])
    );
}

#[test]
fn atomics_are_the_standard_ones_and_want_their_alignment() {
    let (segment, attachment) = attached(SIZE);
    let view = attachment.view();
    assert_eq!(
        view.atomic::<u32>(8)
            .unwrap()
            .fetch_add(5, Ordering::Relaxed),
        0
    );
    assert_eq!(view.atomic::<u32>(8).unwrap().load(Ordering::Relaxed), 5);
    assert_eq!(view.atomic::<i8>(1).unwrap().swap(-1, Ordering::SeqCst), 0);
    let misaligned = AccessError::Misaligned {
        offset: 10,
        align: 4,
    };
    assert_eq!(view.atomic::<u32>(10).unwrap_err(), misaligned);
    assert_eq!(
        view.store(10, 1_i32, StoreOrdering::Relaxed),
        Err(misaligned)
    );
    // A view that starts at an odd address has other aligned offsets.
    let odd = view.slice(7..).unwrap();
    odd.store(1, 9_u32, StoreOrdering::Release).unwrap();
    assert_eq!(view.load::<u32>(8, LoadOrdering::SeqCst), Ok(9));
    #[cfg(target_has_atomic = "64")]
    assert_eq!(
        view.atomic::<u64>(16)
            .unwrap()
            .fetch_or(1 << 63, Ordering::AcqRel),
        0
    );

    let reader = segment.attach_read_only().unwrap();
    for ordering in [
        LoadOrdering::Relaxed,
        LoadOrdering::Acquire,
        LoadOrdering::SeqCst,
    ] {
        assert_eq!(reader.view().load::<u32>(8, ordering), Ok(9));
        assert_eq!(view.read_only().load::<i8>(1, ordering), Ok(-1));
    }
    assert!(reader.view().load::<u32>(9, LoadOrdering::Acquire).is_err());
}

#[test]
fn orderings_that_an_operation_cannot_have_are_refused() {
    let (_segment, attachment) = attached(SIZE);
    let view = attachment.view();
    for ordering in [Ordering::Relaxed, Ordering::Acquire, Ordering::SeqCst] {
        assert_eq!(view.load::<u32>(0, ordering), Ok(0));
    }
    for ordering in [Ordering::Release, Ordering::AcqRel] {
        let refused = AccessError::InvalidOrdering {
            operation: "load",
            ordering,
        };
        assert_eq!(view.load::<u32>(0, ordering), Err(refused));
        assert_eq!(view.read_only().load::<u32>(0, ordering), Err(refused));
    }
    for ordering in [Ordering::Acquire, Ordering::AcqRel] {
        let refused = AccessError::InvalidOrdering {
            operation: "store",
            ordering,
        };
        assert_eq!(view.store(0, 1_u32, ordering), Err(refused));
    }
    assert_eq!(view.read::<u32>(0), Ok(0), "what is refused stores nothing");
    for (value, ordering) in [Ordering::Relaxed, Ordering::Release, Ordering::SeqCst]
        .into_iter()
        .enumerate()
    {
        view.store(0, value, ordering).unwrap();
        assert_eq!(view.load(0, LoadOrdering::SeqCst), Ok(value));
    }
    let shown = view.load::<u8>(0, Ordering::AcqRel).unwrap_err();
    assert_eq!(shown.to_string(), "a load cannot have the ordering AcqRel");
}

#[test]
fn atomics_are_a_slice_within_bounds() {
    let (_segment, attachment) = attached(SIZE);
    let view = attachment.view();
    let slots = view.atomics::<u32>(4, 10).unwrap();
    for (index, slot) in slots.iter().enumerate() {
        slot.store(index as u32, Ordering::Relaxed);
    }
    assert_eq!(view.read::<[u32; 3]>(36), Ok([8, 9, 0]));
    assert_eq!(view.atomics::<u32>(0, 0).unwrap().len(), 0);
    assert_eq!(view.atomics::<u8>(SIZE, 0).unwrap().len(), 0);
    assert!(view.atomics::<u32>(0, SIZE / 4 + 1).is_err());
    assert!(view.atomics::<u32>(0, usize::MAX).is_err());
    assert!(view.atomics::<u32>(4, usize::MAX / 4 + 2).is_err());
    assert!(view.atomics::<u16>(1, 1).is_err());
}

#[test]
fn texts_end_with_a_nul_within_the_limit() {
    let (segment, attachment) = attached(SIZE);
    let view = attachment.view();
    view.fill(b'x');
    for len in [0, 1, 254, 255, 256, 257, 600] {
        view.write(7 + len, &0_u8).unwrap();
        view.write(8 + len, &0_u8).unwrap();
        let reader = segment.attach_read_only().unwrap();
        let text = reader.view().read_c_str(7, 1000).unwrap();
        assert_eq!(text.to_bytes(), vec![b'x'; len]);
        assert_eq!(view.read_c_str(7, len + 1).as_ref(), Ok(&text));
        let unterminated = AccessError::Unterminated { offset: 7, len };
        assert_eq!(view.read_c_str(7, len), Err(unterminated));
        view.fill(b'x');
    }
    // The end of the view is a limit too.
    let unterminated = AccessError::Unterminated {
        offset: SIZE - 3,
        len: 3,
    };
    assert_eq!(view.read_c_str(SIZE - 3, usize::MAX), Err(unterminated));
    assert_eq!(
        unterminated.to_string(),
        "no NUL byte within 3 bytes from offset 9998"
    );
    assert!(view.read_c_str(SIZE, 1).is_err());
    assert!(matches!(
        view.read_c_str(SIZE + 1, 1),
        Err(AccessError::OutOfBounds { .. })
    ));
    view.write(SIZE - 1, &0_u8).unwrap();
    assert_eq!(
        view.read_c_str(SIZE - 3, usize::MAX).unwrap().as_c_str(),
        c"xx"
    );
}

#[test]
fn access_may_be_decided_when_the_program_runs() {
    let segment = common::private(SIZE);
    let options = shm::AttachOptions::new();
    let writer = segment.attach_any(&options, true).unwrap();
    let reader = shm::Segment::open_id(segment.id())
        .unwrap()
        .attach_any(&options, false)
        .unwrap();
    assert_eq!((writer.is_writable(), reader.is_writable()), (true, false));
    assert!(reader.writable().is_none());
    writer.writable().unwrap().write(8, &7_u32).unwrap();
    for any in [&writer, &reader] {
        assert_eq!(any.view().read(8), Ok(7_u32));
        assert_eq!((any.len(), any.is_empty()), (SIZE, false));
        assert_eq!(any.id(), segment.id());
        assert_eq!(any.stat_when_attached().size, SIZE as u64);
    }
    assert_eq!(segment.stat().unwrap().attached, 2);
    writer.detach().unwrap();
    drop(reader);
    assert_eq!(segment.stat().unwrap().attached, 0);
    // A view of any access can be made read-only.
    let attachment = segment.attach_read_only().unwrap();
    assert_eq!(attachment.view().read_only().read(8), Ok(7_u32));
}

#[test]
fn a_flag_stored_with_release_publishes_what_was_written_before() {
    let (segment, attachment) = attached(SIZE);
    let reader = segment.attach_read_only().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            attachment.view().write_all_at(64, &[42; 4000]).unwrap();
            attachment
                .view()
                .store(0, 1_u32, StoreOrdering::Release)
                .unwrap();
        });
        until("the flag is set", || {
            reader.view().load::<u32>(0, LoadOrdering::Acquire) == Ok(1)
        });
        assert!(reader.view().slice(64..4064).unwrap().eq_bytes(&[42; 4000]));
    });
}

#[cfg(feature = "std")]
#[test]
fn a_cursor_behaves_as_a_file_of_fixed_size() {
    let _deadline = deadline();
    use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};

    let (_segment, attachment) = attached(20);
    let mut cursor = attachment.view().cursor();
    cursor.write_all(b"0123456789abcdefghij").unwrap();
    assert_eq!(cursor.write(b"more").unwrap(), 0);
    assert_eq!(
        cursor.write_all(b"more").unwrap_err().kind(),
        ErrorKind::WriteZero
    );
    assert_eq!(cursor.seek(SeekFrom::End(-5)).unwrap(), 15);
    let mut rest = String::new();
    cursor.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "fghij");
    assert_eq!(cursor.seek(SeekFrom::Current(-20)).unwrap(), 0);
    assert_eq!(
        cursor.seek(SeekFrom::Current(-1)).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert_eq!(cursor.position(), 0);
    assert_eq!(cursor.seek(SeekFrom::Start(u64::MAX)).unwrap(), u64::MAX);
    assert_eq!(cursor.read(&mut [0; 4]).unwrap(), 0);
    assert_eq!(
        std::io::copy(&mut attachment.view().cursor(), &mut std::io::sink()).unwrap(),
        20
    );
}

#[test]
fn uninitialized_buffers_are_filled_whole() {
    let (_segment, attachment) = attached(100);
    attachment.view().fill(3);
    let mut buffer = Vec::with_capacity(64);
    let room = &mut buffer.spare_capacity_mut()[..64];
    attachment.view().read_to_uninit(36, room).unwrap();
    // SAFETY: all 64 bytes have been written.
    unsafe { buffer.set_len(64) };
    assert_eq!(buffer, [3_u8; 64]);
    let mut untouched = [std::mem::MaybeUninit::new(9_u8); 65];
    assert!(
        attachment
            .view()
            .read_to_uninit(36, &mut untouched)
            .is_err()
    );
}

#[test]
fn slices_are_there_for_whoever_vouches_for_the_silence() {
    let (_segment, mut attachment) = attached(100);
    // SAFETY: nobody else knows the segment.
    let bytes = unsafe { attachment.as_mut_slice() };
    bytes[99] = 5;
    // SAFETY: likewise.
    assert_eq!(unsafe { attachment.as_slice() }[99], 5);
}

#[test]
fn debug_output_shows_no_contents() {
    let (_segment, attachment) = attached(100);
    attachment.view().write_all_at(0, b"secret").unwrap();
    let shown = format!("{:?} {:?}", attachment, attachment.view());
    assert!(
        shown.contains("len: 100") && !shown.contains("secret"),
        "{shown}"
    );
}
