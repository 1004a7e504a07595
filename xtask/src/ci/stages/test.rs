//! Runs every test on this machine: the committed bindings with default features; the
//! library's with all features, which uses the bindings that bindgen generates from this
//! machine's header; and without `std`.
//!
//! A test that needs a missing program prints `skipped:`; with `--require-all` it fails
//! instead (`SHM_TEST_REQUIRE`).

use xshell::cmd;

use super::super::context::Context;
use super::cargo::{cargo, libclang_or_skip};
use crate::project::Result;
use crate::tools::python;

/// Duration of time-limited tests, after the first round.
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
    if let Some(libclang) = libclang_or_skip(context, "the feature bindgen") {
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
