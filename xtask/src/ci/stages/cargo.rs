//! The running cargo, rustup's components, and the libclang that the feature `bindgen`
//! needs.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::super::context::Context;
use crate::tools::{self, toolchains};

pub(super) use crate::tools::cargo;

/// Returns whether `cargo NAME` exists; if not, records that `what` is skipped.
pub(super) fn component_or_skip(context: &mut Context<'_>, name: &str) -> bool {
    let found = succeeds(Command::new(cargo()).args([name, "--version"]));
    if !found {
        let component = if name == "fmt" { "rustfmt" } else { name };
        context.skip(
            &format!("cargo {name}"),
            &format!("not installed; `rustup component add {component}`"),
        );
    }
    found
}

/// Returns whether a command runs and succeeds; its output is not shown.
pub(super) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Returns the directory of libclang, for `LIBCLANG_PATH`; without it, records that
/// `what` is skipped.
pub(super) fn libclang_or_skip(context: &mut Context<'_>, what: &str) -> Option<PathBuf> {
    let found = tools::libclang();
    if found.is_none() {
        context.skip(what, "no libclang; `cargo xtask setup` installs it");
    }
    found
}

/// Returns a nightly toolchain; without one, records that `what` is skipped.
pub(super) fn nightly_or_skip(context: &mut Context<'_>, what: &str) -> Option<String> {
    let found = toolchains::named("nightly");
    if found.is_none() {
        context.skip(
            what,
            "no nightly; `rustup toolchain install nightly --profile minimal`",
        );
    }
    found
}
