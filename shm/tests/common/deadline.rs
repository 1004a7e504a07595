//! Deadlines of whatever a test waits for: a condition, a thread, a child, a program.
//! Without one, a defect that makes a test wait for ever is reported by nobody.

use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// Returns how long a test may wait for one thing: two minutes, which slow machines and
/// emulators need (`SHM_TEST_LIMIT` sets another number of seconds, as the stage *mutants*
/// does), and the time that tests repeat something (`SHM_TEST_SECONDS`).
pub fn limit() -> Duration {
    let seconds = |name, default| {
        let given = std::env::var(name).ok();
        given.and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    Duration::from_secs(seconds("SHM_TEST_LIMIT", 120) + seconds("SHM_TEST_SECONDS", 0))
}

/// Waits until a condition holds, and fails at the deadline.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + limit();
    while !holds() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Ends the process unless it is dropped in time, for waits that nothing else can end:
/// the end of a thread or of a program.
#[derive(Debug)]
pub struct Deadline(#[allow(dead_code, reason = "tells by being dropped")] Sender<()>);

/// Starts a deadline for the rest of a test.
#[must_use = "it holds while the value lives"]
pub fn deadline() -> Deadline {
    let name = std::thread::current().name().unwrap_or("?").to_owned();
    let (sender, dropped): (_, Receiver<()>) = channel();
    std::thread::spawn(move || {
        if dropped.recv_timeout(limit()) == Err(RecvTimeoutError::Timeout) {
            super::past_the_harness(&format!("waited in vain for the end of {name}"));
            std::process::abort();
        }
    });
    Deadline(sender)
}

/// Has the kernel end this process after the [`limit`] (`SIGALRM`): for children of
/// `fork(2)`, whose parents wait for them.
pub fn alarm_in(limit: Duration) {
    // SAFETY: takes a number, and is safe between fork and exec.
    unsafe { libc::alarm(limit.as_secs() as libc::c_uint) };
}

/// The same for a program that is yet to be started; `exec` keeps the alarm.
pub fn limited(command: &mut Command) -> &mut Command {
    use std::os::unix::process::CommandExt as _;

    let limit = limit();
    let set = move || {
        alarm_in(limit);
        Ok(())
    };
    // SAFETY: what runs between fork and exec is one system call.
    unsafe { command.pre_exec(set) }
}
