//! Shares segments with programs in other languages, both ways: the same key from the
//! same path, the same bytes, the same permissions, and a removal that the other one
//! sees. Each needs its language installed, and is skipped without it.

#![cfg(all(target_os = "linux", feature = "std"))]
#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests")]

mod common;

use std::path::PathBuf;
use std::process::{Command, Output};

use common::lacks;
use shm::{Key, Mode, Segment, SegmentOptions};

const PROJECT: u8 = b'P';
const SIZE: usize = 5000;

/// A file to derive a key from, and the key; the segment is removed with the value.
struct Meeting {
    path: PathBuf,
    key: Key,
}

impl Meeting {
    fn at(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("shm-test-{name}-{}", std::process::id()));
        std::fs::write(&path, b"").unwrap();
        let key = Key::from_path(&path, PROJECT).unwrap();
        Self { path, key }
    }
}

impl Drop for Meeting {
    fn drop(&mut self) {
        if let Ok(left) = Segment::open(self.key) {
            let _ = left.remove();
        }
        let _ = std::fs::remove_file(&self.path);
    }
}

fn said(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The tasks of every peer, first with this program's segment and then with its own:
///
/// 1. `meet PATH`: find this program's segment by the path, print its key, size, mode
///    and first bytes, and write `from NAME` at offset 1000;
/// 2. `make PATH`: create a segment of [`SIZE`] bytes and mode 0640 by the path, and
///    write `made by NAME` at its start;
/// 3. `gone PATH`: print `gone` if no segment has the path's key.
fn exchange(name: &str, peer: impl Fn(&[&str]) -> Output) {
    let meeting = Meeting::at(name);
    let path = meeting.path.to_str().unwrap();

    // This program's segment, which the peer finds.
    let mode = Mode::OWNER_READ_WRITE | Mode::GROUP_READ;
    let options = SegmentOptions::new();
    let ours = options
        .size(SIZE)
        .mode(mode)
        .create_new(true)
        .open(meeting.key)
        .unwrap();
    let attachment = ours.attach().unwrap();
    attachment.view().write_all_at(0, b"hello").unwrap();
    let found = said(&peer(&["meet", path]));
    assert_eq!(
        found.trim(),
        format!("{} {SIZE} 640 hello", meeting.key.as_raw())
    );
    let answer = format!("from {name}");
    let place = attachment.view().slice(1000..1000 + answer.len()).unwrap();
    assert!(place.eq_bytes(answer.as_bytes()), "{:?}", place.to_vec());
    drop(attachment);
    ours.remove().unwrap();
    assert_eq!(said(&peer(&["gone", path])).trim(), "gone");

    // The peer's segment, which this program finds.
    said(&peer(&["make", path]));
    let theirs = Segment::open(meeting.key).unwrap().remove_on_drop();
    let stat = theirs.stat().unwrap();
    assert_eq!(
        (stat.key, stat.size, stat.mode),
        (meeting.key, SIZE as u64, mode)
    );
    assert_eq!(stat.attached, 0);
    assert!(stat.attach_time.is_some() && stat.detach_time.is_some());
    let made = format!("made by {name}");
    let bytes = theirs.attach_read_only().unwrap().view().to_vec();
    assert!(bytes.starts_with(made.as_bytes()), "{:?}", bytes.get(..20));
}

const C: &str = r#"
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
int main(int argc, char **argv) {
    key_t key = ftok(argv[2], 'P');
    if (!strcmp(argv[1], "gone")) return puts(shmget(key, 0, 0) < 0 ? "gone" : "there") < 0;
    int make = !strcmp(argv[1], "make");
    int id = make ? shmget(key, 5000, IPC_CREAT | IPC_EXCL | 0640) : shmget(key, 0, 0);
    struct shmid_ds ds;
    char *bytes = shmat(id, NULL, 0);
    if (bytes == (void *)-1 || shmctl(id, IPC_STAT, &ds)) return perror(argv[1]), 1;
    if (make) {
        strcpy(bytes, "made by c");
    } else {
        printf("%d %zu %o %.5s\n", (int)key, ds.shm_segsz, ds.shm_perm.mode & 0777, bytes);
        memcpy(bytes + 1000, "from c", 6);
    }
    return shmdt(bytes);
}
"#;

#[test]
fn a_c_program_shares_segments_with_us() {
    let stem = std::env::temp_dir().join(format!("shm-test-peer-{}", std::process::id()));
    let (source, program) = (stem.with_extension("c"), stem.with_extension("bin"));
    std::fs::write(&source, C).unwrap();
    let compiled = Command::new("cc")
        .arg("-o")
        .arg(&program)
        .arg(&source)
        .output();
    let _ = std::fs::remove_file(&source);
    match compiled {
        Err(error) => return lacks(format!("cc: {error}")),
        Ok(output) => said(&output),
    };
    exchange("c", |words| {
        Command::new(&program).args(words).output().unwrap()
    });
    std::fs::remove_file(&program).unwrap();
}

const PYTHON: &str = r#"
import sys, sysv_ipc
what, path = sys.argv[1:]
key = sysv_ipc.ftok(path, ord('P'), silence_warning=True)
if what == 'gone':
    try:
        sysv_ipc.SharedMemory(key)
        print('there')
    except sysv_ipc.ExistentialError:
        print('gone')
elif what == 'make':
    memory = sysv_ipc.SharedMemory(key, sysv_ipc.IPC_CREX, mode=0o640, size=5000)
    memory.write(b'made by python')
    memory.detach()
else:
    memory = sysv_ipc.SharedMemory(key)
    print(key, memory.size, '%o' % (memory.mode & 0o777), memory.read(5).decode())
    memory.write(b'from python', 1000)
    memory.detach()
"#;

/// The interpreter that has `sysv_ipc`: `SHM_TEST_PYTHON`, else `python3`.
#[test]
fn pythons_sysv_ipc_shares_segments_with_us() {
    let python = std::env::var("SHM_TEST_PYTHON").unwrap_or_else(|_| "python3".into());
    let has = Command::new(&python)
        .args(["-c", "import sysv_ipc"])
        .output();
    if !has.is_ok_and(|output| output.status.success()) {
        return lacks(format!(
            "{python} has no sysv_ipc; SHM_TEST_PYTHON names one that has"
        ));
    }
    exchange("python", |words| {
        Command::new(&python)
            .args(["-c", PYTHON])
            .args(words)
            .output()
            .unwrap()
    });
}

const PERL: &str = r#"
use IPC::SysV qw(ftok IPC_CREAT IPC_EXCL);
use IPC::SharedMem;
my ($what, $path) = @ARGV;
my $key = ftok($path, ord 'P');
if ($what eq 'gone') {
    print IPC::SharedMem->new($key, 0, 0) ? "there" : "gone";
} elsif ($what eq 'make') {
    my $memory = IPC::SharedMem->new($key, 5000, IPC_CREAT | IPC_EXCL | 0640) or die $!;
    $memory->attach or die $!;
    $memory->write('made by perl', 0, 12);
    $memory->detach;
} else {
    my $memory = IPC::SharedMem->new($key, 0, 0) or die $!;
    $memory->attach or die $!;
    my $stat = $memory->stat;
    printf "%d %d %o %s", $key, $stat->segsz, $stat->mode & 0777, $memory->read(0, 5);
    $memory->write('from perl', 1000, 9);
    $memory->detach;
}
"#;

#[test]
fn perls_shared_mem_shares_segments_with_us() {
    let has = Command::new("perl")
        .args(["-MIPC::SharedMem", "-e", "1"])
        .output();
    if !has.is_ok_and(|output| output.status.success()) {
        return lacks("perl has no IPC::SharedMem");
    }
    exchange("perl", |words| {
        Command::new("perl")
            .args(["-e", PERL])
            .args(words)
            .output()
            .unwrap()
    });
}

/// `ipcmk` creates a segment that this program finds, `ipcs` and `lsipc` show this
/// program's, `ipcrm` removes it while in use.
#[test]
fn the_tools_of_util_linux_see_what_we_do_and_the_other_way_round() {
    let made = match Command::new("ipcmk")
        .args(["-M", "5000", "-p", "0640"])
        .output()
    {
        Err(error) => return lacks(format!("ipcmk: {error}")),
        Ok(output) => said(&output),
    };
    let id = made.split_whitespace().last().unwrap().parse().unwrap();
    let theirs = Segment::open_id(id).unwrap().remove_on_drop();
    let stat = theirs.stat().unwrap();
    assert_eq!((stat.size, stat.mode.bits()), (5000, 0o640));
    assert!(!stat.key.is_private());

    let attachment = theirs.attach().unwrap();
    let shown = said(
        &Command::new("ipcs")
            .args(["-m", "-i", &id.to_string()])
            .output()
            .unwrap(),
    );
    for words in ["bytes=5000", "nattch=1", "mode=0640"] {
        assert!(shown.contains(words), "{words} is not in {shown}");
    }
    assert!(
        shown.contains(&format!("cpid={}", stat.creator_pid)),
        "{shown}"
    );

    let key = stat.key.to_string();
    said(&Command::new("ipcrm").args(["-M", &key]).output().unwrap());
    assert!(theirs.stat().unwrap().flags.marked_for_removal());
    attachment.view().write(0, &1_u8).unwrap();
    drop(attachment);
    assert!(theirs.stat().is_err());
}
