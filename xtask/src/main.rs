//! `cargo xtask`: the project's checks and chores, one module each.
//!
//! `targets` is the table of all systems, `cross` builds and links for them, `tools`
//! finds and installs programs, and `ci` runs the checks.
#![forbid(unsafe_code)]

mod api;
mod archive;
mod bench;
mod bindings;
mod bundle;
mod ci;
mod cross;
mod dist;
mod licenses;
mod pictures;
mod project;
mod symbols;
mod targets;
mod tools;

use std::process::ExitCode;

use lexopt::prelude::*;

const HELP: &str = "\
cargo xtask COMMAND

  api        list the public API of the libraries in docs/public-api
  ci         run every check; see `cargo xtask ci --help`
  bindings   make or check shm-sys's bindings from every system's headers
  bench      measure everything and write docs/benchmarks.md
  bundle     pack the tests for another machine, which needs no Rust
  dist       pack the release binary with manual page, completions and documents
  licenses   write docs/licenses.md: every dependency with its license
  pictures   render the browser's screens to docs/pictures
  setup      install the tools that need no root, and say how to get the rest

Each takes --help.
";

fn main() -> ExitCode {
    if let Some(target) = cross::link::called_as_linker() {
        return cross::link::main(target);
    }
    let mut arguments = lexopt::Parser::from_env();
    let result = match arguments.next() {
        Ok(Some(Value(command))) => match command.to_str() {
            Some("ci") => return ci::main(&mut arguments),
            Some("api") => api::run(&mut arguments),
            Some("bindings") => bindings::run(&mut arguments),
            Some("bench") => bench::run(&mut arguments),
            Some("bundle") => bundle::run(&mut arguments),
            Some("dist") => dist::run(&mut arguments),
            Some("pictures") => pictures::run(&mut arguments),
            Some("licenses" | "licences") => licenses::run(&mut arguments),
            Some("setup") => tools::setup(&mut arguments),
            _ => return usage(&format!("unknown command {}", command.display())),
        },
        Ok(Some(Short('h') | Long("help"))) => {
            print!("{HELP}");
            Ok(())
        }
        Ok(Some(other)) => return usage(&other.unexpected().to_string()),
        Ok(None) => return usage("missing command"),
        Err(error) => return usage(&error.to_string()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<lexopt::Error>() => usage(&error.to_string()),
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints an error about the command line.
fn usage(message: &str) -> ExitCode {
    eprintln!("xtask: {message}\n\n{HELP}");
    ExitCode::from(2)
}
