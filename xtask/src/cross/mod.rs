//! Builds for other systems from this one: `standard` finds the toolchain that has or can
//! build a target's standard library, and `link` uses zig's C compiler as the linker of
//! every system.
//!
//! All builds share one target directory, which may lie outside the clone, and the same
//! settings. So the standard library of a target is compiled once, whichever stage runs
//! first.

pub(crate) mod link;
pub(crate) mod standard;
pub(crate) mod tests;

use std::path::PathBuf;

use xshell::{Cmd, Shell, cmd};

use crate::project::{Result, target_dir};
use crate::targets::Target;
use standard::Standard;

/// Returns the target directory for other systems.
pub(crate) fn cross_dir() -> PathBuf {
    match std::env::var_os("XTASK_CROSS_DIR") {
        Some(directory) => crate::project::root().join(directory),
        None => target_dir().join("cross"),
    }
}

/// Targets that one call of cargo can build: their standard library comes from the same
/// toolchain in the same way.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) standard: Standard,
    pub(crate) targets: Vec<&'static Target>,
}

/// Groups `targets` by the source of their standard library; those without one go into
/// the second list.
pub(crate) fn groups(
    targets: impl IntoIterator<Item = &'static Target>,
) -> (Vec<Group>, Vec<&'static Target>) {
    let mut groups: Vec<Group> = Vec::new();
    let mut without = Vec::new();
    for target in targets {
        let Some(standard) = Standard::of(target) else {
            without.push(target);
            continue;
        };
        match groups.iter_mut().find(|group| group.standard == standard) {
            Some(group) => group.targets.push(target),
            None => groups.push(Group {
                standard,
                targets: vec![target],
            }),
        }
    }
    (groups, without)
}

impl Group {
    /// Returns `cargo SUBCOMMAND` for all targets of the group.
    pub(crate) fn cargo<'a>(&self, shell: &'a Shell, subcommand: &str) -> Result<Cmd<'a>> {
        cargo(shell, &self.standard, &self.targets, subcommand)
    }
}

/// Returns `cargo SUBCOMMAND` for `targets`, with the settings of all cross builds.
pub(crate) fn cargo<'a>(
    shell: &'a Shell,
    standard: &Standard,
    targets: &[&Target],
    subcommand: &str,
) -> Result<Cmd<'a>> {
    let program = standard.cargo();
    let triples = targets
        .iter()
        .flat_map(|target| ["--target", target.triple]);
    let mut command = cmd!(shell, "{program} {subcommand} --locked {triples...}")
        .env("CARGO_TARGET_DIR", cross_dir())
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_INCREMENTAL", "0")
        // Variables of the running cargo, which another cargo must not see.
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("RUSTFLAGS");
    // The compiler of that cargo: `rustc` in PATH may be rustup's, which uses another
    // toolchain in the directory of a package that names one.
    if let Some(rustc) = standard.rustc() {
        command = command.env("RUSTC", rustc);
    }
    if standard.built_by().is_some() {
        command = command
            .arg("-Zbuild-std=std,panic_unwind,test")
            // -Zbuild-std needs a nightly compiler. This one has the matching sources,
            // which is what matters.
            .env("RUSTC_BOOTSTRAP", "1");
    }
    for target in targets {
        for (name, value) in link::settings(target)? {
            command = command.env(name, value);
        }
    }
    Ok(command)
}
