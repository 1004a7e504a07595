//! A privileged process truncates the memory of segments: the unmapped part does not
//! belong to an attachment.
#![cfg(all(target_os = "linux", feature = "std"))]
#![allow(clippy::unwrap_used)]

mod children;
mod common;

use std::fs::File;

use children::{exit, fork};
use common::{as_nobody, private, skipped};
use shm::{Attachment, Cause, HugePages, OwnedSegment, Segment, SegmentOptions};

/// The file of an attached segment, writable; without the right, `None` after reporting
/// it.
fn memory_of(attachment: &Attachment) -> Option<File> {
    let start = attachment.as_ptr().addr();
    let names = std::fs::read_dir("/proc/self/map_files").unwrap();
    let name = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .find(|name| name.starts_with(&format!("{start:x}-")))?;
    let path = format!("/proc/self/map_files/{name}");
    match File::options().write(true).open(path) {
        Ok(file) => Some(file),
        Err(error) => {
            skipped(format_args!("no right to truncate a segment: {error}"));
            None
        }
    }
}

fn page() -> usize {
    usize::try_from(shm::limits().unwrap().page_size).unwrap()
}

/// A segment of 256 pages, truncated to `pages`.
fn truncated(pages: usize) -> Option<OwnedSegment> {
    let segment = private(256 * page());
    let before = segment.attach().unwrap();
    memory_of(&before)?
        .set_len((pages * page()) as u64)
        .unwrap();
    assert_eq!(segment.stat().unwrap().size, 256 * page() as u64);
    Some(segment)
}

#[test]
fn an_attachment_has_what_is_mapped_and_no_more() {
    for pages in [1, 2, 3, 100, 255] {
        let Some(segment) = truncated(pages) else {
            return;
        };
        let attachment = segment.attach().unwrap();
        assert_eq!(attachment.len(), pages * page());
        assert_eq!(attachment.stat_when_attached().size, 256 * page() as u64);
        assert_eq!(segment.attach_read_only().unwrap().len(), pages * page());
        let view = attachment.view();
        view.fill(1);
        view.write_all_at(pages * page(), &[1]).unwrap_err();
    }
}

#[test]
fn neighbors_of_a_short_mapping_are_not_taken_for_it() {
    let Some(segment) = truncated(1) else {
        return;
    };
    // The system maps one directly below the other.
    let attachments: Vec<Attachment> = (0..20).map(|_| segment.attach().unwrap()).collect();
    assert!(
        attachments
            .iter()
            .all(|attachment| attachment.len() == page())
    );
}

#[test]
fn an_unprivileged_process_finds_the_length_out_too() {
    let Some(segment) = truncated(3) else {
        return;
    };
    let mode = shm::Mode::ALL_READ_WRITE;
    segment
        .set_permissions(&shm::Permissions::new().mode(mode))
        .unwrap();
    let id = segment.id();
    let found = as_nobody(move || Segment::from_id(id).attach().unwrap().len());
    assert!(found.is_none_or(|len| len == 3 * page()));
}

#[test]
fn a_child_finds_the_length_out_anew() {
    // Nothing of the parent's memory is asked for it.
    let whole = private(256 * page());
    assert_eq!(whole.attach().unwrap().len(), 256 * page());
    let Some(segment) = truncated(2) else {
        return;
    };
    let expected = 2 * page();
    let Some(child) = fork() else {
        let attached = segment.attach();
        exit(attached.is_ok_and(|attachment| attachment.len() == expected));
    };
    assert!(child.ends_well());
}

#[test]
fn nothing_left_is_neither_gone_nor_a_bad_address() {
    let Some(segment) = truncated(0) else {
        return;
    };
    let error = segment.attach().unwrap_err();
    assert_eq!(error.raw_os_error(), Some(libc::EINVAL));
    assert_eq!(error.cause(), &Cause::Unattachable, "{error}");
    assert!(error.to_string().contains("truncated"), "{error}");
    assert_eq!(segment.stat().unwrap().attached, 0);
}

#[test]
fn a_segment_made_longer_has_its_own_size() {
    if common::is_emulated() {
        skipped("qemu refuses mremap and writes maps by itself");
        return;
    }
    let Some(segment) = truncated(1000) else {
        return;
    };
    assert_eq!(segment.attach().unwrap().len(), 256 * page());
}

#[test]
fn a_truncated_segment_of_huge_pages_has_what_is_mapped() {
    if common::is_emulated() {
        skipped("qemu's shmat finds no address for huge pages");
        return;
    }
    const HUGE: usize = 2 << 20;
    let Some(_pool) = common::HugePool::with(4) else {
        return;
    };
    let options = SegmentOptions::new().size(4 * HUGE);
    let created = options.huge_pages(HugePages::MIB_2).private();
    let segment = created.unwrap().remove_on_drop();
    let before = segment.attach().unwrap();
    assert_eq!(before.len(), 4 * HUGE);
    let Some(memory) = memory_of(&before) else {
        return;
    };
    memory.set_len(HUGE as u64).unwrap();
    assert_eq!(segment.attach().unwrap().len(), HUGE);
}
