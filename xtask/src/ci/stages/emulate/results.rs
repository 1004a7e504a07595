//! Parses the output of test executables: the names of tests that passed, failed, and
//! were skipped.

use super::super::super::test_output::Skip;

/// Tests as `executable test`.
#[derive(Debug, Default)]
pub(super) struct Results {
    pub(super) failed: Vec<String>,
    /// The skipped ones among them.
    pub(super) passed: Vec<String>,
    pub(super) skipped: Vec<String>,
    /// Executables that ended before they printed their failures.
    pub(super) broken: Vec<String>,
}

impl Results {
    /// Reads one executable's output and returns its failed tests.
    pub(super) fn read(&mut self, executable: &str, lines: &[String]) -> Vec<String> {
        let full = |name: &str| format!("{executable} {name}");
        let failed: Vec<String> = failed(lines).into_iter().map(full).collect();
        self.failed.extend_from_slice(&failed);
        self.passed.extend(
            lines
                .iter()
                .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... ok"))
                .map(full),
        );
        self.skipped.extend(
            lines
                .iter()
                .filter_map(|line| Skip::read(line)?.whole_test())
                .map(full),
        );
        if !lines.iter().any(|line| line.starts_with("test result: ")) {
            self.broken.push(executable.to_owned());
        }
        failed
    }

    /// Returns whether a test has no result, because its executable ended too early.
    pub(super) fn is_unknown(&self, test: &str) -> bool {
        let of = |executable: &String| test.split(' ').next() == Some(executable);
        self.broken.iter().any(of)
    }
}

/// Returns the last list under `failures:`; the earlier ones contain captured output.
fn failed(lines: &[String]) -> Vec<&str> {
    let Some(heading) = lines.iter().rposition(|line| line == "failures:") else {
        return Vec::new();
    };
    lines
        .iter()
        .skip(heading + 1)
        .map_while(|line| line.strip_prefix("    "))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_from_the_last_list() {
        let lines = [
            "running 3 tests",
            "test a::b ... ok",
            "test c ... FAILED",
            "skipped: no swap [d]",
            "test d ... ok",
            "",
            "failures:",
            "",
            "---- c stdout ----",
            "    not a name",
            "",
            "failures:",
            "    c",
            "",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored",
        ]
        .map(str::to_owned);
        let mut results = Results::default();
        assert_eq!(results.read("errors", &lines), ["errors c"]);
        assert_eq!(results.passed, ["errors a::b", "errors d"]);
        assert_eq!(results.skipped, ["errors d"]);
    }

    #[test]
    fn what_died_has_no_list() {
        let mut results = Results::default();
        let lines = ["running 3 tests".to_owned()];
        assert!(results.read("errors", &lines).is_empty());
        assert!(results.is_unknown("errors c"));
        assert!(!results.is_unknown("error c"));
    }
}
