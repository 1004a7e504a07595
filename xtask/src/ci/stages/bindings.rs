//! Compares the committed bindings with the headers, by `cargo xtask bindings`.

use xshell::cmd;

use super::super::context::Context;
use crate::project::Result;
use crate::tools;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    if tools::zig_directory().is_none() || tools::libclang().is_none() {
        context.skip(
            "the comparison with the headers",
            "no zig or libclang; `cargo xtask setup` installs them",
        );
        return Ok(());
    }
    let (shell, xtask) = (context.shell(), std::env::current_exe()?);
    context.run(cmd!(shell, "{xtask} bindings --check"))
}
