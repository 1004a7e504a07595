//! Ten thousand segment lives leave nothing behind. Alone in its file, so that no other
//! test of the process has segments meanwhile.
#![allow(clippy::unwrap_used)]

mod common;

use shm::Segment;

const ROUNDS: usize = 10_000;

#[test]
fn ten_thousand_lives_leave_nothing_behind() {
    let listed = own_segments();
    if listed.is_none() {
        common::partly("the segments cannot be listed; only creating is tested");
    }
    let mapped = mappings();
    for round in 0..ROUNDS {
        let segment = Segment::private(1 + round).unwrap();
        let attachment = segment.attach().unwrap();
        attachment.view().write_all_at(round, &[1]).unwrap();
        attachment.detach().unwrap();
        segment.remove().unwrap();
    }
    assert_eq!(own_segments(), listed);
    assert_eq!(mappings(), mapped);
}

/// The number of this process's segments that still exist.
fn own_segments() -> Option<usize> {
    let own = std::process::id() as i32;
    let all = shm::segments().ok()?;
    Some(all.iter().filter(|stat| stat.creator_pid == own).count())
}

/// The number of attachments of this process, according to the kernel.
#[cfg(target_os = "linux")]
fn mappings() -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    maps.lines().filter(|line| line.contains("/SYSV")).count()
}

#[cfg(not(target_os = "linux"))]
fn mappings() -> usize {
    0
}
