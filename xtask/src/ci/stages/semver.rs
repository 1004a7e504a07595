//! The public API against that of the last release, by cargo-semver-checks: a version
//! number must announce what breaks.
//!
//! The baseline is the newest tag `vX.Y.Z`, or the revision that `XTASK_SEMVER_BASELINE`
//! names. Without either there is nothing to compare with.

use xshell::cmd;

use super::super::context::Context;
use super::cargo::{cargo, libclang_or_skip};
use crate::project::{Result, target_dir};
use crate::tools::crates::CARGO_SEMVER_CHECKS;

const VARIABLE: &str = "XTASK_SEMVER_BASELINE";
const WHAT: &str = "the comparison with the last release";

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let Some(baseline) = baseline(context)? else {
        context.skip(
            WHAT,
            &format!("no release to compare with (no tag vX.Y.Z; {VARIABLE} names a revision)"),
        );
        return Ok(());
    };
    let Some(program) = CARGO_SEMVER_CHECKS.path() else {
        context.skip(
            WHAT,
            "no cargo-semver-checks; `cargo xtask setup --opt-in` installs it",
        );
        return Ok(());
    };
    // All features are compared, and `bindgen` is one of them.
    let Some(libclang) = libclang_or_skip(context, WHAT) else {
        return Ok(());
    };
    context.note(format!("compared with {baseline}"));
    let shell = context.shell();
    let command = cmd!(shell, "{program} semver-checks check-release")
        .args(["--package", "shm-sys", "--package", "sysv-shm"])
        .args(["--baseline-rev", &baseline, "--color", "never"])
        .env("CARGO", cargo())
        .env("CARGO_TARGET_DIR", target_dir().join("semver"))
        .env("LIBCLANG_PATH", libclang);
    let ended = context.run_to_exit("cargo semver-checks", command.into())?;
    if ended.status.success() {
        return Ok(());
    }
    if let Some(reason) = foreign_compiler(&ended.lines) {
        context.skip(WHAT, &reason);
        context.forget_commands();
        return Ok(());
    }
    for line in &ended.lines {
        println!("{line}");
    }
    Err(format!("the API breaks what {baseline} promised, or was not read").into())
}

/// Returns why the tool cannot read what this compiler's rustdoc writes, if that is so.
fn foreign_compiler(lines: &[String]) -> Option<String> {
    let line = lines
        .iter()
        .find(|line| line.contains("unsupported rustdoc format"))?;
    let (name, version) = (CARGO_SEMVER_CHECKS.name, CARGO_SEMVER_CHECKS.version);
    Some(format!(
        "{name} {version} does not fit this Rust ({})",
        line.trim()
    ))
}

/// The revision to compare with.
fn baseline(context: &mut Context<'_>) -> Result<Option<String>> {
    if let Ok(named) = std::env::var(VARIABLE) {
        return Ok(Some(named));
    }
    let shell = context.shell();
    // A copy packed without its history has no tags.
    let tags = cmd!(shell, "git tag --list").quiet().ignore_stderr().read();
    Ok(tags.ok().and_then(|tags| newest_release(&tags)))
}

/// The tag with the highest version number; pre-releases promise nothing.
fn newest_release(tags: &str) -> Option<String> {
    tags.lines()
        .filter_map(|tag| Some((version(tag)?, tag)))
        .max()
        .map(|(_, tag)| tag.to_owned())
}

/// The numbers of a tag `vX.Y.Z`.
fn version(tag: &str) -> Option<[u64; 3]> {
    let mut numbers = tag.strip_prefix('v')?.split('.').map(str::parse::<u64>);
    let version = [
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
    ];
    numbers.next().is_none().then_some(version)
}

#[cfg(test)]
mod tests {
    use super::{foreign_compiler, newest_release};

    #[test]
    fn the_newest_release_is_the_one_with_the_highest_number() {
        let newest = |tags| newest_release(tags);
        assert_eq!(
            newest("v0.9.0\nv0.10.0\nv0.10.0-rc.1\n").as_deref(),
            Some("v0.10.0")
        );
        assert_eq!(newest("v1.0.0\nv0.99.99").as_deref(), Some("v1.0.0"));
        assert_eq!(newest("seed\n1.0.0\nv1.0\nv1.0.0.0\nvx.y.z"), None);
        assert_eq!(newest(""), None);
    }

    #[test]
    fn a_compiler_that_the_tool_cannot_read_is_no_broken_promise() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let unread = "Building\nerror: unsupported rustdoc format v99 for file: x.json";
        assert!(foreign_compiler(&lines(unread)).unwrap().contains("v99"));
        assert_eq!(foreign_compiler(&lines("--- failure struct_missing")), None);
    }
}
