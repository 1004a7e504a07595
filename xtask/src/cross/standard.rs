//! Finds a target's standard library: installed in the toolchain in use, or built from
//! the sources of some toolchain on this machine.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::targets::Target;
use crate::tools;

/// The oldest compiler that builds the workspace.
const OLDEST: (u32, u32) = (1, 88);

/// How to install one, for all targets at once or for a single one.
pub(crate) const INSTALL: &str = "`rustup target add TARGET` where rustup has it; \
     for all targets `rustup component add rust-src`, \
     or on Debian `apt-get install cargo-web rustc-web rust-web-src`";

/// A source of a standard library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standard {
    /// Installed in the toolchain in use.
    Installed,
    /// Built from source with this toolchain.
    Built(Toolchain),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Toolchain {
    cargo: PathBuf,
    rustc: PathBuf,
}

impl Standard {
    /// Returns the first source that is available.
    pub(crate) fn of(target: &Target) -> Option<Self> {
        let active = Toolchain::active();
        if active.has_installed(target.triple) {
            return Some(Self::Installed);
        }
        [active, Toolchain::of_the_system()]
            .into_iter()
            .find(Toolchain::can_build)
            .map(Self::Built)
    }

    /// Returns a source that builds it, wherever the sources are.
    #[cfg(test)]
    pub(crate) fn built_by_this_toolchain() -> Self {
        Self::Built(Toolchain::active())
    }

    pub(crate) fn cargo(&self) -> PathBuf {
        match self {
            Self::Installed => tools::cargo(),
            Self::Built(toolchain) => toolchain.cargo.clone(),
        }
    }

    /// Returns the subcommand that checks a target: `clippy` where the library is
    /// installed, because the toolchain in use has lints for it, and `check` otherwise.
    /// Lints need no second build.
    pub(crate) fn check(&self) -> &'static str {
        match self {
            Self::Installed if tools::cargo().with_file_name("cargo-clippy").is_file() => "clippy",
            Self::Installed | Self::Built(_) => "check",
        }
    }

    /// Returns the compiler of the cargo, if the cargo's path is known.
    pub(crate) fn rustc(&self) -> Option<PathBuf> {
        let rustc = match self {
            Self::Installed => Toolchain::active().rustc,
            Self::Built(toolchain) => toolchain.rustc.clone(),
        };
        rustc.is_absolute().then_some(rustc)
    }

    /// Returns the compiler that builds the library, if it must be built.
    pub(crate) fn built_by(&self) -> Option<&Path> {
        match self {
            Self::Installed => None,
            Self::Built(toolchain) => Some(&toolchain.rustc),
        }
    }
}

impl Toolchain {
    fn active() -> Self {
        let cargo = tools::cargo();
        let beside = cargo.with_file_name("rustc");
        let rustc = if beside.is_file() {
            beside
        } else {
            PathBuf::from("rustc")
        };
        Self { cargo, rustc }
    }

    /// Returns the compiler that the distribution's packages install.
    fn of_the_system() -> Self {
        Self {
            cargo: PathBuf::from("/usr/bin/cargo"),
            rustc: PathBuf::from("/usr/bin/rustc"),
        }
    }

    fn has_installed(&self, triple: &str) -> bool {
        self.print(&["--print", "target-libdir", "--target", triple])
            .and_then(|directory| std::fs::read_dir(directory).ok())
            .is_some_and(|entries| {
                entries
                    .flatten()
                    .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
            })
    }

    /// Returns whether the sources of the compiler's standard library lie where cargo
    /// looks.
    fn can_build(&self) -> bool {
        let sources = "lib/rustlib/src/rust/library/Cargo.lock";
        self.print(&["--print", "sysroot"])
            .is_some_and(|sysroot| Path::new(&sysroot).join(sources).is_file())
            && self.cargo.is_file()
            && self
                .print(&["--version"])
                .and_then(|text| version(&text))
                .is_some_and(|version| version >= OLDEST)
    }

    fn print(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new(&self.rustc)
            .args(arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
    }
}

/// Parses `rustc 1.96.0 (…)` as numbers.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.split_whitespace().nth(1)?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_that_is_too_old_builds_nothing() {
        assert_eq!(
            version("rustc 1.96.0 (ac68faa20 2026-05-25)"),
            Some((1, 96))
        );
        assert!(version("rustc 1.63.0").unwrap() < OLDEST);
        assert_eq!(version("nonsense"), None);
    }

    #[test]
    fn the_compiler_is_the_one_beside_cargo() {
        let toolchain = Toolchain::active();
        let built = Standard::Built(toolchain.clone());
        for standard in [Standard::Installed, built] {
            if let Some(rustc) = standard.rustc() {
                assert_eq!(rustc.parent(), toolchain.cargo.parent());
                assert!(rustc.is_file());
            }
        }
    }

    #[test]
    fn the_toolchain_in_use_has_its_own_standard_library() {
        let host = Toolchain::active();
        let triple = host.print(&["--print", "host-tuple"]).unwrap();
        assert!(host.has_installed(&triple), "{triple}");
        assert!(!host.has_installed("no-such-target"));
    }
}
