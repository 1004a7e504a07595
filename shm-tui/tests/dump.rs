//! `shm-tui dump` on the real kernel.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/namespace.rs"]
mod namespace;

use std::io::Read as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use namespace::{installed, isolated, output, partly, sparse};
use rustix::process::{Pid, Signal, kill_process};

const SHM_TUI: &str = env!("CARGO_BIN_EXE_shm-tui");
const PATIENCE: Duration = Duration::from_secs(60);

fn dump(arguments: &[&str]) -> Output {
    Command::new(SHM_TUI)
        .arg("dump")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn path_in(directory: &tempfile::TempDir, name: &str) -> String {
    directory.path().join(name).to_str().unwrap().to_owned()
}

/// Bytes of which no two rows are alike.
fn numbered(length: usize) -> Vec<u8> {
    (0..length / 8)
        .flat_map(|n| (n as u64 * 0x1234_5677 + 1).to_le_bytes())
        .collect()
}

#[test]
fn a_dump_is_what_is_in_the_segment() {
    isolated("a_dump_is_what_is_in_the_segment", || {
        let directory = tempfile::tempdir().unwrap();
        let segment = sparse(0x51, 300_000);
        let bytes = numbered(200_000);
        segment
            .attach()
            .unwrap()
            .view()
            .write_all_at(8, &bytes)
            .unwrap();
        let mut all = vec![0; 8];
        all.extend(&bytes);
        all.resize(300_000, 0);

        let id = segment.id().as_raw().to_string();
        assert_eq!(dump(&[&id]).stdout, all);
        let part = dump(&["0x51", "--range", "0x10..200k"]);
        assert_eq!(part.stdout, all[16..200 << 10]);
        assert_eq!(
            dump(&["0x51", "--range", "290000.."]).stdout,
            all[290_000..]
        );

        let path = path_in(&directory, "file");
        assert!(dump(&["0x51", "-o", &path]).status.success());
        assert_eq!(std::fs::read(&path).unwrap(), all);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = dump(&["0x51", "--range", "..4", "-o", &path]);
        assert_eq!(again.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&again.stderr).contains("exists"));
        assert_eq!(std::fs::read(&path).unwrap(), all, "it was written over");

        let outside = dump(&["0x51", "--range", "..300001"]);
        assert_eq!(outside.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&outside.stderr).contains("ends at 300000"));
        match installed("hexdump", "bsdextrautils") {
            Ok(()) => {
                let theirs = output("hexdump", &["-C", &path]);
                let ours = dump(&["0x51", "--hex"]).stdout;
                assert_eq!(String::from_utf8(ours).unwrap(), theirs);
            }
            Err(missing) => partly(&missing),
        }
    });
}

/// Resident bytes of the only segment there is.
fn resident() -> u64 {
    let table = shm::segments_with_memory().unwrap();
    table.iter().next().unwrap().memory.unwrap().resident
}

#[test]
fn a_sparse_segment_stays_sparse_and_so_is_the_file() {
    isolated("a_sparse_segment_stays_sparse_and_so_is_the_file", || {
        let directory = tempfile::tempdir().unwrap();
        let segment = sparse(0x51, 4 << 30);
        let attachment = segment.attach().unwrap();
        attachment.view().write_all_at(3 << 30, b"far out").unwrap();
        let before = resident();
        for arguments in [&[][..], &["--hex"]] {
            let path = path_in(&directory, &format!("file{}", arguments.len()));
            let output = dump(&[&["0x51", "-o", &path], arguments].concat());
            assert!(output.status.success(), "{output:?}");
            let blocks = Path::new(&path).metadata().unwrap().blocks();
            assert!(blocks * 512 < 1 << 20, "{blocks} blocks");
            assert_eq!(resident(), before);
        }
    });
}

/// Starts a dump that takes a while, and ends it by a signal.
fn interrupted(
    arguments: &[&str],
    begun: impl Fn(&mut Child) -> bool,
    signal: Signal,
) -> (i32, String) {
    let mut child = Command::new(SHM_TUI)
        .arg("dump")
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let end = Instant::now() + PATIENCE;
    while !begun(&mut child) {
        assert!(Instant::now() < end, "it does not begin");
        std::thread::sleep(Duration::from_millis(2));
    }
    let pid = Pid::from_child(&child);
    kill_process(pid, signal).unwrap();
    let status = child.wait().unwrap();
    let mut errors = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut errors)
        .unwrap();
    (status.code().unwrap(), errors)
}

