//! The cargo that runs us, and the libclang that the feature `bindgen` needs.

use std::path::PathBuf;

use super::super::context::Context;
use crate::tools;

/// The program of the toolchain in use.
pub(super) fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// Where libclang is, for `LIBCLANG_PATH`; without it, notes what is left out.
pub(super) fn libclang_or_leave_out(context: &mut Context<'_>, what: &str) -> Option<PathBuf> {
    let found = tools::libclang();
    if found.is_none() {
        context.left_out(what, "no libclang; `cargo xtask setup` installs it");
    }
    found
}
