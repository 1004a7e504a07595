//! Every test on this machine: the committed bindings with default features,
//! then the library's with all of them, which takes the bindings that bindgen
//! makes from this machine's header.

use xshell::cmd;

use super::super::context::Context;
use super::cargo::{cargo, libclang_or_leave_out};
use crate::project::Result;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let (shell, cargo) = (context.shell(), cargo());
    context.run(cmd!(
        shell,
        "{cargo} test --locked --workspace --no-fail-fast"
    ))?;
    if let Some(libclang) = libclang_or_leave_out(context, "the feature bindgen") {
        context.run(
            cmd!(
                shell,
                "{cargo} test --locked -p shm-sys -p shm --all-features --no-fail-fast"
            )
            .env("LIBCLANG_PATH", libclang),
        )?;
    }
    Ok(())
}
