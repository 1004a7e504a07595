//! Tests on the real kernel, each in a new IPC namespace, so that none sees, counts or
//! removes segments of others.
#![allow(dead_code, unreachable_pub)]
// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "deadline.rs"]
mod deadline;
#[path = "skipped.rs"]
mod skipped;

use std::io::Write as _;
use std::process::{Command, Stdio};

use shm::{Key, Mode, OwnedSegment, SegmentOptions};

pub use skipped::*;

const INSIDE: &str = "SHM_TUI_TEST_INSIDE";

/// How long a test may take, on a slow machine too.
const LIMIT: std::time::Duration = std::time::Duration::from_secs(240);

/// Runs `body` in a fresh namespace: the test starts its own program again, in
/// one, for this test alone. Says `skipped` where that is not permitted.
pub fn isolated(test: &str, body: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some_and(|inside| inside == test) {
        let _deadline = deadline::deadline(LIMIT);
        return body();
    }
    // Programs that the test started may outlive it, and keep its output open.
    let _deadline = deadline::deadline(LIMIT * 5 / 4);
    let Some(arguments) = unshare() else {
        skipped(&missing(
            "this machine lets us make no IPC namespace".to_owned(),
        ));
        return;
    };
    let state = tempfile::tempdir().unwrap();
    let output = Command::new("unshare")
        .args(arguments)
        .arg(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(INSIDE, test)
        // Nobody's own files.
        .env("XDG_STATE_HOME", state.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    // Indented, so that nobody takes its lines for this process's.
    let text = text.replace('\n', "\n    ");
    assert!(output.status.success(), "{text}");
    // A name that fits no test would otherwise pass for ever.
    assert!(text.contains("1 passed"), "{text}");
    let of_skips = |line: &&str| line.starts_with("skipped: ") || line.starts_with("partly: ");
    for line in text.lines().map(str::trim).filter(of_skips) {
        // Past the test harness, which shows it to nobody.
        std::io::stdout()
            .write_all(format!("\n{line}\n").as_bytes())
            .unwrap();
    }
}

/// How to make a namespace here: plainly, or as an ordinary user together with
/// a user namespace.
fn unshare() -> Option<&'static [&'static str]> {
    let ways: [&[&str]; 2] = [&["--ipc"], &["--user", "--map-root-user", "--ipc"]];
    ways.into_iter().find(|way| {
        Command::new("unshare")
            .args(*way)
            .arg("true")
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    })
}

/// A segment that is removed with the value.
pub fn keyed(key: i32, size: usize, mode: u32) -> OwnedSegment {
    SegmentOptions::new()
        .size(size)
        .mode(Mode::from_bits(mode).unwrap())
        .create_new(true)
        .open(Key::from_raw(key))
        .unwrap()
        .remove_on_drop()
}

/// The same of memory that is not set aside: it may be larger than the machine.
pub fn sparse(key: i32, size: usize) -> OwnedSegment {
    SegmentOptions::new()
        .size(size)
        .mode(Mode::OWNER_READ_WRITE)
        .no_reserve(true)
        .create_new(true)
        .open(Key::from_raw(key))
        .unwrap()
        .remove_on_drop()
}

/// What a program prints.
pub fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}
