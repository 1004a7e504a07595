//! The script commands on the real kernel, each test in a new IPC namespace, as the user
//! of the tests and as a user without rights.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/namespace.rs"]
mod namespace;
#[path = "support/pty.rs"]
mod pty;
#[path = "support/schema.rs"]
mod schema;

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Output, Stdio};

use namespace::{isolated, skipped};
use pty::Pty;
use serde_json::Value;
use shm::{Mode, OwnedSegment, Permissions, Segment};
use shm_tui::model::act::{Act, Operation, Outcome};
use shm_tui::runtime::gate::Policy;
use shm_tui::source::live::Live;
use shm_tui::source::{SnapshotOptions, Source as _};

const SHM_TUI: &str = env!("CARGO_BIN_EXE_shm-tui");
const NOBODY: u32 = 65_534;

fn keyed(key: i32, mode: u32) -> OwnedSegment {
    namespace::keyed(key, 4096, mode)
}

fn id(segment: &OwnedSegment) -> String {
    segment.id().as_raw().to_string()
}

fn shm_tui(arguments: &[&str]) -> Output {
    Command::new(SHM_TUI)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What a command prints as JSON, which is as the schema says.
fn json(arguments: &[&str], name: &str) -> Value {
    let output = shm_tui(&[arguments, &["--json"]].concat());
    let document = serde_json::from_slice(&output.stdout);
    let document = document.unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
    schema::assert_is(name, &document);
    document
}

fn exists(segment: &OwnedSegment) -> bool {
    segment
        .stat()
        .is_ok_and(|stat| !stat.flags.marked_for_removal())
}

/// The same command as a user without rights; nothing where there is no second
/// user, as in a namespace that an ordinary user made.
fn as_nobody(arguments: &[&str]) -> Option<Output> {
    // The place where it was built may be closed to others.
    let place = tempfile::tempdir().unwrap();
    let all = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(place.path(), all).unwrap();
    let program = place.path().join("shm-tui");
    std::fs::copy(SHM_TUI, &program).unwrap();
    let output = Command::new(&program)
        .args(arguments)
        .stdin(Stdio::null())
        .uid(NOBODY)
        .gid(NOBODY)
        .output();
    if output.is_err() {
        skipped("no second user here");
    }
    output.ok()
}

#[test]
fn what_is_named_is_removed_and_nothing_else() {
    isolated("what_is_named_is_removed_and_nothing_else", || {
        let (by_id, by_key) = (keyed(0x51, 0o600), keyed(0x52, 0));
        let kept = keyed(0x53, 0o600);
        let name = id(&by_id);
        let output = shm_tui(&["remove", &name, "0x52", &name, "--yes"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        // Named twice, removed once.
        assert_eq!(text(&output.stdout).lines().count(), 2);
        assert!(!exists(&by_id) && !exists(&by_key) && exists(&kept));
        let again = shm_tui(&["remove", &name, "--yes"]);
        assert_eq!(again.status.code(), Some(1));
    });
}

#[test]
fn a_filter_removes_what_passes_it_and_nothing_else() {
    isolated("a_filter_removes_what_passes_it_and_nothing_else", || {
        let (open, closed) = (keyed(0x51, 0o666), keyed(0x52, 0o600));
        let used = keyed(0x53, 0o666);
        let attachment = used.attach().unwrap();
        let filter = ["remove", "--filter", "mode=666 nattch=0"];
        let planned = shm_tui(&[&filter[..], &["--dry-run"]].concat());
        let line = format!("ipcrm -m {}  #", id(&open));
        assert!(text(&planned.stdout).starts_with(&line));
        assert!(exists(&open));
        let removal = json(&[&filter[..], &["--yes"]].concat(), "removal");
        assert_eq!(removal["results"].as_array().unwrap().len(), 1);
        assert_eq!(removal["results"][0]["result"], "removed");
        assert!(!exists(&open) && exists(&closed) && exists(&used));
        drop(attachment);
    });
}

#[test]
fn without_leave_or_a_terminal_nothing_is_removed() {
    isolated("without_leave_or_a_terminal_nothing_is_removed", || {
        let segment = keyed(0x51, 0o600);
        for (arguments, code) in [
            (&["remove", "0x51"][..], 2),
            (&["remove", "--yes"], 2),
            (&["remove", "--yes", "--filter", ""], 2),
            (&["remove", "0x51", "--dry-run"], 0),
            (&["remove", "0x51", "--dry-run", "--json"], 0),
            (&["remove", "0x51", "0x99", "--yes"], 1),
            (&["remove", "0x51", "--yes", "--read-only"], 1),
            (&["--read-only", "remove", "0x51", "--yes"], 1),
        ] {
            assert_eq!(
                shm_tui(arguments).status.code(),
                Some(code),
                "{arguments:?}"
            );
            assert!(exists(&segment), "{arguments:?}");
        }
    });
}

#[test]
fn an_attached_segment_is_marked_and_a_marked_one_counts_as_done() {
    isolated(
        "an_attached_segment_is_marked_and_a_marked_one_counts_as_done",
        || {
            let segment = keyed(0x51, 0o600);
            let attachment = segment.attach().unwrap();
            let name = id(&segment);
            let output = shm_tui(&["remove", &name, "--yes"]);
            assert!(text(&output.stdout).contains("destroyed at the last detach"));
            let removal = json(&["remove", &name, "--yes"], "removal");
            assert_eq!(removal["results"][0]["result"], "was-removed");
            drop(attachment);
        },
    );
}

#[test]
fn a_user_without_rights_removes_nothing_and_reads_the_systems_reason() {
    isolated(
        "a_user_without_rights_removes_nothing_and_reads_the_systems_reason",
        || {
            let (readable, closed) = (keyed(0x51, 0o644), keyed(0x52, 0o600));
            let names = [id(&readable), id(&closed)];
            let arguments = ["remove", &names[0], &names[1], "--yes"];
            let Some(output) = as_nobody(&arguments) else {
                return;
            };
            assert_eq!(output.status.code(), Some(1));
            let message = text(&output.stderr);
            for name in &names {
                assert!(message.contains(&format!("segment {name}")), "{message}");
            }
            assert!(message.contains("only its owner"), "{message}");
            assert!(exists(&readable) && exists(&closed));
            // Looking takes no rights.
            for command in [
                &["list"][..],
                &["show", "0x52"],
                &["limits"],
                &["processes", "0x52"],
            ] {
                let output = as_nobody(command).unwrap();
                assert_eq!(output.status.code(), Some(0), "{command:?}");
            }
        },
    );
}

#[test]
fn a_dry_run_promises_what_would_be_done_and_no_more() {
    isolated("a_dry_run_promises_what_would_be_done_and_no_more", || {
        let (own, others) = (keyed(0x51, 0o666), keyed(0x52, 0o666));
        let nobody = Permissions::new().owner(NOBODY).group(NOBODY);
        if let Err(error) = own.set_permissions(&nobody) {
            return skipped(&format!("no segment of another owner: {error}"));
        }
        let dry = ["remove", "0x51", "0x52", "--dry-run"];
        let Some(output) = as_nobody(&dry) else {
            return;
        };
        assert_eq!(output.status.code(), Some(1));
        let (promised, refused) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(promised.lines().count(), 1, "{promised}");
        let line = format!("ipcrm -m {}  #", id(&own));
        assert!(promised.starts_with(&line), "{promised}");
        let words = format!("segment {} would be refused", id(&others));
        assert!(refused.contains(&words), "{refused}");
        assert!(refused.contains("unknown until"), "{refused}");
        let output = as_nobody(&[&dry[..], &["--json"]].concat()).unwrap();
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        schema::assert_is("removal", &document);
        assert_eq!(document["results"][0]["result"], "would-remove");
        assert_eq!(document["results"][1]["result"], "would-fail");
        // The same without the flag ends as promised.
        let output = as_nobody(&["remove", "0x51", "0x52", "--yes"]).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(!exists(&own) && exists(&others));
    });
}

#[test]
fn an_owner_removes_what_is_closed_to_everybody() {
    isolated("an_owner_removes_what_is_closed_to_everybody", || {
        let closed = keyed(0x51, 0);
        let nobody = Permissions::new().owner(NOBODY).group(NOBODY);
        if let Err(error) = closed.set_permissions(&nobody) {
            return skipped(&format!("no segment of another owner: {error}"));
        }
        let Some(output) = as_nobody(&["remove", "0x51", "--yes"]) else {
            return;
        };
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(!exists(&closed));
    });
}

#[test]
fn processes_are_named_with_their_rights() {
    isolated("processes_are_named_with_their_rights", || {
        let segment = keyed(0x51, 0o600);
        let (writer, reader) = (
            segment.attach().unwrap(),
            segment.attach_read_only().unwrap(),
        );
        writer.view().write_all_at(0, b"resident").unwrap();
        let found = json(&["processes", "0x51"], "processes");
        let list = found["processes"].as_array().unwrap();
        assert_eq!(found["attached"], 2);
        assert_eq!(found["not_found"], 0);
        let pid = std::process::id();
        assert!(list.iter().all(|process| process["pid"] == pid), "{list:?}");
        let mut rights: Vec<&str> = list.iter().map(|p| p["access"].as_str().unwrap()).collect();
        rights.sort_unstable();
        assert_eq!(rights, ["r", "rw"]);
        let table = text(&shm_tui(&["processes", &id(&segment)]).stdout);
        assert_eq!(table.lines().count(), 3, "{table}");
        // Nothing has to be attached here to find them.
        let before = segment.stat().unwrap();
        let probed = json(&["processes", "--probe", "0x51"], "processes");
        assert_eq!(
            (&probed["probed"], &probed["verified"]),
            (&false.into(), &true.into())
        );
        assert_eq!(probed["processes"], found["processes"]);
        assert_eq!(segment.stat().unwrap(), before);
        drop((writer, reader));
    });
}

#[test]
fn limits_are_those_of_the_kernel() {
    isolated("limits_are_those_of_the_kernel", || {
        let kernel = |name: &str| {
            let text = std::fs::read_to_string(format!("/proc/sys/kernel/{name}")).unwrap();
            text.trim().parse::<u64>().unwrap()
        };
        let segment = keyed(0x51, 0o600);
        let document = json(&["limits"], "limits");
        assert_eq!(document["limits"]["segments"], kernel("shmmni"));
        assert_eq!(document["usage"]["segments"], 1);
        assert_eq!(document["usage"]["pages"], 1);
        drop(segment);
        assert_eq!(json(&["limits"], "limits")["usage"]["segments"], 0);
    });
}

#[test]
fn another_namespace_is_entered_by_process_and_by_path() {
    isolated(
        "another_namespace_is_entered_by_process_and_by_path",
        || {
            let ours = keyed(0x51, 0o600);
            let mut other = Command::new("unshare")
                .args([
                    "--ipc",
                    "sh",
                    "-c",
                    "ipcmk -M 4096 >/dev/null && echo ready && read line",
                ])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut line = String::new();
            let mut out = BufReader::new(other.stdout.take().unwrap());
            out.read_line(&mut line).unwrap();
            assert_eq!(line, "ready\n");
            let pid = other.id().to_string();
            let path = format!("/proc/{pid}/ns/ipc");
            for name in [&pid, &path] {
                let listed = json(&["list", "--namespace", name], "segments");
                let segments = listed["segments"].as_array().unwrap();
                assert_eq!(segments.len(), 1);
                assert_ne!(segments[0]["key"], "0x00000051");
            }
            if let Some(output) = as_nobody(&["list", "--namespace", &pid]) {
                assert_eq!(output.status.code(), Some(1));
                assert!(text(&output.stderr).contains("cannot enter"));
            }
            let removed = [
                "remove",
                "--namespace",
                &pid,
                "--filter",
                "size=4096",
                "--yes",
            ];
            assert_eq!(
                json(&removed, "removal")["results"]
                    .as_array()
                    .unwrap()
                    .len(),
                1
            );
            assert!(exists(&ours));
            // One's own takes no right.
            if let Some(output) = as_nobody(&["list", "--namespace", "/proc/self/ns/ipc"]) {
                assert_eq!(output.status.code(), Some(0));
            }
            let own = std::process::id().to_string();
            let listed = json(&["list", "--namespace", &own], "segments");
            assert_eq!(listed["segments"][0]["key"], "0x00000051");
            drop(other.stdin.take());
            other.wait().unwrap();
        },
    );
}

#[test]
fn on_a_terminal_it_shows_what_would_be_hit_and_asks() {
    isolated("on_a_terminal_it_shows_what_would_be_hit_and_asks", || {
        let segment = keyed(0x51, 0o600);
        for (answer, code) in [("\r", 1), ("n\r", 1), ("\u{4}", 1), ("x\r", 1), ("y\r", 0)] {
            assert!(exists(&segment), "{answer:?} is no yes");
            let mut pty = Pty::browser(&["remove", "0x51"], 120, 20);
            pty.expect("0x00000051");
            pty.expect("Remove this segment? [y/N]");
            pty.send(answer);
            assert_eq!(pty.code(), code, "{answer:?}");
        }
        assert!(!exists(&segment));
    });
}

/// What comes of a removal that was decided on before `meanwhile` happened.
fn removed_after(segment: &OwnedSegment, meanwhile: impl FnOnce()) -> Result<Outcome, String> {
    let live = Live::new();
    let list = live.snapshot(SnapshotOptions::ALL).unwrap().segments;
    let id = segment.id().as_raw();
    let listed = list.iter().find(|listed| listed.id == id).unwrap();
    let act = Act {
        target: listed.identity(),
        operation: Operation::Remove,
    };
    meanwhile();
    let result = Policy::default().act(&live, &act);
    result.map_err(|error| error.to_string())
}

#[test]
fn what_others_did_between_listing_and_removing_is_respected() {
    isolated(
        "what_others_did_between_listing_and_removing_is_respected",
        || {
            let untouched = keyed(0x51, 0o600);
            assert_eq!(removed_after(&untouched, || {}), Ok(Outcome::Done));

            let removed = keyed(0x51, 0o600);
            let by_others = || Segment::from_id(removed.id()).remove().unwrap();
            assert_eq!(removed_after(&removed, by_others), Ok(Outcome::WasGone));

            let marked = keyed(0x51, 0o600);
            let attachment = marked.attach().unwrap();
            let by_others = || Segment::from_id(marked.id()).remove().unwrap();
            assert_eq!(removed_after(&marked, by_others), Ok(Outcome::WasRemoved));
            drop(attachment);

            let changed = keyed(0x51, 0o600);
            let by_others = || {
                // Times are whole seconds.
                std::thread::sleep(std::time::Duration::from_millis(1100));
                let mode = Permissions::new().mode(Mode::from_bits(0o666).unwrap());
                changed.set_permissions(&mode).unwrap();
            };
            let refused = removed_after(&changed, by_others).unwrap_err();
            assert!(refused.contains("changed since it was listed"), "{refused}");
            assert!(exists(&changed));
        },
    );
}

#[test]
fn an_identifier_that_came_back_is_another_segment() {
    isolated("an_identifier_that_came_back_is_another_segment", || {
        let next = std::path::Path::new("/proc/sys/kernel/shm_next_id");
        let segment = keyed(0x51, 0o600);
        let id = segment.id().as_raw();
        let mut heir = None;
        let meanwhile = || {
            Segment::from_id(segment.id()).remove().unwrap();
            // The kernel can be told which identifier it gives out next.
            if std::fs::write(next, id.to_string()).is_ok() {
                heir = Some(keyed(0x52, 0o600));
            }
        };
        let outcome = removed_after(&segment, meanwhile);
        let Some(heir) = heir else {
            return skipped(&format!("{} may not be written", next.display()));
        };
        assert_eq!(heir.id().as_raw(), id);
        assert_eq!(outcome, Ok(Outcome::WasGone));
        assert!(exists(&heir));
    });
}
