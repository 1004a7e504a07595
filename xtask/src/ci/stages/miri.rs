//! Runs the byte loop of the copies and the decoders under Miri, which finds undefined
//! behavior that no processor shows. Needs a nightly toolchain with Miri and the standard
//! library's sources.

use super::super::context::Context;
use super::cargo::succeeds;
use crate::project::{Result, target_dir};
use crate::tools::toolchains;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let shell = context.shell();
    let nightly = toolchains::named("nightly").filter(|toolchain| {
        let version = toolchains::run(&shell, toolchain).args(["cargo", "miri", "--version"]);
        succeeds(&mut version.into())
    });
    let Some(nightly) = nightly else {
        context.skip(
            "the copies and the decoders",
            "no Miri; `rustup toolchain install nightly --component miri,rust-src`",
        );
        return Ok(());
    };
    context.run(
        toolchains::run(&shell, &nightly)
            .args([
                "cargo", "miri", "test", "--locked", "-p", "sysv-shm", "--lib",
            ])
            .args(["--", "copy::", "decode::"])
            .env("CARGO_TARGET_DIR", target_dir().join("miri"))
            // Fixtures and property tests' seeds are read from files.
            .env("MIRIFLAGS", "-Zmiri-disable-isolation")
            .env("PROPTEST_CASES", "16"),
    )
}
