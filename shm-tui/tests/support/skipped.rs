//! How a test says that it could not be run here.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::io::Write as _;

/// Says so on a line of its own, past the test harness, which shows what a
/// passing test prints to nobody; with the test's name, by which the harness
/// calls its thread.
pub fn skipped(why: &str) {
    let name = std::thread::current().name().unwrap_or("?").to_owned();
    let line = format!("\nskipped: {why} [{name}]\n");
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}
