//! Every test on this machine: the committed bindings with default features,
//! then the library's with all of them, which takes the bindings that bindgen
//! makes from this machine's header, and without `std`.
//!
//! A test that wants a program which is not installed says `skipped:`; where
//! everything is required it fails instead (`SHM_TEST_REQUIRE`).

use xshell::cmd;

use super::super::context::Context;
use super::cargo::{cargo, libclang_or_leave_out};
use crate::project::Result;
use crate::tools::python;

/// Seconds that tests which run against the clock take, after the first round.
const SHORT: &str = "5";

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let (shell, cargo) = (context.shell(), cargo());
    let _required = context
        .requires_all()
        .then(|| shell.push_env("SHM_TEST_REQUIRE", "1"));
    let _python = python::with_sysv_ipc().map(|path| shell.push_env("SHM_TEST_PYTHON", path));
    context.run(cmd!(
        shell,
        "{cargo} test --locked --workspace --no-fail-fast"
    ))?;
    let _short = shell.push_env("SHM_TEST_SECONDS", SHORT);
    context.run(cmd!(
        shell,
        "{cargo} test --locked -p sysv-shm --no-default-features --lib --tests --no-fail-fast"
    ))?;
    context.run(cmd!(
        shell,
        "{cargo} test --locked -p sysv-shm --features serde,zerocopy,derive --lib --test serde --test list_serde --test places"
    ))?;
    context.run(cmd!(
        shell,
        "{cargo} test --locked -p sysv-shm --features zerocopy,derive --doc"
    ))?;
    if let Some(libclang) = libclang_or_leave_out(context, "the feature bindgen") {
        context.run(
            cmd!(
                shell,
                "{cargo} test --locked -p shm-sys -p sysv-shm --all-features --no-fail-fast"
            )
            .env("LIBCLANG_PATH", libclang),
        )?;
    }
    Ok(())
}
