//! What `/proc` says of one process: its command line and when it started.
//!
//! Where there is no such `/proc`, a process that ended is told by a signal that
//! is not sent; of all others the answer is [`Process::Unknown`]: a process that
//! cannot be looked up must not be called gone.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::OnceLock;

use rustix::process::{Pid, test_kill_process};

use crate::model::directory::Process;
use crate::model::format;

/// Looks process `pid` up under `proc`, which is `/proc` outside of tests.
///
/// A directory that is missing means gone only if that `/proc` shows processes
/// at all, which the caller's own entry proves.
#[must_use]
pub fn look_up(proc: &Path, pid: i32) -> Process {
    if pid <= 0 {
        return Process::Unknown;
    }
    if !proc.join("self/stat").exists() {
        return match is_surely_gone(pid, is_absent) {
            true => Process::Gone,
            false => Process::Unknown,
        };
    }
    let entry = proc.join(pid.to_string());
    let stat = match fs::read(entry.join("stat")) {
        Ok(stat) => stat,
        // With hidepid= another user's processes look like none at all.
        Err(error) if error.kind() == ErrorKind::NotFound && !hides_processes(proc) => {
            return Process::Gone;
        }
        Err(_) => return Process::Unknown,
    };
    let Some((name, ticks)) = parse_stat(&stat) else {
        return Process::Unknown;
    };
    let command = match fs::read(entry.join("cmdline")) {
        Ok(line) if !line.is_empty() => command_line(&line),
        // Kernel threads and zombies have none; ps prints the name like this.
        _ => format!("[{}]", format::harmless(&name)),
    };
    Process::Running {
        command: command.into(),
        started: boot_time(proc).map(|boot| boot + ticks / ticks_per_second()),
        user: fs::metadata(&entry).ok().map(|entry| entry.uid()),
    }
}

/// Whether no process has this number, asked by a signal that is not sent: the
/// way of systems without such a `/proc`.
///
/// Only absence is told: who runs may have got the number later. In a jail, and
/// where others are kept from sight, strangers look absent: then so does
/// process 1, and nothing is claimed.
fn is_surely_gone(pid: i32, is_absent: impl Fn(Pid) -> bool) -> bool {
    !is_absent(Pid::INIT) && Pid::from_raw(pid).is_some_and(is_absent)
}

fn is_absent(pid: Pid) -> bool {
    test_kill_process(pid) == Err(rustix::io::Errno::SRCH)
}

/// How many processes can be seen.
#[must_use]
pub fn count(proc: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(proc) else {
        return 0;
    };
    let numbers = entries.flatten().filter(|entry| {
        let name = entry.file_name();
        name.as_encoded_bytes().iter().all(u8::is_ascii_digit)
    });
    numbers.count() as u64
}

/// How much of the mapping at `start` the process has in memory. The kernel
/// walks the page tables for it: to be asked for a few processes only.
#[must_use]
pub fn resident(proc: &Path, pid: i32, start: u64) -> Option<u64> {
    let smaps = fs::read_to_string(proc.join(pid.to_string()).join("smaps")).ok()?;
    resident_in(&smaps, start)
}

fn resident_in(smaps: &str, start: u64) -> Option<u64> {
    let head = format!("{start:08x}-");
    let mut lines = smaps.lines().skip_while(|line| !line.starts_with(&head));
    let rss = lines.find_map(|line| line.strip_prefix("Rss:"))?;
    let kilobytes: u64 = rss.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

/// Whether process 1, which everybody may see otherwise, is hidden.
fn hides_processes(proc: &Path) -> bool {
    !proc.join("1/stat").exists()
}

/// The name and the start time (in ticks since boot) of a line of `proc_pid_stat(5)`.
/// The name stands in parentheses and may itself contain any of them.
fn parse_stat(line: &[u8]) -> Option<(String, i64)> {
    let text = String::from_utf8_lossy(line);
    let (before, after) = text.rsplit_once(')')?;
    let (_, name) = before.split_once('(')?;
    // The field after the name is number 3; the start time is number 22.
    let ticks = after.split_ascii_whitespace().nth(22 - 3)?.parse().ok()?;
    Some((name.to_owned(), ticks))
}

/// Arguments joined by spaces and made harmless.
fn command_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let joined = text.trim_end_matches('\0').replace('\0', " ");
    format::harmless(joined.trim_end())
}

