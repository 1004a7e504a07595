//! Attached processes on Linux, compared with known processes.
#![cfg(all(target_os = "linux", feature = "std"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;
mod isolated;

use std::fs;
use std::os::fd::AsRawFd;

use isolated::Child;
use shm::{Cause, Coverage, Key, ProcessAttachment, Segment, SegmentId};

fn page() -> usize {
    usize::try_from(shm::limits().unwrap().page_size).unwrap()
}

fn us() -> i32 {
    std::process::id() as i32
}

fn of_process(found: &[ProcessAttachment], pid: i32) -> Vec<ProcessAttachment> {
    found
        .iter()
        .filter(|attachment| attachment.pid == pid)
        .copied()
        .collect()
}

#[test]
fn linux_every_attachment_is_found_with_its_range_and_rights() {
    isolated::run(
        "linux_every_attachment_is_found_with_its_range_and_rights",
        || {
            let segment = common::private(3 * page() + 1);
            let writable = segment.attach().unwrap();
            let child = Child::fork(|| {});
            let read_only = segment.attach_read_only().unwrap();

            let found = shm::attached_processes(segment.id()).unwrap();
            assert_eq!(
                (found.attachments.len(), found.coverage),
                (3, Coverage::Complete)
            );
            assert!(!found.invisible);
            let ours = of_process(&found.attachments, us());
            let range = |base: *const u8| (base as u64, base as u64 + 4 * page() as u64);
            for (base, may_write) in [(writable.as_ptr(), true), (read_only.as_ptr(), false)] {
                let one = ours
                    .iter()
                    .find(|one| (one.start, one.end) == range(base))
                    .unwrap();
                assert_eq!(
                    (one.readable, one.writable, one.executable),
                    (true, may_write, false)
                );
                assert_eq!(
                    (one.id, one.pieces, one.huge_pages),
                    (segment.id(), 1, false)
                );
            }
            let theirs = of_process(&found.attachments, child.0);
            let range = range(writable.as_ptr());
            assert_eq!(
                (theirs[0].start, theirs[0].end, theirs.len()),
                (range.0, range.1, 1)
            );
            drop(child);
            let found = shm::attached_processes(segment.id()).unwrap();
            assert_eq!(
                (found.attachments.len(), found.coverage),
                (2, Coverage::Complete)
            );
        },
    );
}

#[test]
fn linux_pieces_of_an_attachment_are_joined() {
    isolated::run("linux_pieces_of_an_attachment_are_joined", || {
        let segment = common::private(5 * page());
        let attachment = segment.attach().unwrap();
        let second = attachment.as_ptr().wrapping_add(2 * page());
        // SAFETY: a page of the attachment, which nobody uses meanwhile.
        let answer = unsafe { libc::mprotect(second.cast_mut().cast(), page(), libc::PROT_READ) };
        assert_eq!(answer, 0);
        assert_eq!(
            segment.stat().unwrap().attached,
            3,
            "the kernel counts pieces"
        );
        let found = shm::attached_processes(segment.id()).unwrap();
        assert_eq!(found.coverage, Coverage::Complete);
        let [one] = found.attachments[..] else {
            panic!("{found:?}")
        };
        assert_eq!((one.pieces, one.end - one.start), (3, 5 * page() as u64));
        assert!(one.writable);
    });
}

#[test]
fn linux_scan_of_all_segments_tells_each_its_own() {
    isolated::run("linux_scan_of_all_segments_tells_each_its_own", || {
        let segments: Vec<_> = (0..50).map(|_| common::attached(page())).collect();
        let children: Vec<Child> = (0..10).map(|_| Child::fork(|| {})).collect();
        let scan = shm::scan_processes().unwrap();
        for stat in &shm::segments().unwrap() {
            let found = scan.attached(stat);
            assert_eq!(
                (found.attachments.len(), found.coverage),
                (11, Coverage::Complete)
            );
            for child in &children {
                assert_eq!(of_process(&found.attachments, child.0).len(), 1);
            }
            assert_eq!(scan.of(stat.id), found.attachments);
        }
        assert_eq!(scan.attachments.len(), segments.len() * 11);
    });
}

