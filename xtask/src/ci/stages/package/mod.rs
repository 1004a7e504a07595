//! Checks the packages as they would be published: each contains only what belongs to it,
//! and builds from its package and those of its dependencies.
//!
//! Cargo builds packages that depend on each other only if they may be published. So the
//! stage packages a copy of the workspace without `publish = false`. It makes a new copy
//! every time, because cargo was seen to verify a stale package in a used target
//! directory.

mod publish;

use std::path::Path;
use std::process::Command;

use xshell::cmd;

use super::super::context::Context;
use super::super::stage::error_if_any;
use super::cargo::{cargo, succeeds};
use crate::project::{PACKAGES, Result, root, target_dir};

/// Allowed files and directories at the top of a package.
const ALLOWED_AT_TOP: [&str; 14] = [
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

/// Required files; the tests' directory is checked separately.
const REQUIRED_FILES: [&str; 3] = ["Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT"];

/// Size limit of a file in a package; a core dump or a picture would be larger.
const MAX_FILE_SIZE: u64 = 256 * 1024;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let (shell, cargo) = (context.shell(), cargo());
    if !succeeds(Command::new("git").arg("ls-files").current_dir(root())) {
        context.skip(
            "the packages",
            "no git, or no clone: their files are unknown; `apt-get install git`",
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
    let missing_metadata = publish::missing_metadata(&serde_json::from_str(&metadata.concat())?);
    wrong.extend(missing_metadata.wrong);
    error_if_any(&wrong)?;
    if !missing_metadata.undecided.is_empty() {
        context.note(format!(
            "the publisher must fill in [workspace.package]: {}, and remove `publish = false`",
            missing_metadata.undecided.join(", ")
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
    error_if_any(&locks?)
}

/// Copies the files that git would commit, and makes the packages publishable.
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
            "Cargo.toml no longer has `publish = false`: this stage needs no copy now".into(),
        );
    }
    Ok(std::fs::write(manifest, publishable)?)
}

/// Returns the findings about the files of a package.
fn check(package: &str, directory: &Path, files: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    let listed = files.iter().filter(|file| !file.starts_with("warning"));
    for file in listed {
        let mut parts = file.split('/');
        let top = parts.next().unwrap_or("");
        let is_test = top == "tests" && parts.next().is_some();
        if !is_test && !ALLOWED_AT_TOP.contains(&top) {
            wrong.push(format!("{package}: {file} is a stray file in the package"));
        }
        let size = std::fs::metadata(directory.join(file)).map_or(0, |data| data.len());
        if size > MAX_FILE_SIZE {
            wrong.push(format!("{package}: {file} has {size} bytes"));
        }
    }
    for file in REQUIRED_FILES {
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
