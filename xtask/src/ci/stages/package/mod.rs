//! The packages as they would be published: only what belongs to them is in
//! them, and each builds from nothing but its package and those of the others.
//!
//! Cargo builds packages that depend on each other only if they may be published.
//! So the stage packages a copy of the workspace without `publish = false`. The
//! copy is fresh every time, since cargo was seen to verify a stale package in a
//! used target directory.

mod publish;

use std::path::Path;
use std::process::Command;

use xshell::cmd;

use super::super::context::Context;
use super::super::stage::sum_up;
use super::cargo::{cargo, succeeds};
use crate::project::{PACKAGES, Result, root, target_dir};

/// What may be at the top of a package.
const TOP: [&str; 14] = [
    ".cargo_vcs_info.json",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "Cargo.toml.orig",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "benches",
    "build.rs",
    "docs",
    "examples",
    "gen",
    "src",
];

/// What must be there; the tests' directory is checked apart.
const MUST: [&str; 3] = ["Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT"];

/// Nothing in a package is larger; a core dump or a picture would be.
const LARGEST: u64 = 256 * 1024;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let (shell, cargo) = (context.shell(), cargo());
    if !succeeds(Command::new("git").arg("ls-files").current_dir(root())) {
        context.left_out(
            "the packages",
            "no git, or no clone: what belongs to them is not known; `apt-get install git`",
        );
        return Ok(());
    }
    let mut wrong = Vec::new();
    for (package, folder) in PACKAGES {
        let files = context.output_of(cmd!(
            shell,
            "{cargo} package --quiet --allow-dirty --list -p {package}"
        ))?;
        wrong.extend(check(package, &root().join(folder), &files));
    }
    let metadata = context.output_of(cmd!(
        shell,
        "{cargo} metadata --locked --no-deps --format-version 1"
    ))?;
    let gaps = publish::gaps(&serde_json::from_str(&metadata.concat())?);
    wrong.extend(gaps.wrong);
    sum_up(&wrong)?;
    if !gaps.undecided.is_empty() {
        context.note(format!(
            "a publisher still fills in [workspace.package]: {}, and removes `publish = false`",
            gaps.undecided.join(", ")
        ));
    }

    let fresh = target_dir().join("package-check");
    if fresh.exists() {
        std::fs::remove_dir_all(&fresh)?;
    }
    copy_workspace(context, &fresh)?;
    shell.change_dir(&fresh);
    let names = PACKAGES
        .into_iter()
        .flat_map(|(package, _)| ["-p", package]);
    let result = context.run(
        cmd!(shell, "{cargo} package --locked {names...}")
            .env("CARGO_TARGET_DIR", fresh.join("target"))
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0"),
    );
    let locks = match result {
        Ok(()) => publish::check_locks(
            &fresh.join("target").join("package"),
            env!("CARGO_PKG_VERSION"),
        ),
        Err(error) => Err(error),
    };
    std::fs::remove_dir_all(&fresh)?;
    sum_up(&locks?)
}

/// What git would commit, with packages that may be published.
fn copy_workspace(context: &mut Context<'_>, to: &Path) -> Result {
    let shell = context.shell();
    let listed = context.output_of(cmd!(
        shell,
        "git ls-files --cached --others --exclude-standard --deduplicate"
    ))?;
    for file in listed {
        let (from, to) = (root().join(&file), to.join(&file));
        if !from.is_file() {
            continue; // deleted, not yet committed
        }
        if let Some(directory) = to.parent() {
            std::fs::create_dir_all(directory)?;
        }
        std::fs::copy(from, to)?;
    }
    let manifest = to.join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest)?;
    let publishable = text.replace("\npublish = false\n", "\npublish = true\n");
    if publishable == text {
        return Err(
            "Cargo.toml has no line `publish = false` any more: this stage can go without its copy"
                .into(),
        );
    }
    Ok(std::fs::write(manifest, publishable)?)
}

/// What is wrong with the files of a package.
fn check(package: &str, directory: &Path, files: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    let listed = files.iter().filter(|file| !file.starts_with("warning"));
    for file in listed {
        let mut parts = file.split('/');
        let top = parts.next().unwrap_or("");
        let is_test = top == "tests" && parts.next().is_some();
        if !is_test && !TOP.contains(&top) {
            wrong.push(format!("{package}: {file} is a stray file in the package"));
        }
        let size = std::fs::metadata(directory.join(file)).map_or(0, |data| data.len());
        if size > LARGEST {
            wrong.push(format!("{package}: {file} has {size} bytes"));
        }
    }
    for file in MUST {
        if !files.iter().any(|one| one == file) {
            wrong.push(format!("{package}: {file} is not in the package"));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(files: &[&str]) -> Vec<String> {
        let files: Vec<String> = files.iter().map(|&file| file.to_owned()).collect();
        check("sysv-shm", &root().join("shm"), &files)
    }

    #[test]
    fn a_stray_file_and_a_missing_license_are_named() {
        let good = ["Cargo.toml", "LICENSE-MIT", "LICENSE-APACHE", "src/lib.rs"];
        assert_eq!(wrong(&good), Vec::<String>::new());
        let stray = wrong(&[&good[..], &["notes.txt"]].concat());
        assert!(
            stray.iter().any(|line| line.contains("notes.txt")),
            "{stray:?}"
        );
        let bare = wrong(&["Cargo.toml", "LICENSE-MIT"]);
        assert!(
            bare.iter().any(|line| line.contains("LICENSE-APACHE")),
            "{bare:?}"
        );
    }
}
