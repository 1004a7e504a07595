//! Keys and sizes of the real program in a pseudo-terminal: none is lost, none waits for
//! another, and nothing spins.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/pty.rs"]
mod pty;

use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use pty::{PATIENCE, Pty};

fn demo() -> Pty {
    let pty = Pty::browser(&["--demo"], 120, 30);
    pty.expect("postgres");
    pty.expect("F10Quit");
    pty
}

/// Waits for `condition` and returns how long it took.
#[track_caller]
fn wait(pty: &Pty, what: &str, condition: impl Fn(&str) -> bool) -> Duration {
    let start = Instant::now();
    loop {
        let text = pty.text();
        if condition(&text) {
            return start.elapsed();
        }
        assert!(start.elapsed() < PATIENCE, "{what}:\n{text}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Clock ticks that the thread which reads the terminal has used.
#[cfg(target_os = "linux")]
fn ticks(pty: &Pty) -> u64 {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", pty.pid())).unwrap();
    let mut found = tasks.filter_map(|task| {
        let stat = std::fs::read_to_string(task.unwrap().path().join("stat")).ok()?;
        let (name, fields) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let number = |index: usize| fields[index].parse::<u64>().unwrap();
        name.ends_with("(input").then(|| number(11) + number(12))
    });
    found.next().unwrap()
}

#[test]
fn after_each_resize_the_next_key_acts_without_another() {
    let mut pty = demo();
    let mut times = Vec::new();
    for round in 0..16 {
        let (width, height) = [(100, 28), (120, 30)][round % 2];
        pty.resize(width, height);
        wait(&pty, "not drawn at the new size", |text| {
            text.lines().count() == usize::from(height) && text.contains("F10Quit")
        });
        pty.send("?");
        times.push(wait(&pty, "the key does not act", |text| {
            text.contains("In the table")
        }));
        // An escape alone is not the begin of another key.
        pty.send("\u{1b}");
        wait(&pty, "Esc does not act", |text| {
            !text.contains("In the table")
        });
    }
    times.sort_unstable();
    println!("from key to picture: median {:?}", times[times.len() / 2]);
    // Generous for a busy machine; a key that waits for another never acts.
    assert!(times[times.len() / 2] < Duration::from_millis(250));
}

#[test]
fn resizes_between_the_keys_lose_none() {
    const KEYS: usize = 200;
    let mut pty = demo();
    pty.resize(300, 40);
    pty.send("/");
    for key in 0..KEYS {
        let (width, height) = [(290, 38), (300, 40)][key % 2];
        pty.resize(width, height);
        pty.send("%");
    }
    wait(&pty, "keys are missing", |text| {
        text.matches('%').count() == KEYS
    });
    pty.send("\u{1b}");
    wait(&pty, "Esc does not act", |text| !text.contains('%'));
    pty.send("q");
    assert_eq!(pty.code(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn the_input_thread_uses_no_time_after_resizes() {
    let mut pty = demo();
    for round in 0..10 {
        let (width, height) = [(100, 28), (120, 30)][round % 2];
        pty.resize(width, height);
        wait(&pty, "not drawn at the new size", |text| {
            text.lines().count() == usize::from(height)
        });
        pty.send("j");
        let before = ticks(&pty);
        std::thread::sleep(Duration::from_millis(300));
        let used = ticks(&pty) - before;
        assert!(used <= 1, "{used} ticks in 300 ms after resize {round}");
    }
    // In the middle of a key, too.
    pty.send("\u{1b}[");
    let before = ticks(&pty);
    std::thread::sleep(Duration::from_millis(300));
    assert!(ticks(&pty) - before <= 1);
}

#[test]
fn a_terminal_lost_within_a_key_ends_the_program() {
    // Under nohup no SIGHUP arrives: the end of the terminal must be seen.
    for begun in ["", "\u{1b}", "\u{1b}[", "\u{1b}[200~half a paste"] {
        let script = format!("trap '' HUP; {} --demo; :", env!("CARGO_BIN_EXE_shm-tui"));
        let mut command = CommandBuilder::new("sh");
        command.args(["-c", &script]);
        let mut pty = Pty::run(command, 80, 24);
        pty.expect("F10Quit");
        pty.send(begun);
        std::thread::sleep(Duration::from_millis(5));
        pty.hang_up();
        pty.code();
    }
}

#[test]
fn what_is_typed_after_the_end_is_left_to_the_shell() {
    let script = format!(
        "{} --demo; echo ended; read line; echo \"got $line\"",
        env!("CARGO_BIN_EXE_shm-tui")
    );
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", &script]);
    let mut pty = Pty::run(command, 80, 24);
    pty.expect("F10Quit");
    pty.send("q");
    pty.expect("ended");
    pty.send("all of it\r");
    pty.expect("got all of it");
    assert_eq!(pty.code(), 0);
}

#[test]
fn keys_of_several_bytes_arrive_whole_in_pieces_or_together() {
    let mut pty = demo();
    let state = |text: &str| text.contains("Segment 65538");
    pty.send("/128m\r");
    wait(&pty, "the filter does not act", state);
    // Two keys in one write: help opens, and Esc closes it again.
    pty.send("?");
    pty.expect("In the table");
    pty.send("\u{1b}\u{1b}");
    // The first closes the help, the second drops the filter.
    wait(&pty, "the second Esc is lost", |text| {
        !text.contains("In the table") && text.contains("postgres")
    });
    // A function key in two pieces is still one key.
    pty.send("\u{1b}O");
    std::thread::sleep(Duration::from_millis(1));
    pty.send("P");
    pty.expect("In the table");
}
