//! Attachments that foreign code makes or detaches.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used)]

mod common;

use std::ptr::NonNull;

use common::private;
use shm::{Attachment, Cause, OwnedSegment, ReadOnly, ReadWrite};

/// As a C program attaches.
fn foreign(segment: &OwnedSegment, flags: i32) -> NonNull<u8> {
    // SAFETY: where the system has room.
    let base = unsafe { libc::shmat(segment.id().as_raw(), std::ptr::null(), flags) };
    assert_ne!(base.addr(), usize::MAX);
    NonNull::new(base.cast()).unwrap()
}

#[test]
fn what_foreign_code_attached_is_read_written_and_detached() {
    let segment = private(10_000);
    let base = foreign(&segment, 0);
    // SAFETY: attached just now, for reading and writing, and told to nobody.
    let writer = unsafe { Attachment::<ReadWrite>::from_raw(segment.id(), base) }.unwrap();
    let base = foreign(&segment, shm_sys::SHM_RDONLY);
    // SAFETY: likewise, for reading.
    let reader = unsafe { Attachment::<ReadOnly>::from_raw(segment.id(), base) }.unwrap();
    assert_eq!(reader.as_ptr(), base.as_ptr().cast_const());
    assert_eq!(reader.stat_when_attached().attached, 2);
    assert!((10_000..10_000 + shm::page_size()).contains(&reader.len()));
    writer.view().write_all_at(9_995, b"seen").unwrap();
    let seen = reader.view().slice(9_995..9_999).unwrap();
    assert!(seen.eq_bytes(b"seen"));
    drop((writer, reader));
    assert_eq!(segment.stat().unwrap().attached, 0);
}

#[test]
fn what_is_given_away_stays_attached_until_it_is_detached_by_address() {
    let segment = private(100);
    let attachment = segment.attach().unwrap();
    let address = attachment.addr();
    let (id, base) = attachment.into_raw();
    assert_eq!((id, base.as_ptr().addr()), (segment.id(), address));
    assert_eq!(segment.stat().unwrap().attached, 1);
    // SAFETY: given away above, and used by nobody.
    assert_eq!(unsafe { libc::shmdt(base.as_ptr().cast()) }, 0);
    assert_eq!(segment.stat().unwrap().attached, 0);
}

#[test]
#[cfg(target_os = "linux")]
fn an_attachment_of_another_segment_is_refused_and_stays() {
    let (segment, other) = (private(4096), private(8192));
    let base = foreign(&segment, 0);
    // SAFETY: the promise about the identifier is broken, which is found out
    // before anything uses the range.
    let error = unsafe { Attachment::<ReadWrite>::from_raw(other.id(), base) }.unwrap_err();
    assert!(
        matches!(error.cause(), Cause::InvalidArgument { .. }),
        "{error}"
    );
    assert_eq!(segment.stat().unwrap().attached, 1);
    // SAFETY: attached above, and used by nobody.
    assert_eq!(unsafe { libc::shmdt(base.as_ptr().cast()) }, 0);
}

#[test]
fn the_page_size_is_the_systems() {
    // SAFETY: asks for a number.
    let asked = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    assert_eq!(usize::try_from(asked), Ok(shm::page_size()));
}

#[test]
fn a_replacing_attach_for_reading_is_for_reading() {
    let (segment, room) = (private(100), private(100).attach().unwrap());
    let options = shm::AttachOptions::new().addr(room.addr());
    // The attachment is replaced and must not detach its successor.
    let (_, base) = room.into_raw();
    // SAFETY: what is replaced is the page that was just given away.
    match unsafe { segment.attach_read_only_replacing(&options, 100) } {
        Ok(reader) => {
            assert_eq!(reader.as_ptr(), base.as_ptr().cast_const());
            let writer = segment.attach().unwrap();
            writer.view().write_all_at(0, b"seen").unwrap();
            assert!(reader.view().slice(..4).unwrap().eq_bytes(b"seen"));
            assert!(!writable(&reader));
        }
        Err(error) => {
            assert!(
                matches!(error.cause(), Cause::Unsupported { .. }),
                "{error}"
            );
            common::skipped(error);
        }
    }
}

/// Whether the kernel may write there.
fn writable(reader: &Attachment<ReadOnly>) -> bool {
    let mut ends = [0; 2];
    // SAFETY: writes two numbers.
    assert_eq!(unsafe { libc::pipe(ends.as_mut_ptr()) }, 0);
    // SAFETY: reads one byte.
    assert_eq!(unsafe { libc::write(ends[1], b"x".as_ptr().cast(), 1) }, 1);
    let target = reader.as_ptr().cast_mut().cast();
    // SAFETY: the kernel writes one byte that the attachment has, or refuses.
    let read = unsafe { libc::read(ends[0], target, 1) };
    for end in ends {
        // SAFETY: opened above.
        unsafe { libc::close(end) };
    }
    read == 1
}
