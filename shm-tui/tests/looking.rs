//! Viewing segments does not destroy them: where `kernel.shm_rmid_forced` is 1, the last
//! detach destroys, so a viewer attaches only segments that others have attached.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/namespace.rs"]
mod namespace;
#[path = "support/pty.rs"]
mod pty;

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use namespace::{installed, isolated, keyed, skipped};
use portable_pty::CommandBuilder;
use pty::{PATIENCE, Pty};
use rustix::process::{Pid, Signal, kill_process};

const SHM_TUI: &str = env!("CARGO_BIN_EXE_shm-tui");
const SETTING: &str = "/proc/sys/kernel/shm_rmid_forced";
/// The exit code of what was refused since it would have destroyed a segment.
const REFUSED: Option<i32> = Some(3);

/// Sets `kernel.shm_rmid_forced` of this namespace; only inside `isolated`.
fn forced() -> bool {
    match std::fs::write(SETTING, "1") {
        Ok(()) => true,
        Err(error) => {
            skipped(&format!("{SETTING} may not be set: {error}"));
            false
        }
    }
}

/// Runs a command and counts its calls of `shmat`.
struct Strace {
    _directory: tempfile::TempDir,
    log: PathBuf,
}

impl Strace {
    fn new() -> Option<Self> {
        if let Err(missing) = installed("strace", "strace") {
            skipped(&missing);
            return None;
        }
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("log");
        let strace = Self {
            log,
            _directory: directory,
        };
        let output = strace.run(&["--version"]);
        if !output.status.success() {
            skipped("strace may trace no program here");
            return None;
        }
        Some(strace)
    }

