//! Lists on any of the six systems, beside other programs that create segments at the
//! same time: only this program's own are compared, with `IPC_STAT` and with the system's
//! `ipcs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![cfg(feature = "std")]

mod common;

use std::process::Command;
use std::sync::{Mutex, PoisonError};

use shm::{Cause, Coverage, Key, Mode, OwnedSegment, SegmentId, SegmentOptions, Stat};

/// One test at a time: a child of one of them has, for an instant, every attachment of
/// the others.
fn alone(test: fn()) {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    test();
}

/// The same tests under the name of every system.
macro_rules! on {
    ($($system:ident $os:literal),*) => {$(
        #[cfg(target_os = $os)]
        mod $system {
            #[test]
            fn records_are_what_ipc_stat_says() {
                super::alone(super::records_are_what_ipc_stat_says);
            }

            #[test]
            fn removed_segment_is_listed_as_long_as_it_is_attached() {
                super::alone(super::removed_segment_is_listed_as_long_as_it_is_attached);
            }

            #[test]
            fn ipcs_shows_the_same_segments() {
                super::alone(super::ipcs_shows_the_same_segments);
            }

            #[test]
            fn limits_and_usage_fit_together() {
                super::alone(super::limits_and_usage_fit_together);
            }

            #[test]
            fn attached_processes_are_found_or_refused_with_the_reason() {
                super::alone(super::attached_processes_are_found_or_refused_with_the_reason);
            }

            #[test]
            fn segment_is_removed_by_its_record() {
                super::alone(super::segment_is_removed_by_its_record);
            }
        }
    )*};
}

on!(
    linux "linux", macos "macos", freebsd "freebsd", netbsd "netbsd", openbsd "openbsd",
    dragonfly "dragonfly"
);

/// A segment with a unique key.
fn keyed(size: usize, mode: u32) -> OwnedSegment {
    loop {
        let options = SegmentOptions::new()
            .size(size)
            .mode(Mode::from_bits(mode).unwrap());
        match options.create_new(true).open(Key::random()) {
            Ok(segment) => return segment.remove_on_drop(),
            Err(error) if matches!(error.cause(), Cause::AlreadyExists) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

fn listed(id: SegmentId) -> Option<Stat> {
    let segments = shm::segments().unwrap();
    let mut found = segments.into_iter().filter(|stat| stat.id == id);
    let first = found.next();
    assert_eq!(found.next(), None, "listed twice");
    first
}

fn records_are_what_ipc_stat_says() {
    let segments = [
        keyed(10_000, 0o640),
        keyed(1, 0o604),
        common::private(1 << 16),
    ];
    let _attachments = [segments[0].attach().unwrap(), segments[0].attach().unwrap()];
    for segment in &segments {
        let with_memory = shm::segments_with_memory().unwrap();
        let with_memory = with_memory.into_iter().find(|stat| stat.id == segment.id());
        // Without `SHM_STAT_ANY` both come from a table that has memory figures.
        for record in [listed(segment.id()), with_memory] {
            let mut record = record.unwrap();
            record.memory = None;
            assert_eq!(record, segment.stat().unwrap());
        }
    }
    assert_eq!(listed(segments[0].id()).unwrap().attached, 2);
    let ids = segments.each_ref().map(|segment| segment.id());
    drop(segments);
    drop(_attachments);
    for id in ids {
        assert_eq!(listed(id), None);
    }
}

fn removed_segment_is_listed_as_long_as_it_is_attached() {
    let segment = keyed(5000, 0o600);
    let attachment = segment.attach().unwrap();
    let id = segment.id();
    let before = listed(id).unwrap();
    segment.remove().unwrap();
    let after = listed(id).unwrap();
    // Also on DragonFly, whose `ipcs` shows no mark: `IPC_STAT` shows it, or refuses.
    assert!(after.flags.marked_for_removal());
    assert!(after.key.is_private() && !before.key.is_private());
    assert_eq!(
        (after.size, after.attached, after.mode),
        (before.size, 1, before.mode)
    );
    attachment.detach().unwrap();
    assert_eq!(listed(id), None);
}

fn ipcs_shows_the_same_segments() {
    let segments = [keyed(10_000, 0o640), common::private(1)];
    let Ok(output) = Command::new("ipcs").arg("-m").env("LC_ALL", "C").output() else {
        return common::lacks("there is no ipcs here");
    };
    let text = String::from_utf8_lossy(&output.stdout);
    for segment in segments {
        let id = segment.id().to_string();
        let row = text
            .lines()
            .find(|line| line.split_whitespace().nth(1) == Some(&id));
        let row = row.unwrap_or_else(|| panic!("ipcs does not show segment {id}:\n{text}"));
        let stat = listed(segment.id()).unwrap();
        let mode = if cfg!(target_os = "linux") {
            format!("{:o}", stat.mode.bits())
        } else {
            "rwarwarwa"
                .char_indices()
                .map(|(at, place)| {
                    if stat.mode.bits() >> (8 - at) & 1 == 1 {
                        place
                    } else {
                        '-'
                    }
                })
                .collect()
        };
        assert!(row.contains(&mode), "{mode} in {row}");
    }
}

fn limits_and_usage_fit_together() {
    let _segment = common::private(1);
    let limits = shm::limits().unwrap();
    let usage = shm::usage().unwrap();
    assert!(limits.page_size.is_power_of_two());
    assert!(limits.min_size >= 1 && limits.max_size.allows(limits.min_size));
    assert!(usage.segments >= 1 && usage.pages >= 1);
    assert!(
        limits.max_segments.allows(usage.segments),
        "{limits:?} {usage:?}"
    );
    assert!(limits.max_pages.allows(usage.pages), "{limits:?} {usage:?}");
}

fn attached_processes_are_found_or_refused_with_the_reason() {
    let segment = keyed(100, 0o600);
    let _attachment = segment.attach().unwrap();
    match shm::attached_processes(segment.id()) {
        Ok(found) => {
            let us = std::process::id() as i32;
            let pids: Vec<i32> = found.attachments.iter().map(|found| found.pid).collect();
            assert_eq!((pids, found.coverage), (vec![us], Coverage::Complete));
        }
        Err(error) => {
            let always = std::env::consts::OS == "linux";
            assert!(!always, "{error}");
            assert!(
                matches!(error.cause(), Cause::Unsupported { .. }),
                "{error}"
            );
            assert_eq!(error.kind(), std::io::ErrorKind::Unsupported);
            println!("{error}");
        }
    }
}

fn segment_is_removed_by_its_record() {
    let segment = keyed(100, 0o600);
    let namespace = shm::Namespace::own();
    assert!(namespace.is_own());
    let record = listed(segment.id()).unwrap();
    namespace.remove(&record).unwrap();
    assert_eq!(listed(segment.id()), None);
    let error = namespace.remove(&record).unwrap_err();
    assert!(matches!(error.cause(), Cause::Gone), "{error}");
}
