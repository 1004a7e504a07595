//! Compares segments, limits and usage on Linux with the kernel's file and util-linux, in
//! a new IPC namespace.
#![cfg(all(target_os = "linux", feature = "std"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;
mod isolated;

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use shm::{
    AttachOptions, Attachment, Key, Limit, Mode, OwnedSegment, Permissions, ReadOnly, ReadWrite,
    Segment, SegmentOptions, Stat, StatFlags, Timestamp,
};

/// Segments of many kinds, and the attachments of some of them.
#[derive(Debug, Default)]
struct Zoo {
    segments: Vec<OwnedSegment>,
    writable: Vec<Attachment<ReadWrite>>,
    read_only: Vec<Attachment<ReadOnly>>,
}

impl Zoo {
    fn add(&mut self, options: SegmentOptions) -> Segment {
        let segment = options.private().unwrap().remove_on_drop();
        let handle = Segment::open_id(segment.id()).unwrap();
        self.segments.push(segment);
        handle
    }

    fn sized(&mut self, size: usize) -> Segment {
        self.add(SegmentOptions::new().size(size))
    }

    fn stock() -> Self {
        let mut zoo = Self::default();
        for size in [1, 4095, 4096, 4097, 10_001, 1 << 20, (1 << 24) + 1] {
            zoo.sized(size);
        }
        for mode in [0, 0o400, 0o604, 0o640, 0o666, 0o777] {
            zoo.add(
                SegmentOptions::new()
                    .size(100)
                    .mode(Mode::from_bits(mode).unwrap()),
            );
        }
        for key in [1, 0x5eed_0001, i32::MIN, -559_038_737, -1] {
            let segment = Segment::create_new(Key::from_raw(key), 5000).unwrap();
            zoo.segments.push(segment.remove_on_drop());
        }
        #[cfg(target_pointer_width = "64")]
        zoo.add(SegmentOptions::new().size(5 << 30).no_reserve(true));

        let written = zoo.sized(64 << 10);
        let attachment = written.attach().unwrap();
        attachment.view().fill(7);
        zoo.writable.push(attachment);

        let often = zoo.sized(8192);
        zoo.writable.push(often.attach().unwrap());
        zoo.writable.push(often.attach().unwrap());
        zoo.read_only.push(often.attach_read_only().unwrap());

        let detached = zoo.sized(8192);
        detached.attach().unwrap().detach().unwrap();

        let removed = Segment::create_new(Key::from_raw(77), 3000).unwrap();
        zoo.read_only.push(removed.attach_read_only().unwrap());
        removed.remove().unwrap();

        let locked = zoo.sized(4096);
        if let Err(error) = locked.lock() {
            common::partly(error);
        }
        let given = zoo.sized(4096);
        if let Err(error) = given.set_permissions(&Permissions::new().owner(1001).group(1002)) {
            common::partly(error);
        }
        assert!(zoo.segments.len() >= 23);
        zoo
    }
}

