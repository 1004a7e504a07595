//! `namespaces`, `--all-namespaces`, `key` and `show --path` on the invented system and
//! on real namespaces.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/namespace.rs"]
mod namespace;
#[path = "support/schema.rs"]
mod schema;

use std::os::unix::fs::MetadataExt as _;
use std::process::{Command, Output, Stdio};

use namespace::{isolated, keyed, skipped};
use serde_json::Value;

const SHM_TUI: &str = env!("CARGO_BIN_EXE_shm-tui");

fn shm_tui(arguments: &[&str]) -> Output {
    let mut command = Command::new(SHM_TUI);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// What was printed, and what was warned of.
fn printed(arguments: &[&str]) -> (String, String) {
    let output = shm_tui(arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{arguments:?}: {}",
        text(&output.stderr)
    );
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_namespaces_of_the_tour_are_listed_and_a_closed_one_is_counted() {
    let (text, warnings) = printed(&["namespaces", "--demo"]);
    insta::assert_snapshot!(text);
    assert!(
        warnings.contains("1 of 3 IPC namespaces could not be entered"),
        "{warnings}"
    );
    let (text, _) = printed(&["namespaces", "--demo", "--json"]);
    let document: Value = serde_json::from_str(&text).unwrap();
    schema::assert_is("namespaces", &document);
    let list = document["namespaces"].as_array().unwrap();
    assert_eq!((list.len(), &list[0]["own"]), (3, &Value::Bool(true)));
    assert_eq!(list[0]["segments"], 25);
    assert!(list[2]["segments"].is_null() && list[2]["error"].is_string());
}

#[test]
fn a_list_of_all_namespaces_has_a_column_for_them() {
    let columns = ["--demo", "--columns", "id,key,size"];
    let (text, warnings) = printed(
        &[
            &["list", "--all-namespaces", "--sort", "-size"],
            &columns[..],
        ]
        .concat(),
    );
    assert!(warnings.contains("1 of 3"), "{warnings}");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1 + 25 + 2);
    let head: Vec<&str> = lines[0].split_whitespace().collect();
    assert_eq!(head, ["NAMESPACE", "ID", "KEY", "SIZE"]);
    assert!(lines[1].starts_with("4026531839  98307"), "{text}");
    // Identifiers repeat: the namespaces tell the segments apart.
    let zeros: Vec<&str> = lines
        .iter()
        .copied()
        .filter(|line| line.split_whitespace().nth(1) == Some("0"))
        .collect();
    assert!(
        zeros.len() == 2 && zeros[1].starts_with("4026532411"),
        "{zeros:?}"
    );

    let (csv, _) = printed(&[&["list", "--all-namespaces", "--csv"], &columns[..]].concat());
    assert!(
        csv.starts_with("namespace,id,key,size\r\n4026531839,0,0x001038e1,56\r\n"),
        "{csv}"
    );
    let (bare, _) = printed(
        &[
            &["list", "--all-namespaces", "--csv", "--no-headers"],
            &columns[..],
        ]
        .concat(),
    );
    assert_eq!(csv.split_once("\r\n").unwrap().1, bare);

    let (json, _) = printed(&[
        "list",
        "--all-namespaces",
        "--json",
        "--demo",
        "--filter",
        "size=48m",
    ]);
    let document: Value = serde_json::from_str(&json).unwrap();
    schema::assert_is("segments", &document);
    assert_eq!(document["segments"][0]["namespace"], 4_026_532_411_u64);
    assert_eq!(document["segments"].as_array().unwrap().len(), 1);

    let output = shm_tui(&[
        "list",
        "--all-namespaces",
        "--demo",
        "--fail-if",
        "count>20",
    ]);
    assert_eq!(output.status.code(), Some(4));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        message.contains("it is 25") && message.contains("in IPC namespace 4026531839"),
        "{message}"
    );
}

