//! Whole programs, from start to end: `shm-tui`'s commands and the usual tools: `cargo
//! bench -p shm-tui --bench commands`.
//!
//! Among 4,000 and 32,700 segments with one page each in memory, in an IPC namespace of
//! its own; `processes` among 500 processes, a tenth of which have the segment attached.
//! Each round starts theirs, ours, and theirs again, which is the control. The numbers
//! of segments and of rounds can be given: `-- 200 3`.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]

#[cfg(target_os = "linux")]
mod support;

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("skipped: namespaces are Linux's");
}

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    if let Some(code) = support::attached() {
        return code;
    }
    support::isolated(measured::all)
}

#[cfg(target_os = "linux")]
mod measured {
    use std::process::{Command, Stdio};
    use std::time::Instant;

    use shm::Attachment;

    use super::support;

    /// A command of `shm-tui`, the program that does the same, and the ratio to reach.
    struct Case {
        name: &'static str,
        ours: &'static [&'static str],
        theirs: &'static [&'static str],
        target: f64,
    }

    const fn case(
        name: &'static str,
        ours: &'static [&'static str],
        theirs: &'static [&'static str],
        target: f64,
    ) -> Case {
        Case {
            name,
            ours,
            theirs,
            target,
        }
    }

    const STARTS: [Case; 1] = [case(
        "version_ipcs",
        &["--version"],
        &["ipcs", "--version"],
        1.2,
    )];

    const LISTINGS: [Case; 7] = [
        case("list_ipcs", &["list"], &["ipcs", "-m"], 0.12),
        case("list_lsipc", &["list"], &["lsipc", "-m"], 0.12),
        case(
            "json_lsipc",
            &["list", "--json"],
            &["lsipc", "-m", "--json"],
            0.15,
        ),
        case(
            "orphans_ipcs",
            &["list", "--filter", "state=orphan"],
            &["ipcs", "-m"],
            0.15,
        ),
        case(
            "metrics_cat",
            &["metrics"],
            &["cat", "/proc/sysvipc/shm"],
            1.15,
        ),
        // The first prints no more than the limits, the second what is in use.
        case("limits_ipcs_l", &["limits"], &["ipcs", "-lm"], 1.3),
        case("limits_ipcs_u", &["limits"], &["ipcs", "-um"], 1.3),
    ];

    const LSOF: Case = case(
        "processes_lsof",
        &["processes", "0x5ec0de"],
        &["lsof", "-n", "-P", "-w"],
        0.08,
    );
    const KEY: i32 = 0x005e_c0de;
    const PROCESSES: usize = 500;

    pub(super) fn all() {
        let mut numbers = std::env::args().filter_map(|argument| argument.parse().ok());
        let few: usize = numbers.next().unwrap_or(4_000);
        let rounds: usize = numbers.next().unwrap_or(101);
        let many = few * 327 / 40;
        println!(
            "{:<16} {:>6} {:>10} {:>10} {:>7}  {:^13} {:>7} {:>6}",
            "ours_theirs", "size", "theirs", "ours", "ratio", "middle half", "control", "rounds"
        );
        let mut lines = Vec::new();
        lines.extend(compare(&STARTS[0], 0, rounds));
        lines.extend(among_processes(rounds));
        let mut segments = support::resident(few);
        for case in &LISTINGS {
            lines.extend(compare(case, few, rounds));
        }
        // Of the namespace, which has no other users.
        match std::fs::write("/proc/sys/kernel/shmmni", (many + 1).max(4096).to_string()) {
            Ok(()) => {
                segments.extend(support::resident(many - few));
                for case in &LISTINGS {
                    lines.extend(compare(case, many, rounds.div_ceil(5)));
                }
            }
            Err(error) => println!("skipped: {many} segments: shmmni cannot be written: {error}"),
        }
        println!("\n{}", lines.join("\n"));
    }

    /// Finds the processes that have one segment attached, among 500.
    fn among_processes(rounds: usize) -> Vec<String> {
        let segment = shm::Segment::create_new(shm::Key::from_raw(KEY), 4096)
            .unwrap()
            .remove_on_drop();
        let _attached: Attachment = segment.attach().unwrap();
        let _processes: Vec<support::Attached> = (0..PROCESSES)
            .map(|number| support::Attached::start(number.is_multiple_of(10).then(|| segment.id())))
            .collect();
        compare(&LSOF, PROCESSES, rounds.div_ceil(2))
    }

    /// Measures and prints a case. Returns its lines for programs, or nothing where the
    /// other program is missing.
    fn compare(case: &Case, size: usize, rounds: usize) -> Vec<String> {
        let ours: Vec<&str> = [env!("CARGO_BIN_EXE_shm-tui")]
            .into_iter()
            .chain(case.ours.iter().copied())
            .collect();
        if let Err(error) = once(case.theirs) {
            println!("skipped: {} {size}: {error}", case.name);
            return Vec::new();
        }
        once(&ours).unwrap();
        let mut times = Times::default();
        for _ in 0..rounds {
            times.round(case.theirs, &ours);
        }
        let ratio = quantile(&times.ratios, 0.5);
        println!(
            "{:<16} {size:>6} {:>7.2} ms {:>7.2} ms {ratio:>7.3}  {:>5.2} – {:<5.2} {:>7.3} {:>6}",
            case.name,
            quantile(&times.theirs, 0.5) * 1e3,
            quantile(&times.ours, 0.5) * 1e3,
            quantile(&times.ratios, 0.25),
            quantile(&times.ratios, 0.75),
            quantile(&times.controls, 0.5),
            rounds
        );
        vec![
            format!("ratio {} {size} {ratio:.4}", case.name),
            format!("target {} {size} {}", case.name, case.target),
        ]
    }

    /// Takes one sample of each per round.
    #[derive(Default)]
    struct Times {
        theirs: Vec<f64>,
        ours: Vec<f64>,
        ratios: Vec<f64>,
        controls: Vec<f64>,
    }

    impl Times {
        fn round(&mut self, theirs: &[&str], ours: &[&str]) {
            let before = once(theirs).unwrap();
            let candidate = once(ours).unwrap();
            let after = once(theirs).unwrap();
            let beside = (before + after) / 2.0;
            self.theirs.push(beside);
            self.ours.push(candidate);
            self.ratios.push(candidate / beside);
            self.controls.push(after / before);
        }
    }

    /// Returns the seconds that a program takes.
    fn once(line: &[&str]) -> Result<f64, String> {
        let start = Instant::now();
        let status = Command::new(line[0])
            .args(&line[1..])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(|error| format!("{}: {error}", line[0]))?;
        let taken = start.elapsed().as_secs_f64();
        match status.code() {
            // lsof exits with this code if it could not inspect something.
            Some(0 | 1) => Ok(taken),
            _ => Err(format!("{}: {status}", line[0])),
        }
    }

    /// Returns a quantile.
    fn quantile(values: &[f64], share: f64) -> f64 {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted[(share * (sorted.len() - 1) as f64).round() as usize]
    }
}
