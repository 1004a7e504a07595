//! Runs the byte loop of the copies and tests of memory orderings under
//! Miri, which finds undefined behavior that no processor shows: x86 orders every load and
//! store, so that a missing ordering changes nothing there. Needs a nightly toolchain with
//! Miri and the standard library's sources.

use super::super::context::Context;
use super::cargo::succeeds;
use crate::project::{Result, target_dir};
use crate::tools::toolchains;

/// Property tests read seeds from files. Threads are interrupted often,
/// since a missing fence shows only where one is interrupted in the middle of a copy.
const FLAGS: &str = "-Zmiri-disable-isolation -Zmiri-preemption-rate=0.2";

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let shell = context.shell();
    let nightly = toolchains::named("nightly").filter(|toolchain| {
        let version = toolchains::run(&shell, toolchain).args(["cargo", "miri", "--version"]);
        succeeds(&mut version.into())
    });
    let Some(nightly) = nightly else {
        context.skip(
            "the copies and the orderings",
            "no Miri; `rustup toolchain install nightly --component miri,rust-src`",
        );
        return Ok(());
    };
    let tests: [&[&str]; 2] = [
        &["--test", "orderings"],
        &["--lib", "--", "copy::", "wait::init::"],
    ];
    for test in tests {
        context.run(
            toolchains::run(&shell, &nightly)
                .args(["cargo", "miri", "test", "--locked", "-p", "sysv-shm"])
                .args(test)
                .env("CARGO_TARGET_DIR", target_dir().join("miri"))
                .env("MIRIFLAGS", FLAGS)
                .env("PROPTEST_CASES", "4"),
        )?;
    }
    Ok(())
}
