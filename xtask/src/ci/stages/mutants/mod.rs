//! Mutation testing of the safe crate: cargo-mutants breaks one function or
//! operator at a time, and a test must fail each time.
//!
//! Opt-in, because each mutant costs a build and a test run. `XTASK_MUTANTS_FILES`
//! names the files, separated by commas, and `XTASK_MUTANTS_SECONDS` bounds the
//! time. [`equivalent`] lists the mutants that no test can catch, each with its reason.
//!
//! There are two passes. The unit tests, which build and run in seconds, catch more than
//! half of the mutants; only the survivors get the whole test suite.
//!
//! The tests run in a new IPC namespace, because a mutated ownership check removes
//! segments of others. A time-out of cargo-mutants counts as a survivor: tests that wait
//! have their own, shorter deadline (`shm/tests/common/deadline.rs`).

mod equivalent;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::super::context::Context;
use super::super::stage::error_if_any;
use super::cargo::{cargo, succeeds};
use crate::project::{Result, root, target_dir};
use crate::tools::crates::CARGO_MUTANTS;

/// The files to mutate, where the environment names none: all that the host
/// compiles but the assembly.
const FILES: &str = "shm/src/*.rs,shm/src/decode/**/*.rs,shm/src/error/**/*.rs,\
                     shm/src/list/*.rs,shm/src/namespaces/*.rs,shm/src/options/*.rs,\
                     shm/src/place/*.rs,shm/src/processes/*.rs,shm/src/residency/*.rs,\
                     shm/src/view/*.rs,shm/src/wait/*.rs";

/// Files that a Linux host does not compile, or that exist for fuzzing only. Their mutants would
/// survive unseen.
const EXCLUDED: [&str; 9] = [
    "shm/src/decode/fuzzing.rs",
    "shm/src/decode/testing.rs",
    "shm/src/namespaces/single.rs",
    "shm/src/residency/unknown.rs",
    "shm/src/processes/dragonfly*",
    "shm/src/processes/freebsd*",
    "shm/src/processes/macos*",
    "shm/src/processes/netbsd*",
    "shm/src/processes/openbsd*",
];

/// The time limit in seconds, where the environment sets none.
const SECONDS: &str = "1800";

/// The passes over the mutants: what cargo builds and runs, and the least time limit of a
/// test run in seconds. That of the second is longer than the tests' own deadlines.
const PASSES: [(&[&str], &[&str], &str); 2] = [
    (&["--lib"], &[], "60"),
    (
        &["--lib", "--tests", "--examples"],
        &["--skip", "what_would_be_unsound_does_not_compile"],
        "300",
    ),
];

/// Features with code of their own.
const FEATURES: &str = "derive,serde,zerocopy";

/// What `timeout` exits with when it had to end the command.
const TIMED_OUT: i32 = 124;

/// cargo-mutants: all caught; some missed; some timed out.
const COMPLETE: [i32; 3] = [0, 2, 3];

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let Some(namespace) = new_namespace() else {
        context.skip(
            "the mutants",
            "no new IPC namespace; Linux, util-linux, and root or user namespaces provide one",
        );
        return Ok(());
    };
    let Some(program) = CARGO_MUTANTS.path() else {
        context.skip(
            "the mutants",
            "no cargo-mutants; `cargo xtask setup --opt-in` installs it",
        );
        return Ok(());
    };
    let of_environment =
        |name: &str, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
    let files = of_environment("XTASK_MUTANTS_FILES", FILES);
    let seconds = of_environment("XTASK_MUTANTS_SECONDS", SECONDS);
    let output = target_dir().join("mutants");

    let seconds: u64 = seconds
        .parse()
        .map_err(|error| format!("XTASK_MUTANTS_SECONDS: {error}"))?;
    let start = Instant::now();
    let mut found: Option<Found> = None;
    for (cargo_arguments, test_arguments, least) in PASSES {
        let left = seconds.saturating_sub(start.elapsed().as_secs());
        if left == 0 {
            break;
        }
        let mut command = Command::new("timeout");
        command
            .current_dir(root())
            .args(["--signal=INT", "--kill-after=60", &left.to_string()])
            .args(&namespace)
            .arg(&program)
            .args(["mutants", "--package", "sysv-shm"])
            .args(["--test-package", "sysv-shm", "--features", FEATURES])
            .args(["--no-shuffle", "--colors=never", "--no-times"])
            .args(["--minimum-test-timeout", least, "--output"])
            .arg(&output)
            .args(files.split(',').flat_map(|file| ["--file", file.trim()]))
            .args(EXCLUDED.iter().flat_map(|file| ["--exclude", *file]))
            // For the build too: what follows `--` is for the test run alone.
            .args(
                ["--locked"]
                    .iter()
                    .chain(cargo_arguments)
                    .map(|argument| format!("--cargo-arg={argument}")),
            )
            .args(found.iter().map(|_| "--iterate"))
            .args(["--", "--"])
            .args(test_arguments)
            .env("CARGO", cargo())
            .env("CARGO_PROFILE_TEST_DEBUG", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("PROPTEST_CASES", "16")
            .env("SHM_TEST_SECONDS", "1")
            .env("SHM_TEST_LIMIT", "40");
        let result = context.run_to_exit("cargo mutants", command)?;
        let code = result.status.code().unwrap_or(-1);
        if code != TIMED_OUT && !COMPLETE.contains(&code) {
            for line in &result.lines {
                println!("{line}");
            }
            return Err(format!("cargo mutants failed ({})", result.status).into());
        }
        let pass = Found::read(&output.join("mutants.out"))?;
        found = Some(match found {
            None => pass,
            Some(before) => before.retried(pass),
        });
        if code == TIMED_OUT {
            context.note(format!(
                "the time limit of {seconds} s (XTASK_MUTANTS_SECONDS) ended the run"
            ));
        }
    }
    let found = found.unwrap_or_default();
    context.note(found.summary());
    error_if_any(&equivalent::compare(&found.without_positions()))
}

