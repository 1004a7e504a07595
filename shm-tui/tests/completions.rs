//! Completions: what the hidden command offers, and that real shells show it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/pty.rs"]
mod pty;
#[path = "support/skipped.rs"]
mod skipped;

use std::path::Path;
use std::process::{Command, Stdio};

use portable_pty::CommandBuilder;
use pty::Pty;
use skipped::{installed, skipped};

const SHM_TUI: &str = env!("CARGO_BIN_EXE_shm-tui");

/// The lines offered after these words, without descriptions.
fn offered(shell: &str, words: &[&str]) -> Vec<String> {
    let output = Command::new(SHM_TUI)
        .args(["complete", shell, "--"])
        .args(words)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{words:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{words:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines();
    lines
        .map(|line| line.split('\t').next().unwrap().to_owned())
        .collect()
}

#[test]
fn commands_options_and_values_are_offered() {
    let fish = |words: &[&str]| offered("fish", words);
    assert_eq!(fish(&["proc"]), ["processes"]);
    assert_eq!(fish(&["list", "--no"]), ["--no-headers"]);
    assert_eq!(fish(&["list", "--sort", "resident-"]), ["resident-share"]);
    assert_eq!(fish(&["list", "--sort", "-resident-"]), ["-resident-share"]);
    assert_eq!(
        fish(&["list", "--sort=resident-"]),
        ["--sort=resident-share"]
    );
    assert_eq!(fish(&["list", "--columns", "key,siz"]), ["key,size"]);
    assert!(!fish(&["list", "--columns", "key,"]).contains(&"key,key".to_owned()));
    assert_eq!(fish(&["list", "--filter", "siz"]), ["size="]);
    assert_eq!(
        fish(&["list", "--filter", "size>1m !stat"]),
        ["size>1m !status=", "size>1m !state="]
    );
    assert!(fish(&["list", "--filter", "state="]).contains(&"state=orphan".to_owned()));
    assert_eq!(
        fish(&["--demo", "list", "--filter", "(owner=gra"]),
        ["(owner=grace"]
    );
    assert_eq!(fish(&["--generate", "z"]), ["zsh"]);
    assert!(fish(&["list", "--fail-if", "cou"]).contains(&"count>=".to_owned()));
    // Values of the system.
    assert_eq!(fish(&["show", "--demo", "6553"]), ["65538"]);
    assert_eq!(fish(&["dump", "--demo", "0x51"]), ["0x51000a2f"]);
    assert_eq!(fish(&["remove", "--demo", "0", "0xdead"]), ["0xdeadbeef"]);
    assert_eq!(fish(&["list", "--demo", "--namespace", "70"]), ["7001"]);
    // Files.
    for words in [
        &["dump", "5", "-o", "x"][..],
        &["--config", ""],
        &["key", "/t"],
        &["list", "--namespace", "/pr"],
    ] {
        assert_eq!(fish(words), [":files"], "{words:?}");
    }
    // Nothing more is expected, or nothing is known.
    assert!(fish(&["limits", "x"]).is_empty());
    assert!(fish(&["list", "--rate", "1"]).is_empty());
    assert!(fish(&["nosuch", "--nosuch="]).is_empty());
    assert!(fish(&["complete"]).is_empty(), "it is hidden");
}

#[test]
fn bash_gets_only_what_it_replaces() {
    let bash = |words: &[&str]| offered("bash", words);
    assert_eq!(
        bash(&["list", "--sort", "=", "resident-"]),
        ["resident-share"]
    );
    assert_eq!(
        bash(&["list", "--filter", "state", "=", "like"]),
        ["likely-orphan"]
    );
    assert_eq!(bash(&["list", "--filter", "\"siz"]), ["size="]);
    assert_eq!(bash(&["show", "--demo", "6553"]), ["65538"]);
}

/// The script of a shell in a file, and a path on which the program is found.
fn script(shell: &str, place: &Path) -> (String, String) {
    let output = Command::new(SHM_TUI)
        .args(["--generate", shell])
        .output()
        .unwrap();
    let file = place.join("_shm-tui");
    std::fs::write(&file, output.stdout).unwrap();
    let directory = Path::new(SHM_TUI).parent().unwrap().display();
    let path = format!("{directory}:{}", std::env::var("PATH").unwrap());
    (file.display().to_string(), path)
}

/// Types lines with tabulators into an interactive shell and waits for what comes.
fn typed(shell: &str, arguments: &[&str], setup: &str, lines: &[(&str, &str)]) {
    if let Err(missing) = installed(shell, shell) {
        return skipped(&missing);
    }
    let place = tempfile::tempdir().unwrap();
    let (file, path) = script(shell, place.path());
    let mut command = CommandBuilder::new(shell);
    command.args(arguments);
    command.env("PATH", path);
    command.env("HOME", place.path());
    command.env("PS1", "ready> ");
    let mut pty = Pty::run(command, 120, 40);
    pty.expect("ready>");
    pty.send(&format!("{}\r", setup.replace("FILE", &file)));
    pty.expect("set up");
    for (line, expected) in lines {
        pty.send(line);
        pty.expect(expected);
        // Clears the line.
        pty.send("\u{15}");
    }
    pty.send("exit\r");
    pty.code();
}

const LINES: [(&str, &str); 6] = [
    ("shm-tui --demo lis\t--so\t", "--demo list --sort"),
    ("shm-tui list --sort resi\t", "--sort resident"),
    ("shm-tui list --columns key,siz\t", "key,size"),
    ("shm-tui show --demo 0xdead\t", "0xdeadbeef"),
    ("shm-tui list --demo --filter owner=gra\t", "owner=grace"),
    ("shm-tui key /etc/pass\t", "/etc/passwd"),
];

#[test]
fn bash_completes() {
    let setup = "source FILE; echo set' 'up";
    typed("bash", &["--norc", "--noprofile", "-i"], setup, &LINES);
}

#[test]
fn zsh_completes() {
    let setup = "autoload -U compinit; compinit -u -D; source FILE; echo set' 'up";
    typed("zsh", &["-f", "-i"], setup, &LINES);
}

#[test]
fn fish_completes() {
    if let Err(missing) = installed("fish", "fish") {
        return skipped(&missing);
    }
    let place = tempfile::tempdir().unwrap();
    let (file, path) = script("fish", place.path());
    for (line, expected) in LINES {
        let line = line.trim_end_matches('\t').replace("lis\t", "list ");
        let output = Command::new("fish")
            .args([
                "--no-config",
                "-c",
                "source $argv[1]; complete -C $argv[2]",
                &file,
                &line,
            ])
            .env("PATH", &path)
            .env("HOME", place.path())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let last = expected.rsplit(' ').next().unwrap();
        assert!(
            text.contains(last),
            "{line}: {text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
