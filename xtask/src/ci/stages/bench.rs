//! Every benchmark in a few short rounds, with the programs that it compares
//! with: that they run, not what they measure. The figures are shown and judged
//! by people; `cargo xtask bench` makes the ones that mean something.

use xshell::cmd;

use super::super::context::Context;
use crate::project::Result;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let (shell, xtask) = (context.shell(), std::env::current_exe()?);
    let page = context.output_of(cmd!(shell, "{xtask} bench --quick"))?;
    for line in page {
        println!("   {line}");
    }
    Ok(())
}
