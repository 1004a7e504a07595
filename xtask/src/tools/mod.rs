//! Tools that chores need: looked for, never assumed. Each module finds one
//! kind, says how to install it, and installs it where that needs no root.

pub(crate) mod crates;
mod packages;
pub(crate) mod python;
pub(crate) mod toolchains;

use std::path::PathBuf;

use crate::project::{Result, tools_dir};

/// The cargo of the toolchain in use.
pub(crate) fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// The directory with libclang's shared library: the one that the environment
/// names, else the pinned one.
pub(crate) fn libclang() -> Option<PathBuf> {
    if let Some(directory) = std::env::var_os("LIBCLANG_PATH") {
        return Some(directory.into());
    }
    let directory = python::LIBCLANG.directory()?.join("clang").join("native");
    directory.is_dir().then_some(directory)
}

/// The pinned zig: its program and, under `lib`, everybody's headers.
pub(crate) fn zig_directory() -> Option<PathBuf> {
    let directory = python::ZIG.directory()?.join("ziglang");
    directory.join("lib").is_dir().then_some(directory)
}

/// Where zig keeps the libraries that it builds for each system.
pub(crate) fn zig_cache() -> PathBuf {
    tools_dir().join("zig-cache")
}

/// [`zig_directory`], installed where it is missing.
pub(crate) fn require_zig() -> Result<PathBuf> {
    python::install(&[python::ZIG])?;
    zig_directory().ok_or_else(|| "the Python package ziglang is not laid out as expected".into())
}

/// [`libclang`], installed where it is missing.
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
cargo-deny from crates.io. What is missing of toolchains and of the system's own
packages it says, with the commands that install them.

  --opt-in   also what only stages want that run when they are named: cargo-fuzz,
             cargo-mutants, and cargo-deb for `cargo xtask dist`
";

/// `cargo xtask setup`.
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
    packages::say_what_is_missing();
    toolchains::say_what_is_missing();
    installed
}

/// What needs no root; what cannot be had keeps nobody from the rest.
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
