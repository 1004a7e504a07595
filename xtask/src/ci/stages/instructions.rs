//! Counts the instructions of whole commands under callgrind and compares them with the
//! committed figures. Elsewhere than where those were made it is skipped.

use xshell::cmd;

use super::super::context::Context;
use crate::project::Result;
use crate::tools;

pub(super) fn run(context: &mut Context<'_>) -> Result {
    let (shell, cargo) = (context.shell(), tools::cargo());
    let bench = ["bench", "--quiet", "--locked", "--package", "shm-tui"];
    let words = bench.into_iter().chain(["--bench", "instructions"]);
    let output = cmd!(shell, "{cargo} {words...}")
        .quiet()
        .ignore_status()
        .output()?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    for line in printed.lines() {
        println!("   {line}");
        if let Some(why) = line.strip_prefix("skipped: ") {
            context.skip("the comparison", why);
        }
    }
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().into()),
    }
}
