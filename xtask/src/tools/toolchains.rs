//! Other toolchains, as rustup lists them.

use std::process::{Command, Stdio};

use xshell::{Cmd, Shell, cmd};

/// Variables of the running cargo, which another toolchain must not see.
const OURS: [&str; 3] = ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"];

/// Returns `rustup run TOOLCHAIN`; the caller appends a command of that toolchain.
pub(crate) fn run<'a>(shell: &'a Shell, toolchain: &str) -> Cmd<'a> {
    OURS.iter()
        .fold(cmd!(shell, "rustup run {toolchain}"), |command, name| {
            command.env_remove(name)
        })
}

/// Returns the installed toolchain that starts with `name` (`1.85` finds `1.85.1-x86_…`).
pub(crate) fn named(name: &str) -> Option<String> {
    let output = Command::new("rustup")
        .args(["toolchain", "list", "--quiet"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let list = String::from_utf8(output.stdout).ok()?;
    first_of(&list, name)
}

/// Toolchains that checks need, with the command that installs each.
const REQUIRED: [(&str, &str); 3] = [
    (
        "1.85",
        "rustup toolchain install 1.85 --profile minimal    # msrv",
    ),
    (
        "1.88",
        "rustup toolchain install 1.88 --profile minimal    # msrv",
    ),
    (
        "nightly",
        "rustup toolchain install nightly --component miri,rust-src    # api, miri, fuzz, sanitizers",
    ),
];

/// Prints the missing toolchains.
pub(crate) fn report_missing() {
    let mut lines = REQUIRED
        .iter()
        .filter(|(name, _)| named(name).is_none())
        .peekable();
    if lines.peek().is_some() {
        println!("missing toolchains:");
    }
    for (_, command) in lines {
        println!("  {command}");
    }
}

fn first_of(list: &str, name: &str) -> Option<String> {
    list.lines()
        .filter_map(|line| line.split_whitespace().next())
        .find(|toolchain| {
            toolchain
                .strip_prefix(name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
        })
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_ones_that_the_packages_promise_are_told() {
        for package in ["shm-sys", "shm", "shm-tui", "xtask"] {
            let manifest = crate::project::root().join(package).join("Cargo.toml");
            let text = std::fs::read_to_string(manifest).unwrap();
            let (_, rest) = text.split_once("rust-version = \"").unwrap();
            let version = rest.split('"').next().unwrap();
            assert!(
                REQUIRED.iter().any(|(name, _)| *name == version),
                "{package}"
            );
        }
    }

    #[test]
    fn a_version_finds_its_patches_and_no_longer_number() {
        let list = "stable-x86_64-unknown-linux-gnu (default)\n1.850.0-x\n1.85.1-x86_64-unknown-linux-gnu\n";
        assert_eq!(
            first_of(list, "1.85").as_deref(),
            Some("1.85.1-x86_64-unknown-linux-gnu")
        );
        assert_eq!(first_of(list, "1.88"), None);
    }
}
