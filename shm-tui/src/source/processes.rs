//! Reads the state of one process from `/proc`: its command line, its start, and whether
//! it is a zombie.
//!
//! Without such a `/proc`, a null signal shows whether a process has exited; for all
//! others the answer is [`Process::Unknown`], because a process that cannot be looked up
//! may still run.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::OnceLock;

use rustix::process::{Pid, test_kill_process};

use crate::model::directory::Process;
use crate::model::format;

mod kernel;
mod resident;

pub use resident::resident;

/// Returns the state of process `pid`.
#[must_use]
pub fn of(pid: i32) -> Process {
    #[cfg(target_os = "linux")]
    return look_up(Path::new("/proc"), pid);
    #[cfg(not(target_os = "linux"))]
    kernel::look_up(pid)
}

/// Looks up process `pid` under `proc`, which is `/proc` outside of tests.
///
/// A missing directory means that the process has exited only if that `/proc` shows
/// processes at all, which the caller's own entry proves.
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
        // With hidepid= another user's processes look absent.
        Err(error) if error.kind() == ErrorKind::NotFound && !hides_processes(proc) => {
            return Process::Gone;
        }
        Err(_) => return Process::Unknown,
    };
    let Some(stat) = parse_stat(&stat) else {
        return Process::Unknown;
    };
    if stat.is_zombie() {
        return Process::Zombie;
    }
    let line = lives_in(&entry, |thread| fs::read(thread.join("cmdline")).ok());
    let line = line.map(|line| command_line(&line));
    let command = match line.filter(|line| !line.is_empty()) {
        Some(line) => line,
        // Kernel threads have none, and a process can blank its own; ps prints the
        // name like this.
        None => format!("[{}]", format::harmless(&stat.name)),
    };
    Process::Running {
        command: command.into(),
        started: boot_time(proc).map(|boot| boot.plus(stat.ticks)),
        user: fs::metadata(&entry).ok().map(|entry| entry.uid()),
    }
}

/// Calls `read` with the directory of a process, or with that of one of its threads: the
/// main thread may have exited while others run, and its own directory is then as empty
/// as a zombie's.
fn lives_in<T: AsRef<[u8]>>(entry: &Path, read: impl Fn(&Path) -> Option<T>) -> Option<T> {
    let found = |directory: &Path| read(directory).filter(|bytes| !bytes.as_ref().is_empty());
    if let Some(bytes) = found(entry) {
        return Some(bytes);
    }
    let threads = fs::read_dir(entry.join("task")).ok()?;
    threads.flatten().find_map(|thread| found(&thread.path()))
}

/// Returns whether no process has this number, by a null signal, on systems without such
/// a `/proc`.
///
/// Only absence is reported: a running process may have reused the number. In a jail, and
/// where processes are hidden, those of others look absent; then process 1 does too, and
/// the answer is unknown.
fn is_surely_gone(pid: i32, is_absent: impl Fn(Pid) -> bool) -> bool {
    !is_absent(Pid::INIT) && Pid::from_raw(pid).is_some_and(is_absent)
}

fn is_absent(pid: Pid) -> bool {
    test_kill_process(pid) == Err(rustix::io::Errno::SRCH)
}

/// Returns the number of visible processes.
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

/// Returns whether process 1, which is visible to everybody by default, is hidden.
fn hides_processes(proc: &Path) -> bool {
    !proc.join("1/stat").exists()
}

/// The relevant fields of `proc_pid_stat(5)`.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    name: String,
    /// `Z` or `X` if the main thread has exited.
    state: u8,
    /// Threads that have not been waited for, the main one included.
    threads: u64,
    /// Its start, in ticks since boot.
    ticks: i64,
}

impl Stat {
    /// Returns whether no thread runs any more. A process whose main thread has exited
    /// while others run is not a zombie yet.
    fn is_zombie(&self) -> bool {
        matches!(self.state, b'Z' | b'X' | b'x') && self.threads <= 1
    }
}

/// The name is in parentheses and may itself contain any of them.
fn parse_stat(line: &[u8]) -> Option<Stat> {
    let text = String::from_utf8_lossy(line);
    let (before, after) = text.rsplit_once(')')?;
    let (_, name) = before.split_once('(')?;
    // The field after the name is number 3; threads are 20, the start time 22.
    let mut fields = after.split_ascii_whitespace();
    let state = *fields.next()?.as_bytes().first()?;
    let threads = fields.nth(20 - 4)?.parse().ok()?;
    let ticks = fields.nth(22 - 21)?.parse().ok()?;
    Some(Stat {
        name: name.to_owned(),
        state,
        threads,
        ticks,
    })
}

