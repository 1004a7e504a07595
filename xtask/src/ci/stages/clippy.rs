//! Lints every target of every package: with default features, without them, and with all
//! of them.

use xshell::cmd;

use super::super::context::Context;
use super::cargo::{cargo, libclang_or_skip};
use crate::project::Result;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let (shell, cargo) = (context.shell(), cargo());
    if !super::cargo::component_or_skip(context, "clippy") {
        return Ok(());
    }
    context.run(cmd!(
        shell,
        "{cargo} clippy --locked --workspace --all-targets -- -D warnings"
    ))?;
    context.run(cmd!(
        shell,
        "{cargo} clippy --locked -p shm-sys -p sysv-shm --no-default-features --all-targets -- -D warnings"
    ))?;
    if let Some(libclang) = libclang_or_skip(context, "the feature bindgen") {
        context.run(
            cmd!(
                shell,
                "{cargo} clippy --locked --workspace --all-targets --all-features -- -D warnings"
            )
            .env("LIBCLANG_PATH", libclang),
        )?;
    }
    Ok(())
}
