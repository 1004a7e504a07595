//! What someone who knows `htop` does without having read anything of ours, key by
//! key at 80x24: each task is a recorded sequence of at most ten keys, with what is
//! on the screen that leads to the next one.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/pty.rs"]
mod pty;

use std::process::{Command, Stdio};

use pty::Pty;

const F3: &str = "\u{1b}OR";
const F4: &str = "\u{1b}OS";
const F6: &str = "\u{1b}[17~";
const F7: &str = "\u{1b}[18~";
const F9: &str = "\u{1b}[20~";
const UP: &str = "\u{1b}[A";
const RIGHT: &str = "\u{1b}[C";
const ENTER: &str = "\r";

/// The browser on the tour, and how many keys were pressed.
struct Task {
    pty: Pty,
    keys: usize,
}

impl Task {
    fn begin() -> Self {
        let pty = Pty::browser(&["--demo"], 80, 24);
        // The labels that a reader goes by.
        for label in ["F3Procs", "F4Filter", "F6Sort", "F7Orphan", "F9Remove"] {
            pty.expect(label);
        }
        Self { pty, keys: 0 }
    }

    /// Presses keys, one after the other, and waits for what the last one shows.
    #[track_caller]
    fn press(&mut self, keys: &[&str], shows: &str) {
        for key in keys {
            self.keys += 1;
            assert!(self.keys <= 10, "more than ten keys");
            self.pty.send(key);
            // An escape sequence and what follows it are different keys.
            std::thread::sleep(std::time::Duration::from_millis(60));
        }
        self.pty.expect(shows);
    }

    /// The first row of the table.
    fn first_row(&self) -> String {
        let text = self.pty.text();
        let mut rows = text.lines().skip_while(|line| !line.contains("KEY"));
        rows.nth(1).unwrap_or_default().to_owned()
    }
}

/// What `list` prints of the tour, a line each without headers.
fn listed(arguments: &[&str]) -> Vec<Vec<String>> {
    let output = Command::new(env!("CARGO_BIN_EXE_shm-tui"))
        .args(["--demo", "list", "--csv"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let cells = |line: &str| line.split(',').map(str::to_owned).collect();
    text.lines().skip(1).map(cells).collect()
}

#[test]
fn the_largest_wasted_memory_and_who_made_it() {
    let filter = ["--filter", "state=orphan", "--sort", "-resident"];
    let orphans = listed(&[&filter[..], &["--columns", "id,owner,creator-pid"]].concat());
    let (id, owner, creator) = (&orphans[0][0], &orphans[0][1], &orphans[0][2]);
    let mut task = Task::begin();
    // The orphans, sorted by what the menu has first.
    task.press(&[F7], "state=orphan");
    task.press(&[F6], "Sort by");
    task.press(&[UP, UP, UP, UP, UP, ENTER], &format!("Segment {id}"));
    assert!(
        task.first_row().contains(id.as_str()),
        "{}",
        task.pty.text()
    );
    // The creator is named below: the user, and the process that has exited.
    task.pty.expect(owner);
    task.pty.expect(creator);
    task.pty.expect("exited");
}

#[test]
fn who_is_attached_to_postgresql() {
    let mut task = Task::begin();
    task.press(&[F4], "Filter:");
    task.press(&["p", "o", "s", "t", ENTER], "only post");
    task.press(&[F3], "Processes of segment");
    task.pty.expect("postgres");
    task.pty.expect("attachments");
}

#[test]
fn all_orphans_of_one_user_are_found_and_removed() {
    let filter = ["--filter", "state=orphan owner=ada"];
    let orphans = listed(&[&filter[..], &["--columns", "id"]].concat());
    assert!(!orphans.is_empty());
    let mut task = Task::begin();
    task.press(&[F7, "u"], "Segments of");
    // A letter goes to the next line that begins with it, as in htop's list of users.
    task.press(&["a", ENTER], "state=orphan owner=ada");
    for row in &orphans {
        task.pty.expect(&row[0]);
    }
    // All that are shown; with one row F9 alone does.
    if orphans.len() > 1 {
        task.press(&["*"], "marked: ");
    }
    task.press(&[F9], "Remove");
    task.pty.expect("[Cancel]");
    if task.pty.text().contains("to confirm") {
        // What belongs to another user takes its number, or how many they are: one
        // thing to type.
        let proof = match orphans.as_slice() {
            [one] => one[0].clone(),
            several => several.len().to_string(),
        };
        task.pty.expect(&format!("Type {proof} to confirm"));
        let digits: Vec<String> = proof.chars().map(String::from).collect();
        let digits: Vec<&str> = digits.iter().map(String::as_str).collect();
        task.press(&digits, &format!("to confirm: {proof}"));
    } else {
        task.press(&[RIGHT, RIGHT], "[Remove]");
    }
    task.press(&[ENTER], "no segment matches the filter");
    task.pty.send("\u{1b}");
    task.pty.expect("postgres");
    for row in &orphans {
        assert!(!task.pty.text().contains(&row[0]), "{}", task.pty.text());
    }
}
