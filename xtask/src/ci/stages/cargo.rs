//! The cargo that runs us, what rustup may add to it, and the libclang that the
//! feature `bindgen` needs.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::super::context::Context;
use crate::tools::{self, toolchains};

pub(super) use crate::tools::cargo;

/// Whether `cargo NAME` is there; if not, notes what is left out.
pub(super) fn component_or_leave_out(context: &mut Context<'_>, name: &str) -> bool {
    let found = succeeds(Command::new(cargo()).args([name, "--version"]));
    if !found {
        let component = if name == "fmt" { "rustfmt" } else { name };
        context.left_out(
            &format!("cargo {name}"),
            &format!("not installed; `rustup component add {component}`"),
        );
    }
    found
}

/// Whether a command can be run and ends well; what it prints is not shown.
pub(super) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Where libclang is, for `LIBCLANG_PATH`; without it, notes what is left out.
pub(super) fn libclang_or_leave_out(context: &mut Context<'_>, what: &str) -> Option<PathBuf> {
    let found = tools::libclang();
    if found.is_none() {
        context.left_out(what, "no libclang; `cargo xtask setup` installs it");
    }
    found
}

/// A nightly toolchain; without one, notes what is left out.
pub(super) fn nightly_or_leave_out(context: &mut Context<'_>, what: &str) -> Option<String> {
    let found = toolchains::named("nightly");
    if found.is_none() {
        context.left_out(
            what,
            "no nightly; `rustup toolchain install nightly --profile minimal`",
        );
    }
    found
}
