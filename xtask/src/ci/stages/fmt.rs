//! Formatting. The fix is `cargo fmt`.

use xshell::cmd;

use super::super::context::Context;
use super::cargo::cargo;
use crate::project::Result;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let (shell, cargo) = (context.shell(), cargo());
    context.run(cmd!(shell, "{cargo} fmt --all --check"))
}
