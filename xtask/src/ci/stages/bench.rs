//! Every benchmark in a few short rounds, with the programs that it compares
//! with: that they run, not what they measure. The figures are shown and judged
//! by people; `cargo xtask bench` makes the ones that mean something.

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
            context.left_out(
                "a comparison",
                &format!("{why}; `cargo xtask setup` says how"),
            );
        }
    }
    Ok(())
}