/// The words of `/proc/sysvipc/shm`, by identifier.
fn proc_lines() -> BTreeMap<i32, Vec<String>> {
    let text = fs::read_to_string("/proc/sysvipc/shm").unwrap();
    let words = |line: &str| {
        line.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    text.lines()
        .skip(1)
        .map(words)
        .map(|words| (words[1].parse().unwrap(), words))
        .collect()
}

fn seconds(time: Option<Timestamp>) -> String {
    time.map_or(0, Timestamp::as_secs).to_string()
}

/// The mode as the kernel's file writes it.
fn raw_mode(stat: &Stat) -> String {
    let bit = |flag, bit| if stat.flags.contains(flag) { bit } else { 0 };
    let state = bit(StatFlags::MARKED_FOR_REMOVAL, 0o1000) | bit(StatFlags::LOCKED, 0o2000);
    format!("{:o}", stat.mode.bits() | state)
}

#[test]
fn linux_every_field_is_what_the_kernels_file_says() {
    isolated::run("linux_every_field_is_what_the_kernels_file_says", || {
        let zoo = Zoo::stock();
        let fast = shm::segments().unwrap();
        let full = shm::segments_with_memory().unwrap();
        let lines = proc_lines();
        assert_eq!((fast.unreadable, full.unreadable), (0, 0));
        // The removed one has no owner in the list.
        assert_eq!(fast.len(), zoo.segments.len() + 1);
        assert_eq!((full.len(), lines.len()), (fast.len(), fast.len()));
        for (quick, whole) in fast.iter().zip(&full) {
            let words = &lines[&whole.id.as_raw()];
            let memory = whole.memory.unwrap();
            let found = [
                whole.key.as_raw().to_string(),
                whole.id.to_string(),
                raw_mode(whole),
                whole.size.to_string(),
                whole.creator_pid.to_string(),
                whole.last_pid.to_string(),
                whole.attached.to_string(),
                whole.owner_uid.to_string(),
                whole.owner_gid.to_string(),
                whole.creator_uid.to_string(),
                whole.creator_gid.to_string(),
                seconds(whole.attach_time),
                seconds(whole.detach_time),
                seconds(whole.change_time),
                memory.resident.to_string(),
                memory.swapped.to_string(),
            ];
            assert_eq!(words[..], found);
            // Without `SHM_STAT_ANY` both come from the file that has them.
            assert!(quick.memory.is_none_or(|known| known == memory));
            assert_eq!(without_memory(quick), without_memory(whole));
        }
        let written = full.iter().find(|stat| stat.size == 64 << 10).unwrap();
        assert_eq!(written.memory.unwrap().resident, 64 << 10);
    });
}

fn without_memory(stat: &Stat) -> Stat {
    let mut stat = stat.clone();
    stat.memory = None;
    stat
}

#[test]
fn linux_every_record_is_what_ipc_stat_says() {
    isolated::run("linux_every_record_is_what_ipc_stat_says", || {
        let zoo = Zoo::stock();
        for listed in shm::segments().unwrap() {
            let stat = Segment::open_id(listed.id).unwrap().stat();
            assert_eq!(stat.unwrap(), without_memory(&listed));
        }
        drop(zoo);
        let gone = shm::segments().unwrap();
        assert!(gone.is_empty(), "{gone:?}");
    });
}

#[test]
fn linux_ipcs_shows_the_same() {
    isolated::run("linux_ipcs_shows_the_same", || {
        let _zoo = Zoo::stock();
        let Ok(output) = Command::new("ipcs").arg("-m").env("LC_ALL", "C").output() else {
            return common::lacks("there is no ipcs here");
        };
        let text = String::from_utf8(output.stdout).unwrap();
        let is_row = |line: &&str| line.starts_with("0x");
        let rows: Vec<Vec<&str>> = text
            .lines()
            .filter(is_row)
            .map(|line| line.split_whitespace().collect())
            .collect();
        let listed = shm::segments().unwrap();
        assert_eq!(rows.len(), listed.len());
        for stat in &listed {
            let id = stat.id.to_string();
            let row = rows.iter().find(|row| row[1] == id).unwrap();
            let mut status = Vec::new();
            if stat.flags.marked_for_removal() {
                status.push("dest");
            }
            if stat.flags.locked() {
                status.push("locked");
            }
            assert_eq!(row[0], stat.key.to_string());
            assert_eq!(row[3], format!("{:o}", stat.mode.bits()));
            assert_eq!(
                row[4..6],
                [stat.size.to_string(), stat.attached.to_string()]
            );
            assert_eq!(row[6..], status);
        }
    });
}

#[test]
fn linux_lsipc_shows_the_same() {
    isolated::run("linux_lsipc_shows_the_same", || {
        let _zoo = Zoo::stock();
        let columns = "KEY,ID,PERMS,SIZE,NATTCH,STATUS,CPID,LPID,UID,GID,CUID,CGID";
        let lsipc = Command::new("lsipc")
            .args(["-m", "-J", "-b", "-o", columns])
            .output();
        let Some(output) = lsipc.ok().filter(|output| output.status.success()) else {
            return common::lacks("there is no lsipc here, or an older one");
        };
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let rows = found
            .as_object()
            .unwrap()
            .values()
            .next()
            .unwrap()
            .as_array()
            .unwrap();
        let listed = shm::segments().unwrap();
        assert_eq!(rows.len(), listed.len());
        for stat in &listed {
            let id = stat.id.to_string();
            let row = rows.iter().find(|row| row["id"] == *id).unwrap();
            let permissions: String = "rwxrwxrwx"
                .chars()
                .enumerate()
                .map(|(at, letter)| {
                    if stat.mode.bits() >> (8 - at) & 1 == 1 {
                        letter
                    } else {
                        '-'
                    }
                })
                .collect();
            for (column, value) in [
                ("key", stat.key.to_string()),
                ("perms", permissions),
                ("size", stat.size.to_string()),
                ("nattch", stat.attached.to_string()),
                ("cpid", stat.creator_pid.to_string()),
                ("lpid", stat.last_pid.to_string()),
                ("uid", stat.owner_uid.to_string()),
                ("gid", stat.owner_gid.to_string()),
                ("cuid", stat.creator_uid.to_string()),
                ("cgid", stat.creator_gid.to_string()),
            ] {
                assert_eq!(row[column], *value, "{column} of segment {id}");
            }
            let status = row["status"].as_str().unwrap_or_default();
            assert_eq!(status.contains("dest"), stat.flags.marked_for_removal());
            assert_eq!(status.contains("locked"), stat.flags.locked());
        }
    });
}

#[test]
fn linux_limits_are_those_of_the_namespace() {
    isolated::run("linux_limits_are_those_of_the_namespace", || {
        let of_kernel = |name: &str| -> u64 {
            let text = fs::read_to_string(format!("/proc/sys/kernel/{name}")).unwrap();
            text.trim().parse().unwrap()
        };
        let limits = shm::limits().unwrap();
        assert_eq!(limits.min_size, 1);
        assert_eq!(limits.max_attachments, Limit::Unlimited);
        #[cfg(target_pointer_width = "64")]
        {
            assert_eq!(limits.max_size, Limit::Unlimited);
            assert_eq!(limits.max_total(), Limit::Unlimited);
        }
        assert_eq!(limits.max_segments, Limit::AtMost(of_kernel("shmmni")));
        for (name, value) in [("shmmax", 1_000_000_u64), ("shmmni", 99), ("shmall", 1234)] {
            if let Err(error) = fs::write(format!("/proc/sys/kernel/{name}"), value.to_string()) {
                return common::skipped(format_args!("{name} cannot be written: {error}"));
            }
        }
        let limits = shm::limits().unwrap();
        assert_eq!(limits.max_size, Limit::AtMost(1_000_000));
        assert_eq!(limits.max_segments, Limit::AtMost(99));
        assert_eq!(limits.max_pages, Limit::AtMost(1234));
        assert_eq!(limits.max_total(), Limit::AtMost(1234 * limits.page_size));
    });
}

#[test]
fn linux_usage_adds_up() {
    isolated::run("linux_usage_adds_up", || {
        let empty = shm::usage().unwrap();
        assert_eq!((empty.segments, empty.pages), (0, 0));
        let _zoo = Zoo::stock();
        let usage = shm::usage().unwrap();
        let listed = shm::segments_with_memory().unwrap();
        let page = shm::limits().unwrap().page_size;
        let pages = |bytes: u64| bytes.div_ceil(page);
        assert_eq!(usage.segments, listed.len() as u64);
        let of_the_list = listed.usage().unwrap();
        let sums = |usage: &shm::Usage| (usage.segments, usage.pages);
        assert_eq!(sums(&of_the_list), sums(&usage));
        assert!((&listed).into_iter().eq(listed.iter()));
        assert_eq!(
            usage.pages,
            listed.iter().map(|stat| pages(stat.size)).sum::<u64>()
        );
        let memory = || listed.iter().filter_map(|stat| stat.memory);
        let resident = memory().map(|memory| pages(memory.resident)).sum::<u64>();
        assert_eq!(usage.resident_pages, Some(resident));
        assert_eq!(
            usage.swapped_pages,
            Some(memory().map(|m| pages(m.swapped)).sum::<u64>())
        );
    });
}

#[test]
fn linux_identifiers_that_are_no_index_are_listed() {
    isolated::run("linux_identifiers_that_are_no_index_are_listed", || {
        // The first identifier is 0; after many more, an index is reused with another
        // sequence number, and the highest is far above the count.
        let zero = common::private(1);
        assert_eq!(zero.id().as_raw(), 0);
        let mut last = 0;
        for _ in 0..200 {
            last = common::private(1).id().as_raw();
        }
        assert!(last > 0x7fff, "{last}");
        let again = common::private(1);
        let ids: Vec<i32> = shm::segments()
            .unwrap()
            .iter()
            .map(|s| s.id.as_raw())
            .collect();
        assert_eq!(ids.len(), 2);
        assert!(ids.contains(&0) && ids.contains(&again.id().as_raw()));
    });
}

#[test]
fn linux_others_see_what_they_may_not_read() {
    isolated::run("linux_others_see_what_they_may_not_read", || {
        let _zoo = Zoo::stock();
        let ours = shm::segments().unwrap();
        let theirs = common::as_nobody(|| (shm::segments(), shm::segments_with_memory()));
        if let Some((fast, full)) = theirs {
            assert_eq!(fast.unwrap(), ours);
            assert_eq!(full.unwrap().len(), ours.len());
        }
    });
}

#[test]
fn linux_without_proc_sysvipc_only_the_memory_figures_are_missing() {
    isolated::run(
        "linux_without_proc_sysvipc_only_the_memory_figures_are_missing",
        || {
            let _zoo = Zoo::stock();
            if let Err(error) = isolated::mount("tmpfs", "/proc/sysvipc", "") {
                return common::skipped(format_args!("cannot hide /proc/sysvipc: {error}"));
            }
            assert!(fs::metadata("/proc/sysvipc/shm").is_err());
            let listed = shm::segments_with_memory().unwrap();
            assert!(listed.iter().all(|stat| stat.memory.is_none()));
            assert_eq!(listed, shm::segments().unwrap());
            assert!(listed.len() > 20);
        },
    );
}

#[test]
fn linux_resident_bytes_of_huge_pages_are_no_more_than_the_segment() {
    isolated::run(
        "linux_resident_bytes_of_huge_pages_are_no_more_than_the_segment",
        || {
            let Some(_pool) = common::HugePool::with(1) else {
                return;
            };
            let options = SegmentOptions::new()
                .size(2 << 20)
                .huge_pages(shm::HugePages::DEFAULT);
            let segment = match options.private() {
                Ok(segment) => segment.remove_on_drop(),
                Err(error) => return common::skipped(error),
            };
            let attachment = segment.attach_with(&AttachOptions::new()).unwrap();
            attachment.view().fill(1);
            let listed = shm::segments_with_memory().unwrap();
            assert_eq!(listed[0].memory.unwrap().resident, 2 << 20);
            let usage = shm::usage().unwrap();
            assert!(usage.resident_pages.unwrap() <= usage.pages);
            let scan = shm::scan_processes().unwrap();
            let found = scan.attached(&listed[0]);
            assert!(found.attachments[0].huge_pages);
        },
    );
}