/// The command that starts another in a new IPC namespace.
fn new_namespace() -> Option<Vec<&'static str>> {
    let ways = [
        vec!["unshare", "--ipc"],
        vec!["unshare", "--ipc", "--map-root-user"],
    ];
    ways.into_iter().find(|way| {
        let [program, arguments @ ..] = way.as_slice() else {
            return false;
        };
        succeeds(Command::new(program).args(arguments).arg("true"))
    })
}

/// The mutants that cargo-mutants has tried, grouped by outcome.
#[derive(Debug, Default)]
struct Found {
    caught: Vec<String>,
    missed: Vec<String>,
    timed_out: Vec<String>,
    /// Those that did not compile.
    unviable: usize,
}

impl Found {
    fn read(directory: &Path) -> Result<Self> {
        let lines = |name: &str| -> Result<Vec<String>> {
            let path = directory.join(name);
            let text = std::fs::read_to_string(&path)
                .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            Ok(text.lines().map(str::to_owned).collect())
        };
        Ok(Self {
            caught: lines("caught.txt")?,
            missed: lines("missed.txt")?,
            timed_out: lines("timeout.txt")?,
            unviable: lines("unviable.txt")?.len(),
        })
    }

    /// Merges a second pass over the survivors of this one. A survivor that the second
    /// pass did not reach remains one.
    fn retried(self, again: Self) -> Self {
        let not_reached = |mutant: &String| {
            [&again.caught, &again.missed, &again.timed_out]
                .iter()
                .all(|list| !list.contains(mutant))
        };
        let survivors = self.missed.into_iter().chain(self.timed_out);
        let missed = survivors.filter(not_reached).collect();
        Self {
            caught: [self.caught, again.caught].concat(),
            missed: [missed, again.missed].concat(),
            timed_out: again.timed_out,
            unviable: self.unviable + again.unviable,
        }
    }

    fn without_positions(&self) -> Self {
        let named = |list: &[String]| list.iter().map(|line| without_position(line)).collect();
        Self {
            caught: named(&self.caught),
            missed: named(&self.missed),
            timed_out: named(&self.timed_out),
            unviable: self.unviable,
        }
    }

    fn summary(&self) -> String {
        format!(
            "mutants: {} caught, {} missed, {} timed out, {} did not compile",
            self.caught.len(),
            self.missed.len(),
            self.timed_out.len(),
            self.unviable
        )
    }
}

/// `FILE:LINE:COLUMN: CHANGE` as `FILE: CHANGE`: lines move, mutants stay.
fn without_position(line: &str) -> String {
    let Some((place, change)) = line.split_once(": ") else {
        return line.to_owned();
    };
    let file = place.split(':').next().unwrap_or(place);
    format!("{file}: {change}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutant_is_named_without_its_position() {
        assert_eq!(
            without_position("shm/src/key.rs:12:9: replace ftok -> i32 with 0"),
            "shm/src/key.rs: replace ftok -> i32 with 0"
        );
        assert_eq!(without_position("something else"), "something else");
    }

    #[test]
    fn a_survivor_that_is_not_tried_again_stays_one() {
        let list = |mutants: &[&str]| mutants.iter().map(|&one| one.to_owned()).collect();
        let first = Found {
            caught: list(&["a"]),
            missed: list(&["b", "c", "d"]),
            timed_out: list(&["e"]),
            unviable: 2,
        };
        let again = Found {
            caught: list(&["b", "e"]),
            missed: list(&["c"]),
            ..Found::default()
        };
        let both = first.retried(again);
        assert_eq!(both.caught, ["a", "b", "e"]);
        assert_eq!(both.missed, ["d", "c"]);
        assert!(both.timed_out.is_empty());
        assert_eq!(both.unviable, 2);
    }

    #[test]
    fn excluded_files_without_a_pattern_exist() {
        for file in EXCLUDED.iter().filter(|file| !file.contains('*')) {
            assert!(root().join(file).is_file(), "{file}");
        }
    }
}
