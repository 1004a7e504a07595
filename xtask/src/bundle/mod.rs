//! `cargo xtask bundle`: the test executables and the browser for one system, to
//! be copied to a bare machine of it and run there without Rust.

use std::fs;

use lexopt::prelude::*;
use xshell::Shell;

use crate::archive::{Packed, pack, plain};
use crate::cross::standard::{self, Standard};
use crate::cross::tests::{self, Executable};
use crate::project::{Result, root, shown, target_dir};
use crate::targets::{TARGETS, Target};

const HELP: &str = "\
cargo xtask bundle --target TRIPLE

Packs the tests and shm-tui for one system into target/bundle/shm-TRIPLE, and the
same as .tar.gz. On a machine of that system:

  gunzip -c shm-TRIPLE.tar.gz | tar -xf - && sh shm-TRIPLE/run.sh

It runs all tests, prints `N passed, N failed, N skipped`, and ends with code 0 if none
failed.
";

/// What runs the tests.
const RUN: &str = include_str!("run.sh");

/// Test executables that need more than themselves.
const LEFT_OUT: [(&str, &str); 3] = [
    ("compile_fail", "starts the compiler"),
    ("postgres", "starts an example, and a server"),
    ("x11", "starts examples, and a server"),
];

/// The library with its tests; of the browser, whose tests start the program
/// where it was built or compare with files of the source tree, the program and
/// the unit tests.
const CHOSEN: [&[&str]; 2] = [
    &["-p", "shm-sys", "-p", "sysv-shm", "--lib", "--tests"],
    &["-p", "shm-tui", "--lib", "--bins"],
];

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result {
    let mut target = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Short('h') | Long("help") => {
                print!("{HELP}");
                return Ok(());
            }
            Long("target") => target = Some(arguments.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let triple = target.ok_or("which system? --target TRIPLE")?;
    let target = Target::of(&triple).ok_or_else(|| {
        let known: Vec<&str> = TARGETS.iter().map(|target| target.triple).collect();
        format!(
            "there is no target {triple}; there are {}",
            known.join(", ")
        )
    })?;
    let standard = Standard::of(target)
        .ok_or_else(|| format!("no standard library for {triple}; {}", standard::INSTALL))?;

    let mut files = vec![Packed {
        path: "run.sh".to_owned(),
        bytes: RUN.as_bytes().to_vec(),
        executable: true,
    }];
    let shell = Shell::new()?;
    shell.change_dir(root());
    for chosen in CHOSEN {
        let said = tests::build(&shell, &standard, target, chosen)?.read()?;
        let lines: Vec<String> = said.lines().map(str::to_owned).collect();
        for executable in tests::executables(&lines) {
            files.extend(packed(&executable)?);
        }
    }
    // The browser itself is no test, and `cargo test` makes none of it.
    let build = crate::cross::cargo(&shell, &standard, &[target], "build")?;
    let said = build
        .args(["--message-format=json-render-diagnostics", "-p", "shm-tui"])
        .read()?;
    let lines: Vec<String> = said.lines().map(str::to_owned).collect();
    for executable in tests::executables(&lines) {
        files.push(Packed {
            path: format!("bin/{}", executable.name),
            bytes: fs::read(&executable.path)?,
            executable: true,
        });
    }
    files.push(plain("LICENSE-MIT", fs::read(root().join("LICENSE-MIT"))?));
    files.push(plain(
        "LICENSE-APACHE",
        fs::read(root().join("LICENSE-APACHE"))?,
    ));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);

    let name = format!("shm-{triple}");
    let directory = target_dir().join("bundle");
    unpacked(&directory.join(&name), &files)?;
    let archive = pack(&directory, &name, &files)?;
    for (name, why) in LEFT_OUT {
        println!("left out: {name} ({why})");
    }
    println!("{}: {} files", shown(&archive), files.len());
    Ok(())
}

/// A test as it stands in the bundle; nothing for what is left out.
fn packed(executable: &Executable) -> Result<Option<Packed>> {
    let left_out = LEFT_OUT.iter().any(|(name, _)| *name == executable.name);
    if left_out || !executable.is_test {
        return Ok(None);
    }
    let Executable { package, name, .. } = executable;
    Ok(Some(Packed {
        path: format!("tests/{package}-{name}"),
        bytes: fs::read(&executable.path)?,
        executable: true,
    }))
}

/// The same as files, instead of what an earlier run left.
fn unpacked(directory: &std::path::Path, files: &[Packed]) -> Result {
    use std::os::unix::fs::PermissionsExt as _;

    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    for file in files {
        let path = directory.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, &file.bytes)?;
        let mode = if file.executable { 0o755 } else { 0o644 };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
    }
    Ok(())
}
