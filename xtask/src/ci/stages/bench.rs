//! Runs every benchmark for a few short rounds, with the programs it compares with. It
//! checks that they run; the figures are only shown. `cargo xtask bench` produces figures
//! that mean something.

use xshell::cmd;

use super::super::context::Context;
use crate::project::{Result, target_dir};
use crate::tools::python;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let (shell, xtask) = (context.shell(), std::env::current_exe()?);
    let _python = python::with_sysv_ipc().map(|path| shell.push_env("SHM_BENCH_PYTHON", path));
    let page = target_dir().join("bench-quick.md");
    context.run(cmd!(shell, "{xtask} bench --quick --output {page}"))?;
    for line in std::fs::read_to_string(page)?.lines() {
        println!("   {line}");
        if let Some(why) = line.strip_prefix("skipped: ") {
            context.skip(
                "a comparison",
                &format!("{why}; `cargo xtask setup` lists the commands"),
            );
        }
    }
    Ok(())
}
