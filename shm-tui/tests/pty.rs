//! The real program in a pseudo-terminal: keys, sizes, signals, and how it
//! leaves the terminal behind.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/pty.rs"]
mod pty;
#[path = "support/skipped.rs"]
mod skipped;

use std::time::Duration;

use portable_pty::CommandBuilder;
use pty::{PATIENCE, Pty};
use rustix::process::Signal;
use skipped::skipped;

fn demo() -> Pty {
    let pty = Pty::browser(&["--demo"], 120, 30);
    pty.expect("postgres");
    pty.expect("F10Quit");
    pty
}

#[test]
fn q_quits_and_leaves_the_terminal_as_it_was() {
    let mut pty = demo();
    assert!(pty.seen().parser.screen().alternate_screen());
    pty.send("q");
    assert_eq!(pty.code(), 0);
    pty.assert_restored();
}

#[test]
fn the_line_discipline_is_as_before() {
    let script = format!(
        "stty -a > \"$1/before\"; {} --demo; stty -a > \"$1/after\"; echo all done",
        env!("CARGO_BIN_EXE_shm-tui")
    );
    let directory = tempfile::tempdir().unwrap();
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", &script, "sh", directory.path().to_str().unwrap()]);
    let mut pty = Pty::run(command, 80, 24);
    pty.expect("F10Quit");
    pty.send("q");
    pty.expect("all done");
    assert_eq!(pty.code(), 0);
    let read = |name| std::fs::read_to_string(directory.path().join(name)).unwrap();
    assert_eq!(read("before"), read("after"));
}

#[test]
fn a_terminal_without_another_screen_is_clear_before_and_after() {
    let mut pty = demo();
    pty.send("q");
    assert_eq!(pty.code(), 0);
    let bytes = String::from_utf8_lossy(&pty.seen().bytes).into_owned();
    let (before, rest) = bytes.split_once("\u{1b}[?1049h").unwrap();
    assert_eq!(before, "");
    let clear = "\u{1b}[2J\u{1b}[1;1H";
    assert!(rest.starts_with(clear), "{:?}", rest.get(..40));
    let (rest, _) = rest.split_once("\u{1b}[?1049l").unwrap();
    assert!(rest.ends_with(clear), "not cleared before it is left");
}

#[test]
fn a_dumb_terminal_is_told_of_the_table() {
    let mut command = CommandBuilder::new("sh");
    let script = format!("TERM=dumb {} --demo", env!("CARGO_BIN_EXE_shm-tui"));
    command.args(["-c", &script]);
    let mut pty = Pty::run(command, 200, 24);
    assert_eq!(pty.code(), 1);
    let bytes = String::from_utf8_lossy(&pty.seen().bytes).into_owned();
    assert!(bytes.contains("TERM=dumb"), "{bytes}");
    assert!(bytes.contains("`shm-tui list`"), "{bytes}");
    assert!(!bytes.contains('\u{1b}'), "{bytes:?}");
}

#[test]
fn keys_reach_the_browser() {
    let mut pty = demo();
    pty.send("?");
    pty.expect("In the table");
    // An escape with more behind it would be another key.
    pty.send("q/128m\r");
    pty.expect("Segment 65538");
    pty.send("\r");
    pty.expect("•[31mcheckpoint");
    pty.send("qq");
    assert_eq!(pty.code(), 0);
}

#[test]
fn the_mouse_sorts_selects_and_scrolls_unless_it_is_switched_off() {
    let first_row = |pty: &Pty| pty.text().lines().nth(3).unwrap_or_default().to_owned();
    let click = |column: u16, line: u16| format!("\u{1b}[<0;{column};{line}M");
    let mut pty = demo();
    assert!(first_row(&pty).contains("postgres"));
    // The title of the sizes: the largest comes first; a second click reverses.
    pty.send(&click(33, 3));
    pty.expect("▼SIZE");
    pty.send(&click(33, 3));
    pty.expect("▲SIZE");
    pty.send(&click(33, 3));
    pty.expect("▼SIZE");
    pty.send("g");
    pty.expect("Segment 98307");
    assert!(first_row(&pty).contains("0xdeadbeef"));
    pty.send(&click(10, 5));
    pty.expect("Segment 98310");
    pty.send("\u{1b}[<65;10;5M");
    pty.expect("Segment 65538");
    pty.send("q");
    assert_eq!(pty.code(), 0);
    let pty = Pty::browser(&["--demo", "--no-mouse"], 120, 30);
    pty.expect("postgres");
    let mode = pty.seen().parser.screen().mouse_protocol_mode();
    assert_eq!(mode, vt100::MouseProtocolMode::None);
}

#[test]
fn the_mouse_is_left_to_the_terminal_at_run_time_and_taken_again() {
    let mode = |pty: &Pty| pty.seen().parser.screen().mouse_protocol_mode();
    let mut pty = demo();
    assert_ne!(mode(&pty), vt100::MouseProtocolMode::None);
    pty.send("\u{14}");
    pty.expect("the terminal selects text");
    assert_eq!(mode(&pty), vt100::MouseProtocolMode::None);
    pty.send("\u{14}");
    pty.expect("the mouse is on");
    assert_ne!(mode(&pty), vt100::MouseProtocolMode::None);
    pty.send("q");
    assert_eq!(pty.code(), 0);
    pty.assert_restored();
}

