//! The program on the real kernel, compared with the system's own tools.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/namespace.rs"]
mod namespace;
#[path = "support/pty.rs"]
mod pty;

use std::collections::BTreeMap;

use namespace::{installed, isolated, keyed, output, partly};
use pty::Pty;
use shm::{Key, OwnedSegment, Permissions, Segment, SegmentOptions};

const SHM_TUI: &str = env!("CARGO_BIN_EXE_shm-tui");

/// One segment of every sort that a listing could get wrong.
struct Zoo {
    segments: Vec<OwnedSegment>,
    _attachments: Vec<shm::Attachment>,
}

fn zoo() -> Zoo {
    let mut attachments = Vec::new();
    let private = Segment::private(4096).unwrap().remove_on_drop();
    let three = keyed(0x51, 4096, 0o644);
    for _ in 0..3 {
        attachments.push(three.attach().unwrap());
    }
    let negative_key = keyed(-2, 1, 0o777);
    let mode_0 = keyed(0x52, 8192, 0);
    let odd_size = keyed(0x53, 5001, 0o640);
    let removed = keyed(0x54, 4096, 0o600);
    attachments.push(removed.attach().unwrap());
    Segment::from_id(removed.id()).remove().unwrap();
    let locked = keyed(0x55, 4096, 0o600);
    match locked.lock() {
        Ok(()) => {}
        Err(error) => partly(&format!("no locked segment: {error}")),
    }
    let given_away = keyed(0x56, 4096, 0o604);
    let nobody = Permissions::new().owner(65_534).group(65_534);
    match given_away.set_permissions(&nobody) {
        Ok(()) => {}
        Err(error) => partly(&format!("no segment of another owner: {error}")),
    }
    let huge = SegmentOptions::new()
        .size((4 << 30) + 4097)
        .no_reserve(true)
        .create_new(true)
        .open(Key::from_raw(0x57))
        .unwrap()
        .remove_on_drop();
    Zoo {
        segments: vec![
            private,
            three,
            negative_key,
            mode_0,
            odd_size,
            removed,
            locked,
            given_away,
            huge,
        ],
        _attachments: attachments,
    }
}

/// Key, owner, permissions in octal, bytes, attachments, status; by identifier.
type Table = BTreeMap<i64, [String; 6]>;

fn our_table() -> Table {
    let text = output(SHM_TUI, &["list", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let rows = document["segments"].as_array().unwrap().iter();
    rows.map(|row| {
        let status: Vec<&str> = row["status"]
            .as_array()
            .unwrap()
            .iter()
            .map(|label| label.as_str().unwrap())
            .collect();
        let cells = [
            row["key"].as_str().unwrap().to_owned(),
            row["owner"].as_str().unwrap().to_owned(),
            row["mode"].as_str().unwrap().to_owned(),
            row["size"].to_string(),
            row["attached"].to_string(),
            status.join(","),
        ];
        (row["id"].as_i64().unwrap(), cells)
    })
    .collect()
}

fn ipcs_table() -> Table {
    let text = output("ipcs", &["-m"]);
    let lines = text.lines().filter(|line| line.starts_with("0x"));
    lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let cells = [
                words[0].to_owned(),
                words[2].to_owned(),
                format!("{:0>4}", words[3]),
                words[4].to_owned(),
                words[5].to_owned(),
                words[6..].join(","),
            ];
            (words[1].parse().unwrap(), cells)
        })
        .collect()
}

fn lsipc_table() -> Table {
    let columns = "KEY,ID,OWNER,PERMS,SIZE,NATTCH,STATUS";
    let arguments = ["-m", "--json", "--bytes", "--numeric-perms", "-o", columns];
    let text = output("lsipc", &arguments);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let cell = |row: &serde_json::Value, name: &str| match &row[name] {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    };
    let rows = document["sharedmemory"].as_array().unwrap().iter();
    rows.map(|row| {
        let mut cells = ["key", "owner", "perms", "size", "nattch", "status"].map(|n| cell(row, n));
        // A zero has no leading one.
        cells[2] = format!("{:0>4}", cells[2]);
        (cell(row, "id").parse().unwrap(), cells)
    })
    .collect()
}

