//! The commands for scripts: what they print, and how they fail.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::process::{Command, Output, Stdio};

fn shm_tui(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shm-tui"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn without_a_terminal_it_says_so_and_names_the_way_out() {
    let output = shm_tui(&[]);
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(message.contains("needs a terminal"), "{message}");
    assert!(message.contains("shm-tui list"), "{message}");
    assert_eq!(text(&output.stdout), "");
}

#[test]
fn wrong_arguments_are_answered_with_code_2_and_a_sentence() {
    for (arguments, part) in [
        (&["list", "--sort", "sise"][..], "unknown column `sise`"),
        (&["--sort", "sise"], "unknown column `sise`"),
        (&["list", "--columns", "id,sise"], "unknown column `sise`"),
        (&["show", "zz"], "neither an identifier"),
        (&["show", "0xzz"], "neither an identifier"),
        (&["show", "-1"], "unexpected argument"),
        (&["show"], "required"),
        (&["list", "--rate", "2"], "unexpected argument"),
        (&["--rate", "0"], "0.25 and 60"),
        (&["lisst"], "unrecognized subcommand"),
        (
            &["list", "--filter", "size>1x"],
            "\n  size>1x\n       ^^ `1x` is not a size",
        ),
        (&["--filter", "(a"], "this parenthesis is not closed"),
    ] {
        let output = shm_tui(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let message = text(&output.stderr);
        assert!(message.contains(part), "{arguments:?}: {message}");
        assert_eq!(text(&output.stdout), "");
    }
}

#[test]
fn a_segment_that_is_not_there_is_a_failure() {
    for (name, part) in [
        ("99", "no segment with id 99"),
        ("0x7", "no segment with key 0x00000007"),
        ("0x0", "names no segment"),
    ] {
        let output = shm_tui(&["--demo", "show", name]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(text(&output.stderr).contains(part), "{name}");
    }
}

#[test]
fn the_table_has_a_line_for_every_segment() {
    let output = shm_tui(&[
        "list",
        "--demo",
        "--columns",
        "id,size,owner",
        "--sort",
        "-size",
    ]);
    assert_eq!(output.status.code(), Some(0));
    let expected = concat!(
        "   ID SIZE OWNER\n",
        "98307   4G root\n",
        "65538 128M ada\n",
        "32769 7.9M ada\n",
        "    0  56B postgres\n",
    );
    assert_eq!(text(&output.stdout), expected);
}

#[test]
fn sizes_can_be_exact_and_rows_chosen() {
    let arguments = [
        "list",
        "--demo",
        "--bytes",
        "--columns",
        "size",
        "--filter",
        "postgres",
    ];
    let output = shm_tui(&arguments);
    assert_eq!(text(&output.stdout), "SIZE\n  56\n");
}

#[test]
fn json_has_a_version_and_the_documented_fields() {
    let output = shm_tui(&["list", "--json", "--demo", "--filter", "java"]);
    assert_eq!(output.status.code(), Some(0));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["version"], 1);
    let mut segment = document["segments"][0].clone();
    assert_eq!(document["segments"].as_array().unwrap().len(), 1);
    for time in ["attach_time", "change_time"] {
        let time = segment[time].take();
        let time: jiff::Timestamp = time.as_str().unwrap().parse().unwrap();
        assert!(time < jiff::Timestamp::now());
    }
    let expected = serde_json::json!({
        "id": 98307, "key": "0xdeadbeef", "owner": "root", "owner_uid": 0,
        "group": "root", "group_gid": 0, "creator": "ada", "creator_uid": 1000,
        "creator_group": "ada", "creator_gid": 1000, "mode": "0640",
        "size": 4_294_971_392_u64, "attached": 1, "status": ["locked"],
        "state": "in-use", "resident": 65536, "swapped": 0, "creator_pid": 2500,
        "creator_command": "java -Xmx4g -jar cache.jar", "last_pid": 2500,
        "last_command": "java -Xmx4g -jar cache.jar",
        "attach_time": null, "detach_time": null, "change_time": null,
    });
    assert_eq!(segment, expected);
}

#[test]
fn a_reader_that_has_had_enough_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_shm-tui"))
        .args(["list", "--demo"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn help_and_version_are_there() {
    let output = shm_tui(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(text(&output.stdout));
    let version = text(&shm_tui(&["--version"]).stdout);
    assert_eq!(
        version,
        concat!("shm-tui ", env!("CARGO_PKG_VERSION"), "\n")
    );
}
