//! The commands for scripts: their output, and their failures.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/schema.rs"]
mod schema;

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

/// `/dev/full` is Linux's and the BSDs' by name, but takes nothing on Linux only.
#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_is_a_failure() {
    for arguments in [&["--help"][..], &["--version"], &["list", "--demo"]] {
        let full = std::fs::File::create("/dev/full").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_shm-tui"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(text(&output.stderr).contains("No space left"));
    }
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
        (&["list", "--csv", "--json"], "cannot be used with"),
        (&["processes"], "required"),
        (&["processes", "zz"], "neither an identifier"),
        (&["limits", "extra"], "unexpected argument"),
        (&["remove"], "required"),
        (&["remove", "--yes"], "required"),
        (&["remove", "all"], "neither an identifier"),
        (&["remove", "*"], "neither an identifier"),
        (&["remove", "--filter", ""], "would remove every segment"),
        (&["remove", "--filter", " "], "would remove every segment"),
        (&["remove", "--filter", "sise>1"], "sise"),
        (
            &["remove", "0", "--filter", "size>1"],
            "cannot be used with",
        ),
        (&["remove", "--demo", "0"], "no terminal to ask on"),
        (&["watch", "--rate", "0"], "0.25 and 60"),
        (&["watch", "--count", "-1"], "unexpected argument"),
        (&["limits", "--namespace", ""], "neither a process number"),
        (
            &["--namespace", "1", "limits", "--demo"],
            "cannot be used with",
        ),
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
        "--filter",
        "owner=postgres or owner=root",
    ]);
    assert_eq!(output.status.code(), Some(0));
    let expected = concat!(
        "    ID SIZE OWNER\n",
        " 98307   4G root\n",
        "     3 7.9M postgres\n",
        "163846  64K root\n",
        "     0  56B postgres\n",
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
    assert_eq!(text(&output.stdout), "   SIZE\n     56\n8331264\n");
}

#[test]
fn a_threshold_shows_in_the_exit_code_and_the_rows_are_printed() {
    for (arguments, code, words) in [
        (
            &["--fail-if", "count>3"][..],
            4,
            "threshold reached: count>3; it is 25",
        ),
        (&["--fail-if", "count>25"], 0, ""),
        (
            &["--fail-if", "size>=4g", "--fail-if", "count>99"],
            4,
            "size>=4g",
        ),
        (&["--filter", "state=orphan", "--fail-if", "count>7"], 0, ""),
        (&["--fail-if", "resident>8m", "--json"], 4, "resident>8m"),
        (&["--fail-if", "count>=1%"], 0, ""),
        (&["--fail-if", "count>=0.09%"], 4, "count>=0.09%"),
        (&["--fail-if", "cout>1"], 2, "`cout` is not a sum"),
    ] {
        let output = shm_tui(&[&["--demo", "list"], arguments].concat());
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
        assert!(errors.contains(words), "{arguments:?}: {errors}");
        assert_eq!(errors.is_empty(), code == 0, "{arguments:?}: {errors}");
        assert_eq!(output.stdout.is_empty(), code == 2, "{arguments:?}");
    }
}

#[test]
fn rows_come_without_column_names_if_asked() {
    for format in [&[][..], &["--csv"]] {
        let list = |more: &[&str]| {
            let output = shm_tui(&[&["--demo", "list"], format, more].concat());
            assert_eq!(output.status.code(), Some(0));
            text(&output.stdout)
        };
        let (with, without) = (list(&[]), list(&["--no-headers"]));
        assert_eq!(with.split_once('\n').unwrap().1, without);
        assert_eq!(without.lines().count(), 25);
        let none = list(&["--no-headers", "--filter", "size>1t"]);
        assert_eq!(none, "");
    }
}

#[test]
fn limits_have_their_share() {
    let output = text(&shm_tui(&["--demo", "limits"]).stdout);
    assert!(output.lines().next().unwrap().contains("USE%"), "{output}");
    // 25 of 4,096 segments, rounded up.
    let segments = output
        .lines()
        .find(|line| line.starts_with("segments"))
        .unwrap();
    assert!(segments.contains(" 1% "), "{output}");
}

#[test]
fn json_has_a_version_and_the_documented_fields() {
    let output = shm_tui(&["list", "--json", "--demo", "--filter", "java"]);
    assert_eq!(output.status.code(), Some(0));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["version"], 2);
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