#[test]
fn the_table_is_that_of_ipcs_and_lsipc() {
    isolated("the_table_is_that_of_ipcs_and_lsipc", || {
        let zoo = zoo();
        let ours = our_table();
        assert_eq!(ours.len(), zoo.segments.len());
        for (program, table) in [
            ("ipcs", ipcs_table as fn() -> Table),
            ("lsipc", lsipc_table),
        ] {
            match installed(program, "util-linux") {
                Ok(()) => assert_eq!(ours, table(), "{program}"),
                Err(missing) => partly(&missing),
            }
        }
        // What they print is what was made: otherwise all three could be wrong.
        let cells = |index: usize| &ours[&i64::from(zoo.segments[index].id().as_raw())];
        assert_eq!(cells(1)[4], "3");
        assert_eq!(cells(2)[0], "0xfffffffe");
        assert_eq!(cells(3)[2], "0000");
        assert_eq!(cells(4)[3], "5001");
        assert_eq!(cells(5)[5], "dest");
        assert_eq!(cells(8)[3], "4294971393");
        drop(zoo);
        assert_eq!(our_table(), Table::new());
    });
}

#[test]
fn an_empty_namespace_is_an_empty_table() {
    isolated("an_empty_namespace_is_an_empty_table", || {
        assert_eq!(our_table(), Table::new());
        let text = output(SHM_TUI, &["list"]);
        assert_eq!(text.lines().count(), 1, "{text}");
    });
}

#[test]
fn a_segment_is_shown_by_id_and_by_key() {
    isolated("a_segment_is_shown_by_id_and_by_key", || {
        let segment = keyed(0x51, 5001, 0o640);
        let id = segment.id().as_raw().to_string();
        for name in [id.as_str(), "0x51"] {
            let text = output(SHM_TUI, &["show", name]);
            assert!(text.contains("5001"), "{text}");
            assert!(text.contains("rw-r-----"), "{text}");
        }
    });
}

fn attached(segment: &OwnedSegment) -> u64 {
    segment.stat().unwrap().attached
}

#[test]
fn contents_are_shown_live_and_attached_only_meanwhile() {
    isolated(
        "contents_are_shown_live_and_attached_only_meanwhile",
        || {
            let segment = keyed(0x51, 4096, 0o600);
            let attachment = segment.attach().unwrap();
            attachment
                .view()
                .write_all_at(0, b"before \x1b[31m")
                .unwrap();
            let mut pty = Pty::browser(&[], 120, 30);
            pty.expect("0x00000051");
            assert_eq!(attached(&segment), 1);
            pty.send("\r");
            pty.expect("before •[31m");
            assert_eq!(attached(&segment), 2);
            attachment.view().write_all_at(0, b"behind").unwrap();
            pty.expect("behind •[31m");
            pty.send("q");
            pty.expect("F10Quit");
            // The count of the table is without the browser's own attachment.
            pty.expect("in use: attached once");
            let end = std::time::Instant::now() + pty::PATIENCE;
            while attached(&segment) != 1 {
                assert!(std::time::Instant::now() < end, "it does not let go");
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            pty.send("q");
            assert_eq!(pty.code(), 0);
        },
    );
}

#[test]
fn a_segment_removed_while_shown_is_let_go_and_destroyed() {
    isolated(
        "a_segment_removed_while_shown_is_let_go_and_destroyed",
        || {
            let segment = keyed(0x51, 4096, 0o600);
            segment
                .attach()
                .unwrap()
                .view()
                .write_all_at(0, b"last words")
                .unwrap();
            let mut pty = Pty::browser(&[], 120, 30);
            pty.expect("0x00000051");
            pty.send("\r");
            pty.expect("last words");
            Segment::from_id(segment.id()).remove().unwrap();
            pty.expect("detached:");
            pty.expect("last words");
            let end = std::time::Instant::now() + pty::PATIENCE;
            while !our_table().is_empty() {
                assert!(std::time::Instant::now() < end, "it was kept alive");
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            pty.send("q");
            pty.expect("no System V shared memory segments");
        },
    );
}

#[test]
fn segments_come_and_go_in_the_table() {
    isolated("segments_come_and_go_in_the_table", || {
        let pty = Pty::browser(&["--rate", "0.25"], 120, 30);
        pty.expect("there are no System V shared memory segments here");
        let segment = keyed(0x51, 5001, 0o600);
        pty.expect("+ 0x00000051");
        Segment::from_id(segment.id()).remove().unwrap();
        pty.expect("- 0x00000051");
        pty.expect("there are no System V shared memory segments here");
    });
}
