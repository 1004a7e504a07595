//! Parses the output of test executables: results, and messages about skipped tests.

/// The number of tests, from the last lines of test executables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct TestCounts {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) ignored: u64,
}

impl TestCounts {
    /// Counts the tests of one line of output, if it is a result line.
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

    /// Moves `skipped` tests from passed to ignored.
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

/// A test's message that it, or a part of it, was skipped: `skipped: WHY [TEST]` or
/// `partly: WHY [TEST]`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Skip<'a> {
    /// The test ran without the missing part.
    pub(super) is_part: bool,
    pub(super) why: &'a str,
    /// Absent if the program has no test harness.
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

    /// Returns the name of the test if all of it was skipped.
    pub(super) fn whole_test(&self) -> Option<&'a str> {
        self.test.filter(|_| !self.is_part)
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
        let counts = TestCounts {
            passed: 5,
            ..TestCounts::default()
        };
        let counted = counts.without_skipped(2);
        assert_eq!((counted.passed, counted.ignored), (3, 2));
    }

    #[test]
    fn results_of_test_executables_are_counted() {
        let mut counts = TestCounts::default();
        counts.count("test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        counts.count(
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
        );
        counts.count("running 5 tests");
        assert_eq!(
            counts,
            TestCounts {
                passed: 13,
                failed: 2,
                ignored: 3
            }
        );
    }
}
