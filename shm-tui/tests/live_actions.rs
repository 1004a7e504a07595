//! Changing segments of the real kernel from the browser in a pseudo-terminal, each test
//! in a new IPC namespace, as the user of the tests and as a user without rights.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/namespace.rs"]
mod namespace;
#[path = "support/pty.rs"]
mod pty;

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::time::{Duration, Instant};

use namespace::{isolated, skipped};
use portable_pty::CommandBuilder;
use pty::Pty;
use shm::{Key, Mode, OwnedSegment, Permissions, Segment};

const SHM_TUI: &str = env!("CARGO_BIN_EXE_shm-tui");
const KEY: i32 = 0x51;
/// To the last answer of a question.
const GO: &str = "\t\t\r";

fn keyed(size: usize) -> OwnedSegment {
    namespace::keyed(KEY, size, 0o600)
}

#[track_caller]
fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let end = Instant::now() + pty::PATIENCE;
    while !condition() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The browser, once it shows the segment.
fn browser(arguments: &[&str]) -> Pty {
    let pty = Pty::browser(arguments, 110, 30);
    pty.expect("0x00000051");
    pty
}

/// The browser of a user without rights; nothing where there is no second user,
/// as in a namespace that an ordinary user made.
fn browser_of_nobody(place: &tempfile::TempDir) -> Option<Pty> {
    let user = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
    let allowed = Command::new("setpriv").args(user).arg("true").output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        skipped("no second user here");
        return None;
    }
    // The place where it was built may be closed to others.
    let all = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(place.path(), all).unwrap();
    let program = place.path().join("shm-tui");
    std::fs::copy(SHM_TUI, &program).unwrap();
    let mut command = CommandBuilder::new("setpriv");
    command.args(user);
    command.arg(program);
    let pty = Pty::run(command, 110, 30);
    pty.expect("0x00000051");
    Some(pty)
}

#[test]
fn a_segment_is_removed() {
    isolated("a_segment_is_removed", || {
        let segment = keyed(4096);
        let mut pty = browser(&[]);
        pty.send("D");
        pty.expect("ipcrm -m");
        pty.send("\r");
        pty.expect("F10Quit");
        assert!(segment.stat().is_ok(), "the question starts on Cancel");
        pty.send("D");
        pty.expect("ipcrm -m");
        pty.send(GO);
        wait_for("it is removed", || segment.stat().is_err());
        pty.expect(": done");
    });
}

#[test]
fn an_attached_one_takes_its_identifier_and_names_who_has_it() {
    isolated(
        "an_attached_one_takes_its_identifier_and_names_who_has_it",
        || {
            let segment = keyed(4096);
            let _attachment = segment.attach().unwrap();
            let mut pty = browser(&[]);
            pty.send("D");
            pty.expect(&format!("attached by {}", std::process::id()));
            pty.send(GO);
            pty.expect("to confirm");
            assert!(!segment.stat().unwrap().flags.marked_for_removal());
            pty.send(&format!("{}\r", segment.id()));
            wait_for("it is marked for removal", || {
                segment
                    .stat()
                    .is_ok_and(|stat| stat.flags.marked_for_removal())
            });
        },
    );
}

#[test]
fn mode_and_owner_are_changed_and_a_segment_is_locked() {
    isolated("mode_and_owner_are_changed_and_a_segment_is_locked", || {
        let segment = keyed(4096);
        let mut pty = browser(&[]);
        pty.send("m640\r");
        pty.expect("IPC_SET, { mode = 0640 }");
        pty.send(GO);
        wait_for("the mode changes", || {
            segment.stat().unwrap().mode.bits() == 0o640
        });
        pty.expect("rw-r-----");
        pty.send("L");
        pty.expect("SHM_LOCK");
        pty.send(GO);
        wait_for("it is locked", || segment.stat().unwrap().flags.locked());
        pty.expect(": done");
        pty.send("\u{15}");
        pty.expect("SHM_UNLOCK");
        pty.send(GO);
        wait_for("it is unlocked", || !segment.stat().unwrap().flags.locked());
    });
}

