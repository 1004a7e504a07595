//! Fuzzes every target, starting from bytes that real kernels returned. Opt-in, because
//! it finds more the longer it runs; `XTASK_FUZZ_SECONDS` is the time for each target.

use xshell::cmd;

use super::super::context::Context;
use super::super::stage::error_if_any;
use super::cargo::{cargo, nightly_or_skip};
use crate::project::{Result, root, target_dir};
use crate::tools::crates::{CARGO_FUZZ, on_path};
use crate::tools::toolchains;

/// The time for each target, if the environment does not set it.
const SECONDS: &str = "20";

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let Some(nightly) = nightly_or_skip(context, "the decoders") else {
        return Ok(());
    };
    let Some(program) = CARGO_FUZZ.path() else {
        context.skip(
            "the decoders",
            "no cargo-fuzz; `cargo xtask setup --opt-in` installs it",
        );
        return Ok(());
    };
    if on_path("c++").is_none() {
        context.skip(
            "the decoders",
            "no C++ compiler to build libFuzzer; Debian: `apt-get install g++`",
        );
        return Ok(());
    }
    let seconds = std::env::var("XTASK_FUZZ_SECONDS").unwrap_or_else(|_| SECONDS.to_owned());
    let limit = format!("-max_total_time={seconds}");

    let (shell, cargo) = (context.shell(), cargo());
    let target_directory = target_dir().join("fuzz");
    let manifest = root().join("fuzz").join("Cargo.toml");
    context.run(
        cmd!(
            shell,
            "{cargo} run --locked --quiet --manifest-path {manifest} --bin seeds"
        )
        .env("CARGO_TARGET_DIR", &target_directory),
    )?;
    let fuzz = |subcommand: &str| {
        toolchains::run(&shell, &nightly)
            .arg(&program)
            .args(["fuzz", subcommand])
            .env("CARGO_TARGET_DIR", &target_directory)
    };
    context.run(fuzz("build"))?;
    let mut wrong = Vec::new();
    for target in targets()? {
        let one = fuzz("run").args([&target, "--", &limit]);
        if let Err(error) = context.run(one) {
            wrong.push(format!(
                "{target}: {error}; the input is in fuzz/artifacts/{target}"
            ));
        }
    }
    error_if_any(&wrong)
}

/// Returns the package's programs, except the one that writes the corpus.
fn targets() -> Result<Vec<String>> {
    let mut targets = Vec::new();
    for entry in std::fs::read_dir(root().join("fuzz").join("fuzz_targets"))? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        targets.extend(name.map(str::to_owned));
    }
    targets.sort();
    Ok(targets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_a_program_of_the_package() {
        let manifest = root().join("fuzz").join("Cargo.toml");
        let text = std::fs::read_to_string(manifest).unwrap();
        let targets = targets().unwrap();
        assert!(targets.len() >= 8);
        for target in targets {
            assert!(text.contains(&format!("name = \"{target}\"")), "{target}");
        }
    }
}
