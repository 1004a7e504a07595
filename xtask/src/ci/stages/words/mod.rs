//! Checks the project's prose: phrases that the glossary replaces, and spelling.
//!
//! [`phrases`] lists the phrases; CONTRIBUTING.md has the glossary. typos, a program from
//! PyPI, checks for American spelling.

mod phrases;

use std::process::Command;

use xshell::cmd;

use super::super::context::Context;
use super::super::stage::error_if_any;
use super::cargo::succeeds;
use crate::project::{Result, root};
use crate::tools::python::TYPOS;

/// Patterns of the files with prose.
const PROSE: [&str; 4] = ["*.rs", "*.md", "*.snap", "*.toml"];

/// Files that quote the phrases in order to forbid them.
const QUOTING: [&str; 2] = ["xtask/src/ci/stages/words/phrases.rs", "CONTRIBUTING.md"];

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let shell = context.shell();
    if !succeeds(Command::new("git").arg("ls-files").current_dir(root())) {
        context.skip(
            "the phrases",
            "no git, or no clone; `apt-get install git` installs it",
        );
        return Ok(());
    }
    let files = context.output_of(cmd!(
        shell,
        "git ls-files --cached --others --exclude-standard --deduplicate -- {PROSE...}"
    ))?;
    let mut wrong = Vec::new();
    for file in files
        .iter()
        .filter(|file| !QUOTING.contains(&file.as_str()))
    {
        // A deleted file that is not yet committed has no text.
        let text = std::fs::read_to_string(root().join(file)).unwrap_or_default();
        wrong.extend(phrases::found_in(&text).map(|(line, found)| {
            format!(
                "{file}:{line}: \"{}\"; write {}",
                found.phrase, found.instead
            )
        }));
    }
    match TYPOS.program("typos") {
        Some(typos) => {
            if let Err(error) = context.run(cmd!(shell, "{typos} --format brief")) {
                wrong.push(error.to_string());
            }
        }
        None => context.skip("spelling", "no typos; `cargo xtask setup` installs it"),
    }
    error_if_any(&wrong)
}
