//! Each package against the oldest Rust that its `Cargo.toml` promises, where a
//! toolchain of that version is found. Dependencies of tests may want a newer
//! one, so only what users build is checked.

use std::collections::BTreeMap;

use super::super::context::Context;
use crate::project::{Result, root, target_dir};
use crate::tools::toolchains;

const PACKAGES: [&str; 4] = ["shm-sys", "shm", "shm-tui", "xtask"];

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let mut packages_of: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for package in PACKAGES {
        packages_of
            .entry(promised(package)?)
            .or_default()
            .push(package);
    }
    for (version, packages) in packages_of {
        let Some(toolchain) = toolchains::named(&version) else {
            context.left_out(
                &packages.join(", "),
                &format!(
                    "no Rust {version}; `rustup toolchain install {version} --profile minimal`"
                ),
            );
            continue;
        };
        let shell = context.shell();
        let names = packages.iter().flat_map(|package| ["-p", package]);
        context.run(
            toolchains::run(&shell, &toolchain)
                .args(["cargo", "check", "--locked"])
                .args(names)
                .env("CARGO_TARGET_DIR", target_dir().join("msrv")),
        )?;
    }
    Ok(())
}

/// The `rust-version` of a package.
fn promised(package: &str) -> Result<String> {
    let manifest = root().join(package).join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest)?;
    text.lines()
        .find_map(|line| line.strip_prefix("rust-version = \""))
        .and_then(|rest| rest.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| format!("{package}/Cargo.toml promises no rust-version").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_promises_a_version() {
        for package in PACKAGES {
            assert!(promised(package).unwrap().starts_with("1."), "{package}");
        }
    }
}
