//! Tools that chores need. Each module finds one kind, says how to install it, and
//! installs it where that needs no root.

pub(crate) mod crates;
mod packages;
pub(crate) mod python;
pub(crate) mod toolchains;

use std::path::PathBuf;

use crate::project::{Result, tools_dir};

/// Returns the cargo of the toolchain in use.
pub(crate) fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// Returns the directory of libclang's shared library: the one that the environment
/// names, or the pinned one.
pub(crate) fn libclang() -> Option<PathBuf> {
    if let Some(directory) = std::env::var_os("LIBCLANG_PATH") {
        return Some(directory.into());
    }
    let directory = python::LIBCLANG.directory()?.join("clang").join("native");
    directory.is_dir().then_some(directory)
}

/// Returns the directory of the pinned zig: the program, and every system's headers under
/// `lib`.
pub(crate) fn zig_directory() -> Option<PathBuf> {
    let directory = python::ZIG.directory()?.join("ziglang");
    directory.join("lib").is_dir().then_some(directory)
}

/// Returns the directory where zig caches the libraries that it builds.
pub(crate) fn zig_cache() -> PathBuf {
    tools_dir().join("zig-cache")
}

/// Returns [`zig_directory`]; installs it if it is missing.
pub(crate) fn require_zig() -> Result<PathBuf> {
    python::install(&[python::ZIG])?;
    zig_directory().ok_or_else(|| "the Python package ziglang is not laid out as expected".into())
}

/// Returns [`libclang`]; installs it if it is missing.
pub(crate) fn require_libclang() -> Result<PathBuf> {
    if libclang().is_none() {
        python::install(&[python::LIBCLANG])?;
    }
    libclang().ok_or_else(|| "the Python package libclang is not laid out as expected".into())
}

const SETUP_HELP: &str = "\
cargo xtask setup [--opt-in]

Installs what checks need and needs no root, pinned, into target/tools (or the
directory that XTASK_TOOLS_DIR names): zig, libclang, sysv_ipc and typos from PyPI,
cargo-deny from crates.io. Prints the missing toolchains and packages of the system,
with the commands that install them.

  --opt-in   also what takes minutes to build: cargo-fuzz and cargo-mutants for the
             stages that run when they are named, cargo-public-api and
             cargo-semver-checks for the stages api and semver, and cargo-deb for
             `cargo xtask dist`
";

/// Runs `cargo xtask setup`.
pub(crate) fn setup(arguments: &mut lexopt::Parser) -> Result {
    use lexopt::prelude::*;
    let mut opt_in = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("opt-in") => opt_in = true,
            Short('h') | Long("help") => {
                print!("{SETUP_HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let installed = install(opt_in);
    packages::report_missing();
    toolchains::report_missing();
    installed
}

/// Installs what needs no root, and continues after a failure.
fn install(opt_in: bool) -> Result {
    let packages = [
        python::ZIG,
        python::LIBCLANG,
        python::SYSV_IPC,
        python::TYPOS,
    ];
    let programs: &[crates::Program] = if opt_in {
        &[
            crates::CARGO_DENY,
            crates::CARGO_FUZZ,
            crates::CARGO_MUTANTS,
            crates::CARGO_DEB,
            crates::CARGO_PUBLIC_API,
            crates::CARGO_SEMVER_CHECKS,
        ]
    } else {
        &[crates::CARGO_DENY]
    };
    let failed: Vec<String> = packages
        .iter()
        .map(|package| python::install(&[*package]))
        .chain(programs.iter().map(|program| program.install()))
        .filter_map(|result| Some(result.err()?.to_string()))
        .collect();
    match failed.is_empty() {
        true => Ok(()),
        false => Err(failed.join("\nxtask: ").into()),
    }
}
