//! `limits` takes the system's own sums, which must be those of the list.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "support/namespace.rs"]
mod namespace;

use namespace::{isolated, keyed, output};

const OURS: &str = env!("CARGO_BIN_EXE_shm-tui");

#[test]
fn sums_without_a_list_are_those_of_the_list() {
    isolated("sums_without_a_list_are_those_of_the_list", || {
        let segments = [keyed(0x51, 4096, 0o600), keyed(0x52, 100_000, 0o600)];
        let attached = segments[1].attach().unwrap();
        attached.view().write_all_at(0, &[1; 9_000]).unwrap();
        let summed = output(OURS, &["limits"]);
        let listed = output(OURS, &["limits", "--largest"]);
        let largest = |text: &str| {
            let line = text
                .lines()
                .find(|line| line.starts_with("largest segment"));
            let cells: Vec<String> = line.unwrap()["largest segment".len()..]
                .split_whitespace()
                .map(str::to_owned)
                .collect();
            cells
        };
        assert_eq!(largest(&listed)[0], "97.7K");
        if largest(&summed)[0] == "97.7K" {
            println!("huge pages are in use here: the list is read in any case");
        }
        let others = |text: &str| -> Vec<Vec<String>> {
            let lines = text.lines().filter(|line| !line.starts_with("largest"));
            let words = |line: &str| line.split_whitespace().map(str::to_owned).collect();
            lines.map(words).collect()
        };
        assert_eq!(others(&summed), others(&listed));
        let resident = others(&summed)
            .into_iter()
            .find(|words| words[0] == "resident")
            .unwrap();
        assert_eq!(resident[1], "12K", "three pages");
    });
}

#[test]
fn a_segment_is_found_by_key_and_by_identifier() {
    isolated("a_segment_is_found_by_key_and_by_identifier", || {
        let segment = keyed(0x51, 4096, 0o600);
        let _attached = segment.attach().unwrap();
        let id = segment.id().to_string();
        let by_key = output(OURS, &["processes", "0x51"]);
        assert_eq!(by_key, output(OURS, &["processes", &id]));
        let own = std::process::id().to_string();
        assert!(by_key.lines().any(|line| line.contains(&own)), "{by_key}");
    });
}
