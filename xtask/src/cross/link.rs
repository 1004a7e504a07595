//! zig's C compiler as the linker for every system. rustc runs a symbolic link to this
//! program, whose name contains the target; so no script is needed.
//!
//! rustc passes arguments for gcc. This module removes those that zig does not know or
//! supplies itself: compiler and unwinder libraries, start files, and libraries that
//! Rust's `libc` names but the project does not call.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use super::cross_dir;
use crate::project::Result;
use crate::targets::{Headers, Target};
use crate::tools;

/// Prefix of the links, before the target's name.
const PREFIX: &str = "zig-";

/// Returns the environment in which cargo links `target` with zig. It is empty if zig is
/// missing or has no libraries for the target, and for glibc, because one of those
/// targets is this machine and its build scripts would be affected too.
pub(super) fn settings(target: &Target) -> Result<Vec<(String, OsString)>> {
    if !has_libraries(target) || target.cfg.env == "gnu" || tools::zig_directory().is_none() {
        return Ok(Vec::new());
    }
    let name = target.triple.to_uppercase().replace('-', "_");
    let mut settings = vec![(
        format!("CARGO_TARGET_{name}_LINKER"),
        linker(target)?.into(),
    )];
    if target.cfg.env == "musl" {
        // zig supplies the start files and links statically. rustc's own method needs
        // files that only an installed target has.
        settings.push((
            format!("CARGO_TARGET_{name}_RUSTFLAGS"),
            "-Ctarget-feature=-crt-static -Clink-self-contained=no".into(),
        ));
    }
    if target.cfg.os == "macos" {
        // Keeps rustc from asking Xcode for the libraries.
        let no_sdk = cross_dir().join("no-sdk");
        std::fs::create_dir_all(&no_sdk)?;
        settings.push(("SDKROOT".to_owned(), no_sdk.into()));
        // Stripping for macOS needs a program that not every toolchain has.
        settings.push((
            format!("CARGO_TARGET_{name}_RUSTFLAGS"),
            "-Cstrip=none".into(),
        ));
    }
    Ok(settings)
}

/// Returns whether zig has a C library, or stubs of it, for the target.
pub(crate) fn has_libraries(target: &Target) -> bool {
    matches!(target.headers, Headers::Zig(_))
}

/// Returns the symbolic link for a target; creates it if it is missing or wrong.
fn linker(target: &Target) -> Result<PathBuf> {
    let link = cross_dir()
        .join("linkers")
        .join(format!("{PREFIX}{}", target.triple));
    let program = std::env::current_exe()?;
    if std::fs::read_link(&link).ok().as_ref() != Some(&program) {
        if let Some(directory) = link.parent() {
            std::fs::create_dir_all(directory)?;
        }
        if link.is_symlink() {
            std::fs::remove_file(&link)?;
        }
        std::os::unix::fs::symlink(program, &link)?;
    }
    Ok(link)
}

/// Returns the target if this program was run as a linker.
pub(crate) fn called_as_linker() -> Option<&'static Target> {
    let program = std::env::args_os().next()?;
    let name = Path::new(&program).file_name()?.to_str()?;
    Target::of(name.strip_prefix(PREFIX)?)
}

/// Links with the rest of the command line, which comes from rustc.
pub(crate) fn main(target: &Target) -> ExitCode {
    match run(target) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cannot link for {}: {error}", target.triple);
            ExitCode::FAILURE
        }
    }
}

fn run(target: &Target) -> Result<bool> {
    let zig = tools::zig_directory().ok_or("no zig; `cargo xtask setup` installs it")?;
    let status = Command::new(zig.join("zig"))
        .args(["cc", "-target", target.zig])
        .args(arguments(target, std::env::args().skip(1)))
        .env("ZIG_GLOBAL_CACHE_DIR", tools::zig_cache())
        .env("ZIG_LOCAL_CACHE_DIR", tools::zig_cache())
        .env_remove("SDKROOT")
        .status()?;
    Ok(status.success())
}

/// Arguments to remove.
const UNKNOWN: [&str; 10] = [
    "-nodefaultlibs",
    "-nostartfiles",
    "-pie",
    "-static-pie",
    "-no-pie",
    "-Wl,-O1",
    "-Wl,--as-needed",
    "-m32",
    "-m64",
    "-Wl,-melf_i386",
];

/// Arguments to remove together with the following one.
const UNKNOWN_PAIRS: [&str; 4] = ["-target", "-arch", "-isysroot", "-mmacosx-version-min"];

/// Libraries that zig includes in its own, or lacks and nothing here calls.
const LIBRARIES: [&str; 12] = [
    "-liconv",
    "-lgcc",
    "-lgcc_s",
    "-lgcc_eh",
    "-lc++abi",
    "-lcompiler_rt",
    "-lexecinfo",
    "-lkvm",
    "-lmemstat",
    "-lprocstat",
    "-ldevstat",
    "-lunwind",
];

/// Converts rustc's arguments to zig's.
fn arguments(target: &Target, given: impl Iterator<Item = String>) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut given = given.peekable();
    while let Some(argument) = given.next() {
        if UNKNOWN_PAIRS.contains(&argument.as_str()) {
            given.next();
        } else if !UNKNOWN.contains(&argument.as_str())
            && !LIBRARIES.contains(&argument.as_str())
            && !argument.starts_with("-mmacosx-version-min=")
            && !argument.starts_with("--target=")
        {
            arguments.push(argument);
        }
    }
    arguments.push("-lunwind".to_owned());
    if target.cfg.env == "musl" {
        arguments.push("-static".to_owned());
    }
    arguments
}