/// Joins arguments by spaces and sanitizes them.
fn command_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let joined = text.trim_end_matches('\0').replace('\0', " ");
    format::harmless(joined.trim())
}

/// The boot time in nanoseconds since the epoch, by the current clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Boot(i64);

const NANOSECONDS: i64 = 1_000_000_000;

impl Boot {
    /// Returns the time this many ticks later, in seconds since the epoch.
    fn plus(self, ticks: i64) -> i64 {
        let since = i128::from(ticks) * i128::from(NANOSECONDS) / i128::from(ticks_per_second());
        let at = (i128::from(self.0) + since).div_euclid(i128::from(NANOSECONDS));
        i64::try_from(at).unwrap_or(i64::MAX)
    }
}

/// Computed from the clocks, because `/proc/stat` does not exist everywhere
/// (`subset=pid`).
#[cfg(target_os = "linux")]
fn boot_time(_proc: &Path) -> Option<Boot> {
    use rustix::time::{ClockId, clock_gettime};
    use std::sync::atomic::{AtomicI64, Ordering};

    /// Two readings of the clocks differ by less, unless the clock was set.
    const SAME: u64 = 50_000_000;
    static LAST: AtomicI64 = AtomicI64::new(0);
    let [now, since] = [ClockId::Realtime, ClockId::Boottime].map(|clock| {
        let time = clock_gettime(clock);
        #[allow(clippy::useless_conversion)]
        let rest = i64::from(time.tv_nsec);
        time.tv_sec.saturating_mul(NANOSECONDS).saturating_add(rest)
    });
    let boot = now.saturating_sub(since);
    let last = LAST.load(Ordering::Relaxed);
    // Returns the same answer every time, so that nothing seems to change.
    if last.abs_diff(boot) < SAME {
        return Some(Boot(last));
    }
    LAST.store(boot, Ordering::Relaxed);
    Some(Boot(boot))
}

#[cfg(not(target_os = "linux"))]
fn boot_time(proc: &Path) -> Option<Boot> {
    let stat = fs::read_to_string(proc.join("stat")).ok()?;
    let line = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    let seconds: i64 = line.trim().parse().ok()?;
    Some(Boot(seconds.saturating_mul(NANOSECONDS)))
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
        let line = b"12 (a) b (c) S 1 1 1 0 -1 0 0 0 0 0 1 2 0 0 20 0 3 0 8766 1 1 1\n";
        let stat = parse_stat(line).unwrap();
        assert_eq!(
            (stat.name.as_str(), stat.state, stat.threads, stat.ticks),
            ("a) b (c", b'S', 3, 8766)
        );
        assert_eq!(parse_stat(b"12 (a"), None);
        assert_eq!(parse_stat(b""), None);
    }

    #[test]
    fn a_process_whose_main_thread_ended_is_no_zombie_while_others_run() {
        let zombie = |state, threads| {
            let stat = Stat {
                name: String::new(),
                state,
                threads,
                ticks: 0,
            };
            stat.is_zombie()
        };
        assert!(zombie(b'Z', 1) && zombie(b'X', 0));
        assert!(!zombie(b'Z', 2) && !zombie(b'S', 1));
    }

    #[test]
    fn a_start_is_the_boot_and_the_ticks_since() {
        let ticks = ticks_per_second();
        let boot = Boot(100 * NANOSECONDS + 999_999_999);
        assert_eq!(boot.plus(0), 100);
        assert_eq!(boot.plus(ticks), 101);
        assert_eq!(boot.plus(ticks / 50), 101);
        assert_eq!(Boot(0).plus(i64::MAX), i64::MAX / ticks);
    }

    #[test]
    fn arguments_are_joined_and_harmless() {
        assert_eq!(
            command_line(b"sh\0-c\0printf '\x1b[2J'\0"),
            "sh -c printf '\\x1b[2J'"
        );
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
        // This very program: a minimal container has no other. An emulator, if any, runs
        // it again.
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
        // A sandbox may hide process 1, and then the state of all others is unknown.
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
