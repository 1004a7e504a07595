//! Tools that chores need: looked for, never assumed. Each module finds one
//! kind, says how to install it, and installs it where that needs no root.

pub(crate) mod crates;
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
cargo xtask setup

Installs what checks need and needs no root, pinned, into target/tools (or the
directory that XTASK_TOOLS_DIR names): zig, libclang and sysv_ipc from PyPI,
cargo-deny from crates.io.
";

/// `cargo xtask setup`.
pub(crate) fn setup(arguments: &mut lexopt::Parser) -> Result {
    use lexopt::prelude::*;
    if let Some(argument) = arguments.next()? {
        return match argument {
            Short('h') | Long("help") => {
                print!("{SETUP_HELP}");
                Ok(())
            }
            other => Err(other.unexpected().into()),
        };
    }
    python::install(&[python::ZIG, python::LIBCLANG, python::SYSV_IPC])?;
    crates::CARGO_DENY.install()
}
