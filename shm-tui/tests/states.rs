//! The states of known processes: zombies, exited main threads, other namespaces, and the
//! program's own views.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/namespace.rs"]
mod namespace;
#[path = "support/schema.rs"]
mod schema;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use namespace::{installed, isolated, keyed, output, skipped};
use serde_json::Value;

const SHM_TUI: &str = env!("CARGO_BIN_EXE_shm-tui");
const PATIENCE: Duration = Duration::from_secs(20);

/// A program that prints `ready`, lives until its input ends, and is waited for.
struct Program(Child);

impl Program {
    fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        Self(child)
    }

    fn perl(script: &str) -> Option<Self> {
        if let Err(missing) = installed("perl", "perl") {
            skipped(&missing);
            return None;
        }
        let script = format!("$| = 1; {script}");
        Some(Self::start(Command::new("perl").args(["-e", &script])))
    }

    fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

fn segments(arguments: &[&str]) -> Vec<Value> {
    let text = output(SHM_TUI, &[&["list", "--json"], arguments].concat());
    let document: Value = serde_json::from_str(&text).unwrap();
    schema::assert_is("segments", &document);
    document["segments"].as_array().unwrap().clone()
}

#[test]
fn a_zombie_creator_does_not_run_and_its_segment_is_an_orphan() {
    isolated(
        "a_zombie_creator_does_not_run_and_its_segment_is_an_orphan",
        || {
            // The child makes it and ends; its parent does not wait for it.
            let script = "my $p = fork; \
                if (!$p) { defined shmget(0x51, 4096, 01600) or die; exit } \
                open F, '<', \"/proc/$p/stat\"; select undef, undef, undef, 0.01 \
                    until do { seek F, 0, 0; (<F> =~ /\\) Z /) }; \
                print \"ready\\n\"; <STDIN>";
            let Some(_parent) = Program::perl(script) else {
                return;
            };
            let listed = segments(&[]);
            assert_eq!(listed[0]["state"], "possible-orphan", "{listed:?}");
            assert_eq!(listed[0]["creator_command"], Value::Null);
            let metrics = output(SHM_TUI, &["metrics"]);
            let orphans = metrics.lines().find(|line| {
                line.starts_with("sysv_shm_orphan_segments") && line.contains("possible")
            });
            assert!(orphans.unwrap().ends_with(" 1"), "{metrics}");
            let _ = output("ipcrm", &["-M", "0x51"]);
        },
    );
}

#[test]
fn a_process_whose_main_thread_ended_runs_and_has_its_attachments() {
    isolated(
        "a_process_whose_main_thread_ended_runs_and_has_its_attachments",
        || {
            if let Err(missing) = installed("python3", "python3") {
                return skipped(&missing);
            }
            let script = "\
import ctypes, sys, threading
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
id = libc.shmget(0x51, 4096, 0o1600)
assert id >= 0 and libc.shmat(id, None, 0) not in (None, -1)
def rest():
    state = lambda: open('/proc/self/stat').read().rsplit(') ', 1)[1][0]
    while state() != 'Z': pass
    print('ready', flush=True)
    sys.stdin.read()
    libc._exit(0)
threading.Thread(target=rest).start()
libc.pthread_exit(None)
";
            let program = Program::start(Command::new("python3").args(["-c", script]));
            let listed = segments(&[]);
            assert_eq!(listed[0]["state"], "in-use");
            let command = listed[0]["creator_command"].as_str().unwrap();
            assert!(command.contains("python"), "{command}");
            let text = output(SHM_TUI, &["processes", "0x51", "--json"]);
            let found: Value = serde_json::from_str(&text).unwrap();
            schema::assert_is("processes", &found);
            assert_eq!(
                (&found["not_found"], &found["surplus"]),
                (&0.into(), &0.into())
            );
            assert_eq!(found["processes"][0]["pid"], program.pid());
            assert!(found["processes"][0]["resident"].is_u64(), "{found}");
            drop(program);
            let _ = output("ipcrm", &["-M", "0x51"]);
        },
    );
}

