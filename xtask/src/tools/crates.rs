//! Pinned programs from crates.io, each built by `cargo install --locked` into its own
//! directory.

use std::path::{Path, PathBuf};

use xshell::{Shell, cmd};

use crate::project::{Result, shown, tools_dir};

/// A program in exactly one version.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

pub(crate) const CARGO_DENY: Program = Program {
    name: "cargo-deny",
    version: "0.20.2",
};

pub(crate) const CARGO_FUZZ: Program = Program {
    name: "cargo-fuzz",
    version: "0.13.2",
};

/// Packs a Debian package.
pub(crate) const CARGO_DEB: Program = Program {
    name: "cargo-deb",
    version: "3.8.0",
};

/// Lists public APIs; its version and the nightly must fit (`api`).
pub(crate) const CARGO_PUBLIC_API: Program = Program {
    name: "cargo-public-api",
    version: "0.52.0",
};

pub(crate) const CARGO_SEMVER_CHECKS: Program = Program {
    name: "cargo-semver-checks",
    version: "0.51.0",
};

pub(crate) const CARGO_MUTANTS: Program = Program {
    name: "cargo-mutants",
    version: "27.1.0",
};

impl Program {
    /// Returns the pinned executable, or one on the path.
    pub(crate) fn path(self) -> Option<PathBuf> {
        let pinned = self.pinned();
        if pinned.is_file() {
            return Some(pinned);
        }
        on_path(self.name)
    }

    fn directory(self) -> PathBuf {
        tools_dir().join(format!("{}-{}", self.name, self.version))
    }

    fn pinned(self) -> PathBuf {
        self.directory().join("bin").join(self.name)
    }

    /// Builds the program if it is missing, and prints that it does.
    pub(crate) fn install(self) -> Result {
        if self.pinned().is_file() {
            return Ok(());
        }
        let (name, version, directory) = (self.name, self.version, self.directory());
        println!("building {name} {version} into {}", shown(&directory));
        let shell = Shell::new()?;
        let cargo = crate::tools::cargo();
        cmd!(
            shell,
            "{cargo} install --quiet --locked --root {directory} --version {version} {name}"
        )
        .quiet()
        .run()?;
        Ok(())
    }
}

/// Returns the first executable of that name in `PATH`.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|directory| directory.join(name))
        .find(|program| is_executable(program))
}

fn is_executable(program: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    program
        .metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
