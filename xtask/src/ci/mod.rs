//! `cargo xtask ci`: runs the checks in order and continues after a failure. Exits with 1
//! if a stage failed, and with 2 for a wrong command line.

mod arguments;
mod context;
mod report;
mod run;
mod stage;
mod stages;
mod test_output;

use std::process::ExitCode;

use arguments::{Arguments, Request};
use stage::Stage;

const HELP: &str = "\
cargo xtask ci [--only NAME]... [--skip NAME]... [--require-all] [--may-skip NAME=REASON]...

Runs every check. A check whose tool is missing is reported as skipped,
with the command that installs the tool.

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
    match arguments.request {
        Request::Help => print!("{HELP}"),
        Request::List => report::list(stages::ALL),
        Request::Run => {
            let chosen: Vec<&Stage> = stages::ALL
                .iter()
                .filter(|stage| arguments.selects(stage))
                .collect();
            return run::run(&chosen, &arguments);
        }
    }
    ExitCode::SUCCESS
}
