//! Counts the system calls with `strace`, and makes some fail that hardly ever do, to see
//! what is left behind.
//!
//! A test runs its own executable again under `strace`, for itself only; there a variable
//! is set, and it runs the scenario.
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

/// Runs a scenario under `strace`, with a fault if given, and returns its calls from the
/// first `shmget` to the last `shmctl`. `None` in the traced process itself, and where
/// nothing can be traced.
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

/// One life of a segment: the five calls, the creator's identity, the mapped length
/// (`mremap`), and before the removal whether the identifier still names the created
/// segment.
const LIFE: [&str; 9] = [
    "shmget", "getpid", "geteuid", "shmat", "shmctl", "mremap", "shmdt", "shmctl", "shmctl",
];

/// [`LIFE`] as the first of the process, which finds out once whether `mremap` shows a
/// length at all.
const FIRST_LIFE: [&str; 10] = [
    "shmget", "getpid", "geteuid", "shmat", "shmctl", "mremap", "mremap", "shmdt", "shmctl",
    "shmctl",
];

#[test]
fn a_life_takes_the_calls_of_the_benchmark_and_no_other() {
    let name = "a_life_takes_the_calls_of_the_benchmark_and_no_other";
    let trace = traced(name, None, || {
        for _ in 0..2 {
            let segment = Segment::private(4096).unwrap();
            let attachment = segment.attach().unwrap();
            assert_eq!(attachment.stat_when_attached().attached, 1);
            attachment.detach().unwrap();
            segment.remove().unwrap();
        }
    });
    if let Some(trace) = trace {
        let expected = [FIRST_LIFE.as_slice(), LIFE.as_slice()].concat();
        assert_eq!(trace.names(), expected, "{:#?}", trace.0);
        let last = &trace.0[FIRST_LIFE.len()..];
        for (at, command) in [(4, "IPC_STAT"), (7, "IPC_STAT"), (8, "IPC_RMID")] {
            assert!(last[at].contains(command), "{last:#?}");
        }
        // It compares, and changes nothing.
        for call in trace.0.iter().filter(|call| call.starts_with("mremap")) {
            assert!(call.contains(", 0)") && call.contains("= -1 E"), "{call}");
        }
    }
}

#[test]
fn a_mapping_that_mremap_does_not_show_is_found_in_maps() {
    let name = "a_mapping_that_mremap_does_not_show_is_found_in_maps";
    let trace = traced(name, Some("inject=mremap:error=EPERM"), || {
        let segment = private(10_000);
        assert_eq!(segment.attach().unwrap().len(), 10_000);
        assert_eq!(segment.attach_read_only().unwrap().len(), 10_000);
    });
    if let Some(trace) = trace {
        let maps = trace
            .0
            .iter()
            .filter(|call| call.contains("/proc/self/maps"));
        assert_eq!(maps.count(), 2, "{:#?}", trace.0);
    }
}

#[test]
fn an_mremap_that_says_enomem_to_everything_is_not_believed() {
    // As in qemu's user mode.
    let name = "an_mremap_that_says_enomem_to_everything_is_not_believed";
    let trace = traced(name, Some("inject=mremap:error=ENOMEM"), || {
        let segment = private(10_000);
        for _ in 0..2 {
            assert_eq!(segment.attach().unwrap().len(), 10_000);
        }
    });
    if let Some(trace) = trace {
        let names = trace.names();
        let count = |name| names.iter().filter(|other| **other == name).count();
        assert_eq!(count("mremap"), 1, "it is tried once: {:#?}", trace.0);
        let maps = trace
            .0
            .iter()
            .filter(|call| call.contains("/proc/self/maps"));
        assert_eq!(maps.count(), 2, "{:#?}", trace.0);
    }
}

