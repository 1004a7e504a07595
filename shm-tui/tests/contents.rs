//! The contents of segments in the real program, on the real kernel: that
//! looking costs nothing, tells the truth, and lets nothing out.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/namespace.rs"]
mod namespace;
#[path = "support/pty.rs"]
mod pty;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use namespace::{installed, isolated, output, skipped, sparse};
use pty::{PATIENCE, Pty};
use shm::{HugePages, Key, Mode, SegmentOptions};

const SHM_TUI: &str = env!("CARGO_BIN_EXE_shm-tui");

fn until(what: &str, done: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The browser, showing the only segment there is.
fn shown(arguments: &[&str]) -> Pty {
    let mut pty = Pty::browser(arguments, 120, 34);
    pty.expect("0x00000051");
    pty.send("\r");
    pty.expect("live, read-only");
    pty
}

fn in_directory(directory: &tempfile::TempDir, name: &str) -> String {
    directory.path().join(name).to_str().unwrap().to_owned()
}

/// Resident and swapped bytes of the only segment there is.
fn memory() -> (u64, u64) {
    let table = shm::segments_with_memory().unwrap();
    let memory = table.iter().next().unwrap().memory.unwrap();
    (memory.resident, memory.swapped)
}

#[test]
fn looking_at_a_sparse_segment_in_every_way_costs_nothing() {
    let name = "looking_at_a_sparse_segment_in_every_way_costs_nothing";
    isolated(name, || {
        let directory = tempfile::tempdir().unwrap();
        let segment = sparse(0x51, 4 << 30);
        let attachment = segment.attach().unwrap();
        let view = attachment.view();
        view.write_all_at(3 << 30, b"the needle").unwrap();
        view.write_all_at(64, b"at the start").unwrap();
        let before = memory();

        let mut pty = shown(&[]);
        pty.expect("at the start");
        pty.send("\x1b[6~\x1b[6~G");
        pty.expect("at 0xffffffff");
        pty.send("/needle");
        pty.expect("match 1 of 1");
        pty.send("\r");
        pty.expect("the needle");
        assert_eq!(memory(), before, "viewed and searched");

        pty.send("m");
        pty.expect("never touched");
        pty.expect("\u{25cf}");
        pty.send("q");
        assert_eq!(memory(), before, "mapped");

        pty.send("s");
        pty.expect("took snapshot 1");
        view.write_all_at((3 << 30) + 4, b"NEEDLE").unwrap();
        pty.send("d");
        pty.expect("1 range");
        pty.expect("0xc0000004");
        pty.send("q");
        assert_eq!(memory(), before, "compared");

        let path = in_directory(&directory, "dump");
        pty.send("w\x15");
        pty.send(&path);
        pty.send("\r");
        pty.expect("wrote 4,294,967,296 bytes");
        let dumped = std::fs::metadata(&path).unwrap();
        assert_eq!(dumped.len(), 4 << 30);
        assert_eq!(memory(), before, "dumped");
        pty.send("q");
        pty.expect("F10Quit");
        pty.send("q");
        assert_eq!(pty.code(), 0);
    });
}

#[test]
fn nothing_in_a_segment_reaches_the_terminal_raw() {
    isolated("nothing_in_a_segment_reaches_the_terminal_raw", || {
        let segment = sparse(0x51, 8192);
        let evil = b"\x1b]0;pwned\x07\x9b31m\x1bc\x1b[2J\xe2\x80\xae\x08\x08";
        let attachment = segment.attach().unwrap();
        let view = attachment.view();
        for at in (0..8192 - evil.len()).step_by(evil.len()) {
            view.write_all_at(at, evil).unwrap();
        }
        let mut pty = shown(&[]);
        pty.expect("pwned");
        pty.send("i");
        pty.expect("big endian");
        pty.send("bbb");
        pty.expect("8 bytes, little endian");
        pty.send("llllllls");
        pty.expect("took snapshot 1");
        pty.send("d");
        pty.expect("no differences");
        view.write_all_at(0, b"\x1bc\x07").unwrap();
        pty.send("r");
        pty.expect("1 range");
        pty.send("qm");
        pty.expect("never touched");
        pty.send("q/pwned");
        pty.expect("match 2 of");
        pty.send("\r");
        let bytes = pty.seen().bytes.clone();
        let has = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        assert!(!has(b"\x1b]0"), "a title");
        assert!(!has(b"\x1bc"), "a reset");
        assert!(!bytes.contains(&7), "a bell");
        assert!(!bytes.contains(&8), "a backspace");
        assert!(!has(b"\xe2\x80\xae"), "reversed text");
        assert!(std::str::from_utf8(&bytes).is_ok(), "raw bytes");
    });
}

#[test]
fn a_selection_goes_to_the_clipboard_of_the_terminal() {
    isolated("a_selection_goes_to_the_clipboard_of_the_terminal", || {
        let segment = sparse(0x51, 4096);
        segment
            .attach()
            .unwrap()
            .view()
            .write_all_at(0, b"\x1b]foo")
            .unwrap();
        let mut pty = shown(&[]);
        pty.expect("foo");
        for (keys, expected) in [
            // "1b 5d 66", and the text itself.
            ("vllyh", &b"\x1b]52;c;MWIgNWQgNjY=\x07"[..]),
            ("llyt", b"\x1b]52;c;G11mb28=\x07"),
        ] {
            pty.send(keys);
            until("it is not sent", || {
                let bytes = &pty.seen().bytes;
                bytes
                    .windows(expected.len())
                    .any(|window| window == expected)
            });
        }
        pty.expect("clipboard");
    });
}

#[test]
fn a_file_is_loaded_only_if_allowed_and_confirmed() {
    isolated("a_file_is_loaded_only_if_allowed_and_confirmed", || {
        let directory = tempfile::tempdir().unwrap();
        let path = in_directory(&directory, "file");
        std::fs::write(&path, b"from the file").unwrap();
        let segment = sparse(0x51, 4096);
        let attachment = segment.attach().unwrap();
        attachment
            .view()
            .write_all_at(0, b"as it was before")
            .unwrap();
        let holds = |bytes: &[u8]| {
            attachment
                .view()
                .slice(..bytes.len())
                .unwrap()
                .eq_bytes(bytes)
        };

        let mut pty = shown(&[]);
        pty.send("L");
        pty.expect("needs --allow-write");
        drop(pty);

        let mut pty = shown(&["--allow-write"]);
        let ask = |pty: &mut Pty| {
            pty.send("L");
            pty.send(&path);
            pty.send("\r");
            pty.expect("Overwrite 13 bytes of segment");
            // This test has it attached.
            pty.expect(&format!("{} ", std::process::id()));
        };
        ask(&mut pty);
        pty.send("\r");
        pty.expect("or Esc");
        assert!(holds(b"as it was before"));
        // An escape with more behind it would be another key.
        pty.send("\x1b");
        pty.expect("nothing was written");
        assert!(holds(b"as it was before"));
        ask(&mut pty);
        pty.send(&segment.id().as_raw().to_string());
        pty.send("\r");
        pty.expect("wrote 13 bytes");
        assert!(holds(b"from the fileore"));
        pty.expect("from the fileore");
    });
}

#[test]
fn a_dump_that_is_called_off_leaves_no_file() {
    isolated("a_dump_that_is_called_off_leaves_no_file", || {
        let directory = tempfile::tempdir().unwrap();
        let path = in_directory(&directory, "dump");
        let segment = sparse(0x51, 256 << 20);
        let attachment = segment.attach().unwrap();
        let numbers: Vec<u8> = (0..1_u64 << 25).flat_map(u64::to_le_bytes).collect();
        attachment.view().write_all_at(0, &numbers).unwrap();
        let mut pty = shown(&[]);
        // A fast machine may have written the file before the key arrives: then again.
        let end = Instant::now() + PATIENCE;
        while !pty.text().contains("canceled") {
            assert!(Instant::now() < end, "no dump is canceled: {}", pty.text());
            let _ = std::fs::remove_file(&path);
            pty.send("W\x15");
            pty.send(&path);
            pty.send("\r");
            until("it does not begin", || std::fs::metadata(&path).is_ok());
            pty.send("\x1b");
            until("neither canceled nor written", || {
                pty.text().contains("canceled")
                    || std::fs::metadata(&path).is_ok_and(|file| file.len() == 256 << 20)
            });
        }
        until("the file stays", || std::fs::metadata(&path).is_err());
        // The same when the program is ended while it writes.
        pty.send("W\x15");
        pty.send(&path);
        pty.send("\r");
        until("it does not begin", || std::fs::metadata(&path).is_ok());
        pty.signal(rustix::process::Signal::TERM);
        assert_eq!(pty.code(), 143);
        assert!(std::fs::metadata(&path).is_err(), "the file stays");
    });
}

/// A program that is ended with the test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const COUNTER: &str = r#"
#include <stdio.h>
#include <sys/shm.h>
#include <unistd.h>
int main(void) {
    int id = shmget(0x51, 4096, IPC_CREAT | 0600);
    if (id < 0) return 1;
    volatile unsigned *count = shmat(id, 0, 0);
    if (count == (void *)-1) return 2;
    for (;;) { count[4]++; usleep(100000); }
}
"#;

#[test]
fn a_counter_of_a_c_program_is_seen_to_count() {
    isolated("a_counter_of_a_c_program_is_seen_to_count", || {
        if let Err(missing) = installed("cc", "gcc") {
            return skipped(&missing);
        }
        let directory = tempfile::tempdir().unwrap();
        let (source, program) = (
            in_directory(&directory, "c.c"),
            in_directory(&directory, "c"),
        );
        std::fs::write(&source, COUNTER).unwrap();
        let built = Command::new("cc").args(["-o", &program, &source]).status();
        assert!(built.unwrap().success());
        let counter = Command::new(&program).stdin(Stdio::null()).spawn().unwrap();
        let counter = Ended(counter);
        let mut pty = shown(&[]);
        pty.send("i:0x10\r");
        pty.expect("at 0x10 ");
        // The line of 32 bits in the inspector has the number itself.
        let number = |pty: &Pty| {
            let text = pty.text();
            let line = text.lines().find(|line| line.starts_with(" 32 bit"))?;
            line.split_whitespace().nth(2)?.parse::<u32>().ok()
        };
        until("it is not read", || {
            number(&pty).is_some_and(|number| number > 0)
        });
        let first = number(&pty).unwrap();
        until("it does not count", || {
            number(&pty).is_some_and(|number| number > first + 3)
        });
        // What changed is marked, and not by color alone.
        until("the change is not marked", || {
            let seen = pty.seen();
            let cell = seen.parser.screen().cell(4, 10).cloned();
            cell.is_some_and(|cell| cell.underline())
        });
        pty.send("p");
        pty.expect("PAUSED");
        let held = number(&pty);
        std::thread::sleep(Duration::from_millis(800));
        assert_eq!(number(&pty), held, "it does not stand still");
        drop(pty);
        drop(counter);
        // It leaves its segment behind.
        let left = shm::Segment::open(Key::from_raw(0x51)).unwrap();
        left.remove().unwrap();
    });
}

const POOL: &str = "/proc/sys/vm/nr_hugepages";

/// The pool is the machine's: no other test may use it meanwhile. The lock is
/// that of the safe crate's tests.
fn huge_pages_alone() -> Option<std::fs::File> {
    let path = std::env::temp_dir().join("shm-test-huge-pages.lock");
    let lock = std::fs::File::create(path).ok();
    let lock = lock
        .filter(|lock| rustix::fs::flock(lock, rustix::fs::FlockOperation::LockExclusive).is_ok());
    if lock.is_none() {
        skipped("another user's tests have the pool of huge pages");
    }
    lock
}

fn free_huge_pages() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find(|line| line.starts_with("HugePages_Free:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Puts the pool back.
struct Pool(String);

impl Drop for Pool {
    fn drop(&mut self) {
        let _ = std::fs::write(POOL, &self.0);
    }
}

#[test]
fn huge_pages_are_shown_and_looking_takes_none() {
    isolated("huge_pages_are_shown_and_looking_takes_none", || {
        let Some(_alone) = huge_pages_alone() else {
            return;
        };
        let had = std::fs::read_to_string(POOL).unwrap_or_default();
        let more = had.trim().parse().map_or(4, |had: u64| had + 4);
        if std::fs::write(POOL, more.to_string()).is_err() {
            skipped("this user cannot have huge pages");
            return;
        }
        let _pool = Pool(had);
        let made = SegmentOptions::new()
            .size(4 << 20)
            .huge_pages(HugePages::DEFAULT)
            .no_reserve(true)
            .create_new(true)
            .open(Key::from_raw(0x51));
        let segment = match made {
            Ok(segment) if free_huge_pages() >= Some(4) => segment.remove_on_drop(),
            Ok(segment) => {
                segment.remove().unwrap();
                skipped("this machine cannot have huge pages");
                return;
            }
            Err(error) => {
                skipped(&format!("no segment of huge pages: {error}"));
                return;
            }
        };
        segment
            .attach()
            .unwrap()
            .view()
            .write_all_at(0, b"in a huge page")
            .unwrap();
        let free = free_huge_pages();
        // The kernel counts the one page 512 times, in the rows and in its sums.
        let column = output(SHM_TUI, &["list", "--csv", "--columns", "resident"]);
        let resident: u64 = column.lines().nth(1).unwrap().parse().unwrap();
        assert!((2 << 20..=4 << 20).contains(&resident), "{resident}");
        let metrics = output(SHM_TUI, &["metrics"]);
        let sum = metrics.lines().find_map(|line| {
            let line = line.strip_prefix("sysv_shm_resident_bytes{")?;
            line.rsplit(' ').next()?.parse().ok()
        });
        assert_eq!(sum, Some(resident), "{metrics}");
        let mut pty = Pty::browser(&[], 120, 34);
        pty.expect("0x00000051");
        pty.expect(&format!("Resident {}M", resident >> 20));
        pty.send("\r");
        pty.expect("in a huge page");
        pty.send("m");
        pty.expect("a cell");
        pty.send("qq");
        pty.expect("F10Quit");
        assert_eq!(free_huge_pages(), free, "looking took a page");
        pty.send("q");
        assert_eq!(pty.code(), 0);
    });
}

#[test]
fn an_empty_pool_of_huge_pages_is_a_message_or_zeros_but_no_end() {
    let name = "an_empty_pool_of_huge_pages_is_a_message_or_zeros_but_no_end";
    isolated(name, || {
        let Some(_alone) = huge_pages_alone() else {
            return;
        };
        let made = SegmentOptions::new()
            .size(4 << 20)
            .mode(Mode::from_bits(0o600).unwrap())
            .huge_pages(HugePages::DEFAULT)
            .no_reserve(true)
            .create_new(true)
            .open(Key::from_raw(0x51));
        let _segment = match made {
            Ok(segment) if free_huge_pages() == Some(0) => segment.remove_on_drop(),
            Ok(segment) => {
                segment.remove().unwrap();
                skipped("the pool of huge pages is not empty");
                return;
            }
            Err(error) => {
                skipped(&format!("no segment of huge pages: {error}"));
                return;
            }
        };
        let mut pty = Pty::browser(&[], 120, 34);
        pty.expect("0x00000051");
        pty.send("\r");
        until("neither bytes nor a message", || {
            let text = pty.text();
            text.contains("00000000  00 00 00 00") || text.contains("cannot reach the huge page")
        });
        pty.send("m");
        pty.expect("a cell");
        pty.send("qq");
        pty.expect("F10Quit");
        pty.send("q");
        assert_eq!(pty.code(), 0);
    });
}
