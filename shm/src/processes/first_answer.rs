//! Caches the result of a probe, but only of a completed one: a failed probe says nothing
//! about the system, and is repeated.

use std::sync::OnceLock;

/// Returns the result of the first completed probe.
pub(super) fn first_answer(
    answer: &OnceLock<bool>,
    trial: impl FnOnce() -> Option<bool>,
) -> Option<bool> {
    if let Some(known) = answer.get() {
        return Some(*known);
    }
    let found = trial()?;
    Some(*answer.get_or_init(|| found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trial_that_failed_is_repeated_and_one_that_answered_is_not() {
        let answer = OnceLock::new();
        assert_eq!(first_answer(&answer, || None), None);
        assert_eq!(first_answer(&answer, || Some(true)), Some(true));
        assert_eq!(first_answer(&answer, || panic!("asked again")), Some(true));
    }
}
