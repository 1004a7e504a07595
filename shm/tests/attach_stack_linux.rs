//! Nothing may be attached where the main thread's stack would grow into it without a
//! fault. Runs without the harness, whose tests run on other threads.
#![cfg_attr(
    not(all(target_os = "linux", feature = "std")),
    allow(dead_code, unused_imports)
)]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::hint::black_box;
use std::ptr::{NonNull, without_provenance_mut};

use shm::{AttachOptions, Attachment, Cause, OwnedSegment, Result, Segment};

const SIZE: usize = 256 << 10;

#[cfg(all(target_os = "linux", feature = "std"))]
fn main() {
    let segment = Segment::private(SIZE).unwrap().remove_on_drop();
    let page = usize::try_from(shm::limits().unwrap().page_size).unwrap();
    let stack = lower_end_of_stack();
    // A multiple of SHMLBA on every processor; MIPS has the largest.
    let multiple = 256 << 10;
    let highest = (stack - SIZE) / multiple * multiple;
    // As near as possible, one step below, and by rounding.
    for (below, round) in [(0, false), (multiple, false), (page - 1, true)] {
        let Err(error) = attach(&segment, highest - below, round) else {
            deepen(64);
            panic!("attached {below} bytes below the stack, which may be in it by now");
        };
        assert!(matches!(error.cause(), Cause::BadAddress { .. }), "{error}");
        assert!(error.to_string().contains("stack"), "{error}");
    }
    assert_eq!(segment.stat().unwrap().attached, 0);

    below_another_stack(&segment, page);

    // Far from the stack nothing is refused, unless something is mapped.
    match attach(&segment, highest - (64 << 20), false) {
        Ok(attachment) => {
            assert_eq!(deepen(64), 0xa5 * 65);
            assert!(attachment.view().to_vec().iter().all(|byte| *byte == 0));
            println!("nothing is attached in the way of the stack");
        }
        Err(taken) => {
            assert!(!taken.to_string().contains("stack"), "{taken}");
            println!("skipped: {taken}");
        }
    }
}

/// A growing mapping that `/proc/self/maps` does not name.
#[cfg(all(target_os = "linux", feature = "std"))]
fn below_another_stack(segment: &OwnedSegment, page: usize) {
    // qemu shows a program its own addresses in `maps` and the host's in `smaps`, so no
    // mapping's flags are known and the attach is refused, correctly.
    if std::env::var_os("SHM_TEST_RUNNER").is_some() {
        println!("partly: qemu shows the host's addresses in smaps");
        return;
    }
    const ROOM: usize = 64 << 20;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let anonymous = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a new mapping, where the system has room.
    let room = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            ROOM,
            libc::PROT_NONE,
            anonymous,
            -1,
            0,
        )
    };
    assert_ne!(room, libc::MAP_FAILED);
    // SAFETY: the room is ours, and free again from here on.
    assert_eq!(unsafe { libc::munmap(room, ROOM) }, 0);
    let multiple = 256 << 10;
    let top = (room.addr() + ROOM) / multiple * multiple;
    for grows in [true, false] {
        let growth = if grows { libc::MAP_GROWSDOWN } else { 0 };
        let flags = anonymous | growth | libc::MAP_FIXED_NOREPLACE;
        let stack = top - multiple;
        let hint = without_provenance_mut(stack);
        // SAFETY: where nothing is mapped.
        let made = unsafe { libc::mmap(hint, multiple, rights, flags, -1, 0) };
        assert_eq!(made.addr(), stack);
        // In the room that the stack needs, nearest and farthest, and below.
        let gap = 256 * page;
        for (below, refused) in [(0, grows), (gap - multiple, grows), (gap, false)] {
            let attached = attach(segment, stack - below - SIZE, false);
            let near = attached
                .as_ref()
                .is_err_and(|error| error.to_string().contains("stack"));
            assert_eq!(near, refused, "{below} bytes below: {attached:?}");
        }
        // SAFETY: made above, and used by nobody.
        assert_eq!(unsafe { libc::munmap(made, multiple) }, 0);
    }
    assert_eq!(segment.stat().unwrap().attached, 0);
}

#[cfg(not(all(target_os = "linux", feature = "std")))]
fn main() {}

fn attach(segment: &OwnedSegment, address: usize, round: bool) -> Result<Attachment> {
    let address = NonNull::new(without_provenance_mut(address)).unwrap();
    segment.attach_with(&AttachOptions::new().address(address).round(round))
}

fn lower_end_of_stack() -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let line = maps.lines().find(|line| line.ends_with("[stack]")).unwrap();
    let (start, _) = line.split_once('-').unwrap();
    usize::from_str_radix(start, 16).unwrap()
}

/// Uses a few KiB of stack per level.
#[inline(never)]
fn deepen(levels: usize) -> usize {
    let room = black_box([0xa5_u8; 4096]);
    let below = if levels == 0 { 0 } else { deepen(levels - 1) };
    below + usize::from(*black_box(&room).get(levels).unwrap_or(&0))
}
