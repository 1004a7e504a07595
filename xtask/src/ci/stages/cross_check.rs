//! Type-checks for every system of the table, with warnings denied: the library for every
//! target, with and without `std`; everything, tests and browser included, for one target
//! per system and for processors on which no other stage runs a test.
//!
//! Warnings are read from cargo's output. Denying them by `RUSTFLAGS` would compile every
//! standard library a second time.

use super::super::context::Context;
use super::super::stage::error_if_any;
use crate::cross::{self, Group, standard};
use crate::project::Result;
use crate::targets::{TARGETS, Target};

/// Targets for which everything is checked. The other stages run on Linux. (Not mips64el:
/// rustix 1.1, which tests and browser use, does not compile for it.)
const FULLY_CHECKED: [&str; 7] = [
    "powerpc64le-unknown-linux-gnu",
    "loongarch64-unknown-linux-gnu",
    "x86_64-unknown-freebsd",
    "x86_64-unknown-netbsd",
    "x86_64-unknown-openbsd",
    "x86_64-unknown-dragonfly",
    "aarch64-apple-darwin",
];

const LIBRARY: &[&str] = &["-p", "shm-sys", "-p", "sysv-shm"];
const NO_DEFAULT_FEATURES: &[&str] = &["-p", "sysv-shm", "--no-default-features"];
const EVERYTHING: &[&str] = &[
    "-p",
    "shm-sys",
    "-p",
    "sysv-shm",
    "-p",
    "shm-tui",
    "--all-targets",
];

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let mut wrong = Vec::new();
    let all = || TARGETS.iter();
    let whole = || FULLY_CHECKED.iter().filter_map(|triple| Target::of(triple));
    for group in groups(context, all()) {
        wrong.extend(check(context, &group, LIBRARY)?);
        wrong.extend(check(context, &group, NO_DEFAULT_FEATURES)?);
    }
    for group in cross::groups(whole()).0 {
        wrong.extend(check(context, &group, EVERYTHING)?);
    }
    error_if_any(&wrong)
}

/// Returns the groups that can be built; records the targets that cannot.
pub(super) fn groups(
    context: &mut Context<'_>,
    targets: impl Iterator<Item = &'static Target>,
) -> Vec<Group> {
    let (groups, without) = cross::groups(targets);
    if !without.is_empty() {
        let triples: Vec<_> = without.iter().map(|target| target.triple).collect();
        context.skip(
            &triples.join(", "),
            &format!("no standard library; {}", standard::INSTALL),
        );
    }
    groups
}

/// Checks a group in one call; if that fails, target by target, to find out which.
fn check(context: &mut Context<'_>, group: &Group, what: &[&str]) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    if let Err(error) = call(context, group, what) {
        for target in &group.targets {
            let alone = Group {
                standard: group.standard.clone(),
                targets: vec![target],
            };
            if call(context, &alone, what).is_err() {
                wrong.push(format!(
                    "{} does not pass with {}; see the messages above",
                    target.triple,
                    what.join(" ")
                ));
            }
        }
        if wrong.is_empty() {
            wrong.push(error.to_string());
        }
    }
    Ok(wrong)
}

fn call(context: &mut Context<'_>, group: &Group, what: &[&str]) -> Result {
    let shell = context.shell();
    let lines = context.output_of(
        group
            .cargo(&shell, group.standard.check())?
            .args(["--keep-going"])
            .args(what),
    )?;
    if lines.iter().any(|line| is_ours(line)) {
        for line in &lines {
            println!("{line}");
        }
        return Err("there are warnings".into());
    }
    Ok(())
}

/// Returns whether a line says that one of the project's packages or build scripts has
/// warnings.
fn is_ours(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("warning: ") else {
        return false;
    };
    let name = rest.trim_start_matches('`');
    ["shm-sys", "shm-tui", "sysv-shm"].iter().any(|package| {
        name.strip_prefix(package)
            .is_some_and(|rest| rest.starts_with(['`', '@']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_of_ours_are_told_from_those_of_others() {
        assert!(is_ours("warning: `sysv-shm` (lib) generated 1 warning"));
        assert!(is_ours(
            "warning: `shm-tui` (test \"cli\") generated 2 warnings"
        ));
        assert!(is_ours("warning: shm-sys@0.1.0: no header"));
        assert!(!is_ours("warning: `shmem` (lib) generated 1 warning"));
        assert!(!is_ours("warning: unused variable: `x`"));
    }

    #[test]
    fn the_targets_named_are_in_the_table() {
        assert!(
            FULLY_CHECKED
                .iter()
                .all(|triple| Target::of(triple).is_some())
        );
    }
}
