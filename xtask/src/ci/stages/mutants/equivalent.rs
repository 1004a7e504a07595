//! The mutants that no test can catch, each with its reason, and how they
//! compare with the survivors of a run.

use super::Found;

/// A mutant that changes nothing a test could see.
struct Equivalent {
    /// `FILE: CHANGE`, as cargo-mutants prints it, without the position.
    mutant: &'static str,
    reason: &'static str,
}

const EQUIVALENT: &[Equivalent] = &[
    Equivalent {
        mutant: "shm/src/any_attachment.rs: replace AnyAttachment::is_empty -> bool with false",
        reason: "a segment has at least one byte, and an attach with nothing mapped fails",
    },
    Equivalent {
        mutant: "shm/src/attachment.rs: replace Attachment<A>::is_empty -> bool with false",
        reason: "a segment has at least one byte, and an attach with nothing mapped fails",
    },
    Equivalent {
        mutant: "shm/src/attach.rs: delete ! in AttachOptions::address_for",
        reason: "Linux accepts a hint for every access; FreeBSD does not",
    },
    Equivalent {
        mutant: "shm/src/attach.rs: replace | with ^ in New::required_mode",
        reason: "the bits are different ones",
    },
    Equivalent {
        mutant: "shm/src/error/cause.rs: replace <impl fmt::Display for Described>::fmt -> fmt::Result with Ok(Default::default())",
        reason: "one of the two is compiled without `std` only",
    },
    Equivalent {
        mutant: "shm/src/namespaces/linux.rs: replace match guard is(&file, inode) with false in open",
        reason: "the search over all processes finds the same namespace, more slowly",
    },
    Equivalent {
        mutant: "shm/src/namespaces/linux.rs: replace match guard sys::mappings::has_ended(&error) with false in all",
        reason: "counts a process that ends between two calls as unreadable, which no test can time",
    },
    Equivalent {
        mutant: "shm/src/options/flags.rs: replace | with ^ in SegmentOptions::creation_flags",
        reason: "the bits are different ones",
    },
    Equivalent {
        mutant: "shm/src/options/open.rs: replace | with ^ in SegmentOptions::create_exclusively",
        reason: "the bits are different ones",
    },
    Equivalent {
        mutant: "shm/src/options/open.rs: replace | with ^ in SegmentOptions::open_owned",
        reason: "the bits are different ones",
    },
    Equivalent {
        mutant: "shm/src/owned.rs: replace == with != in OwnedSegment::with_policy",
        reason: "Linux attaches after the removal, so that the question has one answer",
    },
    Equivalent {
        mutant: "shm/src/processes/linux.rs: replace match guard error.kind() == ErrorKind::NotFound && Path::new(\"/proc/self/maps\").exists() with false in own_namespace",
        reason: "needs a kernel without IPC namespaces",
    },
    Equivalent {
        mutant: "shm/src/processes/linux.rs: replace == with != in own_namespace",
        reason: "needs a kernel without IPC namespaces",
    },
    Equivalent {
        mutant: "shm/src/processes/mod.rs: replace rounded_size -> Result<(u64, u64)> with Ok((0, 0))",
        reason: "not compiled on Linux",
    },
    Equivalent {
        mutant: "shm/src/processes/mod.rs: replace rounded_size -> Result<(u64, u64)> with Ok((0, 1))",
        reason: "not compiled on Linux",
    },
    Equivalent {
        mutant: "shm/src/processes/mod.rs: replace rounded_size -> Result<(u64, u64)> with Ok((1, 0))",
        reason: "not compiled on Linux",
    },
    Equivalent {
        mutant: "shm/src/processes/mod.rs: replace rounded_size -> Result<(u64, u64)> with Ok((1, 1))",
        reason: "not compiled on Linux",
    },
    Equivalent {
        mutant: "shm/src/view/atomic.rs: replace == with != in load_through",
        reason: "changes the order of memory alone, which the stage *miri* tests",
    },
];

/// What differs from the list, one line each: survivors that are not on it, and
/// entries that a test caught.
pub(super) fn compare(found: &Found) -> Vec<String> {
    against(EQUIVALENT, found)
}

fn against(list: &[Equivalent], found: &Found) -> Vec<String> {
    let listed = |mutant: &str| list.iter().any(|one| one.mutant == mutant);
    let missed = found
        .missed
        .iter()
        .filter(|mutant| !listed(mutant))
        .map(|mutant| format!("survived: {mutant}"));
    let timed_out = found
        .timed_out
        .iter()
        .map(|mutant| format!("timed out, and no test's own deadline reported it: {mutant}"));
    let caught = list
        .iter()
        .filter(|one| {
            found.caught.iter().any(|mutant| mutant == one.mutant)
                && !found.missed.iter().any(|mutant| mutant == one.mutant)
        })
        .map(|one| {
            format!(
                "caught, but listed as equivalent ({}): {}; see mutants/equivalent.rs",
                one.reason, one.mutant
            )
        });
    missed.chain(timed_out).chain(caught).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &[Equivalent] = &[
        Equivalent {
            mutant: "a.rs: x",
            reason: "same",
        },
        Equivalent {
            mutant: "a.rs: y",
            reason: "same",
        },
    ];

    fn found(caught: &[&str], missed: &[&str], timed_out: &[&str]) -> Found {
        let owned = |list: &[&str]| list.iter().map(|&one| one.to_owned()).collect();
        Found {
            caught: owned(caught),
            missed: owned(missed),
            timed_out: owned(timed_out),
            unviable: 0,
        }
    }

    #[test]
    fn a_listed_survivor_passes_and_another_does_not() {
        assert!(against(LIST, &found(&["b.rs: z"], &["a.rs: x"], &[])).is_empty());
        let wrong = against(LIST, &found(&[], &["a.rs: x", "b.rs: z"], &[]));
        assert_eq!(wrong, ["survived: b.rs: z"]);
    }

    #[test]
    fn a_listed_mutant_that_is_caught_and_a_time_out_are_reported() {
        let wrong = against(LIST, &found(&["a.rs: y"], &["a.rs: x"], &["b.rs: w"]));
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        assert!(wrong[0].contains("b.rs: w") && wrong[1].contains("a.rs: y"));
    }

    #[test]
    fn the_same_change_twice_in_a_file_counts_as_missed_if_one_is() {
        assert!(against(LIST, &found(&["a.rs: x"], &["a.rs: x"], &[])).is_empty());
    }

    #[test]
    fn every_entry_has_a_reason_and_names_a_file() {
        for one in EQUIVALENT {
            let file = one.mutant.split(": ").next().unwrap_or_default();
            assert!(
                crate::project::root().join(file).is_file(),
                "{}",
                one.mutant
            );
            assert!(!one.reason.is_empty(), "{}", one.mutant);
        }
    }
}
