//! Measures the cost of viewing segments: `cargo bench -p shm-tui --bench contents`.
//!
//! Each line is `ratio NAME SIZE VALUE`; the line before it names the baseline. Rounds
//! alternate, and the best of each side counts. The last two lines are sizes and shares,
//! not ratios. The size can be given in MiB:
//! `cargo bench -p shm-tui --bench contents -- 256`.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]

use std::hint::black_box;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use shm::{OwnedSegment, SegmentOptions};
use shm_tui::app::job::{Answer, Job, Report, Work};
use shm_tui::model::bytes::search::Needle;
use shm_tui::model::segment::Identity;
use shm_tui::output::dump::Dump;
use shm_tui::source::job::perform;
use shm_tui::source::live::Live;
use shm_tui::source::{SnapshotOptions, Source};

const ROUNDS: usize = 5;
/// Where files are in memory.
const MEMORY: &str = "/dev/shm";

/// A segment full of bytes that repeat late.
fn full(size: usize) -> OwnedSegment {
    let segment = SegmentOptions::new().size(size).private().unwrap();
    let segment = segment.remove_on_drop();
    let attachment = segment.attach().unwrap();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut piece = vec![0; 1 << 20];
    for offset in (0..size).step_by(piece.len()) {
        for word in piece.as_chunks_mut::<8>().0 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *word = state.to_le_bytes();
        }
        black_box(attachment.view().write_at(offset, &piece));
    }
    drop(attachment);
    segment
}

fn identity(source: &dyn Source, segment: &OwnedSegment) -> Identity {
    let wanted = SnapshotOptions {
        memory: false,
        totals: false,
    };
    let snapshot = source.snapshot(wanted).unwrap();
    let mut segments = snapshot.segments.iter();
    let id = segment.id().as_raw();
    segments.find(|found| found.id == id).unwrap().identity()
}

/// The best time of each of two, taken in turns.
fn best(mut ours: impl FnMut(), mut theirs: impl FnMut()) -> (f64, f64) {
    let mut times = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        ours();
        times.0 = times.0.min(begin.elapsed().as_secs_f64());
        let begin = Instant::now();
        theirs();
        times.1 = times.1.min(begin.elapsed().as_secs_f64());
    }
    times
}

fn report(name: &str, against: &str, most: f64, mib: usize, times: (f64, f64)) {
    let (ours, theirs) = (times.0 * 1e3, times.1 * 1e3);
    println!("{name}: {ours:.1} ms, {against}: {theirs:.1} ms (at most {most})");
    println!("ratio {name} {mib}MiB {:.2}", ours / theirs);
}

fn job(source: &dyn Source, target: Identity, work: Work) -> Answer {
    let job = Job {
        number: 1,
        target,
        work,
        read_unknown: false,
    };
    let mut answer = None;
    perform(source, &job, &|| true, &mut |report| {
        if let Report::Ended(end) = report {
            answer = Some(end.unwrap());
        }
        true
    });
    answer.unwrap()
}

