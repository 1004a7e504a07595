//! Extracts the guide's C and Python programs, compiles and runs them with one of this
//! program's segments. Each needs its language installed, and is skipped without it.

#![cfg(all(target_os = "linux", feature = "std"))]
#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests")]

mod common;

use std::mem::offset_of;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use common::{lacks, skipped};
use shm::{Key, OwnedSegment, Segment, Waited};

/// As in the guide.
#[repr(C)]
struct Status {
    state: u32,
    reserved: u32,
    count: u64,
    name: [u8; 16],
}

const STATE: usize = offset_of!(Status, state);

/// The only block of the guide in a language.
fn program(language: &str) -> &'static str {
    let guide = include_str!("../docs/peers.md");
    let start = format!("\n```{language}\n");
    let mut blocks = guide.split(&start).skip(1);
    let block = blocks.next().unwrap().split("\n```\n").next().unwrap();
    assert!(blocks.next().is_none(), "which of them?");
    block
}

/// A program of this machine, while the tests are for another one.
fn is_foreign() -> bool {
    let foreign = cfg!(target_endian = "big") && std::env::var_os("SHM_TEST_RUNNER").is_some();
    if foreign {
        skipped("the peer's numbers have another order of bytes");
    }
    foreign
}

struct Meeting {
    path: PathBuf,
    segment: OwnedSegment,
}

impl Meeting {
    fn at(name: &str) -> Self {
        let name = format!("shm-test-guide-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, b"").unwrap();
        let key = Key::from_path(&path, b'A').unwrap();
        let segment = Segment::create_new(key, size_of::<Status>()).unwrap();
        let segment = segment.remove_on_drop();
        Self { path, segment }
    }

    /// Writes what the guide writes, starts the peer, and waits until it has counted;
    /// `wakes` says whether the peer wakes this process.
    fn hold(&self, wakes: bool, start: impl FnOnce(&Path) -> Child) {
        let attachment = self.segment.attach().unwrap();
        let view = attachment.view();
        view.write(offset_of!(Status, count), &12_u64).unwrap();
        view.write(offset_of!(Status, name), b"a name, padded\0\0")
            .unwrap();
        view.store(STATE, 1_u32, shm::StoreOrdering::Release)
            .unwrap();
        let peer = start(&self.path);
        let limit = Duration::from_secs(if wakes { 60 } else { 1 });
        for _ in 0..60 {
            let waited = view.wait(STATE, 1, Some(limit)).unwrap();
            if view.load::<u32>(STATE, shm::LoadOrdering::Acquire).unwrap() == 2 {
                break;
            }
            assert!(!wakes || waited != Waited::TimedOut, "nobody woke us");
        }
        let output = peer.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {errors}", output.status);
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            "a name, padded 12\n"
        );
        assert_eq!(
            view.load::<u32>(STATE, shm::LoadOrdering::Acquire).unwrap(),
            2
        );
        assert_eq!(view.read::<u64>(offset_of!(Status, count)).unwrap(), 13);
    }
}

impl Drop for Meeting {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

fn piped(command: &mut Command) -> Child {
    common::limited(command)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn the_guides_c_program_reads_counts_and_wakes() {
    if is_foreign() {
        return;
    }
    let stem = std::env::temp_dir().join(format!("shm-test-guide-{}", std::process::id()));
    let (source, binary) = (stem.with_extension("c"), stem.with_extension("bin"));
    std::fs::write(&source, program("c")).unwrap();
    let mut cc = Command::new("cc");
    let compiled = cc
        .args(["-Wall", "-Werror", "-o"])
        .arg(&binary)
        .arg(&source)
        .output();
    std::fs::remove_file(&source).unwrap();
    match compiled {
        Err(error) => return lacks(format!("cc: {error}")),
        Ok(output) => assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        ),
    }
    Meeting::at("c").hold(true, |path| piped(Command::new(&binary).arg(path)));
    std::fs::remove_file(&binary).unwrap();
}

/// The interpreter that has `sysv_ipc`: `SHM_TEST_PYTHON`, else `python3`.
#[test]
fn the_guides_python_program_reads_and_counts() {
    if is_foreign() {
        return;
    }
    let python = std::env::var("SHM_TEST_PYTHON").unwrap_or_else(|_| "python3".into());
    let has = Command::new(&python)
        .args(["-c", "import sysv_ipc"])
        .output();
    if !has.is_ok_and(|output| output.status.success()) {
        return lacks(format!(
            "{python} has no sysv_ipc; SHM_TEST_PYTHON names one that has"
        ));
    }
    Meeting::at("python").hold(false, |path| {
        piped(
            Command::new(&python)
                .args(["-c", program("python")])
                .arg(path),
        )
    });
}
