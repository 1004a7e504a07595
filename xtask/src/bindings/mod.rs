//! `cargo xtask bindings`: generates `shm-sys/src/bindings/` from every system's headers.
//! With `--check` it only compares, using the same code, so it checks exactly what it
//! would write.

mod cfg_module;
pub(crate) mod declarations;
mod headers;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use lexopt::prelude::*;

use crate::project::{Result, bindings_dir, shown};
use crate::targets::{TARGETS, Target};
use crate::tools;

/// The command that fixes a difference.
const FIX: &str = "cargo xtask bindings";

pub(crate) const HELP: &str = "\
cargo xtask bindings [--check] [--target TRIPLE]...

Makes shm-sys/src/bindings/ from the headers of every system in the table
(xtask/src/targets/table.rs). Installs zig and libclang from PyPI, pinned, into
target/tools where they are missing; then nothing is fetched.

  --check           write nothing; fail if a committed file differs
  --target TRIPLE   only the file that this target uses; may be repeated
";

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result {
    let mut check = false;
    let mut chosen = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("check") => check = true,
            Long("target") => chosen.push(known(&arguments.value()?.string()?)?),
            Short('h') | Long("help") => {
                print!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let zig = tools::require_zig()?;
    let libclang = tools::require_libclang()?;
    if std::env::var_os("LIBCLANG_PATH").is_none() {
        return rerun_with_libclang(&libclang);
    }

    let targets: Vec<&Target> = if chosen.is_empty() {
        TARGETS.iter().collect()
    } else {
        TARGETS
            .iter()
            .filter(|target| chosen.iter().any(|one| one.abi == target.abi))
            .collect()
    };
    let mut files = generate(&zig, &targets)?;
    files.insert(bindings_dir().join("mod.rs"), cfg_module::text());
    let differing = if check {
        compare(&files)?
    } else {
        write(&files)?
    };
    if chosen.is_empty() {
        refuse_unused_files(&files)?;
    }
    println!(
        "{} targets, {} files, {differing} {}",
        targets.len(),
        files.len(),
        if check { "differ" } else { "written" }
    );
    if check && differing > 0 {
        return Err(
            format!("the committed bindings differ from the headers; `{FIX}` fixes them").into(),
        );
    }
    Ok(())
}

fn known(triple: &str) -> Result<&'static Target> {
    Target::of(triple).ok_or_else(|| {
        let known: Vec<_> = TARGETS.iter().map(|target| target.triple).collect();
        format!(
            "no target {triple} in the table; it has {}",
            known.join(", ")
        )
        .into()
    })
}

/// Starts this program again with `LIBCLANG_PATH`, by which bindgen finds libclang. Safe
/// code cannot set the variable of its own process.
fn rerun_with_libclang(libclang: &std::path::Path) -> Result {
    let program = std::env::current_exe()?;
    let status = Command::new(program)
        .args(std::env::args_os().skip(1))
        .env("LIBCLANG_PATH", libclang)
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err("bindings failed".into())
    }
}

/// Returns the text of every file that `targets` use. Targets with the same ABI must
/// agree.
fn generate(zig: &std::path::Path, targets: &[&Target]) -> Result<BTreeMap<PathBuf, String>> {
    let mut files: BTreeMap<PathBuf, (String, &str)> = BTreeMap::new();
    for target in targets {
        let text = headers::bindings(zig, target)?;
        let path = bindings_dir().join(format!("{}.rs", target.abi));
        match files.get(&path) {
            Some((other, triple)) if *other != text => {
                let line = first_difference(other, &text);
                return Err(format!(
                    "{} and {triple} share the ABI {} in the table, but their headers differ:\n{line}",
                    target.triple, target.abi
                )
                .into());
            }
            Some(_) => {}
            None => {
                files.insert(path, (text, target.triple));
            }
        }
    }
    Ok(files
        .into_iter()
        .map(|(path, (text, _))| (path, text))
        .collect())
}

/// Prints which files differ and returns their number.
fn compare(files: &BTreeMap<PathBuf, String>) -> Result<usize> {
    let mut differing = 0;
    for (path, wanted) in files {
        let found = std::fs::read_to_string(path).unwrap_or_default();
        if found != *wanted {
            differing += 1;
            println!(
                "{} differs:\n{}",
                shown(path),
                first_difference(&found, wanted)
            );
        }
    }
    Ok(differing)
}

/// Writes and prints the files that differ.
fn write(files: &BTreeMap<PathBuf, String>) -> Result<usize> {
    let mut written = 0;
    for (path, wanted) in files {
        if std::fs::read_to_string(path).ok().as_ref() != Some(wanted) {
            std::fs::write(path, wanted)?;
            println!("wrote {}", shown(path));
            written += 1;
        }
    }
    Ok(written)
}

/// Fails if a file belongs to no row of the table.
fn refuse_unused_files(files: &BTreeMap<PathBuf, String>) -> Result {
    for entry in std::fs::read_dir(bindings_dir())? {
        let path = entry?.path();
        if !files.contains_key(&path) {
            return Err(format!(
                "{} is used by no target of the table: delete it",
                shown(&path)
            )
            .into());
        }
    }
    Ok(())
}

/// Shows the first line that differs, from both sides.
fn first_difference(found: &str, wanted: &str) -> String {
    let mut found_lines = found.lines();
    let mut wanted_lines = wanted.lines();
    let mut number = 0;
    loop {
        number += 1;
        match (found_lines.next(), wanted_lines.next()) {
            (None, None) => return "  (line ends)".to_owned(),
            (one, other) if one == other => {}
            (one, other) => {
                let side = |line: Option<&str>| line.unwrap_or("(end of file)").trim().to_owned();
                return format!(
                    "  line {number}: {}\n  should be: {}",
                    side(one),
                    side(other)
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_with_its_line_and_both_sides() {
        let shown = first_difference("a\nb = 1\n", "a\nb = 2\n");
        assert_eq!(shown, "  line 2: b = 1\n  should be: b = 2");
        assert_eq!(
            first_difference("a\n", "a\nb\n"),
            "  line 2: (end of file)\n  should be: b"
        );
    }
}