#[test]
fn an_attachment_from_another_namespace_names_nobody_here() {
    isolated(
        "an_attachment_from_another_namespace_names_nobody_here",
        || {
            if let Err(missing) = installed("python3", "python3") {
                return skipped(&missing);
            }
            // It attaches identifier 0 there, and enters this namespace, where that
            // is another segment.
            let segment = keyed(0, 4096, 0o600);
            assert_eq!(segment.id().as_raw(), 0);
            let script = format!(
                "\
import ctypes, sys
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
assert libc.unshare(0x08000000) == 0
id = libc.shmget(0, 4096, 0o1600)
assert id == 0 and libc.shmat(id, None, 0) not in (None, -1)
door = open('/proc/{}/ns/ipc')
assert libc.setns(door.fileno(), 0) == 0
print('ready', flush=True)
sys.stdin.read()
",
                std::process::id()
            );
            let _program = Program::start(Command::new("python3").args(["-c", &script]));
            let text = output(SHM_TUI, &["processes", "0", "--json"]);
            let found: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(found["attached"], 0);
            assert_eq!(found["processes"], Value::Array(Vec::new()));
            assert_eq!(found["surplus"], 1);
            let columns = ["list", "--csv", "--columns", "id,attached-commands"];
            let table = output(SHM_TUI, &columns);
            assert_eq!(table.lines().nth(1), Some("0,"), "{table}");
        },
    );
}

#[test]
fn a_creator_in_another_pid_namespace_is_unknown_everywhere() {
    isolated(
        "a_creator_in_another_pid_namespace_is_unknown_everywhere",
        || {
            let _segment = keyed(0x51, 4096, 0o600);
            let inside = |arguments: &[&str]| -> Option<String> {
                let output = Command::new("unshare")
                    .args(["--pid", "--fork", "--mount-proc", SHM_TUI])
                    .args(arguments)
                    .output()
                    .unwrap();
                if output.status.success() {
                    return Some(String::from_utf8(output.stdout).unwrap());
                }
                skipped(String::from_utf8_lossy(&output.stderr).trim());
                None
            };
            let Some(json) = inside(&["list", "--json"]) else {
                return;
            };
            let document: Value = serde_json::from_str(&json).unwrap();
            schema::assert_is("segments", &document);
            let listed = &document["segments"][0];
            assert_eq!(listed["creator_pid"], Value::Null);
            assert_eq!(listed["last_pid"], Value::Null);
            assert_eq!(listed["state"], "unknown");
            let columns = "state,creator-pid,last-pid,creator-command";
            let csv = inside(&["list", "--csv", "--columns", columns]).unwrap();
            assert_eq!(csv.lines().nth(1), Some("unknown,,,"), "{csv}");
            let table = inside(&["list", "--columns", columns]).unwrap();
            let row: Vec<&str> = table.lines().nth(1).unwrap().split_whitespace().collect();
            assert_eq!(row, ["unknown", "-", "-", "-"]);
            let metrics = inside(&["metrics"]).unwrap();
            for line in metrics
                .lines()
                .filter(|line| line.contains("orphan_segments{"))
            {
                assert!(line.ends_with(" 0"), "{line}");
            }
        },
    );
}

#[test]
fn the_start_of_a_process_is_known_without_proc_stat() {
    isolated("the_start_of_a_process_is_known_without_proc_stat", || {
        let Some(_creator) =
            Program::perl("defined shmget(0x51, 4096, 01600) or die; print \"ready\\n\"; <STDIN>")
        else {
            return;
        };
        let script = "mount -t proc -o subset=pid proc /proc && test ! -e /proc/stat && \
            exec \"$0\" list --json";
        let listed = Command::new("unshare")
            .args(["--mount", "sh", "-c", script, SHM_TUI])
            .output()
            .unwrap();
        if !listed.status.success() {
            let why = String::from_utf8_lossy(&listed.stderr);
            return skipped(&format!("no /proc with subset=pid: {}", why.trim()));
        }
        let document: Value = serde_json::from_slice(&listed.stdout).unwrap();
        assert_eq!(document["segments"][0]["state"], "idle", "{document}");
        let _ = output("ipcrm", &["-M", "0x51"]);
    });
}

#[test]
fn an_owner_without_a_mapping_is_not_nobody() {
    isolated("an_owner_without_a_mapping_is_not_nobody", || {
        let segment = keyed(0x51, 4096, 0o600);
        let other = shm::Permissions::new().owner(4711).group(4711);
        if let Err(error) = segment.set_permissions(&other) {
            return skipped(&format!("no segment of another owner: {error}"));
        }
        let inside = |arguments: &[&str]| {
            let output = Command::new("unshare")
                .args(["--user", "--map-root-user", SHM_TUI])
                .args(arguments)
                .output()
                .unwrap();
            assert!(output.status.success(), "{output:?}");
            String::from_utf8(output.stdout).unwrap()
        };
        let document: Value = serde_json::from_str(&inside(&["list", "--json"])).unwrap();
        let listed = &document["segments"][0];
        assert_eq!(
            (&listed["owner"], &listed["owner_uid"], &listed["group"]),
            (&"unmapped".into(), &65_534.into(), &"unmapped".into())
        );
        assert_eq!(listed["creator"], "root");
        let metrics = inside(&["metrics"]);
        let labels = "sysv_shm_segments{owner=\"unmapped\",uid=\"65534\"} 1";
        assert!(metrics.contains(labels), "{metrics}");
        let nobody = inside(&["list", "--filter", "owner=nobody", "--columns", "id"]);
        assert_eq!(nobody.lines().count(), 1, "{nobody}");
    });
}

