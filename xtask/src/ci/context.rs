//! What a stage works with: it runs commands with their output folded, counts
//! tests, shows that a long command is alive, and notes what had to be left out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use xshell::{Cmd, Shell};

use super::stage::{Skip, Tally};
use crate::project::{Result, root};

/// How often a long stage shows that it is alive.
const PROGRESS: Duration = Duration::from_secs(30);

/// Lines kept of a command's output; the last ones tell why it failed.
const KEPT_LINES: usize = 4000;

/// A stage's view of the run.
#[derive(Debug)]
pub(super) struct Context<'a> {
    stage: &'a str,
    requires_all: bool,
    shell: Shell,
    /// What was left out, with the command that installs what it needs.
    missing: Vec<String>,
    /// What does not change the verdict and is to be known.
    notes: Vec<String>,
    /// Reasons that tests gave for testing nothing, or less.
    skips: Vec<String>,
    commands: usize,
    tally: Tally,
    start: Instant,
    /// After this time the stage shows that it is alive.
    next_sign: Duration,
}

/// How a command ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    /// The last of what it wrote to both streams.
    pub(super) lines: Vec<String>,
    pub(super) tests: Tally,
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
            tally: Tally::default(),
            start: Instant::now(),
            next_sign: PROGRESS,
        })
    }

    /// Whether what is missing fails the stage.
    pub(super) fn requires_all(&self) -> bool {
        self.requires_all
    }

    /// For `cmd!`; stands in the workspace's directory.
    pub(super) fn shell(&self) -> Shell {
        self.shell.clone()
    }

    /// Notes that `what` was left out, and what would make it possible.
    pub(super) fn left_out(&mut self, what: &str, install: &str) {
        self.missing.push(format!("{what}: {install}"));
    }

    pub(super) fn missing(&self) -> &[String] {
        &self.missing
    }

    /// Notes what is to be known whatever the verdict is.
    pub(super) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// These notes, and why tests were skipped: each reason with how many said so.
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

    /// Whether anything was run at all.
    pub(super) fn ran_something(&self) -> bool {
        self.commands > 0
    }

    /// Adds to the tests of the stage.
    pub(super) fn count(&mut self, tests: Tally) {
        self.tally.add(tests);
    }

    /// What ran was only a look whether something can be done here.
    pub(super) fn nothing_ran(&mut self) {
        self.commands = 0;
    }

    pub(super) fn tally(&self) -> Tally {
        self.tally
    }

    /// Runs a command; its output shows only if it fails.
    pub(super) fn run(&mut self, command: Cmd<'_>) -> Result {
        self.output_of(command).map(drop)
    }

    /// Runs a command and returns what it wrote to both streams, line by line.
    pub(super) fn output_of(&mut self, command: Cmd<'_>) -> Result<Vec<String>> {
        let shown = without_directory(&command.to_string());
        let Ended {
            status,
            lines,
            tests,
        } = self.watch(&shown, command.into())?;
        self.count(tests);
        if status.success() {
            return Ok(lines);
        }
        println!("$ {shown}");
        for line in lines.iter().filter(|line| is_for_people(line)) {
            println!("{line}");
        }
        Err(format!("`{shown}` failed ({status})").into())
    }

    /// Runs a command to its end, whatever that is. Its tests are for the caller
    /// to count.
    pub(super) fn watch(&mut self, shown: &str, mut command: Command) -> Result<Ended> {
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
        let mut tests = Tally::default();
        // Test executables count these as passed.
        let mut skipped = BTreeSet::<String>::new();
        loop {
            match receiver.recv_timeout(self.next_sign.saturating_sub(self.start.elapsed())) {
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
                    let last = lines.iter().rev().find(|line| is_for_people(line));
                    let last = last.map_or("", |line: &String| line.trim());
                    let seconds = self.start.elapsed().as_secs();
                    println!("   … {} {seconds} s: {last}", self.stage);
                    self.next_sign = self.start.elapsed() + PROGRESS;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        for reader in readers.into_iter().flatten() {
            drop(reader.join());
        }
        Ok(Ended {
            status: child.wait()?,
            lines: lines.into(),
            tests: tests.without_skipped(skipped.len() as u64),
        })
    }
}

/// A command, its program called by its name alone.
fn without_directory(command: &str) -> String {
    let program = command.split(' ').next().unwrap_or(command);
    let directory = program.rfind('/').map_or(0, |slash| slash + 1);
    command.get(directory..).unwrap_or(command).to_owned()
}

/// Not a message of cargo's to a program.
fn is_for_people(line: &str) -> bool {
    !line.starts_with("{\"reason\":")
}

/// Sends every line of `stream`, on a thread of its own.
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
