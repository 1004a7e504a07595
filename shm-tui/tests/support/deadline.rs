//! A deadline for a whole test: what it waits for may never come, and a read of a pipe or
//! the wait for a program have no time limit of their own.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::io::Write as _;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// Ends the process unless it is dropped in time.
pub struct Deadline(#[allow(dead_code, reason = "acts by being dropped")] Sender<()>);

/// Starts a deadline for the rest of a test.
#[must_use = "it holds while the value lives"]
pub fn deadline(limit: Duration) -> Deadline {
    let name = std::thread::current().name().unwrap_or("?").to_owned();
    let (sender, dropped): (_, Receiver<()>) = channel();
    std::thread::spawn(move || {
        if dropped.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
            let line = format!("\nwaited in vain for the end of {name}\n");
            // Past the test harness, which keeps what a test prints until it ends.
            let _ = std::io::stdout().write_all(line.as_bytes());
            std::process::abort();
        }
    });
    Deadline(sender)
}
