//! Measures the idle browser: `cargo bench -p shm-tui --bench idle`.
//!
//! Processor time over a minute compared with htop's in the same minute, bytes to the
//! terminal per second, and the time from start to first frame, all among 100 segments in
//! a new IPC namespace. Both programs run for a minute first, because ages advance by the
//! minute after the first. The duration can be given in seconds: `cargo bench -p shm-tui
//! --bench idle -- 120`.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]

mod support;

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use support::{median, ratio};

/// A program in a pseudo-terminal, and how much it has written.
struct Running {
    child: Box<dyn Child + Send + Sync>,
    bytes: Arc<AtomicUsize>,
    _master: Box<dyn MasterPty + Send>,
}

fn start(program: &str) -> Option<Running> {
    let size = PtySize {
        rows: 48,
        cols: 160,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(program);
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    command.cwd(std::env::current_dir().unwrap());
    let child = pair.slave.spawn_command(command).ok()?;
    let bytes = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&bytes);
    let mut output = pair.master.try_clone_reader().unwrap();
    std::thread::spawn(move || {
        let mut buffer = [0; 65_536];
        while let Ok(count @ 1..) = output.read(&mut buffer) {
            counter.fetch_add(count, Ordering::SeqCst);
        }
    });
    Some(Running {
        child,
        bytes,
        _master: pair.master,
    })
}

impl Running {
    /// Processor time so far, in clock ticks.
    fn ticks(&self) -> u64 {
        let path = format!("/proc/{}/stat", self.child.process_id().unwrap());
        let stat = std::fs::read_to_string(path).unwrap();
        let fields: Vec<&str> = stat
            .rsplit_once(')')
            .unwrap()
            .1
            .split_whitespace()
            .collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }

    /// Bytes in main memory.
    fn resident(&self) -> u64 {
        let path = format!("/proc/{}/statm", self.child.process_id().unwrap());
        let statm = std::fs::read_to_string(path).unwrap();
        let pages: u64 = statm.split(' ').nth(1).unwrap().parse().unwrap();
        pages * rustix::param::page_size() as u64
    }

    fn written(&self) -> usize {
        self.bytes.load(Ordering::SeqCst)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn first_frame(program: &str) -> f64 {
    let first = |_| {
        let begin = Instant::now();
        let running = start(program).unwrap();
        // More than an empty table: a frame with the segments in it.
        while running.written() < 3_000 {
            std::thread::sleep(Duration::from_micros(100));
        }
        // Before the program is ended, which takes its time too.
        begin.elapsed().as_secs_f64() * 1e3
    };
    median((0..20).map(first).collect())
}

fn main() -> std::process::ExitCode {
    if !cfg!(target_os = "linux") {
        println!("skipped: processor time is read from /proc, which is Linux's");
        return std::process::ExitCode::SUCCESS;
    }
    support::isolated(|| {
        let segments = support::segments(SEGMENTS);
        measure();
        drop(segments);
    })
}

/// Of an idle system.
const SEGMENTS: usize = 100;
/// Until ages step by the minute.
const SETTLED: Duration = Duration::from_secs(65);

fn measure() {
    let browser = env!("CARGO_BIN_EXE_shm-tui");
    let mut seconds = std::env::args().filter_map(|argument| argument.parse().ok());
    let seconds: u64 = seconds.next_back().unwrap_or(60);
    let first = first_frame(browser);
    println!("start to first frame: {first:.1} ms (at most 30)");
    ratio("first_frame_milliseconds", SEGMENTS, first);
    let ours = start(browser).unwrap();
    let htop = start("htop");
    std::thread::sleep(SETTLED);
    let before = (
        ours.ticks(),
        ours.written(),
        htop.as_ref().map(Running::ticks),
    );
    std::thread::sleep(Duration::from_secs(seconds));
    let ticks = ours.ticks() - before.0;
    let bytes = ours.written() - before.1;
    let per_second = rustix::param::clock_ticks_per_second();
    let share = |ticks: u64| ticks as f64 / per_second as f64 / seconds as f64 * 100.0;
    println!(
        "processor over {seconds} s: {:.2} % of a core",
        share(ticks)
    );
    match (htop.as_ref(), before.2) {
        (Some(htop), Some(before)) => {
            let theirs = htop.ticks() - before;
            let part = ticks as f64 / theirs.max(1) as f64;
            println!(
                "htop's: {:.2} %; ours is {part:.2} of it (at most 0.25)",
                share(theirs)
            );
            ratio("idle_processor_htop", SEGMENTS, part);
        }
        _ => println!("skipped: htop is not installed"),
    }
    let rate = bytes as f64 / seconds as f64;
    println!("to the terminal: {rate:.1} bytes a second (at most 50)");
    ratio("idle_bytes_per_second", SEGMENTS, rate);
    println!("resident: {} KiB", ours.resident() / 1024);
}
