//! Recognizes processes that only view a segment: other runs of this program.
//!
//! Where the last detach destroys a segment, a viewer must not keep it alive, and two
//! viewers must not take each other for users: each would wait for the other. A viewer is
//! a process that runs this program's executable. Processes that cannot be inspected, or
//! that were not found, count as users.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::model::segment::Id;

/// More attachments than this are not checked: some user is certainly among them.
const MOST: u64 = 8;
/// Interval of scans of the processes.
const PERIOD: Duration = Duration::from_secs(1);

/// Returns whether all `others` attachments of a segment of this thread's IPC namespace
/// are viewers'. Scans all processes.
pub(super) fn are_all(id: Id, others: u64) -> bool {
    if others == 0 || others > MOST {
        return false;
    }
    let Ok(found) = shm::scan_processes() else {
        return false;
    };
    let own = std::process::id();
    let found = found.of(shm::SegmentId::from_raw(id)).iter();
    let pieces = found
        .filter(|found| u32::try_from(found.pid) != Ok(own))
        .map(|found| (found.pid, u64::from(found.pieces)));
    all(others, pieces, |pid| {
        is_viewer(Path::new("/proc"), pid) == Some(true)
    })
}

/// Returns whether these attachments, by process and count, are complete, and all of them
/// are viewers'.
fn all(
    others: u64,
    found: impl Iterator<Item = (i32, u64)>,
    mut is_viewer: impl FnMut(i32) -> bool,
) -> bool {
    let mut viewers = 0;
    for (pid, pieces) in found {
        if !is_viewer(pid) {
            return false;
        }
        viewers += pieces;
    }
    viewers == others
}

/// Returns whether a process runs this program's executable, or one with its name; `None`
/// if unreadable.
fn is_viewer(proc: &Path, pid: i32) -> Option<bool> {
    let (ours, theirs) = (
        proc.join("self/exe"),
        proc.join(pid.to_string()).join("exe"),
    );
    let identity = |path: &Path| {
        let metadata = fs::metadata(path).ok()?;
        Some((metadata.dev(), metadata.ino()))
    };
    if identity(&ours)? == identity(&theirs)? {
        return Some(true);
    }
    // Another version, or a second copy.
    let name = |path: &Path| Some(fs::read_link(path).ok()?.file_name()?.to_owned());
    Some(name(&ours)? == name(&theirs)?)
}

/// A cached answer of [`are_all`].
#[derive(Debug, Default)]
pub(super) struct Viewers(Mutex<Option<(Instant, bool)>>);

impl Viewers {
    pub(super) fn are_all(&self, id: Id, others: u64) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match *last {
            Some((when, answer)) if when.elapsed() < PERIOD => answer,
            _ => {
                let answer = are_all(id, others);
                *last = Some((Instant::now(), answer));
                answer
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn every_attachment_has_to_be_a_viewers() {
        let of = |others, found: &[(i32, u64)]| all(others, found.iter().copied(), |pid| pid < 10);
        assert!(of(2, &[(1, 1), (2, 1)]));
        assert!(of(2, &[(1, 2)]));
        assert!(!of(2, &[(1, 1)]), "one is hidden");
        assert!(!of(2, &[(1, 1), (10, 1)]), "one is a user");
        assert!(!of(1, &[(1, 1), (10, 1)]), "more than the segment has");
    }

    #[test]
    fn a_viewer_runs_this_executable_or_one_of_its_name() {
        let proc = tempfile::tempdir().unwrap();
        let files = tempfile::tempdir().unwrap();
        let executable = |folder: &str, name: &str| {
            let folder = files.path().join(folder);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(name), "").unwrap();
            folder.join(name)
        };
        let link = |pid: &str, to: &Path| {
            fs::create_dir(proc.path().join(pid)).unwrap();
            symlink(to, proc.path().join(pid).join("exe")).unwrap();
        };
        link("self", &executable("a", "viewer"));
        link("1", &files.path().join("a/viewer"));
        link("2", &executable("b", "viewer"));
        link("3", &executable("a", "server"));
        link("4", &files.path().join("gone"));
        let of = |pid| is_viewer(proc.path(), pid);
        assert_eq!(
            [of(1), of(2), of(3), of(4), of(5)],
            [Some(true), Some(true), Some(false), None, None]
        );
    }
}