#[test]
fn the_metrics_of_all_namespaces_have_their_label() {
    let (text, _) = printed(&["metrics", "--all-namespaces", "--demo"]);
    for line in [
        "sysv_shm_segments{namespace=\"4026531839\",owner=\"postgres\",uid=\"109\"} 2",
        "sysv_shm_limit_segments{namespace=\"4026532411\"} 4096",
        "sysv_shm_unreadable_namespaces 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    // Each family stands together, once.
    let families = text.lines().filter(|line| line.starts_with("# TYPE"));
    let mut families: Vec<&str> = families.collect();
    let count = families.len();
    families.sort_unstable();
    families.dedup();
    assert_eq!(families.len(), count);
    assert!(!printed(&["metrics", "--demo"]).0.contains("namespace"));
}

#[test]
fn segments_of_another_real_namespace_are_listed_and_counted() {
    isolated(
        "segments_of_another_real_namespace_are_listed_and_counted",
        || {
            let own = keyed(0x51, 4096, 0o600);
            let inside = "ipcmk -M 8192 >/dev/null && ipcmk -M 4096 >/dev/null && echo ready && exec sleep 600";
            let mut command = Command::new("unshare");
            command
                .args(["--ipc", "sh", "-c", inside])
                .stdout(Stdio::piped());
            let Ok(mut child) = command.spawn() else {
                return skipped("unshare is missing");
            };
            let mut ready = [0; 5];
            let read = std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut ready);
            let inode =
                std::fs::metadata(format!("/proc/{}/ns/ipc", child.id())).map(|door| door.ino());
            if read.is_err() || inode.is_err() {
                let _ = child.wait();
                return skipped("only the superuser can make another IPC namespace here");
            }
            let inode = inode.unwrap().to_string();
            let (list, warnings) =
                printed(&["list", "--all-namespaces", "--columns", "size", "--bytes"]);
            let (all, _) = printed(&["namespaces"]);
            let (metrics, _) = printed(&["metrics", "--all-namespaces"]);
            child.kill().unwrap();
            child.wait().unwrap();
            let in_it = |line: &&str| line.split_whitespace().next() == Some(&*inode);
            let mut sizes: Vec<&str> = list
                .lines()
                .filter(in_it)
                .map(|line| line.split_whitespace().nth(1).unwrap())
                .collect();
            sizes.sort_unstable();
            assert_eq!(sizes, ["4096", "8192"], "{list}{warnings}");
            let line = all.lines().find(in_it).unwrap();
            let words: Vec<&str> = line.split_whitespace().collect();
            assert_eq!(&words[1..4], ["-", "2", "12K"], "{all}");
            assert!(
                metrics.contains(&format!(
                    "sysv_shm_bytes{{namespace=\"{inode}\",owner=\"root\",uid=\"0\"}} 12288"
                )),
                "{metrics}"
            );
            drop(own);
        },
    );
}

#[test]
fn the_key_of_a_file_is_that_of_ftok() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("file");
    std::fs::write(&path, "").unwrap();
    let path = path.to_str().unwrap();
    for (project, number) in [
        (&[][..], 1),
        (&["R"], b'R'),
        (&["66"], 66),
        (&["0x42"], 66),
        (&["'7'"], b'7'),
    ] {
        let (text, _) = printed(&[&["key", path], project].concat());
        let key = shm::Key::from_path(path, number).unwrap();
        assert_eq!(text, format!("0x{:08x}\n", key.bits()), "{project:?}");
    }
    for (arguments, code) in [
        (&["key", path, "0"][..], 2),
        (&["key", path, "AB"], 2),
        (&["key", "/no/such/file"], 1),
        (&["key"], 2),
    ] {
        assert_eq!(
            shm_tui(arguments).status.code(),
            Some(code),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_segment_is_shown_by_the_file_of_its_key() {
    isolated("a_segment_is_shown_by_the_file_of_its_key", || {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().to_str().unwrap();
        let key = shm::Key::from_path(path, b'R').unwrap();
        let options = shm::SegmentOptions::new().size(4242).create_new(true);
        let made = options.open(key).unwrap().remove_on_drop();
        let (text, _) = printed(&["show", "--path", path, "R"]);
        assert!(
            text.contains(&format!("id               {}\n", made.id())),
            "{text}"
        );
        let output = shm_tui(&["show", "--path", path]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.code() == Some(1) && message.contains("no segment with key"),
            "{message}"
        );
        for wrong in [
            &["show"][..],
            &["show", "5", "--path", path],
            &["show", "--path", path, "R", "S"],
        ] {
            assert_eq!(shm_tui(wrong).status.code(), Some(2), "{wrong:?}");
        }
        assert_eq!(
            shm_tui(&["show", "--path", path, "RS"]).status.code(),
            Some(1)
        );
    });
}
