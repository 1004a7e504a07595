//! Instructions of whole commands under callgrind, against committed figures:
//! `cargo bench -p shm-tui --bench instructions`.
//!
//! Times depend on what else the machine does; instructions do not, so that 3 % more are
//! found anywhere. They hold for one compiler, C library and processor architecture,
//! which `instructions.txt` names: others are reported as skipped. Among 1,000 segments
//! in an IPC namespace of its own. `-- --update` writes the file anew.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]

#[cfg(target_os = "linux")]
mod support;

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("skipped: namespaces are Linux's");
}

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    if std::env::args().any(|argument| argument == counted::MAKE) {
        // They are removed with their namespace.
        std::mem::forget(support::resident(counted::SEGMENTS));
        return std::process::ExitCode::SUCCESS;
    }
    support::isolated(counted::all)
}

#[cfg(target_os = "linux")]
mod counted {
    use std::fmt::Write as _;
    use std::process::{Command, Stdio};

    use super::support;

    /// How much more than the committed figure is too much.
    const TOLERANCE: f64 = 0.03;

    pub(super) const SEGMENTS: usize = 1_000;

    /// The argument with which this program starts itself to make the segments.
    pub(super) const MAKE: &str = "--make";

    const CASES: [(&str, &[&str]); 8] = [
        ("version", &["--version"]),
        ("limits", &["limits"]),
        ("list", &["list"]),
        ("csv", &["list", "--csv"]),
        ("json", &["list", "--json"]),
        ("orphans", &["list", "--filter", "state=orphan"]),
        ("sorted", &["list", "--sort", "-size"]),
        ("metrics", &["metrics"]),
    ];

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.txt");

    pub(super) fn all() {
        let update = std::env::args().any(|argument| argument == "--update");
        let here = match environment() {
            Ok(here) => here,
            Err(why) => return println!("skipped: {why}"),
        };
        let committed = std::fs::read_to_string(FILE).unwrap_or_default();
        let is_here = committed.lines().any(|line| line == here);
        if !update && !is_here {
            return println!("skipped: the committed figures are not of {here}");
        }
        // By a process that has exited: to tell when a running one started, rustix asks
        // for the vDSO, which valgrind has taken away, and the program ends by SIGSEGV.
        let program = std::env::current_exe().unwrap();
        let made = Command::new(program).arg(MAKE).status();
        assert!(made.unwrap().success());
        let mut file = format!(
            "# Made by `cargo bench -p shm-tui --bench instructions -- --update`.\n{here}\n"
        );
        let mut slower = Vec::new();
        println!(
            "{:<10} {:>12} {:>12} {:>7}",
            "command", "committed", "now", "ratio"
        );
        for (name, arguments) in CASES {
            let now = instructions(arguments);
            writeln!(file, "{name} {now}").unwrap();
            let before = committed.lines().find_map(|line| {
                let count = line.strip_prefix(name)?.strip_prefix(' ')?;
                count.parse::<u64>().ok()
            });
            let ratio = before.map_or(f64::NAN, |before| now as f64 / before as f64);
            let shown = before.map_or_else(|| "-".to_owned(), |before| before.to_string());
            println!("{name:<10} {shown:>12} {now:>12} {ratio:>7.3}");
            if update {
                continue;
            }
            support::ratio(&format!("instructions_{name}"), SEGMENTS, ratio);
            if ratio.is_nan() || ratio > 1.0 + TOLERANCE {
                slower.push(name);
            }
        }
        if update {
            std::fs::write(FILE, file).unwrap();
            println!("wrote {FILE}");
        }
        assert!(
            slower.is_empty(),
            "more instructions than committed: {}",
            slower.join(", ")
        );
    }

    /// What the figures hold for, or why there are none here.
    fn environment() -> Result<String, String> {
        let first_line = |program: &str, arguments: &[&str]| {
            let output = Command::new(program).args(arguments).output();
            let output = output.map_err(|_| format!("{program} is not installed"))?;
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            Ok::<_, String>(text.lines().next().unwrap_or_default().trim().to_owned())
        };
        let compiler = first_line("rustc", &["--version"])?;
        let library = first_line("getconf", &["GNU_LIBC_VERSION"])?;
        let valgrind = first_line("valgrind", &["--version"])?;
        let machine = std::env::consts::ARCH;
        Ok(format!("{compiler}, {library}, {valgrind}, {machine}"))
    }

    /// Runs a command under callgrind, with nothing of this environment.
    fn instructions(arguments: &[&str]) -> u64 {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(env!("CARGO_BIN_EXE_shm-tui"))
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{text}");
        let count = text
            .lines()
            .find_map(|line| line.split("Collected :").nth(1));
        count.unwrap().trim().parse().unwrap()
    }
}
