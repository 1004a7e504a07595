//! Checks the dependencies' licenses, bans and sources by `deny.toml`, without the
//! network. Known vulnerabilities are a separate stage, because their database must be
//! fetched.

use std::path::PathBuf;
use std::process::Command;

use xshell::cmd;

use super::super::context::Context;
use crate::project::Result;
use crate::tools::{cargo, crates::CARGO_DENY};

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let Some(deny) = deny_or_skip(context) else {
        return Ok(());
    };
    let (shell, cargo) = (context.shell(), cargo());
    // A build for this system contains no crates for other systems.
    context.run(cmd!(shell, "{cargo} fetch --locked"))?;
    crate::licenses::check()?;
    context.run(cmd!(
        shell,
        "{deny} --offline --locked --all-features check licenses bans sources"
    ))
}

pub(super) fn advisories(context: &mut Context<'_>) -> Result {
    let Some(deny) = deny_or_skip(context) else {
        return Ok(());
    };
    let shell = context.shell();
    let mut fetch = Command::new(&deny);
    fetch
        .args(["fetch", "db"])
        .current_dir(crate::project::root());
    let result = context.run_to_exit("cargo-deny fetch db", fetch)?;
    if !result.status.success() {
        let why = result
            .lines
            .iter()
            .rev()
            .find(|line| !line.trim().is_empty())
            .map_or("no reason given", |line| line.trim());
        context.skip(
            "known vulnerabilities",
            &format!("cannot fetch their database ({why})"),
        );
        context.forget_commands();
        return Ok(());
    }
    context.run(cmd!(shell, "{deny} --offline --locked check advisories"))
}

fn deny_or_skip(context: &mut Context<'_>) -> Option<PathBuf> {
    let found = CARGO_DENY.path();
    if found.is_none() {
        context.skip(
            "the dependencies",
            "no cargo-deny; `cargo xtask setup` installs it",
        );
    }
    found
}