/// The document that a command prints about the invented system.
fn document(arguments: &[&str], name: &str) -> serde_json::Value {
    let output = shm_tui(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    let document = serde_json::from_slice(&output.stdout).unwrap();
    schema::assert_is(name, &document);
    document
}

#[test]
fn every_document_is_as_the_schema_says() {
    document(&["list", "--json", "--demo"], "segments");
    document(&["show", "0", "--json", "--demo"], "segments");
    let found = document(&["processes", "0x51", "--json", "--demo"], "processes");
    assert_eq!(found["processes"].as_array().unwrap().len(), 1);
    assert_eq!(found["not_found"], 1);
    let limits = document(&["limits", "--json", "--demo"], "limits");
    assert_eq!(limits["usage"]["segments"], 25);
    let removal = ["remove", "65538", "0", "--json", "--demo", "--yes"];
    let removal = document(&removal, "removal");
    assert_eq!(removal["results"][1]["result"], "removed");
}

#[test]
fn comma_separated_values_are_for_programs() {
    let columns = "id,size,state,perms,status,swapped";
    let filter = "id=0 or id=32769 or id=65538 or id=98307";
    let output = shm_tui(&[
        "list",
        "--demo",
        "--csv",
        "--columns",
        columns,
        "--filter",
        filter,
    ]);
    let expected = concat!(
        "id,size,state,perms,status,swapped\r\n",
        "0,56,in-use,0600,,0\r\n",
        "32769,8294400,removed,0777,dest,0\r\n",
        "65538,134217728,likely-orphan,0666,,33554432\r\n",
        "98307,4294971392,in-use,0640,locked,0\r\n",
    );
    assert_eq!(text(&output.stdout), expected);
}

#[test]
fn what_a_filter_chooses_is_removed_and_a_dry_run_removes_nothing() {
    let removed = |more: &[&str]| {
        let arguments = [
            &[
                "remove",
                "--demo",
                "--filter",
                "state=likely-orphan owner=ada",
            ],
            more,
        ]
        .concat();
        let output = shm_tui(&arguments);
        assert_eq!(output.status.code(), Some(0));
        text(&output.stdout)
    };
    let line = "ipcrm -m 65538  # key 0x51000a2f, 0 attached\n";
    assert_eq!(removed(&["--dry-run"]), line);
    let line = "segment 65538 (key 0x51000a2f): removed\n";
    assert_eq!(removed(&["--yes"]), line);
}

#[test]
fn one_name_that_is_unknown_and_nothing_is_removed() {
    let output = shm_tui(&["remove", "--demo", "--yes", "65538", "99", "0x0"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "");
    let message = text(&output.stderr);
    for part in [
        "no segment with id 99",
        "every private segment",
        "nothing was removed",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_read_only_run_removes_nothing_and_says_so() {
    let output = shm_tui(&["remove", "--demo", "--yes", "--read-only", "0", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    schema::assert_is("removal", &document);
    assert_eq!(document["results"][0]["result"], "failed");
    let error = document["results"][0]["error"].as_str().unwrap();
    assert!(error.contains("--read-only"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_no_namespace_is_not_entered() {
    for path in [
        "/proc/self/ns/net",
        "/dev/null",
        "/nonexistent",
        "4194304999",
    ] {
        let output = shm_tui(&["limits", "--namespace", path]);
        assert_eq!(output.status.code(), Some(1), "{path}");
        let message = text(&output.stderr);
        assert!(
            message.starts_with("shm-tui: cannot enter the IPC namespace"),
            "{message}"
        );
    }
}

#[test]
fn a_reader_that_has_had_enough_is_no_failure() {
    for command in [
        "list",
        "show 0",
        "processes 0",
        "limits",
        "remove 0 --yes",
        "metrics",
        "watch --json",
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_shm-tui"))
            .arg("--demo")
            .args(command.split(' '))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{command}");
        let notes = text(&output.stderr);
        assert!(!notes.to_lowercase().contains("pipe"), "{command}: {notes}");
    }
}

#[test]
fn help_and_version_are_there() {
    let output = shm_tui(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(text(&output.stdout));
    for command in [
        "list",
        "show",
        "dump",
        "processes",
        "limits",
        "remove",
        "watch",
        "metrics",
    ] {
        let output = shm_tui(&[command, "--help"]);
        assert_eq!(output.status.code(), Some(0));
        insta::assert_snapshot!(format!("help_of_{command}"), text(&output.stdout));
    }
    let version = text(&shm_tui(&["--version"]).stdout);
    assert_eq!(
        version,
        concat!("shm-tui ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn the_manual_page_and_the_completions_are_those_of_the_help() {
    for what in ["man", "bash", "zsh", "fish"] {
        let output = shm_tui(&["--generate", what]);
        assert_eq!(output.status.code(), Some(0), "{what}");
        let version = env!("CARGO_PKG_VERSION");
        let text = text(&output.stdout).replace(version, "VERSION");
        insta::assert_snapshot!(format!("generated_{what}"), text);
    }
    assert_eq!(shm_tui(&["--generate", "csh"]).status.code(), Some(2));
}
