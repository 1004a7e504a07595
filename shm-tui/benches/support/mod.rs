//! Shared by the benchmarks: a new IPC namespace, segments in it, and medians of
//! alternating measurements.
//!
//! Each prints sentences for people and, for programs, lines `ratio NAME SIZE VALUE`; a
//! smaller VALUE is better.
#![allow(dead_code, reason = "each benchmark uses its part")]
#![allow(unreachable_pub)]

use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Instant;

use shm::{OwnedSegment, Segment, SegmentId};

const INSIDE: &str = "SHM_TUI_BENCH_INSIDE";

/// Runs `body` in a new IPC namespace, so that other segments neither count nor are
/// touched: the program starts itself again in one.
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

/// Creates this many segments of one page, each attached once and detached again.
pub fn segments(count: usize) -> Vec<OwnedSegment> {
    let make = |_| {
        let segment = Segment::private(4096).unwrap().remove_on_drop();
        segment.attach().unwrap();
        segment
    };
    (0..count).map(make).collect()
}

/// As [`segments`], with their page in memory.
pub fn resident(count: usize) -> Vec<OwnedSegment> {
    let segments = segments(count);
    for segment in &segments {
        let attached = segment.attach().unwrap();
        attached.view().write_all_at(0, &[1]).unwrap();
    }
    segments
}

/// The argument with which a benchmark starts itself as a process to be found.
const ATTACH: &str = "--attach";

/// A process that does nothing, with or without a segment attached, until this is
/// dropped.
#[derive(Debug)]
pub struct Attached(Child);

impl Attached {
    /// Starts one, and waits until it has the segment attached.
    pub fn start(segment: Option<SegmentId>) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg(ATTACH)
            .args(segment.map(|id| id.to_string()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // It closes its output when it is ready.
        std::io::copy(&mut child.stdout.take().unwrap(), &mut std::io::sink()).unwrap();
        Self(child)
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        // Our own child, which was not waited for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The work of a process started by [`Attached`]; `None` in every other.
pub fn attached() -> Option<ExitCode> {
    let mut arguments = std::env::args().skip_while(|argument| argument != ATTACH);
    arguments.next()?;
    let attach = |id: String| {
        let id = SegmentId::from_raw(id.parse().unwrap());
        Segment::from_id(id).attach().unwrap()
    };
    let _attachment = arguments.next().map(attach);
    rustix::stdio::dup2_stdout(std::fs::File::open("/dev/null").unwrap()).unwrap();
    loop {
        std::thread::park();
    }
}

/// The time of one run, in microseconds.
pub fn time(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64() * 1e6
}

/// Returns the median.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A line for programs.
pub fn ratio(name: &str, size: impl std::fmt::Display, value: f64) {
    println!("ratio {name} {size} {value:.4}");
}
