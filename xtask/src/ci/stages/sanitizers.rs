//! The library's tests under AddressSanitizer, with the copies as they are
//! shipped and with the portable ones, into which it can see: what runs past a
//! private buffer, is used after it was freed, or leaks. It needs a nightly
//! toolchain, and is opt-in for its time.
//!
//! ThreadSanitizer is no part of it: it does not know `shmat`, and reports races
//! between threads that had different segments at the same address one after
//! the other. For races there is Miri.

use super::super::context::Context;
use super::cargo::nightly_or_leave_out;
use crate::project::{Result, target_dir};
use crate::tools::{python, toolchains};

/// Each way to build, by what is added to the compiler's flags.
const WAYS: [&str; 2] = ["", " --cfg shm_portable_copies"];

/// Tests that it has nothing to say to, or that take from it what it needs.
const LEFT_OUT: [(&str, &str); 2] = [
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
        context.left_out("the library's tests", "done on Linux x86_64 only");
        return Ok(());
    }
    let Some(nightly) = nightly_or_leave_out(context, "the library's tests") else {
        return Ok(());
    };
    for (test, why) in LEFT_OUT {
        context.note(format!("left out: {test} ({why})"));
    }
    let shell = context.shell();
    let _python = python::with_sysv_ipc().map(|path| shell.push_env("SHM_TEST_PYTHON", path));
    for way in WAYS {
        context.run(
            toolchains::run(&shell, &nightly)
                .args(["cargo", "test", "--locked", "--no-fail-fast"])
                // With a target named, build scripts and macros go without.
                .args(["--target", "x86_64-unknown-linux-gnu"])
                .args(["-p", "shm-sys", "-p", "sysv-shm", "--lib", "--tests", "--"])
                .args(LEFT_OUT.iter().flat_map(|(test, _)| ["--skip", test]))
                .env("RUSTFLAGS", format!("-Zsanitizer=address{way}"))
                .env("CARGO_TARGET_DIR", target_dir().join("sanitizers"))
                .env("SHM_TEST_SECONDS", "5"),
        )?;
    }
    Ok(())
}
