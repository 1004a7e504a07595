//! `shm-tui watch --json` on the real kernel, each test in a new IPC namespace.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/namespace.rs"]
mod namespace;
#[path = "support/pty.rs"]
mod pty;
#[path = "support/schema.rs"]
mod schema;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use namespace::{isolated, keyed};
use serde_json::Value;
use shm::{Mode, Permissions, Segment};

const SHM_TUI: &str = env!("CARGO_BIN_EXE_shm-tui");

/// `watch`, and the lines that it prints.
struct Watched {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

fn watch(arguments: &[&str]) -> Watched {
    let mut child = Command::new(SHM_TUI)
        .args(["watch", "--json", "--rate", "0.25"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    Watched { child, lines }
}

impl Watched {
    fn next(&mut self, name: &str) -> Value {
        let line = self.lines.next().unwrap().unwrap();
        let event = serde_json::from_str(&line).unwrap();
        schema::assert_is(name, &event);
        event
    }
}

#[test]
fn every_change_is_one_line() {
    isolated("every_change_is_one_line", || {
        let mut watched = watch(&["--count", "6"]);
        let begin = watched.next("watching");
        assert_eq!(begin["segments"], 0);
        let inode = shm::Namespace::own().inode();
        assert_eq!(begin["namespace"].as_u64(), inode);
        let segment = keyed(0x51, 4096, 0o600);
        let created = watched.next("event");
        assert_eq!(created["event"], "created");
        assert_eq!(created["namespace"].as_u64(), inode);
        assert_eq!(created["key"], "0x00000051");
        assert_eq!(created["id"], segment.id().as_raw());
        // Fields, not sentences to parse.
        assert_eq!(created["pid"], std::process::id());
        let program = std::env::current_exe().unwrap();
        let command = created["command"].as_str().unwrap();
        assert!(command.contains(program.to_str().unwrap()), "{command}");
        let uid = rustix::process::geteuid().as_raw();
        assert_eq!(created["owner_uid"], uid);
        assert!(!created["owner"].as_str().unwrap().is_empty());
        assert_eq!(
            (&created["mode"], &created["size"], &created["attached"]),
            (&"0600".into(), &4096.into(), &0.into())
        );
        let attachment = segment.attach().unwrap();
        let attached = watched.next("event");
        assert_eq!(
            (
                &attached["event"],
                &attached["count"],
                &attached["attached"]
            ),
            (&"attached".into(), &1.into(), &1.into())
        );
        assert_eq!(attached["pid"], std::process::id());
        let mode = Permissions::new().mode(Mode::from_bits(0o640).unwrap());
        segment.set_permissions(&mode).unwrap();
        let changed = watched.next("event");
        assert_eq!(
            (&changed["event"], &changed["mode"], &changed["pid"]),
            (&"mode".into(), &"0640".into(), &Value::Null)
        );
        Segment::from_id(segment.id()).remove().unwrap();
        assert_eq!(watched.next("event")["event"], "removed");
        drop(attachment);
        // Detached and destroyed: nothing is left to see the detach by.
        assert_eq!(watched.next("event")["event"], "destroyed");
        drop(keyed(0x52, 4096, 0o600));
        let last = keyed(0x53, 4096, 0o600);
        assert_eq!(watched.next("event")["event"], "created");
        assert!(watched.child.wait().unwrap().success());
        drop(last);
    });
}

#[test]
fn a_watch_tells_only_of_what_passes_its_filter() {
    isolated("a_watch_tells_only_of_what_passes_its_filter", || {
        let mut watched = watch(&["--count", "1", "--filter", "key=0x52"]);
        watched.next("watching");
        let (other, meant) = (keyed(0x51, 4096, 0o600), keyed(0x52, 4096, 0o600));
        assert_eq!(watched.next("event")["key"], "0x00000052");
        assert!(watched.child.wait().unwrap().success());
        drop((other, meant));
    });
}

#[test]
fn a_watch_that_nobody_reads_ends() {
    isolated("a_watch_that_nobody_reads_ends", || {
        // Nothing happens, so nothing is written: it must notice by itself. Its
        // next look would be a minute later.
        let mut child = Command::new(SHM_TUI)
            .args(["watch", "--json", "--rate", "60"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        drop(out);
        let end = std::time::Instant::now() + pty::PATIENCE;
        while child.try_wait().unwrap().is_none() {
            if std::time::Instant::now() > end {
                child.kill().unwrap();
                panic!("it does not notice");
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    });
}
