//! Checks each package with the oldest Rust that its `Cargo.toml` promises, if that
//! toolchain is installed. Test dependencies may need a newer one, so it checks only what
//! users build.

use std::collections::BTreeMap;

use super::super::context::Context;
use crate::project::{PACKAGES, Result, root, target_dir};
use crate::tools::toolchains;

/// Each package and its folder.
fn packages() -> impl Iterator<Item = (&'static str, &'static str)> {
    PACKAGES.into_iter().chain([("xtask", "xtask")])
}

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let mut packages_of: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (package, folder) in packages() {
        packages_of
            .entry(promised(folder)?)
            .or_default()
            .push(package);
    }
    for (version, packages) in packages_of {
        let Some(toolchain) = toolchains::named(&version) else {
            context.skip(
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

/// Returns the `rust-version` of a package.
fn promised(folder: &str) -> Result<String> {
    let manifest = root().join(folder).join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest)?;
    text.lines()
        .find_map(|line| line.strip_prefix("rust-version = \""))
        .and_then(|rest| rest.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| format!("{folder}/Cargo.toml promises no rust-version").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_promises_a_version() {
        for (package, folder) in packages() {
            assert!(promised(folder).unwrap().starts_with("1."), "{package}");
        }
    }
}
