//! Links the test executables and the browser for every foreign system for which zig has
//! libraries or stubs. Code that type-checks may still call a function that a system's C
//! library lacks.

use super::super::context::Context;
use super::super::stage::error_if_any;
use super::cross_check::groups;
use crate::cross::{self, link};
use crate::project::Result;
use crate::targets::TARGETS;
use crate::tools;

const EVERYTHING: [&str; 9] = [
    "-p", "shm-sys", "-p", "sysv-shm", "-p", "shm-tui", "--lib", "--bins", "--tests",
];

pub(super) fn run(context: &mut Context<'_>) -> Result {
    if tools::zig_directory().is_none() {
        context.skip(
            "every system's linker",
            "no zig; `cargo xtask setup` installs it",
        );
        return Ok(());
    }
    let targets = TARGETS
        .iter()
        .filter(|target| target.cfg.os != "linux" && link::has_libraries(target));
    let mut wrong = Vec::new();
    for group in groups(context, targets) {
        for target in &group.targets {
            let shell = context.shell();
            let build = cross::tests::build(&shell, &group.standard, target, &EVERYTHING)?;
            if let Err(error) = context.output_of(build) {
                wrong.push(format!("{}: {error}", target.triple));
            }
        }
    }
    error_if_any(&wrong)
}
