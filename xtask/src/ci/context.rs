//! The context of a running stage: runs commands and captures their output, counts tests,
//! prints progress, and records what was skipped.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use xshell::{Cmd, Shell};

use super::test_output::{Skip, TestCounts};
use crate::project::{Result, root};

/// Interval between progress lines of a long stage.
const PROGRESS: Duration = Duration::from_secs(30);

/// Lines kept of a command's output; the last ones show why it failed.
const KEPT_LINES: usize = 4000;

/// The state of a running stage.
#[derive(Debug)]
pub(super) struct Context<'a> {
    stage: &'a str,
    requires_all: bool,
    shell: Shell,
    /// The skipped checks, with the command that installs what each needs.
    missing: Vec<String>,
    /// Notes that do not change the outcome.
    notes: Vec<String>,
    /// Reasons that tests gave for skipping all or part of their work.
    skips: Vec<String>,
    commands: usize,
    counts: TestCounts,
    start: Instant,
    /// The time of the next progress line.
    next_progress: Duration,
}

/// A finished command.
#[derive(Debug)]
pub(super) struct CommandResult {
    pub(super) status: ExitStatus,
    /// The last lines of both streams.
    pub(super) lines: Vec<String>,
    pub(super) tests: TestCounts,
}

impl<'a> Context<'a> {
    pub(super) fn new(stage: &'a str, requires_all: bool) -> Result<Self> {
        let shell = Shell::new()?;
        shell.change_dir(root());
        Ok(Self {
            stage,
            requires_all,
            shell,
            missing: Vec::new(),
            notes: Vec::new(),
            skips: Vec::new(),
            commands: 0,
            counts: TestCounts::default(),
            start: Instant::now(),
            next_progress: PROGRESS,
        })
    }

    /// Returns whether a missing tool fails the stage.
    pub(super) fn requires_all(&self) -> bool {
        self.requires_all
    }

    /// Returns a shell for `cmd!` in the workspace's directory.
    pub(super) fn shell(&self) -> Shell {
        self.shell.clone()
    }

    /// Records that `what` was skipped, and how to make it possible.
    pub(super) fn skip(&mut self, what: &str, install: &str) {
        self.missing.push(format!("{what}: {install}"));
    }

    pub(super) fn missing(&self) -> &[String] {
        &self.missing
    }

    /// Records a note that does not change the outcome.
    pub(super) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Returns the notes, and each reason for skipped tests with the number of tests.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut counts = BTreeMap::<&str, usize>::new();
        for why in &self.skips {
            *counts.entry(why).or_default() += 1;
        }
        let skips = counts
            .into_iter()
            .map(|(why, count)| format!("{why} (tests: {count})"));
        self.notes.iter().cloned().chain(skips).collect()
    }

    /// Returns whether the stage ran any command.
    pub(super) fn ran_commands(&self) -> bool {
        self.commands > 0
    }

    /// Adds to the stage's count of tests.
    pub(super) fn count(&mut self, tests: TestCounts) {
        self.counts.add(tests);
    }

    /// Forgets the commands so far, because they only probed what this machine can do.
    pub(super) fn forget_commands(&mut self) {
        self.commands = 0;
    }

    pub(super) fn counts(&self) -> TestCounts {
        self.counts
    }

    /// Runs a command; prints its output only if it fails.
    pub(super) fn run(&mut self, command: Cmd<'_>) -> Result {
        self.output_of(command).map(drop)
    }

    /// Runs a command and returns the lines of both streams.
    pub(super) fn output_of(&mut self, command: Cmd<'_>) -> Result<Vec<String>> {
        let shown = without_directory(&command.to_string());
        let CommandResult {
            status,
            lines,
            tests,
        } = self.run_to_exit(&shown, command.into())?;
        self.count(tests);
        if status.success() {
            return Ok(lines);
        }
        println!("$ {shown}");
        for line in lines.iter().filter(|line| is_human_readable(line)) {
            println!("{line}");
        }
        Err(format!("`{shown}` failed ({status})").into())
    }

    /// Runs a command until it exits, with any status. Does not count its tests.
    pub(super) fn run_to_exit(
        &mut self,
        shown: &str,
        mut command: Command,
    ) -> Result<CommandResult> {
        self.commands += 1;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot run `{shown}`: {error}"))?;
        let (sender, receiver) = mpsc::channel();
        let readers = [
            child
                .stdout
                .take()
                .map(|stream| read_lines(stream, sender.clone())),
            child
                .stderr
                .take()
                .map(|stream| read_lines(stream, sender.clone())),
        ];
        drop(sender);

        let mut lines = VecDeque::new();
        let mut tests = TestCounts::default();
        // Test executables count skipped tests as passed.
        let mut skipped = BTreeSet::<String>::new();
        loop {
            match receiver.recv_timeout(self.next_progress.saturating_sub(self.start.elapsed())) {
                Ok(line) => {
                    tests.count(&line);
                    if let Some(skip) = Skip::read(&line) {
                        let what = if skip.is_part {
                            "tested less"
                        } else {
                            "not tested"
                        };
                        self.skips.push(format!("{what}: {}", skip.why));
                        skipped.extend(skip.whole_test().map(str::to_owned));
                    }
                    if lines.len() == KEPT_LINES {
                        lines.pop_front();
                    }
                    lines.push_back(line);
                }
                Err(RecvTimeoutError::Timeout) => {
                    let last = lines.iter().rev().find(|line| is_human_readable(line));
                    let last = last.map_or("", |line: &String| line.trim());
                    let seconds = self.start.elapsed().as_secs();
                    println!("   … {} {seconds} s: {last}", self.stage);
                    self.next_progress = self.start.elapsed() + PROGRESS;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        for reader in readers.into_iter().flatten() {
            drop(reader.join());
        }
        Ok(CommandResult {
            status: child.wait()?,
            lines: lines.into(),
            tests: tests.without_skipped(skipped.len() as u64),
        })
    }
}

/// Removes the directory from the program of a command.
fn without_directory(command: &str) -> String {
    let program = command.split(' ').next().unwrap_or(command);
    let directory = program.rfind('/').map_or(0, |slash| slash + 1);
    command.get(directory..).unwrap_or(command).to_owned()
}

/// Returns whether a line is for people, not one of cargo's JSON messages.
fn is_human_readable(line: &str) -> bool {
    !line.starts_with("{\"reason\":")
}

/// Sends every line of `stream` from a new thread.
fn read_lines(
    stream: impl Read + Send + 'static,
    sender: Sender<String>,
) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(length) if length > 0) {
            if sender
                .send(String::from_utf8_lossy(&line).trim_end().to_owned())
                .is_err()
            {
                return;
            }
            line.clear();
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_called_by_its_name() {
        assert_eq!(without_directory("/a/b/cargo fmt -p /c"), "cargo fmt -p /c");
        assert_eq!(without_directory("cargo fmt"), "cargo fmt");
        assert_eq!(without_directory("rustup run x /a/b"), "rustup run x /a/b");
    }
}
