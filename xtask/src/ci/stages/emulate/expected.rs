//! What fails under emulation although nothing of ours is wrong, each with its
//! reason, and how that compares with what was seen.

use super::results::Results;
use crate::targets::Target;

/// A test that fails on an architecture.
struct Expected {
    arch: &'static str,
    /// `executable test`.
    test: &'static str,
    reason: &'static str,
}

const EXPECTED: &[Expected] = &[];

fn of(target: &Target) -> impl Iterator<Item = &'static Expected> {
    let arch = target.cfg.arch;
    EXPECTED.iter().filter(move |one| one.arch == arch)
}

fn is_expected(target: &Target, test: &str) -> bool {
    of(target).any(|one| one.test == test)
}

/// Those of `failed` that should have passed.
pub(super) fn unexpected<'a>(target: &Target, failed: &'a [String]) -> Vec<&'a String> {
    failed
        .iter()
        .filter(|test| !is_expected(target, test))
        .collect()
}

/// How many failed as expected.
pub(super) fn seen(target: &Target, results: &Results) -> u64 {
    let count = results
        .failed
        .iter()
        .filter(|test| is_expected(target, test))
        .count();
    count as u64
}

/// What is not as expected, one line each.
pub(super) fn compare(target: &Target, results: &Results) -> Vec<String> {
    let mut wrong: Vec<String> = unexpected(target, &results.failed)
        .into_iter()
        .map(|test| format!("{}: {test} failed", target.triple))
        .collect();
    for one in of(target) {
        if results.passed.iter().any(|test| test == one.test) {
            wrong.push(format!(
                "{}: {} passes now, and was expected to fail ({}): strike it from emulate/expected.rs",
                target.triple, one.test, one.reason
            ));
        } else if !results.failed.iter().any(|test| test == one.test) {
            wrong.push(format!(
                "{}: {} was expected to fail, but there is no such test any more",
                target.triple, one.test
            ));
        }
    }
    wrong
}