#[test]
fn a_signal_leaves_no_file_and_the_message_is_true() {
    isolated("a_signal_leaves_no_file_and_the_message_is_true", || {
        let directory = tempfile::tempdir().unwrap();
        let segment = sparse(0x51, 128 << 20);
        let attachment = segment.attach().unwrap();
        attachment
            .view()
            .write_all_at(0, &numbered(128 << 20))
            .unwrap();
        for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
            let path = path_in(&directory, "file");
            let begun =
                |_: &mut Child| Path::new(&path).metadata().is_ok_and(|file| file.len() > 0);
            let (ended, message) = interrupted(&["0x51", "--hex", "-o", &path], begun, signal);
            assert_eq!(ended, code, "{message}");
            assert!(message.contains("was removed"), "{message}");
            assert!(!Path::new(&path).exists());
        }
        // Nobody reads: the write itself waits when the signal comes.
        let waiting = |child: &mut Child| {
            let out = child.stdout.as_mut().unwrap();
            out.read_exact(&mut [0]).is_ok()
        };
        let (ended, message) = interrupted(&["0x51"], waiting, Signal::INT);
        assert_eq!(ended, 130, "{message}");
        assert!(message.contains("the output is incomplete"), "{message}");
    });
}

#[test]
fn a_dump_that_nobody_reads_releases_a_removed_segment() {
    isolated(
        "a_dump_that_nobody_reads_releases_a_removed_segment",
        || {
            for arguments in [&["dump", "0x51"][..], &["dump", "0x51", "--hex"]] {
                let segment = sparse(0x51, 1 << 20);
                let id = segment.id();
                let view = segment.attach().unwrap();
                view.view().write_all_at(0, &numbered(1 << 20)).unwrap();
                drop(view);
                let child = Command::new(SHM_TUI)
                    .args(arguments)
                    .stdin(Stdio::null())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap();
                let state = || shm::Segment::open_id(id).and_then(|segment| segment.stat());
                let end = Instant::now() + PATIENCE;
                while state().unwrap().attached == 0 {
                    assert!(Instant::now() < end, "it attaches nothing");
                    std::thread::sleep(Duration::from_millis(10));
                }
                // Its pipe is full, and stays so.
                std::thread::sleep(Duration::from_millis(300));
                segment.remove().unwrap();
                while state().is_ok() {
                    assert!(Instant::now() < end, "the dump keeps it alive");
                    std::thread::sleep(Duration::from_millis(10));
                }
                let output = child.wait_with_output().unwrap();
                assert_eq!(output.status.code(), Some(1), "{arguments:?}");
                let words = String::from_utf8_lossy(&output.stderr).into_owned();
                assert!(words.contains("the segment was released"), "{words}");
                assert!(words.contains("the output is incomplete"), "{words}");
            }
        },
    );
}

#[test]
fn a_dump_holds_nothing_while_its_reader_takes_the_last_bytes() {
    isolated(
        "a_dump_holds_nothing_while_its_reader_takes_the_last_bytes",
        || {
            // One write more than a pipe holds.
            let segment = sparse(0x51, 100_000);
            let mut child = Command::new(SHM_TUI)
                .args(["dump", "0x51"])
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut out = child.stdout.take().unwrap();
            let mut first = [1];
            out.read_exact(&mut first).unwrap();
            let end = Instant::now() + PATIENCE;
            while segment.stat().unwrap().attached > 0 {
                assert!(Instant::now() < end, "it holds the segment");
                std::thread::sleep(Duration::from_millis(10));
            }
            assert!(child.try_wait().unwrap().is_none(), "it waits for nobody");
            let mut rest = Vec::new();
            out.read_to_end(&mut rest).unwrap();
            assert_eq!((first, rest.len()), ([0], 99_999));
            assert!(child.wait().unwrap().success());
        },
    );
}
