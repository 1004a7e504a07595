//! Builds the documentation with warnings denied.

use xshell::cmd;

use super::super::context::Context;
use super::cargo::cargo;
use crate::project::Result;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let (shell, cargo) = (context.shell(), cargo());
    context.run(
        cmd!(shell, "{cargo} doc --locked --workspace --no-deps")
            .env("RUSTDOCFLAGS", "-D warnings"),
    )
}
