//! What the dependencies are: their licenses, bans, and where they come from,
//! by `deny.toml`, without the network. Known vulnerabilities are a stage of
//! their own, since their database lies elsewhere and must be fetched.

use std::path::PathBuf;
use std::process::Command;

use xshell::cmd;

use super::super::context::Context;
use crate::project::Result;
use crate::tools::{cargo, crates::CARGO_DENY};

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let Some(deny) = deny_or_leave_out(context) else {
        return Ok(());
    };
    let (shell, cargo) = (context.shell(), cargo());
    // Crates for other systems are in no build of this one.
    context.run(cmd!(shell, "{cargo} fetch --locked"))?;
    crate::licenses::check()?;
    context.run(cmd!(
        shell,
        "{deny} --offline --locked --all-features check licenses bans sources"
    ))
}

pub(super) fn advisories(context: &mut Context<'_>) -> Result {
    let Some(deny) = deny_or_leave_out(context) else {
        return Ok(());
    };
    let shell = context.shell();
    let mut fetch = Command::new(&deny);
    fetch
        .args(["fetch", "db"])
        .current_dir(crate::project::root());
    let ended = context.watch("cargo-deny fetch db", fetch)?;
    if !ended.status.success() {
        let why = ended
            .lines
            .iter()
            .rev()
            .find(|line| !line.trim().is_empty())
            .map_or("no reason given", |line| line.trim());
        context.left_out(
            "known vulnerabilities",
            &format!("their database cannot be reached ({why})"),
        );
        context.nothing_ran();
        return Ok(());
    }
    context.run(cmd!(shell, "{deny} --offline --locked check advisories"))
}

fn deny_or_leave_out(context: &mut Context<'_>) -> Option<PathBuf> {
    let found = CARGO_DENY.path();
    if found.is_none() {
        context.left_out(
            "the look at the dependencies",
            "no cargo-deny; `cargo xtask setup` installs it",
        );
    }
    found
}
