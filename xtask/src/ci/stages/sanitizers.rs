//! Runs the library's tests under AddressSanitizer, with the shipped copies and with the
//! portable ones, which it can instrument. It finds accesses beyond a private buffer,
//! uses after free, and leaks. It needs a nightly toolchain and is opt-in because it is
//! slow.
//!
//! ThreadSanitizer is not used: it does not know `shmat`, and reports races between
//! threads that attached different segments at the same address one after the other. Miri
//! checks for races.

use super::super::context::Context;
use super::cargo::nightly_or_skip;
use crate::project::{Result, target_dir};
use crate::tools::{python, toolchains};

/// The builds, by the compiler flags that each adds.
const BUILDS: [&str; 2] = ["", " --cfg shm_portable_copies"];

/// Tests that it cannot check, or that it prevents from working.
const NOT_RUN: [(&str, &str); 2] = [
    (
        "what_would_be_unsound_does_not_compile",
        "starts the compiler",
    ),
    (
        "linux_without_proc_it_is_refused_with_the_reason",
        "the search for leaks reads /proc",
    ),
];

pub(super) fn run(context: &mut Context<'_>) -> Result {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        context.skip("the library's tests", "done on Linux x86_64 only");
        return Ok(());
    }
    let Some(nightly) = nightly_or_skip(context, "the library's tests") else {
        return Ok(());
    };
    for (test, why) in NOT_RUN {
        context.note(format!("left out: {test} ({why})"));
    }
    let shell = context.shell();
    let _python = python::with_sysv_ipc().map(|path| shell.push_env("SHM_TEST_PYTHON", path));
    for way in BUILDS {
        context.run(
            toolchains::run(&shell, &nightly)
                .args(["cargo", "test", "--locked", "--no-fail-fast"])
                // With a target named, the flags do not apply to build scripts and
                // macros.
                .args(["--target", "x86_64-unknown-linux-gnu"])
                .args(["-p", "shm-sys", "-p", "sysv-shm", "--lib", "--tests", "--"])
                .args(NOT_RUN.iter().flat_map(|(test, _)| ["--skip", test]))
                .env("RUSTFLAGS", format!("-Zsanitizer=address{way}"))
                .env("CARGO_TARGET_DIR", target_dir().join("sanitizers"))
                .env("SHM_TEST_SECONDS", "5"),
        )?;
    }
    Ok(())
}
