//! What the benchmarks share: an IPC namespace of their own, segments in it,
//! and medians of measurements taken in turns.
//!
//! Each prints sentences for people and, for programs, lines
//! `ratio NAME SIZE VALUE`, where VALUE is to be small.
#![allow(dead_code, reason = "each benchmark uses its part")]
#![allow(unreachable_pub)]

use std::process::{Command, ExitCode};
use std::time::Instant;

use shm::{OwnedSegment, Segment};

const INSIDE: &str = "SHM_TUI_BENCH_INSIDE";

/// Runs `body` in a fresh IPC namespace, so that what others have in theirs
/// neither counts nor is touched: the program starts itself again in one.
pub fn isolated(body: impl FnOnce()) -> ExitCode {
    if std::env::var_os(INSIDE).is_some() {
        body();
        return ExitCode::SUCCESS;
    }
    let ways: [&[&str]; 2] = [&["--ipc"], &["--user", "--map-root-user", "--ipc"]];
    let works = |way: &&&[&str]| {
        let status = Command::new("unshare").args(**way).arg("true").status();
        status.is_ok_and(|status| status.success())
    };
    let Some(way) = ways.iter().find(works) else {
        println!("skipped: this machine lets us make no IPC namespace");
        return ExitCode::SUCCESS;
    };
    let status = Command::new("unshare")
        .args(*way)
        .arg(std::env::current_exe().unwrap())
        .args(std::env::args_os().skip(1))
        .env(INSIDE, "1")
        .status()
        .unwrap();
    match status.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// So many segments of one page, each attached once and detached again.
pub fn segments(count: usize) -> Vec<OwnedSegment> {
    let make = |_| {
        let segment = Segment::private(4096).unwrap().remove_on_drop();
        segment.attach().unwrap();
        segment
    };
    (0..count).map(make).collect()
}

/// The time of one run, in microseconds.
pub fn time(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64() * 1e6
}

/// The one in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A line for programs.
pub fn ratio(name: &str, size: impl std::fmt::Display, value: f64) {
    println!("ratio {name} {size} {value:.4}");
}
