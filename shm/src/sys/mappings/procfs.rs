//! `/proc/PID/map`, on systems where it shows the object behind each mapping: DragonFly,
//! where everybody may read it, and FreeBSD, where procfs is seldom mounted and other
//! users' maps are refused.

use std::fs::{self, DirEntry, File};
use std::io::{self, Read};
use std::path::Path;

use crate::decode::procfs_map::{self, Mapping};

/// The mount point of procfs, if it is mounted.
#[cfg_attr(test, allow(dead_code, reason = "tests have directories of their own"))]
pub(crate) const PROC: &str = "/proc";

/// Size of the first read; most maps are shorter.
const ROOM: usize = 64 << 10;

/// Maximum length of a map: 2^18 mappings of 256 bytes.
const MOST: usize = 64 << 20;

/// Returns whether `proc` shows maps at all: this process's own exists.
pub(crate) fn is_mounted(proc: &Path, own: i32) -> bool {
    proc.join(own.to_string()).join("map").exists()
}

/// Returns the numbers of all visible processes.
pub(crate) fn processes(proc: &Path) -> io::Result<Vec<i32>> {
    let number = |entry: DirEntry| entry.file_name().to_str()?.parse().ok();
    let entries = fs::read_dir(proc)?;
    Ok(entries.filter_map(Result::ok).filter_map(number).collect())
}

/// Returns the mappings of a process that have an object.
pub(crate) fn map(proc: &Path, pid: i32) -> io::Result<Vec<Mapping>> {
    let path = proc.join(pid.to_string()).join("map");
    Ok(procfs_map::mappings(&whole(&path, ROOM)?))
}

/// Reads a file that the kernel generates for each first read, and that is empty after
/// it: what does not fit into the buffer is lost or `EFBIG`. So a read that fills its
/// buffer is repeated with a larger one (`procfs_map.c`).
fn whole(path: &Path, first: usize) -> io::Result<Vec<u8>> {
    let mut room = first;
    loop {
        let mut buffer = vec![0; room];
        match File::open(path)?.read(&mut buffer) {
            // The kernel stops before a line that does not fit.
            Ok(length) if length.saturating_add(LONGEST_LINE) < room || room >= MOST => {
                buffer.truncate(length);
                return Ok(buffer);
            }
            Err(error) if room >= MOST || error.raw_os_error() != Some(libc::EFBIG) => {
                return Err(error);
            }
            Ok(_) | Err(_) => room = room.saturating_mul(2),
        }
    }
}

/// DragonFly cuts lines at 256 bytes; FreeBSD's path has up to 1024.
const LONGEST_LINE: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    const CAPTURE: &str = include_str!("../../../tests/fixtures/dragonfly-5.9-proc-map.txt");

    /// A directory like `/proc`, removed after the test.
    struct Proc(std::path::PathBuf);

    impl Proc {
        fn with(name: &str, files: &[(i32, String)]) -> Self {
            let root = std::env::temp_dir().join(format!("shm-{name}-{}", std::process::id()));
            for (pid, text) in files {
                let directory = root.join(pid.to_string());
                fs::create_dir_all(&directory).unwrap();
                fs::write(directory.join("map"), text).unwrap();
            }
            fs::create_dir_all(root.join("curproc")).unwrap();
            Self(root)
        }
    }

    impl Drop for Proc {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn procfs_shows_the_maps_of_processes() {
        let line = |pid: &str| {
            let found = CAPTURE.lines().find_map(|line| line.strip_prefix(pid));
            found.unwrap().to_owned()
        };
        let files = [(17, line("pid 17 ")), (56, line("pid 56 "))];
        let proc = Proc::with("procfs", &files);
        assert!(is_mounted(&proc.0, 17) && !is_mounted(&proc.0, 18));
        let mut pids = processes(&proc.0).unwrap();
        pids.sort_unstable();
        assert_eq!(pids, [17, 56]);
        let [first, second] = [17, 56].map(|pid| map(&proc.0, pid).unwrap());
        assert_eq!(first[0].object, second[0].object);
        assert_ne!(first[0].writable, second[0].writable);
        let missing = map(&proc.0, 18).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn map_that_fills_the_buffer_is_read_again_with_a_larger_one() {
        let proc = Proc::with("procfs-long", &[(1, "x".repeat(20_000))]);
        let path = proc.0.join("1/map");
        for room in [1, 100, 20_000, 22_047, 22_048, 40_000] {
            assert_eq!(whole(&path, room).unwrap().len(), 20_000, "{room}");
        }
    }
}
