//! Tests `run.sh` with fake executables, in a shell that finds no other program.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A bundle in a temporary directory, which is removed on drop.
struct Bundle(PathBuf);

impl Drop for Bundle {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Bundle {
    /// Adds executables that print and exit as the scripts say.
    fn new(name: &str, tests: &[(&str, &str)]) -> Self {
        let directory = format!("shm run.sh {name} {}", std::process::id());
        let bundle = Self(std::env::temp_dir().join(directory));
        fs::create_dir_all(bundle.0.join("tests")).unwrap();
        fs::write(bundle.0.join("run.sh"), super::RUN).unwrap();
        for (name, script) in tests {
            let path = bundle.0.join("tests").join(name);
            fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        bundle
    }

    /// Runs the script with each available shell, from another directory.
    fn run(&self, arguments: &[&str]) -> Vec<(String, Output)> {
        let shells: [&[&str]; 4] = [
            &["/bin/sh"],
            &["/bin/dash"],
            &["/bin/busybox", "sh"],
            &["/usr/bin/busybox", "sh"],
        ];
        let present = shells
            .into_iter()
            .filter(|shell| Path::new(shell[0]).exists());
        present
            .map(|shell| {
                let output = Command::new(shell[0])
                    .args(&shell[1..])
                    .arg(self.0.join("run.sh"))
                    .args(arguments)
                    .current_dir("/")
                    // No program is found by its name, and no variable has an influence.
                    .env_clear()
                    .env("PATH", "/nonexistent")
                    .env("CDPATH", "/tmp:/")
                    .stdin(Stdio::null())
                    .output()
                    .unwrap();
                (shell.join(" "), output)
            })
            .collect()
    }

    /// Asserts that every shell exits with this code, after printing these lines in this
    /// order.
    #[track_caller]
    fn expect(&self, arguments: &[&str], code: i32, lines: &[&str]) {
        let runs = self.run(arguments);
        assert!(!runs.is_empty());
        for (shell, output) in runs {
            let text = String::from_utf8(output.stdout).unwrap();
            let errors = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(code), "{shell}: {text}{errors}");
            // The shell may print that a program was killed, and nothing else.
            assert!(!errors.contains("not found"), "{shell}: {errors}");
            assert!(errors.lines().count() <= 1, "{shell}: {errors}");
            let mut rest = text.lines();
            for line in lines {
                assert!(
                    rest.any(|found| found == *line),
                    "{shell}: {line} in\n{text}"
                );
            }
        }
    }
}

const GOOD: &str = "\
echo 'running 3 tests'
echo '*'
echo 'test a ... ok'
echo 'skipped: no root here [b]'
echo 'skipped: no root, still [b]'
echo 'partly: half of it [c]'
echo '    skipped: of another process [d]'
echo
echo 'test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished'";

const BAD: &str = r"
echo 'test a ... ok'
echo 'test b::c ... FAILED'
echo 'panicked: expected a\nb, found 100%'
echo 'test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out'
exit 101";

#[test]
fn passed_failed_and_skipped_tests_are_counted() {
    let bundle = Bundle::new("counts", &[("good", GOOD), ("none", "exit 0")]);
    bundle.expect(
        &[],
        0,
        &[
            "tests/good: skipped: no root here [b]",
            "tests/good: partly: half of it [c]",
            "tests/good: 2 passed, 0 failed",
            "tests/none: 1 passed, 0 failed",
            "3 passed, 0 failed, 1 skipped",
        ],
    );
}

#[test]
fn a_failure_is_shown_whole_and_fails_the_run() {
    let tests = [("a-bad", BAD), ("b-dies", "kill -9 $$"), ("good", GOOD)];
    let bundle = Bundle::new("failures", &tests);
    bundle.expect(
        &[],
        1,
        &[
            "test b::c ... FAILED",
            "tests/a-bad: 1 passed, 1 failed",
            "tests/b-dies ended with code 137",
            "tests/b-dies: 0 passed, 1 failed",
            "tests/good: 2 passed, 0 failed",
            "3 passed, 2 failed, 1 skipped",
        ],
    );
    bundle.expect(&["good"], 0, &["2 passed, 0 failed, 1 skipped"]);
    bundle.expect(&["no such test"], 1, &["0 passed, 0 failed, 0 skipped"]);
}

#[test]
fn without_shared_memory_what_fails_is_skipped_and_said_to_be() {
    let killed = "[ \"$1\" = --list ] || kill -12 $$
echo 'one: test'
echo 'two::three: test'
echo '2 tests, 0 benchmarks'";
    let tests = [
        ("a-bad", BAD),
        ("b-killed", killed),
        ("good", GOOD),
        ("shm-supported", "echo missing"),
    ];
    let bundle = Bundle::new("unsupported", &tests);
    let lacking = "skipped: this kernel has no System V shared memory, or a jail hides it";
    bundle.expect(
        &[],
        0,
        &[
            &format!("tests/a-bad: {lacking} [b::c]"),
            "tests/a-bad: 1 passed, 0 failed",
            &format!("tests/b-killed: {lacking} [one]"),
            &format!("tests/b-killed: {lacking} [two::three]"),
            "tests/b-killed: 0 passed, 0 failed",
            "4 passed, 0 failed, 4 skipped",
        ],
    );
    let tests = [("a-bad", BAD), ("shm-supported", "echo works")];
    Bundle::new("supported", &tests).expect(&[], 1, &["2 passed, 1 failed, 0 skipped"]);
}

#[test]
fn this_programs_own_executable_is_run_too() {
    let bundle = Bundle::new("real", &[]);
    let program = std::env::current_exe().unwrap();
    let name =
        "bundle::readme::unit::a_symbol_is_found_in_what_the_executables_take_from_elsewhere";
    let script = format!("#!/bin/sh\nexec '{}' --exact {name}\n", program.display());
    let path = bundle.0.join("tests/real");
    fs::write(&path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    bundle.expect(
        &[],
        0,
        &[
            "tests/real: 1 passed, 0 failed",
            "1 passed, 0 failed, 0 skipped",
        ],
    );
}