#[test]
fn linux_key_of_a_removed_segment_is_recovered() {
    isolated::run("linux_key_of_a_removed_segment_is_recovered", || {
        for key in [0x5eed_0001, -2] {
            let key = Key::from_raw(key);
            let segment = Segment::create_new(key, page()).unwrap();
            let _attachment = segment.attach().unwrap();
            segment.remove().unwrap();
            let listed = shm::segments().unwrap();
            let stat = listed.iter().find(|stat| stat.id == segment.id()).unwrap();
            assert!(stat.key.is_private() && stat.flags.marked_for_removal());
            let found = shm::attached_processes(segment.id()).unwrap();
            assert_eq!(found.original_key(), Some(key));
        }
    });
}

#[test]
fn linux_other_namespaces_are_not_mixed_up() {
    isolated::run("linux_other_namespaces_are_not_mixed_up", || {
        let child = Child::fork(|| isolated::settle(libc::IPC_PRIVATE, 4096, 0o600));
        let maps = format!("/proc/{}/maps", child.0);
        common::until("the child is attached", || {
            let maps = fs::read_to_string(&maps).unwrap();
            maps.contains("/SYSV00000000")
        });
        // The first segment of either namespace has identifier 0.
        let (segment, _attachment) = common::attached(page());
        assert_eq!(segment.id(), SegmentId::from_raw(0));
        let found = shm::attached_processes(segment.id()).unwrap();
        assert_eq!(
            (found.attachments.len(), found.coverage),
            (1, Coverage::Complete)
        );
        assert_eq!(found.attachments[0].pid, us());
        let theirs = shm::Namespace::of_process(child.0).unwrap();
        assert!(!theirs.is_own());
        let scan = theirs.scan_processes().unwrap();
        assert_eq!(scan.attachments.len(), 1);
        assert_eq!(scan.of(SegmentId::from_raw(0))[0].pid, child.0);
    });
}

#[test]
fn linux_attachment_that_was_taken_along_is_none_of_the_other_namespace() {
    isolated::run(
        "linux_attachment_that_was_taken_along_is_none_of_the_other_namespace",
        || {
            let (segment, _attachment) = common::attached(page());
            assert_eq!(segment.id(), SegmentId::from_raw(0));
            let child = Child::fork(|| {
                // SAFETY: takes flags.
                unsafe { libc::unshare(libc::CLONE_NEWIPC) };
                // SAFETY: takes numbers.
                unsafe { libc::shmget(libc::IPC_PRIVATE, 4096, libc::IPC_CREAT | 0o600) };
            });
            let theirs = || shm::Namespace::of_process(child.0).unwrap();
            common::until("the child has a segment of its own", || {
                let theirs = theirs();
                !theirs.is_own() && !theirs.segments().unwrap().is_empty()
            });
            let theirs = theirs();
            let listed = theirs.segments().unwrap();
            assert_eq!((listed[0].id, listed[0].attached), (segment.id(), 0));
            let found = theirs.attached_processes(&listed[0]).unwrap();
            assert!(found.attachments.is_empty(), "{found:?}");
            assert_eq!(found.coverage, Coverage::Surplus(1));
        },
    );
}

#[test]
fn linux_files_that_bear_a_segments_name_are_no_attachments() {
    isolated::run(
        "linux_files_that_bear_a_segments_name_are_no_attachments",
        || {
            let (segment, _attachment) = common::attached(page());
            // A root of tmpfs: its device has no major number either.
            let root = std::env::temp_dir();
            let root = root.to_str().unwrap();
            let prepared = isolated::mount("tmpfs", root, "")
                .and_then(|()| fs::create_dir(format!("{root}/proc")))
                .and_then(|()| isolated::mount("proc", &format!("{root}/proc"), ""))
                .and_then(|()| std::os::unix::fs::chroot(root));
            if let Err(error) = prepared {
                return common::skipped(format_args!("cannot change the root: {error}"));
            }
            let name = "/SYSV00000000";
            let mut options = fs::File::options();
            let file = options
                .create_new(true)
                .read(true)
                .write(true)
                .open(name)
                .unwrap();
            file.set_len(page() as u64).unwrap();
            let rights = libc::PROT_READ | libc::PROT_WRITE;
            let (null, fd) = (std::ptr::null_mut(), file.as_raw_fd());
            // SAFETY: a new mapping of an open file, of no more than its length.
            let map = unsafe { libc::mmap(null, page(), rights, libc::MAP_SHARED, fd, 0) };
            assert_ne!(map, libc::MAP_FAILED);
            fs::remove_file(name).unwrap();
            let maps = fs::read_to_string("/proc/self/maps").unwrap();
            assert_eq!(maps.matches("/SYSV00000000 (deleted)").count(), 2, "{maps}");
            let scan = shm::scan_processes().unwrap();
            assert_eq!(
                (scan.attachments.len(), scan.of(segment.id()).len()),
                (1, 1)
            );
        },
    );
}

