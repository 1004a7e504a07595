//! Checks the formatting. `cargo fmt` fixes it.

use xshell::cmd;

use super::super::context::Context;
use super::cargo::{cargo, component_or_skip};
use crate::project::Result;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    if !component_or_skip(context, "fmt") {
        return Ok(());
    }
    let (shell, cargo) = (context.shell(), cargo());
    context.run(cmd!(shell, "{cargo} fmt --all --check"))
}
