//! `cargo xtask pictures`: renders the browser's screens for the documents.

use std::fs;
use std::path::Path;

use lexopt::prelude::*;
use xshell::{Shell, cmd};

use crate::project::{Result, root, target_dir};

const HELP: &str = "\
cargo xtask pictures [--check]

Renders the demo's main screens to docs/pictures, as SVG, light and dark.
With --check it only reports whether the files are up to date.
";

const DIRECTORY: &str = "docs/pictures";

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result {
    let mut only_check = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Short('h') | Long("help") => {
                print!("{HELP}");
                return Ok(());
            }
            Long("check") => only_check = true,
            other => return Err(other.unexpected().into()),
        }
    }
    match only_check {
        true => check(),
        false => render(&root().join(DIRECTORY)),
    }
}

/// Fails if the committed pictures do not match the browser.
pub(crate) fn check() -> Result {
    let fresh = target_dir().join("pictures");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    render(&fresh)?;
    let committed = root().join(DIRECTORY);
    let stale: Vec<String> = names(&fresh)?
        .into_iter()
        .chain(names(&committed).unwrap_or_default())
        .filter(|name| fs::read(fresh.join(name)).ok() != fs::read(committed.join(name)).ok())
        .collect();
    match stale.first() {
        None => Ok(()),
        Some(name) => Err(format!(
            "{DIRECTORY}/{name} does not match the browser: run `cargo xtask pictures`"
        )
        .into()),
    }
}

fn render(directory: &Path) -> Result {
    let shell = Shell::new()?;
    shell.change_dir(root());
    let cargo = crate::tools::cargo();
    cmd!(
        shell,
        "{cargo} run --quiet --locked --package shm-tui --example pictures -- {directory}"
    )
    .quiet()
    .run()?;
    Ok(())
}

fn names(directory: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
