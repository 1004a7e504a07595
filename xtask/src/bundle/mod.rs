//! `cargo xtask bundle`: packs the test executables and the browser for one system, to
//! run on a bare machine without Rust.

mod readme;
#[cfg(test)]
mod script;

use std::fs;

use lexopt::prelude::*;
use xshell::Shell;

use crate::archive::{Packed, pack, plain};
use crate::cross::link;
use crate::cross::standard::{self, Standard};
use crate::cross::tests::{self, Executable};
use crate::project::{Result, root, shown, target_dir};
use crate::targets::{TARGETS, Target};

const HELP: &str = "\
cargo xtask bundle --target TRIPLE

Packs the tests and shm-tui for one system into target/bundle/shm-TRIPLE, and the
same as .tar.gz. On a machine of that system:

  gunzip -c shm-TRIPLE.tar.gz | tar -xf - && sh shm-TRIPLE/run.sh

It needs a POSIX shell and nothing else, runs all tests, prints `N passed, N failed, N
skipped`, and ends with code 0 if none failed. Where the kernel has no System V shared
memory, or a jail hides it, the tests that need it are skipped.

The executables are linked with zig's libraries, which determine what the machine needs;
the README in the bundle says it for its system:

  FreeBSD    14.0 or later: 13 has no __libc_start1 in its C library
  NetBSD     10.1 or later
  OpenBSD    7.8 or later: before, the C library has no __stderr
  macOS      what the executables ask for: 15.0 with zig 0.17
  Linux      musl: any, static; glibc: the one of the machine that links
  DragonFly  zig has no libraries of it. Set CARGO_TARGET_X86_64_UNKNOWN_DRAGONFLY_LINKER
             to a linker that has them, or run `cargo test` there

FreeBSD, NetBSD and OpenBSD executables are linked dynamically: zig has stubs of their C
libraries and no static ones.
";

/// The script that runs the tests.
const RUN: &str = include_str!("run.sh");

/// Test executables that need more than themselves.
const NOT_RUN: [(&str, &str); 3] = [
    ("compile_fail", "starts the compiler"),
    ("postgres", "starts an example, and a server"),
    ("x11", "starts examples, and a server"),
];

/// The packed executables: the library with its tests, and the browser with its unit
/// tests. The browser's other tests start the program where it was built, or compare with
/// files of the source tree.
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
    let triple = target.ok_or("missing option --target TRIPLE")?;
    let target = Target::of(&triple).ok_or_else(|| {
        let known: Vec<&str> = TARGETS.iter().map(|target| target.triple).collect();
        format!("no target {triple}; the targets are {}", known.join(", "))
    })?;
    if let Some(problem) = no_linker(target) {
        return Err(problem.into());
    }
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
        let said = tests::build(&shell, &standard, target, chosen)?
            .args(standard_settings(&standard, target))
            .read()?;
        let lines: Vec<String> = said.lines().map(str::to_owned).collect();
        for executable in tests::executables(&lines) {
            files.extend(packed(&executable)?);
        }
    }
    // The browser is not a test, so `cargo test` does not build it.
    let build = crate::cross::cargo(&shell, &standard, &[target], "build")?;
    let said = build
        .args(["--message-format=json-render-diagnostics", "-p", "shm-tui"])
        .args(standard_settings(&standard, target))
        .read()?;
    let lines: Vec<String> = said.lines().map(str::to_owned).collect();
    for executable in tests::executables(&lines) {
        files.push(Packed {
            path: format!("bin/{}", executable.name),
            bytes: fs::read(&executable.path)?,
            executable: true,
        });
    }
    files.push(plain("README", readme::text(target, &files)?.into_bytes()));
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
    for (name, why) in NOT_RUN {
        println!("left out: {name} ({why})");
    }
    println!("{}: {} files", shown(&archive), files.len());
    Ok(())
}

/// Returns why nothing can be linked for the target, if so.
fn no_linker(target: &Target) -> Option<String> {
    let name = target.triple.to_uppercase().replace('-', "_");
    let variable = format!("CARGO_TARGET_{name}_LINKER");
    let chosen = std::env::var_os(&variable).is_some();
    let missing = !link::has_libraries(target) && target.cfg.env != "gnu";
    (missing && !chosen).then(|| {
        format!(
            "no linker for {}: zig has no libraries of this system, and it takes its \
             C library, libm, libpthread, librt, libutil, libgcc_eh and start files; set {variable} \
             to a linker that has them, or run `cargo test` on such a machine",
            target.triple
        )
    })
}

/// Returns how cargo builds the standard library for tests that run elsewhere.
///
/// libtest names a thread after its test. NetBSD refuses names of 32 bytes and more, and
/// a standard library with debug assertions then aborts (seen on 10.99.12). An installed
/// one has no assertions.
fn standard_settings(standard: &Standard, target: &Target) -> Vec<&'static str> {
    match (standard.built_by(), target.cfg.os) {
        (Some(_), "netbsd") => vec!["--config", "profile.dev.package.std.debug-assertions=false"],
        _ => Vec::new(),
    }
}

/// Returns a test as a file of the bundle, unless it is excluded.
fn packed(executable: &Executable) -> Result<Option<Packed>> {
    let left_out = NOT_RUN.iter().any(|(name, _)| *name == executable.name);
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

/// Writes the same files into a directory, in place of an earlier run's.
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

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn a_system_without_libraries_is_refused_with_what_is_missing() {
        let problem = |triple| no_linker(Target::of(triple).unwrap());
        let words = problem("x86_64-unknown-dragonfly").unwrap();
        assert!(words.contains("CARGO_TARGET_X86_64_UNKNOWN_DRAGONFLY_LINKER"));
        assert!(words.contains("libpthread"), "{words}");
        for triple in [
            "x86_64-unknown-freebsd",
            "x86_64-unknown-netbsd",
            "x86_64-unknown-openbsd",
            "x86_64-apple-darwin",
            "x86_64-unknown-linux-gnu",
            "x86_64-unknown-linux-musl",
        ] {
            assert_eq!(problem(triple), None, "{triple}");
        }
    }

    #[test]
    fn no_standard_library_that_is_built_for_netbsd_has_debug_assertions() {
        let netbsd = Target::of("x86_64-unknown-netbsd").unwrap();
        let other = Target::of("x86_64-unknown-openbsd").unwrap();
        let built = Standard::built_by_this_toolchain();
        let settings = standard_settings(&built, netbsd);
        assert_eq!(
            settings,
            ["--config", "profile.dev.package.std.debug-assertions=false"]
        );
        assert!(standard_settings(&built, other).is_empty());
        assert!(standard_settings(&Standard::Installed, netbsd).is_empty());
    }
}