#[test]
fn linux_processes_that_may_not_be_looked_at_are_counted_and_missed() {
    isolated::run(
        "linux_processes_that_may_not_be_looked_at_are_counted_and_missed",
        || {
            let (segment, attachment) = common::attached(page());
            let _child = Child::fork(|| {});
            // A process may always inspect itself, so only the child has it attached.
            attachment.detach().unwrap();
            let id = segment.id();
            let Some(found) = common::as_nobody(move || shm::attached_processes(id)) else {
                return;
            };
            let found = found.unwrap();
            assert_eq!(
                (found.attachments.len(), found.coverage),
                (0, Coverage::Hidden(1))
            );
            assert!(found.unreadable > 0);
        },
    );
}

#[test]
fn linux_hidepid_is_said_and_the_hidden_are_missed() {
    isolated::run("linux_hidepid_is_said_and_the_hidden_are_missed", || {
        let (segment, attachment) = common::attached(page());
        let _child = Child::fork(|| {});
        // A process may always inspect itself, so only the child has it attached.
        attachment.detach().unwrap();
        if let Err(error) = isolated::mount("proc", "/proc", "hidepid=2") {
            return common::skipped(format_args!("cannot mount /proc with hidepid: {error}"));
        }
        assert!(!shm::scan_processes().unwrap().invisible, "root sees all");
        let id = segment.id();
        let Some(found) = common::as_nobody(move || shm::attached_processes(id)) else {
            return;
        };
        let found = found.unwrap();
        assert_eq!(
            (found.invisible, found.coverage),
            (true, Coverage::Hidden(1))
        );
    });
}

#[test]
fn linux_without_proc_it_is_refused_with_the_reason() {
    isolated::run("linux_without_proc_it_is_refused_with_the_reason", || {
        let (segment, _attachment) = common::attached(page());
        if let Err(error) = isolated::mount("tmpfs", "/proc", "") {
            return common::skipped(format_args!("cannot hide /proc: {error}"));
        }
        let error = shm::attached_processes(segment.id()).unwrap_err();
        assert!(
            matches!(error.cause(), Cause::Unsupported { .. }),
            "{error}"
        );
        assert!(error.to_string().contains("/proc"), "{error}");
        assert_eq!(shm::segments().unwrap().len(), 1, "the list needs no /proc");
        assert_eq!(shm::segments_with_memory().unwrap()[0].memory, None);
    });
}

#[test]
fn linux_processes_of_no_segment_are_an_error() {
    let error = shm::attached_processes(SegmentId::from_raw(i32::MAX)).unwrap_err();
    assert!(matches!(error.cause(), Cause::Gone), "{error}");
}

#[test]
fn linux_processes_that_may_not_be_inspected_are_counted_by_a_scan() {
    let name = "linux_processes_that_may_not_be_inspected_are_counted_by_a_scan";
    isolated::run(name, || {
        let _child = Child::fork(|| {});
        let Some(scan) = common::as_nobody(|| shm::scan_processes().unwrap()) else {
            return;
        };
        // The child and this process, of another user.
        assert!(scan.unreadable >= 2, "{scan:?}");
    });
}

#[test]
fn linux_a_probe_finds_what_a_scan_does() {
    isolated::run("linux_a_probe_finds_what_a_scan_does", || {
        let (segment, attachment) = common::attached(3 * page());
        attachment.view().fill(1);
        let other = common::private(page());
        let _other = other.attach().unwrap();
        let probe = shm::probe_processes(&attachment).unwrap();
        let found = shm::attached_processes(segment.id()).unwrap();
        assert_eq!(probe.attached.attachments, found.attachments);
        assert_eq!(probe.attached.attachments.len(), 1);
        assert_eq!(probe.resident, Some(3 * page() as u64));
    });
}
