//! `cargo xtask bench`: runs every benchmark and compares with the installed programs, in
//! one run, and writes `docs/benchmarks.md`.
//!
//! Times of different days or machines are hard to compare, so the page has ratios of
//! alternating measurements. [`machine`] describes the machine, [`report`] writes the
//! page, [`chart`] its pictures.

mod chart;
mod machine;
mod report;

use std::path::PathBuf;

use lexopt::prelude::*;
use xshell::{Shell, cmd};

use crate::project::{Result, root, shown};

const HELP: &str = "\
cargo xtask bench [--quick] [--only PART]... [--output FILE]

Runs the benchmarks of shm and shm-tui, compares shm-tui with ipcs, lsipc and
lsof where they are installed, and writes docs/benchmarks.md with a chart of each
table. Takes about ten minutes; leave the machine alone meanwhile. SHM_BENCH_PYTHON
names a Python that has sysv_ipc.

  --quick         a few short rounds, to see that everything runs; the page is
                  printed instead of written
  --only PART     measure this part and keep the others of the page: PACKAGE-BENCH,
                  as in sysv-shm-copy
  --output FILE   write the page there
";

/// The benchmarks of `cargo bench`, their subjects, and the arguments that make them
/// short.
const BENCHES: [(&str, &str, &str, &[&str]); 12] = [
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
    (
        "shm-tui",
        "load",
        "Keys answered by the browser among 32,000 segments with 10,000 changes a second, beside `htop`",
        &["1000", "5"],
    ),
    (
        "shm-tui",
        "commands",
        "Whole programs among 4,000 and 32,700 segments, their start included: times, less is better",
        &["200", "3"],
    ),
    (
        "shm-tui",
        "instructions",
        "Instructions of commands among 1,000 segments under callgrind, against the committed figures",
        &[],
    ),
];

/// A section of the page: its subject, and the output.
struct Section {
    /// What `--only` and the chart's file call it.
    name: String,
    title: String,
    command: String,
    printed: String,
    /// When it was measured, of which commit, and how busy the machine was.
    run: String,
}

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result {
    let mut quick = false;
    let mut output: Option<PathBuf> = None;
    let mut only: Vec<String> = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("quick") => quick = true,
            Long("only") => only.push(part(&arguments.value()?.string()?)?),
            Long("output") => output = Some(arguments.value()?.into()),
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
    let is_wanted = |name: &String| only.is_empty() || only.contains(name);
    let wanted = BENCHES.map(|bench| (name(bench.0, bench.1), bench));
    let wanted = wanted.iter().filter(|(name, _)| is_wanted(name));
    // Build everything before measuring.
    for (_, (package, bench, ..)) in wanted.clone() {
        cmd!(
            shell,
            "{cargo} bench --locked --package {package} --bench {bench} --no-run"
        )
        .run()?;
    }

    let run = machine::run(&shell);
    let mut sections = Vec::new();
    for (name, (package, bench, title, quickly)) in wanted {
        eprintln!("measuring: {name}");
        let flags: &[&str] = if quick { quickly } else { &[] };
        let command = cmd!(
            shell,
            "{cargo} bench --locked --package {package} --bench {bench} -- {flags...}"
        );
        let printed = command.quiet().read()?;
        sections.push(Section {
            name: name.clone(),
            title: (*title).to_owned(),
            command: format!("cargo bench -p {package} --bench {bench}"),
            printed,
            run: format!("{run}{}", machine::load()),
        });
    }

    let all = BENCHES.map(|bench| bench.2);
    let machine = machine::describe(&shell);
    match (quick, output) {
        (true, None) => print!("{}", report::page(&machine, &sections, "", &all)),
        (_, output) => {
            let path = output.unwrap_or_else(|| root().join("docs").join("benchmarks.md"));
            report::write(&path, &machine, &sections, &all)?;
            println!("wrote {}", shown(&path));
        }
    }
    Ok(())
}

/// Returns what a benchmark's part of the page is called.
fn name(package: &str, bench: &str) -> String {
    format!("{package}-{bench}")
}

/// Returns the name of a part, if there is one of that name.
fn part(wanted: &str) -> Result<String> {
    let names = BENCHES.map(|bench| name(bench.0, bench.1));
    match names.iter().any(|name| name == wanted) {
        true => Ok(wanted.to_owned()),
        false => Err(format!("{wanted} is not one of {}", names.join(", ")).into()),
    }
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
    fn only_a_part_that_exists_is_measured() {
        assert_eq!(part("sysv-shm-copy").unwrap(), "sysv-shm-copy");
        assert!(
            part("copy")
                .unwrap_err()
                .to_string()
                .contains("sysv-shm-copy, ")
        );
    }
}