#[test]
fn in_plain_mode_the_cursor_of_the_terminal_is_on_the_selected_line() {
    let mut pty = Pty::browser(&["--demo", "--plain"], 80, 24);
    pty.expect("Segment 0 ");
    let line = |pty: &Pty| {
        let seen = pty.seen();
        let screen = seen.parser.screen();
        assert!(!screen.hide_cursor());
        let text = screen.contents();
        let (line, _) = screen.cursor_position();
        text.lines().nth(line.into()).unwrap_or_default().to_owned()
    };
    // The cursor follows a moment after the text.
    let expect = |pty: &Pty, words: &str| {
        let end = std::time::Instant::now() + pty::PATIENCE;
        while !line(pty).contains(words) {
            assert!(std::time::Instant::now() < end, "{}", line(pty));
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    };
    expect(&pty, "postgres");
    pty.send("\u{1b}[B");
    pty.expect("Segment 3 ");
    expect(&pty, "0x001038e2");
    pty.send("\u{1b}[17~");
    pty.expect("Sort by");
    expect(&pty, "ID");
    pty.send("\u{1b}");
    pty.expect("F10Quit");
    pty.send("q");
    assert_eq!(pty.code(), 0);
    pty.assert_restored();
}

#[test]
fn contents_full_of_escapes_never_reach_the_terminal_raw() {
    let mut pty = demo();
    pty.send("/128m\r\r");
    pty.expect("checkpoint");
    let seen = pty.seen();
    let raw = b"\x1b[31mcheckpoint";
    assert!(!seen.bytes.windows(raw.len()).any(|window| window == raw));
    assert!(!seen.bytes.contains(&7), "a bell");
}

#[test]
fn another_size_is_drawn_at_once() {
    let mut pty = demo();
    pty.resize(60, 12);
    let end = std::time::Instant::now() + PATIENCE;
    while pty
        .text()
        .lines()
        .last()
        .is_none_or(|line| !line.starts_with("F1Help"))
    {
        assert!(std::time::Instant::now() < end, "{}", pty.text());
        std::thread::sleep(Duration::from_millis(10));
    }
    pty.resize(1, 1);
    std::thread::sleep(Duration::from_millis(200));
    pty.resize(300, 90);
    pty.expect("LAST USED BY");
    pty.send("q");
    assert_eq!(pty.code(), 0);
}

#[test]
fn signals_restore_the_terminal_and_show_in_the_exit_code() {
    for (signal, code) in [
        (Signal::TERM, 143),
        (Signal::INT, 130),
        (Signal::HUP, 129),
        (Signal::QUIT, 131),
    ] {
        let mut pty = demo();
        pty.signal(signal);
        assert_eq!(pty.code(), code, "{signal:?}");
        pty.assert_restored();
    }
}

#[test]
fn a_panic_restores_the_terminal_before_it_speaks() {
    if !cfg!(debug_assertions) {
        skipped("only debug builds have a key that panics");
        return;
    }
    let mut pty = demo();
    pty.send("\u{1b}[24~");
    assert_eq!(pty.code(), 101);
    pty.assert_restored();
    assert!(pty.text().contains("asked for by a key"), "{}", pty.text());
}

#[test]
fn it_ends_when_the_terminal_is_gone() {
    let mut pty = demo();
    pty.hang_up();
    let code = pty.code();
    assert!(matches!(code, 1 | 129), "exit code {code}");
}

#[test]
fn it_ends_when_the_terminal_is_gone_and_nobody_says_so() {
    // Under nohup no SIGHUP arrives: the end of the terminal must be seen.
    let script = format!("trap '' HUP; {} --demo; :", env!("CARGO_BIN_EXE_shm-tui"));
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", &script]);
    let mut pty = Pty::run(command, 80, 24);
    pty.expect("F10Quit");
    pty.hang_up();
    pty.code();
}

#[test]
fn it_stops_and_goes_on_like_every_job() {
    let script = format!(
        "set -m; {} --demo; echo stopped; sleep 0.3; fg >/dev/null; echo ended $?",
        env!("CARGO_BIN_EXE_shm-tui")
    );
    let mut command = CommandBuilder::new("bash");
    command.args(["--norc", "-c", &script]);
    let mut pty = Pty::run(command, 80, 24);
    pty.expect("F10Quit");
    pty.send("\u{1a}");
    let end = std::time::Instant::now() + PATIENCE;
    while !String::from_utf8_lossy(&pty.seen().bytes).contains("stopped") {
        assert!(std::time::Instant::now() < end, "{}", pty.text());
        std::thread::sleep(Duration::from_millis(10));
    }
    pty.expect("F10Quit");
    assert!(pty.seen().parser.screen().alternate_screen());
    pty.send("q");
    pty.expect("ended 0");
    pty.assert_restored();
}

#[test]
fn frames_are_synchronized_and_nothing_is_drawn_when_nothing_changes() {
    let mut pty = demo();
    // The bytes of a segment nobody writes to, and no refresh: nothing moves.
    pty.send("p");
    pty.expect("PAUSED");
    pty.send("\r");
    pty.expect("live, read-only");
    std::thread::sleep(Duration::from_millis(300));
    let before = pty.seen().bytes.len();
    std::thread::sleep(Duration::from_secs(3));
    let bytes = pty.seen().bytes.clone();
    assert_eq!(bytes.len(), before, "something was drawn");
    let count = |sequence: &[u8]| {
        let windows = bytes.windows(sequence.len());
        windows.filter(|window| *window == sequence).count()
    };
    let begun = count(b"\x1b[?2026h");
    assert!(begun > 1);
    assert_eq!(begun, count(b"\x1b[?2026l"));
}
