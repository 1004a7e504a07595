//! Runs the test executables of other architectures on this Linux: a 32-bit, a
//! big-endian, and weakly ordered ones. They are linked statically with musl, so they
//! need no other system's libraries, and create real segments of this kernel through
//! qemu's translation of system calls.
//!
//! `expected` lists what qemu gets wrong: the stage fails if one of those tests passes,
//! or if another one fails.

mod expected;
mod results;

use std::path::PathBuf;
use std::process::Command;

use super::super::context::Context;
use super::super::stage::error_if_any;
use super::super::test_output::TestCounts;
use super::cargo::succeeds;
use super::cross_check::groups;
use crate::cross::standard::Standard;
use crate::cross::tests::{self, Executable};
use crate::project::Result;
use crate::targets::Target;
use crate::tools;
use crate::tools::crates::on_path;
use results::Results;

/// An architecture, and its emulator if the processor does not run it.
struct Machine {
    triple: &'static str,
    /// The name of qemu's program, or none if this processor runs it.
    qemu: Option<&'static str>,
}

const MACHINES: [Machine; 5] = [
    machine("i686-unknown-linux-musl", None),
    machine("armv7-unknown-linux-musleabihf", Some("qemu-arm")),
    machine("s390x-unknown-linux-musl", Some("qemu-s390x")),
    machine("aarch64-unknown-linux-musl", Some("qemu-aarch64")),
    machine("riscv64gc-unknown-linux-musl", Some("qemu-riscv64")),
];

/// Test executables that do not run, each with its reason.
const NOT_RUN: [(&str, &str); 5] = [
    ("compile_fail", "starts the compiler"),
    ("postgres", "starts a server of this machine's own kind"),
    ("x11", "starts a server of this machine's own kind"),
    ("peers", "starts other programs of this machine's own kind"),
    ("syscalls", "qemu's own system calls would be counted"),
];

/// The selection to build: the library with its tests.
const LIBRARY: &[&str] = &["-p", "shm-sys", "-p", "sysv-shm", "--lib", "--tests"];

/// The browser's tests that start no other program.
const BROWSER: &[&str] = &[
    "-p", "shm-tui", "--lib", "--test", "render", "--test", "update",
];

/// Time after which an executable counts as hanging.
const SECONDS: &str = "600";

pub(super) fn run(context: &mut Context<'_>) -> Result {
    if cfg!(not(target_os = "linux")) {
        context.skip("other architectures", "emulated on Linux only");
        return Ok(());
    }
    if tools::zig_directory().is_none() {
        context.skip(
            "a linker for other architectures",
            "no zig; `cargo xtask setup` installs it",
        );
        return Ok(());
    }
    for (name, why) in NOT_RUN {
        context.note(format!("left out: {name} ({why})"));
    }
    let mut wrong = Vec::new();
    for machine in &MACHINES {
        let Some(runner) = machine.runner() else {
            context.skip(
                machine.triple,
                "no emulator; Debian: `apt-get install qemu-user-static`",
            );
            continue;
        };
        let target = Target::of(machine.triple);
        for group in groups(context, target.into_iter()) {
            for target in &group.targets {
                match executables(context, machine, target, &group.standard) {
                    Ok(executables) if !can_start(runner.as_ref(), &executables) => {
                        let why = "neither the processor nor the kernel runs its programs";
                        context.skip(target.triple, why);
                    }
                    Ok(executables) => {
                        wrong.extend(run_all(context, target, runner.as_ref(), &executables)?);
                    }
                    Err(error) => wrong.push(format!("{}: {error}", target.triple)),
                }
            }
        }
    }
    error_if_any(&wrong)
}

/// Builds the tests for one machine.
fn executables(
    context: &mut Context<'_>,
    machine: &Machine,
    target: &Target,
    standard: &Standard,
) -> Result<Vec<Executable>> {
    let shell = context.shell();
    let mut executables = Vec::new();
    for chosen in machine.chosen() {
        let lines = context.output_of(tests::build(&shell, standard, target, chosen)?)?;
        executables.extend(tests::executables(&lines));
    }
    Ok(executables)
}

