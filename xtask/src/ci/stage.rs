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
        let Some(rest) = line.strip_prefix("test result: ") else {
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

    /// So many of those that passed said that they were skipped.
    pub(super) fn without_skipped(self, skipped: u64) -> Self {
        let skipped = skipped.min(self.passed);
        Self {
            passed: self.passed - skipped,
            ignored: self.ignored + skipped,
            ..self
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

/// A test's word that it, or a part of it, could not be run: `skipped: WHY [TEST]`
/// or `partly: WHY [TEST]`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Skip<'a> {
    /// With what is missing the test went on.
    pub(super) is_part: bool,
    pub(super) why: &'a str,
    /// Not told by what has no harness.
    pub(super) test: Option<&'a str>,
}

impl<'a> Skip<'a> {
    pub(super) fn read(line: &'a str) -> Option<Self> {
        let (is_part, rest) = match line.strip_prefix("partly: ") {
            Some(rest) => (true, rest),
            None => (false, line.strip_prefix("skipped: ")?),
        };
        let (why, test) = rest
            .strip_suffix(']')
            .and_then(|rest| rest.rsplit_once(" ["))
            .map_or((rest, None), |(why, test)| (why, Some(test)));
        Some(Self { is_part, why, test })
    }

    /// The test, if it was skipped as a whole.
    pub(super) fn whole_test(&self) -> Option<&'a str> {
        self.test.filter(|_| !self.is_part)
    }
}

/// The result of a stage that goes on after what is wrong.
pub(super) fn sum_up(wrong: &[String]) -> Result {
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_skipped_names_its_test() {
        let whole = Skip::read("skipped: no perl [a::b]").unwrap();
        assert_eq!((whole.why, whole.whole_test()), ("no perl", Some("a::b")));
        let part = Skip::read("partly: no perl [a::b]").unwrap();
        assert_eq!((part.test, part.whole_test()), (Some("a::b"), None));
        let nameless = Skip::read("skipped: no [x").unwrap();
        assert_eq!((nameless.why, nameless.test), ("no [x", None));
        assert_eq!(Skip::read("not skipped: no"), None);
        assert_eq!(Skip::read("    skipped: in a child that failed [a]"), None);
    }

    #[test]
    fn what_was_skipped_did_not_pass() {
        let tally = Tally {
            passed: 5,
            ..Tally::default()
        };
        let counted = tally.without_skipped(2);
        assert_eq!((counted.passed, counted.ignored), (3, 2));
    }

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
