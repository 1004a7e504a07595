//! Writes the README of a bundle: what the target machine needs. Requirements that follow
//! from linking are read from the executables.

use crate::archive::Packed;
use crate::project::Result;
use crate::symbols;
use crate::targets::Target;

/// Symbols that older releases of a system lack.
const NEWER: [(&str, &str, &str); 2] = [
    (
        "freebsd",
        "__libc_start1",
        "FreeBSD 14.0 or later: the C library of 13 has no __libc_start1",
    ),
    (
        "openbsd",
        "__stderr",
        "OpenBSD 7.8 or later: before, the C library has no __stderr",
    ),
];

/// Other requirements, a line each.
fn system(os: &str, env: &str) -> &'static [&'static str] {
    match (os, env) {
        ("freebsd", _) => &[
            "the libraries of the base system",
            "in a jail the right to shared memory (sysvshm=new), else most tests are skipped",
        ],
        ("netbsd", _) => &["NetBSD 10.1 or later, and its libc and libpthread"],
        ("openbsd", _) => &[
            "the libraries of the base system",
            "200 thread stacks for the tests called faults: ulimit -d 512000 or more",
        ],
        ("dragonfly", _) => &[
            "/usr/bin/ipcs, setgid kmem as it is shipped, to list segments",
            "procfs on /proc to list attached processes",
        ],
        ("linux", "musl") => &["any Linux kernel of this processor; the executables are static"],
        ("linux", _) => &["the C library of the machine that linked them, or a later one"],
        _ => &[],
    }
}

/// Returns the text; `files` are those of the bundle.
pub(super) fn text(target: &Target, files: &[Packed]) -> Result<String> {
    let (os, env) = (target.cfg.os, target.cfg.env);
    let mut needs = Vec::new();
    for (of, symbol, sentence) in NEWER {
        if of == os && wants(files, symbol)? {
            needs.push(sentence);
        }
    }
    let mut needs: Vec<String> = needs.into_iter().map(str::to_owned).collect();
    let versions = files
        .iter()
        .filter_map(|file| symbols::least_macos(&file.bytes));
    if let Some((major, minor)) = versions.max() {
        needs.push(format!("macOS {major}.{minor} or later"));
    }
    needs.extend(system(os, env).iter().map(ToString::to_string));
    let needs: String = needs.iter().map(|need| format!("  * {need}\n")).collect();
    Ok(format!(
        "\
Tests of shm-sys and shm, the unit tests of shm-tui, and shm-tui itself (bin/shm-tui),
for {}.

  sh run.sh            runs all tests; needs a POSIX shell and no other program
  sh run.sh lifecycle  runs those whose name has this in it

It prints `N passed, N failed, N skipped` and ends with code 0 if none failed. Where the
kernel has no System V shared memory, or a jail hides it, the tests that cannot do without
are skipped. SHM_TEST_SECONDS is how long tests that repeat something go on (5).

What the machine needs:

{needs}  \
* a directory for temporary files (TMPDIR, or /tmp), and the limits on segments that the
    system has by default
",
        target.triple
    ))
}

/// Returns whether an executable imports `symbol` from a library of the system.
fn wants(files: &[Packed], symbol: &str) -> Result<bool> {
    for file in files.iter().filter(|file| file.path.contains('/')) {
        if symbols::undefined(&file.bytes)?
            .iter()
            .any(|name| name == symbol)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod unit {
    use super::*;

    fn files() -> Vec<Packed> {
        vec![
            Packed {
                path: "run.sh".to_owned(),
                bytes: b"#!/bin/sh\n".to_vec(),
                executable: true,
            },
            Packed {
                path: "tests/shm-shm".to_owned(),
                bytes: std::fs::read(std::env::current_exe().unwrap()).unwrap(),
                executable: true,
            },
        ]
    }

    #[test]
    fn the_readme_names_the_target_and_its_needs() {
        for (triple, words) in [
            ("x86_64-unknown-netbsd", "\n  * NetBSD 10.1 or later"),
            (
                "x86_64-unknown-freebsd",
                "\n  * a directory for temporary files",
            ),
            ("x86_64-unknown-openbsd", "ulimit -d"),
            ("x86_64-unknown-dragonfly", "setgid kmem"),
            ("x86_64-unknown-linux-musl", "static"),
        ] {
            let text = text(Target::of(triple).unwrap(), &files()).unwrap();
            assert!(text.contains(triple) && text.contains(words), "{text}");
            assert!(text.lines().all(|line| !line.ends_with(' ')), "{text}");
            assert!(text.lines().all(|line| line.len() <= 90), "{text}");
            // This program imports neither of the two symbols.
            assert!(!text.contains("or later: "), "{text}");
        }
    }

    #[test]
    fn a_symbol_is_found_in_what_the_executables_take_from_elsewhere() {
        assert!(wants(&files(), "memcpy").unwrap());
        assert!(!wants(&files(), "__libc_start1").unwrap());
    }
}