#[test]
fn a_segment_is_made() {
    isolated("a_segment_is_made", || {
        let _other = keyed(4096);
        let mut pty = browser(&[]);
        pty.send("C64k key=0x77 mode=640\r");
        pty.expect("shmget(0x00000077, 65536");
        pty.send(GO);
        let found = || Segment::open(Key::from_raw(0x77)).ok();
        wait_for("it is made", || found().is_some());
        let made = found().unwrap().remove_on_drop();
        let stat = made.stat().unwrap();
        assert_eq!((stat.size, stat.mode.bits()), (65_536, 0o640));
    });
}

#[test]
fn the_replacement_of_a_segment_is_left_alone() {
    isolated("the_replacement_of_a_segment_is_left_alone", || {
        let segment = keyed(4096);
        let mut pty = browser(&[]);
        // Paused: the browser does not see what happens behind its back.
        pty.send("p");
        pty.expect("PAUSED");
        drop(segment);
        let replacement = keyed(8192);
        pty.send("D");
        pty.expect("ipcrm -m");
        pty.send(GO);
        wait_for("the answer is taken", || !pty.text().contains("Dry run"));
        assert!(replacement.stat().is_ok());
        assert!(!replacement.stat().unwrap().flags.marked_for_removal());
    });
}

#[test]
fn what_changed_meanwhile_is_left_alone_and_said() {
    isolated("what_changed_meanwhile_is_left_alone_and_said", || {
        let segment = keyed(4096);
        let before = segment.stat().unwrap().change_time;
        let mut pty = browser(&[]);
        pty.send("p");
        pty.expect("PAUSED");
        // The kernel's times are seconds.
        wait_for("the clock goes on", || {
            let mode = Permissions::new().mode(Mode::ALL_READ_WRITE);
            segment.set_permissions(&mode).unwrap();
            segment.stat().unwrap().change_time != before
        });
        pty.send("D");
        pty.expect("ipcrm -m");
        pty.send(GO);
        pty.expect("changed since it was listed");
        assert!(segment.stat().is_ok());
    });
}

#[test]
fn what_others_removed_counts_as_done() {
    isolated("what_others_removed_counts_as_done", || {
        let segment = keyed(4096);
        let mut pty = browser(&[]);
        pty.send("p");
        pty.expect("PAUSED");
        drop(segment);
        pty.send("D");
        pty.expect("ipcrm -m");
        pty.send(GO);
        pty.expect(": done");
    });
}

#[test]
fn a_read_only_run_removes_nothing() {
    isolated("a_read_only_run_removes_nothing", || {
        let segment = keyed(4096);
        let mut pty = browser(&["--read-only"]);
        // At the key, before any question.
        pty.send("D");
        pty.expect("--read-only");
        assert!(!pty.text().contains("ipcrm -m"), "{}", pty.text());
        assert!(segment.stat().is_ok());
    });
}

#[test]
fn a_user_without_rights_is_told_the_systems_reason() {
    isolated("a_user_without_rights_is_told_the_systems_reason", || {
        let segment = keyed(4096);
        let place = tempfile::tempdir().unwrap();
        let Some(mut pty) = browser_of_nobody(&place) else {
            return;
        };
        let before = segment.stat().unwrap();
        for (keys, what) in [
            ("D", "ipcrm"),
            ("m666\r", "IPC_SET"),
            ("L", "SHM_LOCK"),
            ("\u{15}", "SHM_UNLOCK"),
        ] {
            pty.send(keys);
            pty.expect(what);
            // It belongs to another user.
            pty.expect("to confirm");
            pty.send(&format!("{}{GO}", segment.id()));
            pty.expect("only its owner");
            pty.send("\u{1b}");
            wait_for("the answer is put away", || {
                !pty.text().contains("only its owner")
            });
        }
        assert_eq!(segment.stat(), Ok(before));
    });
}

#[test]
fn an_owner_without_the_right_to_read_removes_what_is_his() {
    isolated(
        "an_owner_without_the_right_to_read_removes_what_is_his",
        || {
            let segment = keyed(4096);
            let nobody = Permissions::new().owner(65_534).mode(Mode::NONE);
            if segment.set_permissions(&nobody).is_err() {
                skipped("no second user here");
                return;
            }
            let place = tempfile::tempdir().unwrap();
            let Some(mut pty) = browser_of_nobody(&place) else {
                return;
            };
            pty.send("D");
            pty.expect("ipcrm -m");
            pty.send(GO);
            wait_for("it is removed", || segment.stat().is_err());
        },
    );
}
