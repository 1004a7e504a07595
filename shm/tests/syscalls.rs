//! Which system calls are made, and what is left behind when one fails that
//! hardly ever does: `strace` counts the calls, and makes them fail.
//!
//! A test runs its own executable again under `strace`, for itself only; there
//! it finds a variable set and runs the scenario.
#![cfg(all(target_os = "linux", feature = "std"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::path::PathBuf;
use std::process::Command;

use common::private;
use shm::{Cause, Key, RemovePolicy, Segment, SegmentOptions};

/// Set, to the test's name, in the process that runs the scenario.
const MARK: &str = "SHM_TEST_TRACED";

/// The calls that the thread of a scenario made, oldest first, as `strace`
/// prints them.
struct Trace(Vec<String>);

impl Trace {
    /// The names of the calls.
    fn names(&self) -> Vec<&str> {
        let name = |line: &'_ String| line.find('(').map_or(0, |end| end);
        self.0.iter().map(|line| &line[..name(line)]).collect()
    }
}

/// Runs a scenario under `strace` with a fault, if one is given, and returns
/// what it called from its first `shmget` to its last `shmctl`. `None` in the
/// traced process itself, and where nothing can be traced.
fn traced(test: &str, fault: Option<&str>, scenario: impl FnOnce()) -> Option<Trace> {
    if std::env::var_os(MARK).is_some_and(|name| name == test) {
        scenario();
        return None;
    }
    let usable = Command::new("strace")
        .args(["-qq", "-o", "/dev/null", "true"])
        .output();
    match usable {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            let why = String::from_utf8_lossy(&output.stderr)
                .trim()
                .replace('\n', "; ");
            common::skipped(format_args!("strace cannot trace here: {why}"));
            return None;
        }
        Err(error) => {
            common::lacks(format_args!("strace cannot be run: {error}"));
            return None;
        }
    }
    let log = Log::new(test);
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "-o"])
        .arg(&log.0)
        .args(fault.map(|fault| ["-e", fault]).into_iter().flatten())
        .env(MARK, test)
        // Leak detection cannot run under a tracer.
        .env("ASAN_OPTIONS", "detect_leaks=0");
    let traced = common::under(strace, &common::again(test)).output();
    common::passed_again(test, &traced.unwrap());
    let text = std::fs::read_to_string(&log.0).unwrap();
    let calls = calls_of_scenario(&text);
    assert!(!calls.is_empty(), "nothing was traced:\n{text}");
    if fault.is_some() {
        let injected = calls.iter().any(|call| call.ends_with("(INJECTED)"));
        assert!(injected, "no call was made to fail: {calls:#?}");
    }
    Some(Trace(calls))
}

/// A file for `strace`, removed with the value.
struct Log(PathBuf);