fn boot_time(proc: &Path) -> Option<i64> {
    let stat = fs::read_to_string(proc.join("stat")).ok()?;
    let line = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    line.trim().parse().ok()
}

fn ticks_per_second() -> i64 {
    static TICKS: OnceLock<i64> = OnceLock::new();
    *TICKS.get_or_init(|| {
        let ticks = rustix::param::clock_ticks_per_second();
        i64::try_from(ticks).unwrap_or(100).max(1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_contain_parentheses() {
        let line = b"12 (a) b (c) S 1 1 1 0 -1 0 0 0 0 0 1 2 0 0 20 0 1 0 8766 1 1 1\n";
        assert_eq!(parse_stat(line), Some(("a) b (c".to_owned(), 8766)));
        assert_eq!(parse_stat(b"12 (a"), None);
        assert_eq!(parse_stat(b""), None);
    }

    #[test]
    fn arguments_are_joined_and_harmless() {
        assert_eq!(
            command_line(b"sh\0-c\0printf '\x1b[2J'\0"),
            "sh -c printf '\\x1b[2J'"
        );
    }

    #[test]
    fn the_resident_bytes_are_those_of_the_mapping() {
        let smaps = "\
00400000-00401000 r--p 00000000 00:01 7 /SYSV00000051 (deleted)
Size:                  4 kB
Rss:                   4 kB
7f0000000000-7f0000009000 rw-s 00000000 00:01 8 /SYSV00000052 (deleted)
Size:                 36 kB
Rss:                  12 kB
";
        assert_eq!(resident_in(smaps, 0x40_0000), Some(4096));
        assert_eq!(resident_in(smaps, 0x7f00_0000_0000), Some(12_288));
        assert_eq!(resident_in(smaps, 0x5000), None);
    }

    #[test]
    fn a_missing_proc_makes_nobody_gone() {
        let empty = tempfile::tempdir().unwrap();
        assert_eq!(look_up(empty.path(), 1), Process::Unknown);
        let own = i32::try_from(std::process::id()).unwrap();
        assert_eq!(look_up(empty.path(), own), Process::Unknown);
    }

    #[test]
    fn in_a_jail_that_hides_process_1_nobody_is_gone() {
        assert!(!is_surely_gone(5, |_| true));
        assert!(is_surely_gone(5, |pid| pid != Pid::INIT));
        assert!(!is_surely_gone(5, |_| false));
    }

    #[test]
    fn without_proc_a_process_that_ended_is_gone() {
        // This very program: a bare container has no other. What runs it, if
        // something does, runs it again.
        let program = std::env::current_exe().unwrap();
        let runner = std::env::var_os("SHM_TEST_RUNNER");
        let mut child = std::process::Command::new(runner.as_deref().unwrap_or(program.as_ref()))
            .args(runner.is_some().then_some(&program))
            .arg("--list")
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let pid = i32::try_from(child.id()).unwrap();
        child.wait().unwrap();
        let empty = tempfile::tempdir().unwrap();
        // A sandbox may hide process 1 and with it what is known of all others.
        let expected = match test_kill_process(Pid::INIT) {
            Err(rustix::io::Errno::SRCH) => Process::Unknown,
            _ => Process::Gone,
        };
        assert_eq!(look_up(empty.path(), pid), expected);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_is_found_with_its_start() {
        let pid = i32::try_from(std::process::id()).unwrap();
        let Process::Running {
            command, started, ..
        } = look_up(Path::new("/proc"), pid)
        else {
            panic!("not found");
        };
        assert!(!command.is_empty());
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let since = i64::try_from(now).unwrap() - started.unwrap();
        assert!((-2..3600).contains(&since), "started {since} s ago");
    }
}
