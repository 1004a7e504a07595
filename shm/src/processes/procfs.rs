//! A probe by `/proc/PID/map`, for DragonFly and FreeBSD.

use std::io;
use std::path::Path;

use super::by_object::{self, Mapped};
use super::probe::{Found, NOT_FOUND, cannot};
use crate::SegmentId;
use crate::decode::procfs_map::Mapping;
use crate::error::{Cause, Result};
use crate::sys::mappings::procfs;

/// Finds the attachments of the segment that process `own` has attached at `base`, under
/// `proc`. `length` is the segment's size in whole pages.
///
/// `resident` comes from the line of the own mapping; it counts the whole segment only if
/// the kernel counts the object's pages and not the process's.
pub(super) fn probe(
    proc: &Path,
    id: SegmentId,
    own: (i32, u64),
    length: u64,
    page_size: u64,
) -> Result<Found> {
    let failed = |error: &io::Error| {
        let cause = Cause::System(error.raw_os_error().unwrap_or(libc::EIO));
        cannot(id, cause)
    };
    let mut found = Found::default();
    let mut seen = Vec::new();
    let mut pages = None;
    for pid in procfs::processes(proc).map_err(|error| failed(&error))? {
        let mappings = match procfs::map(proc, pid) {
            Ok(mappings) => mappings,
            Err(error) if pid == own.0 => return Err(failed(&error)),
            Err(error) if has_ended(&error) => continue,
            Err(_) => {
                found.unreadable += 1;
                continue;
            }
        };
        if pid == own.0 {
            let mine = mappings.iter().find(|mapping| mapping.start == own.1);
            pages = mine.and_then(|mine| mine.resident_pages);
        }
        seen.push((pid, mappings.iter().map(mapped).collect()));
    }
    found.attachments =
        by_object::attachments(id, own, length, &seen).ok_or_else(|| cannot(id, NOT_FOUND))?;
    found.resident = pages.map(|pages| pages.saturating_mul(page_size));
    Ok(found)
}

fn mapped(mapping: &Mapping) -> Mapped {
    Mapped {
        start: mapping.start,
        end: mapping.end,
        readable: mapping.readable,
        writable: mapping.writable,
        executable: mapping.executable,
        object: mapping.object,
    }
}

/// Returns whether the process exited before its map was read, or belongs to the kernel
/// and has none.
fn has_ended(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOENT | libc::ESRCH))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const CAPTURE: &str = include_str!("../../tests/fixtures/dragonfly-5.9-proc-map.txt");

    /// Returns the capture as a `/proc`: what process 56 sees, which has attached the
    /// segment read-only, and processes without it.
    #[test]
    fn dragonfly_capture_names_exactly_the_holders_and_their_access() {
        let root = std::env::temp_dir().join(format!("shm-probe-{}", std::process::id()));
        let lines = |process: &str| {
            let lines = CAPTURE
                .lines()
                .filter_map(|line| line.strip_prefix(process));
            lines.collect::<Vec<_>>().join("\n")
        };
        let files = [
            (17, lines("pid 17 ")),
            (18, lines("pid 18 ")),
            (56, lines("pid 56 ")),
            (99, lines("curproc ")),
        ];
        for (pid, text) in &files {
            let directory = root.join(pid.to_string());
            fs::create_dir_all(&directory).unwrap();
            fs::write(directory.join("map"), text).unwrap();
        }
        // A process without a map belongs to the kernel.
        fs::create_dir_all(root.join("3")).unwrap();
        let id = SegmentId::from_raw(65536);
        let base = 0x10_0021_1000;
        let find = |own| probe(&root, id, own, 3 * 4096, 4096);
        let found = find((56, base));
        let unknown = [find((56, base + 4096)), find((99, base)), find((98, base))];
        fs::remove_dir_all(&root).unwrap();

        let mut found = found.unwrap();
        found.attachments.sort_by_key(|one| one.pid);
        let short: Vec<_> = found
            .attachments
            .iter()
            .map(|one| (one.pid, one.start, one.writable))
            .collect();
        assert_eq!(
            short,
            [(17, base, true), (18, base, true), (56, base, false)]
        );
        assert_eq!((found.unreadable, found.resident), (0, None));
        for unknown in unknown {
            assert_eq!(*unknown.unwrap_err().cause(), NOT_FOUND);
        }
    }
}
