//! Reports that a test, or a part of it, could not run here.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Reports that the test did not run.
pub fn skipped(why: &str) {
    say("skipped", why);
}

/// Reports that the test runs without something.
pub fn partly(why: &str) {
    say("partly", why);
}

/// On a line of its own, past the test harness, which shows what a passing test
/// prints to nobody; with the test's name, by which the harness calls its thread.
fn say(what: &str, why: &str) {
    let name = std::thread::current().name().unwrap_or("?").to_owned();
    let line = format!("\n{what}: {why} [{name}]\n");
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}

/// A program that the test wants, or the sentence that says it is missing. Where
/// nothing may be skipped (`SHM_TEST_REQUIRE`, which CI sets) the test fails.
pub fn installed(program: &str, package: &str) -> Result<(), String> {
    let found = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match found {
        Ok(_) => Ok(()),
        Err(_) => Err(missing(format!(
            "{program} is missing (apt-get install {package})"
        ))),
    }
}

/// The sentence, where something may be missing.
pub fn missing(sentence: String) -> String {
    let required = std::env::var_os("SHM_TEST_REQUIRE").is_some();
    assert!(!required, "SHM_TEST_REQUIRE is set, but {sentence}");
    sentence
}