#[test]
fn a_length_that_cannot_be_found_out_is_an_error_and_nothing_stays_attached() {
    let name = "a_length_that_cannot_be_found_out_is_an_error_and_nothing_stays_attached";
    traced(name, Some("inject=mremap:error=EPERM"), || {
        let segment = private(4096);
        // No file can be opened, as without /proc.
        let limit = libc::rlimit {
            rlim_cur: 0,
            rlim_max: 4096,
        };
        // SAFETY: the structure is ours.
        let answer = unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) };
        assert_eq!(answer, 0);
        let error = segment.attach().unwrap_err();
        assert_eq!(error.cause(), &Cause::UnknownLength, "{error}");
        assert_eq!(error.kind(), std::io::ErrorKind::Unsupported);
        assert_eq!(segment.stat().unwrap().attached, 0);
    });
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
        assert_eq!(trace.names(), FIRST_LIFE, "{:#?}", trace.0);
    }
}

#[test]
fn a_stat_that_fails_after_attaching_leaves_nothing_attached() {
    let name = "a_stat_that_fails_after_attaching_leaves_nothing_attached";
    let trace = traced(name, Some("inject=shmctl:error=EACCES:when=1"), || {
        let segment = Segment::private(4096).unwrap();
        let error = segment.attach().unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::EACCES), "{error}");
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

/// As if a security module refused: the owner may, and the bits allow it.
fn is_in_the_systems_words(error: &shm::Error) {
    assert_eq!(error.cause(), &Cause::System(libc::EPERM), "{error}");
    assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
    assert!(!error.to_string().contains("owner"), "{error}");
}

#[test]
fn an_attach_refused_for_no_reason_that_shows_is_in_the_systems_words() {
    let name = "an_attach_refused_for_no_reason_that_shows_is_in_the_systems_words";
    traced(name, Some("inject=shmat:error=EPERM"), || {
        is_in_the_systems_words(&private(4096).attach().unwrap_err());
    });
}

#[test]
fn a_lock_refused_for_no_reason_that_shows_is_in_the_systems_words() {
    let name = "a_lock_refused_for_no_reason_that_shows_is_in_the_systems_words";
    traced(name, Some("inject=shmctl:error=EPERM:when=1"), || {
        is_in_the_systems_words(&private(4096).lock().unwrap_err());
    });
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
fn a_refused_detach_gives_the_attachment_back() {
    let name = "a_refused_detach_gives_the_attachment_back";
    traced(name, Some("inject=shmdt:error=EPERM:when=1"), || {
        let segment = private(4096);
        let attachment = segment.attach().unwrap();
        attachment.view().write(0, &7_u64).unwrap();
        let failed = attachment.detach().unwrap_err();
        assert_eq!(failed.error().raw_os_error(), Some(libc::EPERM));
        let attachment = failed.into_attachment().unwrap();
        assert_eq!(attachment.view().read::<u64>(0).unwrap(), 7);
        attachment.detach().unwrap();
        assert_eq!(segment.stat().unwrap().attached, 0);
    });
}

#[test]
fn what_is_not_attached_any_more_is_not_detached_again() {
    let name = "what_is_not_attached_any_more_is_not_detached_again";
    // Not really detached: the process ends soon.
    let trace = traced(name, Some("inject=shmdt:error=EINVAL"), || {
        let segment = private(4096);
        let failed = segment.attach().unwrap().detach().unwrap_err();
        assert_eq!(failed.error().cause(), &Cause::NotAttached);
        assert!(failed.into_attachment().is_none());
        let failed = segment.attach().unwrap().detach().unwrap_err();
        assert_eq!(failed.into_error().cause(), &Cause::NotAttached);
        let failed = segment.attach().unwrap().detach().unwrap_err();
        assert_eq!(shm::Error::from(failed).cause(), &Cause::NotAttached);
        drop(segment.attach().unwrap().detach().unwrap_err());
        let any = shm::AnyAttachment::from(segment.attach().unwrap());
        assert_eq!(any.detach().unwrap_err().cause(), &Cause::NotAttached);
    });
    if let Some(trace) = trace {
        let detaches = trace
            .names()
            .iter()
            .filter(|name| **name == "shmdt")
            .count();
        assert_eq!(detaches, 5, "{:#?}", trace.0);
    }
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
