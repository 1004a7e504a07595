//! The byte loop of the copies and the decoders under Miri, which finds
//! undefined behaviour that no processor shows. It needs a nightly toolchain
//! with Miri and the standard library's sources.

use std::process::Command;

use xshell::cmd;

use super::super::context::Context;
use super::cargo::succeeds;
use crate::project::{Result, target_dir};
use crate::tools::toolchains;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let nightly = toolchains::named("nightly").filter(|toolchain| {
        let mut version = Command::new("rustup");
        version.args(["run", toolchain, "cargo", "miri", "--version"]);
        for name in OURS {
            version.env_remove(name);
        }
        succeeds(&mut version)
    });
    let Some(nightly) = nightly else {
        context.left_out(
            "the copies and the decoders",
            "no Miri; `rustup toolchain install nightly --component miri,rust-src`",
        );
        return Ok(());
    };
    let shell = context.shell();
    let mut command = cmd!(
        shell,
        "rustup run {nightly} cargo miri test --locked -p shm --lib -- copy:: decode::"
    )
    .env("CARGO_TARGET_DIR", target_dir().join("miri"))
    // Fixtures and property tests' seeds are read from files.
    .env("MIRIFLAGS", "-Zmiri-disable-isolation")
    .env("PROPTEST_CASES", "16");
    for name in OURS {
        command = command.env_remove(name);
    }
    context.run(command)
}

/// What the cargo that runs us has set, and another toolchain must not see.
const OURS: [&str; 3] = ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"];
