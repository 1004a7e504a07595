//! `cargo xtask bench`: runs every benchmark and compares with the installed programs, in
//! one run, and writes `docs/benchmarks.md`.
//!
//! Times of different days or machines are hard to compare, so the page has ratios of
//! alternating measurements. [`commands`] compares whole programs, [`machine`] describes
//! the machine, [`report`] writes the page.

mod commands;
mod machine;
mod report;

use std::path::PathBuf;

use lexopt::prelude::*;
use xshell::{Shell, cmd};

use crate::project::{Result, root, shown};

const HELP: &str = "\
cargo xtask bench [--quick] [--output FILE]

Runs the benchmarks of shm and shm-tui, compares shm-tui with ipcs, lsipc and
lsof where they are installed, and writes docs/benchmarks.md. Takes about ten
minutes; leave the machine alone meanwhile. SHM_BENCH_PYTHON names a Python that
has sysv_ipc.

  --quick         a few short rounds, to see that everything runs; the page is
                  printed instead of written
  --output FILE   write the page there
";

/// The benchmarks of `cargo bench`, their subjects, and the arguments that make them
/// short.
const BENCHES: [(&str, &str, &str, &[&str]); 9] = [
    (
        "sysv-shm",
        "copy",
        "Copies into and out of a segment against `memcpy` on private memory: speeds, more is better",
        &["--quick"],
    ),
    (
        "sysv-shm",
        "lifecycle",
        "Create, attach, stat, detach, remove against the bare calls that the same promises need, and against five that do without: times, less is better",
        &["--quick"],
    ),
    (
        "sysv-shm",
        "list",
        "Listing segments and attached processes against the shortest way by hand, `grep` and `lsof`: times",
        &["--quick"],
    ),
    (
        "sysv-shm",
        "transfer",
        "Bytes from one process to another against a pipe and a Unix socket, and a segment's life against Python's `sysv_ipc`: times",
        &["--quick"],
    ),
    (
        "sysv-shm",
        "x11",
        "Frames to an X server by MIT-SHM against `PutImage`",
        &["--quick"],
    ),
    (
        "shm-tui",
        "frame",
        "A frame of the browser with 100, 4,096 and 32,768 segments",
        &[],
    ),
    (
        "shm-tui",
        "list",
        "`shm-tui list` against `ipcs` and `lsipc`, and what a refresh of the browser costs beyond the listing",
        &["200"],
    ),
    (
        "shm-tui",
        "contents",
        "Searching, mapping and dumping a full segment of 1 GiB against `grep`, `memcpy` and `cp`; memory and processor of the open view",
        &["16"],
    ),
    (
        "shm-tui",
        "idle",
        "The idle browser against `htop` in the same minute",
        &["1"],
    ),
];

/// A section of the page: its subject, and the output.
struct Section {
    title: String,
    command: String,
    printed: String,
}

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result {
    let mut quick = false;
    let mut output: Option<PathBuf> = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("quick") => quick = true,
            Long("output") => output = Some(arguments.value()?.into()),
            // The argument with which this program starts itself in a new namespace.
            Long("commands") => return commands::measure(quick),
            Short('h') | Long("help") => {
                print!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let shell = Shell::new()?;
    shell.change_dir(root());
    let cargo = crate::tools::cargo();
    // Build everything before measuring.
    cmd!(
        shell,
        "{cargo} bench --locked --package shm --package shm-tui --no-run"
    )
    .run()?;
    cmd!(shell, "{cargo} build --locked --release --package shm-tui").run()?;

    let mut sections = Vec::new();
    for (package, bench, title, quickly) in BENCHES {
        eprintln!("measuring: {package} {bench}");
        let flags: &[&str] = if quick { quickly } else { &[] };
        let command = cmd!(
            shell,
            "{cargo} bench --locked --package {package} --bench {bench} -- {flags...}"
        );
        sections.push(Section {
            title: title.to_owned(),
            command: format!("cargo bench -p {package} --bench {bench}"),
            printed: human_readable(&command.quiet().read()?),
        });
    }
    eprintln!("measuring: commands");
    sections.push(commands::section(&shell, quick)?);

    let page = report::page(&machine::describe(&shell), &sections);
    match (quick, output) {
        (true, None) => print!("{page}"),
        (_, output) => {
            let path = output.unwrap_or_else(|| root().join("docs").join("benchmarks.md"));
            std::fs::write(&path, page)?;
            println!("wrote {}", shown(&path));
        }
    }
    Ok(())
}

/// Removes the lines that are for programs.
fn human_readable(printed: &str) -> String {
    let lines = printed.lines().filter(|line| !line.starts_with("ratio "));
    let text: Vec<&str> = lines.map(str::trim_end).collect();
    text.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_benchmark_is_forgotten() {
        for (package, folder) in [("sysv-shm", "shm"), ("shm-tui", "shm-tui")] {
            let manifest = root().join(folder).join("Cargo.toml");
            let text = std::fs::read_to_string(manifest).unwrap();
            let names = text.split("[[bench]]").skip(1).map(|part| {
                let name = part.lines().find_map(|line| line.strip_prefix("name = "));
                name.unwrap().trim_matches('"')
            });
            for name in names {
                let known = BENCHES
                    .iter()
                    .any(|bench| (bench.0, bench.1) == (package, name));
                assert!(known, "{package} {name}");
            }
        }
    }

    #[test]
    fn lines_for_programs_are_left_out() {
        let printed = "\ncase  ratio\ncopy  1.0  \n\nratio copy 1 1.0\nratio x 2 3\n";
        assert_eq!(human_readable(printed), "case  ratio\ncopy  1.0");
    }
}