fn main() {
    if !cfg!(target_os = "linux") {
        println!("skipped: files in memory are looked for in /dev/shm, which is Linux's");
        return;
    }
    let mut sizes = std::env::args().filter_map(|argument| argument.parse().ok());
    let mib: usize = sizes.next_back().unwrap_or(1024);
    let segment = full(mib << 20);
    let source = Live::new();
    let target = identity(&source, &segment);
    let file = PathBuf::from(format!("{MEMORY}/shm-tui-bench-{}", std::process::id()));
    let copy = file.with_extension("copy");
    let all = Dump {
        range: 0..target.size,
        hex: false,
    };
    job(&source, target, Work::Dump(all.clone(), file.clone()));

    let needle = "no such words in it";
    let times = best(
        || {
            let needle = Needle::parse(needle, false).unwrap();
            black_box(job(&source, target, Work::Search(needle, 0)));
        },
        || {
            let mut grep = Command::new("grep");
            grep.env("LC_ALL", "C").arg("-c").arg(needle).arg(&file);
            black_box(grep.output().unwrap());
        },
    );
    report("search", "grep -c", 1.0, mib, times);

    let times = best(
        || {
            black_box(job(&source, target, Work::Map));
        },
        || {
            let attachment = segment.attach_read_only().unwrap();
            let mut piece = vec![0; 128 << 10];
            for offset in (0..attachment.len()).step_by(piece.len()) {
                black_box(attachment.view().read_at(offset, &mut piece));
                black_box(&piece);
            }
        },
    );
    report("map", "memcpy", 1.5, mib, times);

    let ours = copy.clone();
    let times = best(
        || {
            std::fs::remove_file(&ours).ok();
            black_box(job(&source, target, Work::Dump(all.clone(), ours.clone())));
        },
        || {
            std::fs::remove_file(&copy).ok();
            let mut cp = Command::new("cp");
            // A clone of the file would copy nothing.
            cp.arg("--reflink=never").arg(&file).arg(&copy);
            assert!(cp.status().unwrap().success());
        },
    );
    report("dump", "cp", 1.2, mib, times);
    std::fs::remove_file(&copy).ok();
    std::fs::remove_file(&file).ok();
    browser(&segment, mib);
}

fn status(pid: u32, field: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(field));
    let number = line.unwrap().split_whitespace().next().unwrap();
    number.parse().unwrap()
}

fn ticks(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat
        .rsplit_once(')')
        .unwrap()
        .1
        .split_whitespace()
        .collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// Memory after scrolling through it, and the processor while it changes ten
/// times a second.
fn browser(segment: &OwnedSegment, mib: usize) {
    let size = PtySize {
        rows: 48,
        cols: 160,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_shm-tui"));
    command.args(["--filter", &format!("id={}", segment.id().as_raw())]);
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    command.cwd(std::env::current_dir().unwrap());
    let mut child = pair.slave.spawn_command(command).unwrap();
    let pid = child.process_id().unwrap();
    let mut output = pair.master.try_clone_reader().unwrap();
    std::thread::spawn(move || {
        let mut buffer = [0; 65_536];
        while let Ok(1..) = output.read(&mut buffer) {}
    });
    let mut input = pair.master.take_writer().unwrap();
    let mut keys = |keys: &str, wait: u64| {
        input.write_all(keys.as_bytes()).unwrap();
        input.flush().unwrap();
        std::thread::sleep(Duration::from_millis(wait));
    };
    keys("", 500);
    keys("\r", 500);
    for percent in 0..=100 {
        keys(&format!(":{percent}%\r\x1b[6~\x1b[6~"), 20);
    }
    // Shared pages are the segment's own.
    let own = status(pid, "RssAnon:") + status(pid, "RssFile:");
    println!(
        "resident beyond the segment's pages, scrolled through {mib} MiB (at most 16384): {own} KiB"
    );

    keys(":0\r", 300);
    let writing = Arc::new(AtomicBool::new(true));
    let goes_on = Arc::clone(&writing);
    let attachment = segment.attach().unwrap();
    let writer = std::thread::spawn(move || {
        let mut count = 0_u64;
        while goes_on.load(Ordering::SeqCst) {
            count += 1;
            attachment.view().write(64, &count).unwrap();
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    let before = ticks(pid);
    let begin = Instant::now();
    std::thread::sleep(Duration::from_secs(20));
    let used = (ticks(pid) - before) as f64 / rustix::param::clock_ticks_per_second() as f64;
    let share = used / begin.elapsed().as_secs_f64() * 100.0;
    println!("processor with the hex view on a segment that changes (at most 1): {share:.2} %");
    writing.store(false, Ordering::SeqCst);
    writer.join().unwrap();
    let _ = child.kill();
    let _ = child.wait();
}