    fn arguments(&self) -> Vec<String> {
        let log = self.log.to_str().unwrap();
        ["-f", "-qq", "-e", "trace=shmat", "-o", log, SHM_TUI]
            .map(str::to_owned)
            .to_vec()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new("strace")
            .args(self.arguments())
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn count(&self) -> usize {
        let log = std::fs::read_to_string(&self.log).unwrap();
        log.matches("shmat(").count()
    }
}

fn exists(key: i32) -> bool {
    shm::Segment::open(shm::Key::from_raw(key)).is_ok()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn no_dump_attaches_what_its_detach_would_destroy() {
    isolated("no_dump_attaches_what_its_detach_would_destroy", || {
        if !forced() {
            return;
        }
        let Some(strace) = Strace::new() else {
            return;
        };
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        let file = file.to_str().unwrap();
        let segment = keyed(0x51, 4096, 0o600);
        for arguments in [
            &["dump", "0x51"][..],
            &["--read-only", "dump", "0x51"],
            &["dump", "0x51", "--hex"],
            &["dump", "0x51", "--range", "0..16"],
            &["dump", "0x51", "-o", file],
            &["--read-only", "--allow-destroy", "dump", "0x51"],
        ] {
            let output = strace.run(arguments);
            assert_eq!(output.status.code(), REFUSED, "{arguments:?}: {output:?}");
            assert!(words(&output).contains("would destroy it"), "{output:?}");
            assert!(output.stdout.is_empty() && !Path::new(file).exists());
            assert_eq!(strace.count(), 0, "{arguments:?}");
            assert!(exists(0x51), "{arguments:?}");
        }
        // With another attachment the detach of the dump is not the last one.
        let attachment = segment.attach().unwrap();
        attachment.view().write_all_at(0, b"alive").unwrap();
        let output = strace.run(&["--read-only", "dump", "0x51", "--range", "0..5"]);
        assert_eq!(output.stdout, b"alive", "{output:?}");
        assert_eq!(strace.count(), 1);
        drop(attachment);
        assert!(!exists(0x51), "the setting has no effect here");
        // Whoever asks for the destruction gets it.
        let _second = keyed(0x52, 16, 0o600);
        let output = strace.run(&["dump", "0x52", "--allow-destroy"]);
        assert_eq!(output.stdout, [0; 16], "{output:?}");
        assert!(!exists(0x52));
    });
}

/// A process in an IPC namespace of its own, where the setting is 1, that has
/// made a segment and lives.
struct Elsewhere(Child);

impl Elsewhere {
    fn start() -> Option<Self> {
        if let Err(missing) = installed("perl", "perl") {
            skipped(&missing);
            return None;
        }
        let script = format!(
            "open F, '>', '{SETTING}' or die; print F 1; close F or die; \
             defined shmget(0x53, 4096, 01600) or die; \
             $| = 1; print \"ready\\n\"; <STDIN>"
        );
        let mut child = Command::new("unshare")
            .args(["--ipc", "perl", "-e", &script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        Some(Self(child))
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

#[test]
fn the_setting_is_that_of_the_namespace_that_is_looked_into() {
    isolated(
        "the_setting_is_that_of_the_namespace_that_is_looked_into",
        || {
            if !forced() {
                return;
            }
            // Off here, on there.
            std::fs::write(SETTING, "0").unwrap();
            let Some(strace) = Strace::new() else {
                return;
            };
            let Some(other) = Elsewhere::start() else {
                return;
            };
            let pid = other.0.id().to_string();
            let output = strace.run(&["--namespace", &pid, "dump", "0x53"]);
            assert_eq!(output.status.code(), REFUSED, "{output:?}");
            assert_eq!(strace.count(), 0);
            let listed = namespace::output(SHM_TUI, &["--namespace", &pid, "list"]);
            assert!(listed.contains("0x00000053"), "{listed}");
            let _here = keyed(0x51, 8, 0o600);
            let output = strace.run(&["dump", "0x51"]);
            assert_eq!((output.status.code(), strace.count()), (Some(0), 1));
            assert!(exists(0x51));

            // The browser enters it on threads of its own.
            let mut browser = traced_browser(&strace);
            browser.expect("0x00000051");
            browser.send("n");
            let door = std::fs::metadata(format!("/proc/{pid}/ns/ipc")).unwrap();
            let number = door.ino().to_string();
            browser.expect(&number);
            // The list begins in the fourth line; other tests have namespaces, too.
            let text = browser.text();
            let line = text.lines().position(|line| line.contains(&number));
            browser.send(&"j".repeat(line.unwrap() - 3));
            browser.send("\r");
            browser.expect("0x00000053");
            browser.send("\r");
            browser.expect("was not attached");
            browser.send("\x03");
            assert_eq!(browser.code(), 0);
            assert_eq!(strace.count(), 0);
        },
    );
}

fn traced_browser(strace: &Strace) -> Pty {
    let mut command = CommandBuilder::new("strace");
    command.args(strace.arguments());
    Pty::run(command, 120, 40)
}

#[test]
fn nothing_in_the_browser_attaches_what_its_detach_would_destroy() {
    isolated(
        "nothing_in_the_browser_attaches_what_its_detach_would_destroy",
        || {
            if !forced() {
                return;
            }
            let Some(strace) = Strace::new() else {
                return;
            };
            let segment = keyed(0x51, 4096, 0o600);
            let mut browser = traced_browser(&strace);
            // Said before anything is tried.
            browser.expect("not shown: the detach would destroy the segment");
            browser.send("\r");
            browser.expect("was not attached");
            // Search, map, snapshot, comparison, reading again.
            for keys in ["/x\r", "s", "r", "mr", "q", "d", "q", "\r"] {
                browser.send(keys);
                std::thread::sleep(Duration::from_millis(100));
            }
            browser.send("\x03");
            assert_eq!(browser.code(), 0, "{}", browser.text());
            assert_eq!(strace.count(), 0);
            assert!(segment.stat().is_ok());
        },
    );
}

#[test]
fn the_browser_does_not_keep_alive_what_its_last_user_detached() {
    isolated(
        "the_browser_does_not_keep_alive_what_its_last_user_detached",
        || {
            if !forced() {
                return;
            }
            let segment = keyed(0x51, 4096, 0o600);
            let attachment = segment.attach().unwrap();
            attachment.view().write_all_at(0, b"seen by it").unwrap();
            for hold in ["", "p"] {
                let mut browser = Pty::browser(&[], 120, 40);
                browser.expect("0x00000051");
                browser.send("\r");
                browser.expect("seen by it");
                browser.send(hold);
                browser.send("\x03");
                assert_eq!(browser.code(), 0);
            }
            let mut browser = Pty::browser(&[], 120, 40);
            browser.expect("0x00000051");
            browser.send("\r");
            browser.expect("seen by it");
            drop(attachment);
            browser.expect("its last user has detached it");
            let end = Instant::now() + PATIENCE;
            while exists(0x51) {
                assert!(Instant::now() < end, "the browser keeps it alive");
                std::thread::sleep(Duration::from_millis(20));
            }
            browser.send("\x03");
            assert_eq!(browser.code(), 0);
        },
    );
}

#[test]
fn viewers_do_not_keep_alive_what_only_they_have_attached() {
    isolated(
        "viewers_do_not_keep_alive_what_only_they_have_attached",
        || {
            if !forced() {
                return;
            }
            let segment = keyed(0x51, 4096, 0o600);
            let attachment = segment.attach().unwrap();
            attachment.view().write_all_at(0, b"seen by two").unwrap();
            let mut browsers = [(); 2].map(|()| Pty::browser(&[], 120, 40));
            for browser in &mut browsers {
                browser.expect("0x00000051");
                browser.send("\r");
                browser.expect("seen by two");
            }
            drop(attachment);
            for browser in &mut browsers {
                browser.expect("its last user has detached it");
                browser.send("\x03");
                assert_eq!(browser.code(), 0);
            }
            assert!(!exists(0x51), "they keep it alive for each other");
        },
    );
}

#[test]
fn what_only_a_viewer_has_attached_is_attached_by_no_other() {
    isolated(
        "what_only_a_viewer_has_attached_is_attached_by_no_other",
        || {
            if !forced() {
                return;
            }
            let segment = keyed(0x51, 4096, 0o600);
            let attachment = segment.attach().unwrap();
            attachment.view().write_all_at(0, b"seen by it").unwrap();
            let mut browser = Pty::browser(&[], 120, 40);
            browser.expect("0x00000051");
            browser.send("\r");
            browser.expect("seen by it");
            // It cannot react while it is stopped.
            let pid = i32::try_from(browser.child.process_id().unwrap()).unwrap();
            let pid = Pid::from_raw(pid).unwrap();
            kill_process(pid, Signal::STOP).unwrap();
            let dump = ["--read-only", "dump", "0x51", "--range", "0..4"];
            assert_eq!(namespace::output(SHM_TUI, &dump), "seen");
            drop(attachment);
            let refused = Command::new(SHM_TUI).args(dump).output().unwrap();
            kill_process(pid, Signal::CONT).unwrap();
            assert_eq!(refused.status.code(), REFUSED, "{refused:?}");
            assert!(words(&refused).contains("only viewers"), "{refused:?}");
            browser.expect("its last user has detached it");
            browser.send("\x03");
            assert_eq!(browser.code(), 0);
            assert!(!exists(0x51));
        },
    );
}
