//! Describes the machine and the versions of the compared programs.

use xshell::{Shell, cmd};

/// Returns pairs of name and value; unknown ones are omitted.
pub(super) fn describe(shell: &Shell) -> Vec<(&'static str, String)> {
    let mut declarations = Vec::new();
    let mut tell = |what, which: Option<String>| {
        if let Some(which) = which.filter(|which| !which.is_empty()) {
            declarations.push((what, which));
        }
    };
    tell("processor", processor());
    tell("memory", memory());
    tell("kernel", first_line(shell, "uname", &["-srm"]));
    tell(
        "C library",
        first_line(shell, "getconf", &["GNU_LIBC_VERSION"]),
    );
    tell("Rust", first_line(shell, "rustc", &["--version"]));
    tell("shm, shm-tui", Some(env!("CARGO_PKG_VERSION").to_owned()));
    tell("ipcs, lsipc", first_line(shell, "ipcs", &["--version"]));
    tell("lsof", lsof(shell));
    tell("htop", first_line(shell, "htop", &["--version"]));
    let python = std::env::var("SHM_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script =
        "import sys, sysv_ipc; print(sys.version.split()[0], 'sysv_ipc', sysv_ipc.__version__)";
    tell("Python", first_line(shell, &python, &["-c", script]));
    declarations
}

/// Returns the commit and the day of a run, to be put after its command.
pub(super) fn run(shell: &Shell) -> String {
    let commit = first_line(shell, "git", &["rev-parse", "--short", "HEAD"]);
    let day = first_line(shell, "date", &["-u", "+%Y-%m-%d"]);
    let part = |before: &str, what: Option<String>| {
        what.map_or_else(String::new, |what| format!("{before}{what}"))
    };
    part(", at ", commit) + &part(" on ", day)
}

/// Returns how busy the machine was in the last minute, to be put after a run: where that
/// is more than the benchmark itself, its times are those of a shared machine.
pub(super) fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load_of(&text).map_or_else(String::new, |load| format!(", load average {load}"))
}

/// Returns the average of one minute (`proc_loadavg(5)`).
fn load_of(text: &str) -> Option<&str> {
    let first = text.split_ascii_whitespace().next()?;
    first.parse::<f64>().is_ok().then_some(first)
}

fn first_line(shell: &Shell, program: &str, arguments: &[&str]) -> Option<String> {
    let command = cmd!(shell, "{program} {arguments...}")
        .quiet()
        .ignore_stderr();
    let text = command.read().ok()?;
    Some(text.lines().next()?.trim().to_owned())
}

/// It prints its version to standard error, among other things.
fn lsof(shell: &Shell) -> Option<String> {
    let output = cmd!(shell, "lsof -v")
        .quiet()
        .ignore_status()
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("revision:"));
    Some(line?.trim().to_owned())
}

fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let name = text
        .lines()
        .find_map(|line| line.strip_prefix("model name"))?;
    let name = name.trim_start_matches([' ', '\t', ':']);
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    Some(format!("{name}, {count} threads"))
}

fn memory() -> Option<String> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(format!("{} GiB", (kilobytes + (1 << 19)) >> 20))
}

#[cfg(test)]
mod tests {
    use super::load_of;

    #[test]
    fn the_load_is_that_of_one_minute() {
        assert_eq!(load_of("9.82 7.10 5.00 3/412 999\n"), Some("9.82"));
        assert_eq!(load_of(""), None);
        assert_eq!(load_of("busy"), None);
    }
}