/// A kernel may lack support for its processor's 32-bit mode.
fn can_start(runner: Option<&PathBuf>, executables: &[Executable]) -> bool {
    runner.is_some()
        || executables
            .first()
            .is_some_and(|executable| succeeds(Command::new(&executable.path).arg("--list")))
}

/// Returns the unexpected results on one machine.
fn run_all(
    context: &mut Context<'_>,
    target: &Target,
    runner: Option<&PathBuf>,
    executables: &[Executable],
) -> Result<Vec<String>> {
    let mut results = Results::default();
    let mut wrong = Vec::new();
    for executable in executables {
        let left_out = NOT_RUN.iter().any(|(name, _)| *name == executable.name);
        if left_out || !executable.is_test {
            continue;
        }
        let mut command = Command::new("timeout");
        command
            .args(["--kill-after=10", SECONDS])
            .args(runner)
            .arg(&executable.path)
            .env("SHM_TEST_SECONDS", "2")
            // The same on this machine, where they run a hundred times as fast.
            .env("PROPTEST_CASES", "16")
            .env("INSTA_UPDATE", "no")
            .env_remove("SHM_TEST_REQUIRE");
        // Tests that start themselves again.
        if let Some(runner) = runner {
            command.env("SHM_TEST_RUNNER", runner);
        }
        // Tests find their fixtures relative to the directory in which cargo starts them.
        command.current_dir(crate::project::root().join(&executable.package));
        let shown = format!("{} for {}", executable.name, target.triple);
        let result = context.run_to_exit(&shown, command)?;
        let failed = results.read(&executable.name, &result.lines);
        let unexpected = expected::unexpected(target, &failed).len();
        context.count(TestCounts {
            failed: unexpected as u64,
            ignored: result.tests.ignored + (failed.len() - unexpected) as u64,
            ..result.tests
        });
        if !result.status.success() && (failed.is_empty() || unexpected > 0) {
            println!("$ {shown}");
            for line in &result.lines {
                println!("{line}");
            }
        }
        if !result.status.success() && failed.is_empty() {
            let status = result.status;
            wrong.push(format!("{shown} ended without a failed test ({status})"));
        }
    }
    for note in expected::notes(target, &results.failed) {
        context.note(note);
    }
    wrong.extend(expected::compare(target, &results));
    Ok(wrong)
}

impl Machine {
    /// Returns the selection for a machine. The browser has no processor-specific code:
    /// one 32-bit and one weakly ordered machine suffice. (nix 0.28, which its tests use,
    /// does not compile for s390x with musl.)
    fn chosen(&self) -> &'static [&'static [&'static str]] {
        if self.triple.starts_with("i686-") || self.triple.starts_with("aarch64-") {
            &[LIBRARY, BROWSER]
        } else {
            &[LIBRARY]
        }
    }

    /// Returns the emulator for the executables (`Some(None)`: this processor); `None` if
    /// this machine cannot run them.
    fn runner(&self) -> Option<Option<PathBuf>> {
        let Some(qemu) = self.qemu else {
            return if cfg!(target_arch = "x86_64") {
                Some(None)
            } else {
                on_path("qemu-i386-static")
                    .or_else(|| on_path("qemu-i386"))
                    .map(Some)
            };
        };
        on_path(&format!("{qemu}-static"))
            .or_else(|| on_path(qemu))
            .map(Some)
    }
}

const fn machine(triple: &'static str, qemu: Option<&'static str>) -> Machine {
    Machine { triple, qemu }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn every_machine_is_a_target_of_the_table() {
        assert!(
            MACHINES
                .iter()
                .all(|machine| Target::of(machine.triple).is_some())
        );
    }
}
