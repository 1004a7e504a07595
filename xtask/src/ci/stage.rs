//! What a stage is, and how one can end.

use std::time::Duration;

use super::context::Context;
use crate::project::Result;

/// One check.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) name: &'static str,
    /// What would go unseen without it, in one line.
    pub(super) guards: &'static str,
    /// Runs only when it is named.
    pub(super) opt_in: bool,
    /// Fails with the reason. What it could not do for want of a tool it tells
    /// the context.
    pub(super) run: fn(&mut Context<'_>) -> Result,
}

/// How a stage ended.
#[derive(Debug)]
pub(super) struct Ending {
    pub(super) name: &'static str,
    pub(super) verdict: Verdict,
    pub(super) time: Duration,
    /// Why it failed, or what was left out and how to get it.
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Passed,
    /// What could run passed; the rest lacked a tool.
    Partly,
    Skipped,
    Failed,
}

impl Verdict {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Passed => "ok",
            Self::Partly => "partly",
            Self::Skipped => "skipped",
            Self::Failed => "FAILED",
        }
    }
}

/// Tests counted from the lines that test executables end with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) ignored: u64,
}

impl Tally {
    /// Counts one line of output, if it is such a line.
    pub(super) fn count(&mut self, line: &str) {
        let Some(rest) = line.trim_start().strip_prefix("test result: ") else {
            return;
        };
        for part in rest.split(['.', ';']) {
            if let Some((number, word)) = part.trim().split_once(' ') {
                let number = number.parse().unwrap_or(0);
                match word {
                    "passed" => self.passed += number,
                    "failed" => self.failed += number,
                    "ignored" => self.ignored += number,
                    _ => {}
                }
            }
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_test_executables_are_counted() {
        let mut tally = Tally::default();
        tally.count("test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        tally.count(
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
        );
        tally.count("running 5 tests");
        assert_eq!(
            tally,
            Tally {
                passed: 13,
                failed: 2,
                ignored: 3
            }
        );
    }
}