/// Everything of a listing on which the verdict rests.
fn verdict() -> (Value, String) {
    let state = segments(&[])[0]["state"].clone();
    let columns = ["list", "--filter", "unused>1s", "--columns", "id"];
    (state, output(SHM_TUI, &columns))
}

#[test]
fn a_dump_does_not_change_the_verdict() {
    isolated("a_dump_does_not_change_the_verdict", || {
        // Made, used and left behind by a process that has ended.
        let script = "defined shmget(0x51, 16, 01600) or die; \
            shmwrite(shmget(0x51, 16, 0), 'left', 0, 4) or die; print \"ready\\n\"";
        let Some(creator) = Program::perl(script) else {
            return;
        };
        drop(creator);
        std::thread::sleep(Duration::from_millis(2500));
        let before = verdict();
        assert_eq!(before.0, "possible-orphan");
        assert_eq!(before.1.lines().count(), 2, "unused for more than a second");
        let last = segments(&[])[0]["last_pid"].clone();
        for _ in 0..2 {
            let dumped = output(SHM_TUI, &["dump", "0x51", "--range", "0..4"]);
            assert_eq!(dumped, "left");
            assert_ne!(segments(&[])[0]["last_pid"], last, "it was attached");
            assert_eq!(verdict(), before);
        }
        // A use by somebody else counts again.
        let segment = shm::Segment::open(shm::Key::from_raw(0x51)).unwrap();
        let end = Instant::now() + PATIENCE;
        loop {
            drop(segment.attach().unwrap());
            let now = verdict();
            if now.1.lines().count() == 1 {
                break;
            }
            assert!(Instant::now() < end, "{now:?}");
        }
        segment.remove().unwrap();
    });
}

#[test]
fn a_viewer_that_outlasts_the_last_user_does_not_count_as_use() {
    isolated(
        "a_viewer_that_outlasts_the_last_user_does_not_count_as_use",
        || {
            if let Err(missing) = installed("python3", "python3") {
                return skipped(&missing);
            }
            let script = "\
import ctypes, sys
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
id = libc.shmget(0x51, 1 << 20, 0o1600)
at = libc.shmat(id, None, 0)
assert at not in (None, -1)
ctypes.memset(at, 120, 1 << 20)
print('ready', flush=True)
sys.stdin.read()
";
            let user = Program::start(Command::new("python3").args(["-c", script]));
            // Two of them, which wait for their readers.
            let mut dumps = [(); 2].map(|()| {
                Command::new(SHM_TUI)
                    .args(["dump", "0x51"])
                    .stdin(Stdio::null())
                    .stdout(Stdio::piped())
                    .spawn()
                    .unwrap()
            });
            let attached = || segments(&[])[0]["attached"].as_u64().unwrap();
            let end = Instant::now() + PATIENCE;
            while attached() < 3 {
                assert!(Instant::now() < end, "{} attached", attached());
                std::thread::sleep(Duration::from_millis(10));
            }
            drop(user);
            while attached() > 2 {
                assert!(Instant::now() < end, "{} attached", attached());
                std::thread::sleep(Duration::from_millis(10));
            }
            std::thread::sleep(Duration::from_millis(2500));
            for dump in &mut dumps {
                let mut out = dump.stdout.take().unwrap();
                std::io::copy(&mut out, &mut std::io::sink()).unwrap();
                assert!(dump.wait().unwrap().success());
            }
            let (state, unused) = verdict();
            assert_eq!(state, "possible-orphan");
            assert_eq!(unused.lines().count(), 2, "unused for more than a second");
            let _ = output("ipcrm", &["-M", "0x51"]);
        },
    );
}

#[test]
fn a_dump_that_cannot_be_recorded_says_so() {
    isolated("a_dump_that_cannot_be_recorded_says_so", || {
        let _segment = keyed(0x51, 16, 0o600);
        let dump = |state: &str| {
            let output = Command::new(SHM_TUI)
                .args(["dump", "0x51"])
                .env("XDG_STATE_HOME", state)
                .output()
                .unwrap();
            assert_eq!(output.stdout, [0; 16], "{output:?}");
            String::from_utf8(output.stderr).unwrap()
        };
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(dump(file.to_str().unwrap()).contains("this counts as use of segment"));
        assert_eq!(dump(directory.path().to_str().unwrap()), "");
    });
}
