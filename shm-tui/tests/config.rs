//! The configuration file in the real program.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn shm_tui(arguments: &[&str], home: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shm-tui"))
        .args(arguments)
        .env("XDG_CONFIG_HOME", home)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A home with this configuration in it.
fn home(configuration: &str) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("shm-tui");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), configuration).unwrap();
    home
}

#[test]
fn the_commented_default_is_printed() {
    let home = home("this is no configuration, and is not read");
    let output = shm_tui(&["--print-config"], home.path());
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!("default_configuration", text(&output.stdout));
}

#[test]
fn a_wrong_line_is_shown_before_the_browser_opens() {
    let home = home("rate = 2\nrat = 3\n");
    let output = shm_tui(&[], home.path());
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(message.contains("config.toml"), "{message}");
    assert!(message.contains("line 2"), "{message}");
    assert!(message.contains("rat"), "{message}");
}

#[test]
fn a_file_that_was_named_has_to_be_there() {
    let home = home("");
    let output = shm_tui(&["--config", "no/such/file"], home.path());
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(message.contains("no/such/file"), "{message}");
    // Without one named, none is needed: only the terminal is missing.
    let empty = tempfile::tempdir().unwrap();
    let message = text(&shm_tui(&[], empty.path()).stderr);
    assert!(message.contains("needs a terminal"), "{message}");
}

#[test]
fn scripts_do_not_depend_on_the_configuration() {
    let home = home("columns = 5");
    let output = shm_tui(&["list", "--demo"], home.path());
    assert_eq!(output.status.code(), Some(0));
}
