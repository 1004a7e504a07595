//! Compares whole programs: `shm-tui`'s commands and the usual tools, among many segments
//! in a new IPC namespace.

use std::process::{Command, Stdio};
use std::time::Instant;

use xshell::{Shell, cmd};

use super::Section;
use crate::project::{Result, target_dir};

const SEGMENTS: u32 = 4_000;

/// A command of `shm-tui`, and the program that does the same.
const PAIRS: [(&str, &[&str], &[&str]); 5] = [
    ("list, ipcs -m", &["list"], &["ipcs", "-m"]),
    ("list, lsipc -m", &["list"], &["lsipc", "-m"]),
    (
        "list --json, lsipc --json",
        &["list", "--json"],
        &["lsipc", "-m", "--json"],
    ),
    ("limits, ipcs -lm", &["limits"], &["ipcs", "-lm"]),
    (
        "processes, lsof",
        &["processes", "0"],
        &["lsof", "-n", "-P", "-w"],
    ),
];

/// Measures in a namespace with no other segments: runs this program again, under
/// `unshare`.
pub(super) fn section(shell: &Shell, quick: bool) -> Result<Section> {
    let title = format!(
        "Whole programs among {SEGMENTS} segments, including their start: times, less is better"
    );
    let command = "cargo xtask bench".to_owned();
    let program = std::env::current_exe()?;
    let quick = quick.then_some("--quick");
    let run = cmd!(
        shell,
        "unshare --ipc -- {program} bench {quick...} --commands"
    );
    let printed = match cmd!(shell, "unshare --ipc true")
        .quiet()
        .ignore_stderr()
        .run()
    {
        Ok(()) => super::human_readable(&run.quiet().read()?),
        Err(_) => "skipped: this user cannot create an IPC namespace".to_owned(),
    };
    Ok(Section {
        title,
        command,
        printed,
    })
}

/// Creates the segments, measures and prints; [`section`] starts it.
pub(super) fn measure(quick: bool) -> Result {
    let made = Command::new("perl")
        .args([
            "-e",
            "for (1..$ARGV[0]) { defined shmget(0, 4096, 01600) or die $! }",
        ])
        .arg(SEGMENTS.to_string())
        .status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: perl could not create the segments");
        return Ok(());
    }
    let ours = target_dir().join("release").join("shm-tui");
    let ours = ours.display().to_string();
    let rounds = if quick { 3 } else { 101 };
    println!(
        "{:<28} {:>11} {:>11} {:>7}  {:^13} {:>7} {:>6}",
        "ours, theirs", "theirs", "ours", "ratio", "middle half", "control", "rounds"
    );
    for (name, arguments, theirs) in PAIRS {
        let our_line: Vec<&str> = std::iter::once(ours.as_str())
            .chain(arguments.iter().copied())
            .collect();
        if let Err(error) = once(theirs) {
            println!("skipped: {name}: {error}");
            continue;
        }
        once(&our_line)?;
        row(name, &Times::take(rounds, theirs, &our_line)?);
    }
    Ok(())
}

/// Returns the seconds that a program takes.
fn once(line: &[&str]) -> Result<f64> {
    let (program, arguments) = line.split_first().ok_or("no program")?;
    let start = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| format!("{program}: {error}"))?;
    let taken = start.elapsed().as_secs_f64();
    match status.code() {
        // lsof exits with this code if it could not inspect something.
        Some(0 | 1) => Ok(taken),
        _ => Err(format!("{program}: {status}").into()),
    }
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
    fn take(rounds: usize, theirs: &[&str], ours: &[&str]) -> Result<Self> {
        let mut times = Self::default();
        for _ in 0..rounds {
            let before = once(theirs)?;
            let candidate = once(ours)?;
            let after = once(theirs)?;
            let beside = (before + after) / 2.0;
            times.theirs.push(beside);
            times.ours.push(candidate);
            times.ratios.push(candidate / beside);
            times.controls.push(after / before);
        }
        Ok(times)
    }
}

fn row(name: &str, times: &Times) {
    let milliseconds = |values: &[f64]| format!("{:.2} ms", quantile(values, 0.5) * 1e3);
    println!(
        "{name:<28} {:>11} {:>11} {:>7.3}  {:>5.2} – {:<5.2} {:>7.3} {:>6}",
        milliseconds(&times.theirs),
        milliseconds(&times.ours),
        quantile(&times.ratios, 0.5),
        quantile(&times.ratios, 0.25),
        quantile(&times.ratios, 0.75),
        quantile(&times.controls, 0.5),
        times.ratios.len(),
    );
}

/// Returns a quantile; NaN without values.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    let index = (share * last as f64).round();
    sorted.get(index as usize).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let values = [5.0, 1.0, 4.0, 2.0, 3.0];
        for (share, value) in [(0.0, 1.0), (0.25, 2.0), (0.5, 3.0), (0.75, 4.0), (1.0, 5.0)] {
            assert!((quantile(&values, share) - value).abs() < f64::EPSILON);
        }
        assert!(quantile(&[], 0.5).is_nan());
    }
}
