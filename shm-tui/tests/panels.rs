//! The panels beside the table on the real kernel: processes, events, namespaces, and the
//! messages for an ordinary user.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/namespace.rs"]
mod namespace;
#[path = "support/pty.rs"]
mod pty;

use std::os::unix::fs::MetadataExt as _;
use std::process::{Child, Command, Stdio};

use namespace::{installed, isolated, keyed, skipped};
use portable_pty::CommandBuilder;
use pty::Pty;
use shm::{Mode, OwnedSegment, Segment};

const SHM_TUI: &str = env!("CARGO_BIN_EXE_shm-tui");

/// A process that is killed at the end.
struct Running(Child);

impl Running {
    fn start(program: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(program);
        let command = command.args(arguments).stdout(Stdio::null());
        Self(command.spawn().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A process of a known name that has segments attached: one to be written, the
/// other to be read.
fn attaching(written: &OwnedSegment, read: &OwnedSegment) -> Option<Running> {
    let script = "use IPC::SysV qw(shmat SHM_RDONLY); $0 = 'attacher of two'; \
                  shmat($ARGV[0], undef, 0); shmat($ARGV[1], undef, SHM_RDONLY); sleep 600";
    if let Err(missing) = installed("perl", "perl") {
        skipped(&missing);
        return None;
    }
    let ids = [written, read].map(|segment| segment.id().as_raw().to_string());
    let running = Running::start("perl", &["-e", script, &ids[0], &ids[1]]);
    let end = std::time::Instant::now() + pty::PATIENCE;
    while read.stat().unwrap().attached == 0 {
        assert!(std::time::Instant::now() < end, "perl attaches nothing");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    Some(running)
}

#[test]
fn the_processes_are_those_that_attach_and_lead_to_their_other_segments() {
    isolated(
        "the_processes_are_those_that_attach_and_lead_to_their_other_segments",
        || {
            let [written, read, other] = [0x61, 0x62, 0x63].map(|key| keyed(key, 8192, 0o600));
            let Some(running) = attaching(&written, &read) else {
                return;
            };
            let pid = running.0.id().to_string();
            let is_shown = |text: &str, access: &str| {
                let words = [pid.as_str(), access, "attacher of two"];
                text.lines()
                    .any(|line| words.iter().all(|word| line.contains(word)))
            };
            let mut pty = Pty::browser(&[], 120, 30);
            pty.expect("0x00000063");
            pty.send("a");
            pty.expect("all attachments found");
            pty.expect("attacher of two");
            assert!(is_shown(&pty.text(), " rw "), "{}", pty.text());
            pty.send("\r");
            pty.expect("only segments of process");
            pty.expect("0x00000062");
            let text = pty.text();
            assert!(!text.contains("0x00000063"), "{text}");
            pty.send("ja");
            pty.expect(&format!("Processes of segment {}", read.id().as_raw()));
            pty.expect("attacher of two");
            assert!(is_shown(&pty.text(), " r "), "{}", pty.text());
            pty.send("qq");
            assert_eq!(pty.code(), 0);
            drop(other);
        },
    );
}

#[test]
fn what_happens_is_logged_and_can_be_written_to_a_file() {
    isolated(
        "what_happens_is_logged_and_can_be_written_to_a_file",
        || {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("events.txt");
            let mut pty = Pty::browser(&["--rate", "0.25"], 120, 30);
            pty.expect("there are no System V shared memory segments here");
            pty.send("e");
            let segment = keyed(0x61, 5001, 0o600);
            pty.expect("created, 4.9K");
            let attachment = segment.attach().unwrap();
            pty.expect(" attached");
            let mode = Mode::from_bits(0o640).unwrap();
            segment
                .set_permissions(&shm::Permissions::new().mode(mode))
                .unwrap();
            pty.expect("permissions rw-r-----");
            Segment::from_id(segment.id()).remove().unwrap();
            pty.expect("marked for removal");
            drop(attachment);
            pty.expect("destroyed");
            pty.send(&format!("w\u{15}{}\r", path.display()));
            pty.expect("wrote ");
            let text = std::fs::read_to_string(&path).unwrap();
            let whats = ["created", "attached", "permissions", "removal", "destroyed"];
            let places =
                whats.map(|what| text.find(what).unwrap_or_else(|| panic!("{what}: {text}")));
            assert!(places.is_sorted(), "the oldest first: {text}");
            assert!(text.contains("0x00000061"), "{text}");
            assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
            pty.send(&format!("w\u{15}{}\r", path.display()));
            pty.expect("cannot create ");
        },
    );
}

#[test]
fn another_namespace_is_looked_into_and_left_again() {
    isolated("another_namespace_is_looked_into_and_left_again", || {
        let here = keyed(0x61, 4096, 0o600);
        let script = "ipcmk -M 12345 >/dev/null && exec sleep 600";
        let other = Running::start("unshare", &["--ipc", "sh", "-c", script]);
        let door = format!("/proc/{}/ns/ipc", other.0.id());
        let inode = || std::fs::metadata(&door).map(|door| door.ino());
        let own = std::fs::metadata("/proc/self/ns/ipc").unwrap().ino();
        let end = std::time::Instant::now() + pty::PATIENCE;
        while inode().is_ok_and(|inode| inode == own) {
            assert!(std::time::Instant::now() < end, "unshare makes nothing");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let mut pty = Pty::browser(&["--rate", "0.25"], 120, 50);
        pty.expect("0x00000061");
        pty.send("n");
        let line = |text: &str| {
            let number = inode().unwrap().to_string();
            text.lines().position(|line| line.contains(&number))
        };
        pty.expect(&inode().unwrap().to_string());
        // The list begins in the fourth line.
        let at = line(&pty.text()).unwrap() - 3;
        pty.send(&"j".repeat(at));
        pty.send("\r");
        pty.expect("in IPC namespace");
        pty.expect("12.1K");
        assert!(!pty.text().contains("0x00000061"), "{}", pty.text());
        pty.send("n");
        pty.expect(&format!("{own} own"));
        let text = pty.text();
        let back = text
            .lines()
            .position(|line| line.contains(&format!("{own} own")));
        pty.send("g");
        pty.send(&"j".repeat(back.unwrap() - 3));
        pty.send("\r");
        pty.expect("0x00000061");
        drop(here);
    });
}

#[test]
fn an_ordinary_user_sees_the_table_and_is_told_what_they_may_not() {
    isolated(
        "an_ordinary_user_sees_the_table_and_is_told_what_they_may_not",
        || {
            if !rustix::process::geteuid().is_root() {
                return skipped("only root can become another user");
            }
            if let Err(missing) = installed("setpriv", "util-linux") {
                return skipped(&missing);
            }
            let segment = keyed(0x61, 4096, 0o600);
            let attachment = segment.attach().unwrap();
            let mut command = CommandBuilder::new("setpriv");
            command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]);
            command.arg(SHM_TUI);
            let mut pty = Pty::run(command, 120, 30);
            // A build directory may be closed to others.
            std::thread::sleep(std::time::Duration::from_millis(200));
            if pty.child.try_wait().unwrap().is_some() {
                skipped("the program cannot be started as another user");
                return;
            }
            pty.expect("0x00000061");
            pty.send("\r");
            pty.expect("ermission denied");
            pty.send("qa");
            pty.expect("1 of 1 attachment not found");
            pty.expect("could not be inspected");
            drop(attachment);
        },
    );
}
