//! Tests that fail under emulation because of the emulator, each with its reason,
//! compared with the failures of a run.

use std::collections::BTreeMap;

use super::results::Results;
use crate::targets::Target;

/// A test that fails on some architectures.
struct Expected {
    /// The architectures' names in rustc.
    archs: &'static [&'static str],
    /// `executable test`.
    test: &'static str,
    reason: &'static str,
}

/// Every architecture that qemu runs here.
const ALL: &[&str] = &["arm", "s390x", "aarch64", "riscv64"];

/// qemu chooses an address itself, and a multiple of the page size is not one of a huge
/// page.
const HUGE_PAGES: &str = "qemu's shmat finds no address for huge pages";

/// It copies 16 bits to the upper half of s390x's 32, and reads them from there: IPC_STAT
/// shows no mode, and IPC_SET sets it to 0.
const MODE: &str = "qemu takes shm_perm.mode of s390x for 16 bits";

const fn of_mode(test: &'static str) -> Expected {
    Expected {
        archs: &["s390x"],
        test,
        reason: MODE,
    }
}

/// Found with qemu 7.2.
const EXPECTED: &[Expected] = &[
    Expected {
        archs: ALL,
        test: "residency linux::a_huge_page_that_another_attachment_wrote_is_no_hole",
        reason: HUGE_PAGES,
    },
    Expected {
        archs: ALL,
        test: "residency linux::huge_pages_that_nobody_touched_here_are_unknown_and_never_zeros",
        reason: HUGE_PAGES,
    },
    Expected {
        archs: ALL,
        test: "list_linux linux_resident_bytes_of_huge_pages_are_no_more_than_the_segment",
        reason: HUGE_PAGES,
    },
    Expected {
        archs: &["arm"],
        test: "processes_linux linux_every_attachment_is_found_with_its_range_and_rights",
        reason: "qemu shows the host's addresses of other processes, one page off for 32 bits",
    },
    of_mode("errors linux::an_owner_without_the_right_to_read_may_still_change_and_remove"),
    of_mode("faults_fork a_segment_removed_after_attaching_outlives_the_child"),
    of_mode("kernel every_field_of_a_new_segment_is_what_was_asked_for"),
    of_mode("kernel set_changes_owner_and_mode_fields"),
    of_mode("lifecycle a_lock_shows_and_goes_where_the_system_has_it"),
    of_mode("lifecycle a_new_segment_has_what_was_asked_for"),
    of_mode("lifecycle a_removed_segment_lives_until_the_last_detach"),
    of_mode("lifecycle permissions_change_field_by_field"),
    of_mode("list_linux linux_every_record_is_what_ipc_stat_says"),
    of_mode("namespaces_linux linux_changes_are_made_in_the_namespace_of_the_record"),
    of_mode("namespaces_linux linux_segment_that_is_not_the_listed_one_is_left_alone"),
    of_mode("list_system linux::records_are_what_ipc_stat_says"),
    of_mode("ownership a_leaked_attachment_stays_attached"),
    of_mode("ownership a_listed_segment_is_changed_only_while_it_is_the_same"),
    of_mode("ownership builders_are_values"),
    of_mode("ownership the_policy_after_attach_removes_after_a_replacing_attach"),
    of_mode("ownership the_policy_after_attach_removes_whichever_method_attaches"),
    of_mode("truncated_linux an_unprivileged_process_finds_the_length_out_too"),
];

fn of(target: &Target) -> impl Iterator<Item = &'static Expected> {
    let arch = target.cfg.arch;
    EXPECTED.iter().filter(move |one| one.archs.contains(&arch))
}

fn is_expected(target: &Target, test: &str) -> bool {
    of(target).any(|one| one.test == test)
}

/// Returns those of `failed` that should have passed.
pub(super) fn unexpected<'a>(target: &Target, failed: &'a [String]) -> Vec<&'a String> {
    failed
        .iter()
        .filter(|test| !is_expected(target, test))
        .collect()
}

/// Returns the expected failures, one line for each reason.
pub(super) fn notes(target: &Target, failed: &[String]) -> Vec<String> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for one in of(target).filter(|one| failed.iter().any(|test| test == one.test)) {
        *counts.entry(one.reason).or_default() += 1;
    }
    let note = |(reason, count)| format!("{}: {count} failed, as {reason}", target.triple);
    counts.into_iter().map(note).collect()
}

/// Returns the differences from the list, one line each.
pub(super) fn compare(target: &Target, results: &Results) -> Vec<String> {
    let mut wrong: Vec<String> = unexpected(target, &results.failed)
        .into_iter()
        .map(|test| format!("{}: {test} failed", target.triple))
        .collect();
    for one in of(target) {
        let is_in = |tests: &[String]| tests.iter().any(|test| test == one.test);
        if is_in(&results.failed) || is_in(&results.skipped) || results.is_unknown(one.test) {
            continue;
        }
        let what = if is_in(&results.passed) {
            "passes but is expected to fail"
        } else {
            "is expected to fail but does not exist"
        };
        wrong.push(format!(
            "{}: {} {what} ({}); see emulate/expected.rs",
            target.triple, one.test, one.reason
        ));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s390x() -> &'static Target {
        Target::of("s390x-unknown-linux-musl").unwrap()
    }

    fn all(target: &Target) -> Vec<String> {
        of(target).map(|one| one.test.to_owned()).collect()
    }

    #[test]
    fn what_fails_as_expected_is_right() {
        let results = Results {
            failed: all(s390x()),
            ..Results::default()
        };
        assert_eq!(compare(s390x(), &results), Vec::<String>::new());
        assert!(unexpected(s390x(), &results.failed).is_empty());
    }

    #[test]
    fn what_passes_or_is_gone_is_not_and_what_was_skipped_is_not_known() {
        let mut tests = all(s390x());
        let (passed, skipped, gone) = (tests.remove(0), tests.remove(0), tests.remove(0));
        let results = Results {
            failed: tests,
            passed: vec![passed.clone(), skipped.clone()],
            skipped: vec![skipped],
            ..Results::default()
        };
        let wrong = compare(s390x(), &results);
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        assert!(wrong[0].contains(&passed) && wrong[0].contains("passes but"));
        assert!(wrong[1].contains(&gone) && wrong[1].contains("does not exist"));
    }

    #[test]
    fn what_failed_as_expected_is_told_with_its_reason() {
        let notes = notes(s390x(), &all(s390x()));
        assert!(
            notes.iter().any(|note| note.contains(MODE)) && notes.len() == 2,
            "{notes:?}"
        );
    }

    #[test]
    fn another_failure_is_not_expected() {
        let results = Results {
            failed: [all(s390x()), vec!["errors new".to_owned()]].concat(),
            ..Results::default()
        };
        assert_eq!(
            compare(s390x(), &results),
            ["s390x-unknown-linux-musl: errors new failed"]
        );
    }
}