impl Log {
    fn new(test: &str) -> Self {
        let name = format!("shm-{test}-{}.strace", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The lines of the thread that called `shmget`, without its number, from its
/// first `shmget` to its last call about segments.
fn calls_of_scenario(log: &str) -> Vec<String> {
    let lines = || log.lines().filter_map(|line| line.split_once(' '));
    let is_shm = |call: &str| call.trim_start().starts_with("shm");
    let thread = lines()
        .find(|(_, call)| is_shm(call))
        .map(|(thread, _)| thread);
    let mut calls: Vec<_> = lines()
        .filter(|(number, _)| Some(*number) == thread)
        .map(|(_, call)| call.trim().to_owned())
        .skip_while(|call| !is_shm(call))
        .collect();
    let last = calls.iter().rposition(|call| is_shm(call));
    calls.truncate(last.map_or(0, |last| last + 1));
    calls
}

/// The five calls of a life, who the creator is, and before the removal whether
/// the identifier still names what was created.
const LIFE: [&str; 8] = [
    "shmget", "getpid", "geteuid", "shmat", "shmctl", "shmdt", "shmctl", "shmctl",
];

#[test]
fn a_life_takes_these_calls_and_no_other() {
    let trace = traced("a_life_takes_these_calls_and_no_other", None, || {
        let segment = Segment::private(4096).unwrap();
        let attachment = segment.attach().unwrap();
        assert_eq!(attachment.stat_when_attached().attached, 1);
        attachment.detach().unwrap();
        segment.remove().unwrap();
    });
    if let Some(trace) = trace {
        assert_eq!(trace.names(), LIFE, "{:#?}", trace.0);
        for (at, command) in [(4, "IPC_STAT"), (6, "IPC_STAT"), (7, "IPC_RMID")] {
            assert!(trace.0[at].contains(command), "{:#?}", trace.0);
        }
    }
}

#[test]
fn work_on_the_bytes_takes_no_call() {
    let trace = traced("work_on_the_bytes_takes_no_call", None, || {
        let segment = Segment::private(100_000).unwrap();
        let attachment = segment.attach().unwrap();
        let view = attachment.view();
        view.fill(1);
        let mut bytes = [0; 10_000];
        view.read_exact_at(1, &mut bytes).unwrap();
        view.write_all_at(50_003, &bytes).unwrap();
        view.atomic::<u32>(0)
            .unwrap()
            .fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        assert_eq!(view.copy_to(view.slice(7..).unwrap()), 99_993);
        drop(attachment);
        segment.remove().unwrap();
    });
    if let Some(trace) = trace {
        assert_eq!(trace.names(), LIFE, "{:#?}", trace.0);
    }
}

#[test]
fn a_stat_that_fails_after_attaching_leaves_nothing_attached() {
    let name = "a_stat_that_fails_after_attaching_leaves_nothing_attached";
    let trace = traced(name, Some("inject=shmctl:error=EACCES:when=1"), || {
        let segment = Segment::private(4096).unwrap();
        let error = segment.attach().unwrap_err();
        assert!(
            matches!(error.cause(), Cause::PermissionDenied { .. }),
            "{error}"
        );
        assert_eq!(segment.stat().unwrap().attached, 0);
        segment.remove().unwrap();
    });
    if let Some(trace) = trace {
        let names = trace.names();
        assert_eq!(names[..4], LIFE[..4], "{:#?}", trace.0);
        assert_eq!(
            names.iter().filter(|name| **name == "shmdt").count(),
            1,
            "{:#?}",
            trace.0
        );
    }
}

#[test]
fn a_failing_attach_removes_the_segment_just_created() {
    let name = "a_failing_attach_removes_the_segment_just_created";
    traced(name, Some("inject=shmat:error=ENOMEM:when=1"), || {
        let key = Key::random();
        let error = SegmentOptions::new()
            .size(4096)
            .open_or_create(true)
            .open_attached(key)
            .unwrap_err();
        assert!(matches!(error.cause(), Cause::OutOfMemory), "{error}");
        let error = Segment::open(key).unwrap_err();
        assert!(matches!(error.cause(), Cause::NotFound), "{error}");
    });
}

#[test]
fn a_stat_that_fails_removes_the_segment_just_created() {
    let name = "a_stat_that_fails_removes_the_segment_just_created";
    traced(name, Some("inject=shmctl:error=EIO:when=1"), || {
        let key = Key::random();
        let error = SegmentOptions::new()
            .size(4096)
            .open_or_create(true)
            .open_attached(key)
            .unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::EIO), "{error}");
        let error = Segment::open(key).unwrap_err();
        assert!(matches!(error.cause(), Cause::NotFound), "{error}");
    });
}

#[test]
fn a_failing_attach_leaves_an_existing_segment_alone() {
    let name = "a_failing_attach_leaves_an_existing_segment_alone";
    traced(name, Some("inject=shmat:error=ENOMEM:when=1"), || {
        let key = Key::random();
        let existing = Segment::create_new(key, 4096).unwrap().remove_on_drop();
        SegmentOptions::new()
            .size(4096)
            .open_or_create(true)
            .open_attached(key)
            .unwrap_err();
        assert_eq!(Segment::open(key).unwrap().id(), existing.id());
        assert_eq!(existing.stat().unwrap().attached, 0);
    });
}

#[test]
fn a_failing_detach_gives_the_attachment_back() {
    let name = "a_failing_detach_gives_the_attachment_back";
    traced(name, Some("inject=shmdt:error=EINVAL:when=1"), || {
        let segment = private(4096);
        let attachment = segment.attach().unwrap();
        attachment.view().write(0, &7_u64).unwrap();
        let failed = attachment.detach().unwrap_err();
        assert_eq!(failed.error().raw_os_error(), Some(libc::EINVAL));
        let attachment = failed.into_attachment();
        assert_eq!(attachment.view().read::<u64>(0).unwrap(), 7);
        attachment.detach().unwrap();
        assert_eq!(segment.stat().unwrap().attached, 0);
    });
}

#[test]
fn a_removal_that_fails_after_attaching_is_told_and_tried_again_on_drop() {
    let name = "a_removal_that_fails_after_attaching_is_told_and_tried_again_on_drop";
    // The first two are the stats of attaching and before removing.
    traced(name, Some("inject=shmctl:error=EPERM:when=3"), || {
        let segment = private(4096)
            .with_policy(RemovePolicy::AfterAttach)
            .unwrap();
        let id = segment.id();
        let error = segment.attach().unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::EPERM), "{error}");
        assert_eq!(segment.stat().unwrap().attached, 0);
        drop(segment);
        assert!(Segment::open_id(id).is_err());
    });
}

#[test]
fn an_exclusive_creation_that_is_refused_attaches_nothing() {
    let name = "an_exclusive_creation_that_is_refused_attaches_nothing";
    let trace = traced(name, Some("inject=shmget:error=ENOSPC:when=1"), || {
        let options = SegmentOptions::new();
        let error = options
            .size(4096)
            .open_or_create(true)
            .open_attached(Key::random())
            .unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::ENOSPC), "{error}");
    });
    if let Some(trace) = trace {
        assert!(!trace.names().contains(&"shmat"), "{:#?}", trace.0);
    }
}
