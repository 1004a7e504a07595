//! `cargo xtask ci`: every check, in order, each also alone. Goes on after a
//! failure; exits with 1 if a stage failed, with 2 for a wrong command line.

mod arguments;
mod context;
mod report;
mod run;
mod stage;
mod stages;

use std::process::ExitCode;

use arguments::{Arguments, Wanted};
use stage::Stage;

const HELP: &str = "\
cargo xtask ci [--only NAME]... [--skip NAME]... [--require-all] [--may-skip NAME=REASON]...

Runs every check that this machine has the tools for; what it lacks is skipped
in plain sight, with the command that installs it.

  --only NAME        this stage alone; may be repeated, also for opt-in stages
  --skip NAME        not this stage; may be repeated
  --require-all      a stage that cannot run, wholly or in part, fails
  --may-skip NAME=REASON
                     with --require-all: this one may be skipped
  --list             the stages, with what each guards
";

pub(crate) fn main(parser: &mut lexopt::Parser) -> ExitCode {
    let arguments = match Arguments::parse(parser) {
        Ok(arguments) => arguments,
        Err(error) => {
            eprintln!("xtask ci: {error}");
            return ExitCode::from(2);
        }
    };
    match arguments.wanted {
        Wanted::Help => print!("{HELP}"),
        Wanted::List => report::list(stages::ALL),
        Wanted::Run => {
            let chosen: Vec<&Stage> = stages::ALL
                .iter()
                .filter(|stage| arguments.wants(stage))
                .collect();
            return run::run(&chosen, &arguments);
        }
    }
    ExitCode::SUCCESS
}
