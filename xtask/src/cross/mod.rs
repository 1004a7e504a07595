//! Building for other systems from this one: which toolchain has or can build a
//! target's standard library (`standard`), and how its programs are linked
//! (`link`, zig's C compiler as every system's linker).
//!
//! Everything goes into one target directory, which may lie outside the clone,
//! and is built with the same settings: a standard library is compiled once for
//! a target, whichever stage comes first.

pub(crate) mod link;
pub(crate) mod standard;
pub(crate) mod tests;

use std::path::PathBuf;

use xshell::{Cmd, Shell, cmd};

use crate::project::{Result, target_dir};
use crate::targets::Target;
use standard::Standard;

/// The target directory of everything that is built for other systems.
pub(crate) fn cross_dir() -> PathBuf {
    match std::env::var_os("XTASK_CROSS_DIR") {
        Some(directory) => crate::project::root().join(directory),
        None => target_dir().join("cross"),
    }
}

/// Targets that one call of cargo can build, having their standard library from
/// the same toolchain in the same way.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) standard: Standard,
    pub(crate) targets: Vec<&'static Target>,
}

/// `targets` by where their standard library comes from; those without one go
/// into the second list.
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
    /// `cargo SUBCOMMAND` for all targets of the group.
    pub(crate) fn cargo<'a>(&self, shell: &'a Shell, subcommand: &str) -> Result<Cmd<'a>> {
        cargo(shell, &self.standard, &self.targets, subcommand)
    }
}

/// `cargo SUBCOMMAND` for `targets`, with the settings that all cross builds share.
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
        // What the cargo that runs us has set, and another one must not see.
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("RUSTFLAGS");
    // The compiler that belongs to it: `rustc` in PATH may be rustup's, which takes
    // another toolchain in the directory of a package that names one.
    if let Some(rustc) = standard.rustc() {
        command = command.env("RUSTC", rustc);
    }
    if standard.built_by().is_some() {
        command = command
            .arg("-Zbuild-std=std,panic_unwind,test")
            // -Zbuild-std is for nightly compilers; the one at hand has the
            // sources that belong to it, which is what matters.
            .env("RUSTC_BOOTSTRAP", "1");
    }
    for target in targets {
        for (name, value) in link::settings(target)? {
            command = command.env(name, value);
        }
    }
    Ok(command)
}
