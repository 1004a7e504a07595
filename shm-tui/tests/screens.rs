//! Every screen at the sizes that people have: 80x24, 120x40, 200x50, and 40x10.

#![allow(clippy::unwrap_used)]

mod support;

use insta::assert_snapshot;
use support::Stage;

/// The keys that lead to each screen.
const SCREENS: [(&str, &str); 10] = [
    ("list", "<Down>"),
    ("groups", "o"),
    ("memory", "M"),
    ("bytes", "<Down><Down><Enter>"),
    ("map", "<Down><Down><Enter>m"),
    ("differences", "<Down><Down><Enter>sd"),
    ("processes", "a"),
    ("events", "e"),
    ("namespaces", "n"),
    ("columns", "c"),
];

#[test]
fn every_screen_at_every_size() {
    for (name, keys) in SCREENS {
        for (width, height) in [(80, 24), (120, 40), (200, 50), (40, 10)] {
            let mut stage = Stage::new(width, height);
            stage.press(keys);
            stage.read();
            assert_snapshot!(format!("{name}_{width}x{height}"), stage.picture());
        }
    }
}

#[test]
fn bytes_are_colored_by_class_and_changes_are_underlined() {
    let mut stage = Stage::new(80, 24);
    stage.fake.change(|system| {
        let bytes = b"text \0\x01\t\n\x7f\x80\xff end".to_vec();
        system.bytes.insert(65_538, bytes);
    });
    stage.press("<Down><Down><Enter><Down>");
    stage.read();
    assert_snapshot!("classes", stage.styled());
    stage.fake.change(|system| {
        system.bytes.get_mut(&65_538).unwrap()[1] = b'E';
    });
    stage.wait(1);
    let cell = |stage: &Stage| {
        let buffer = stage.buffer();
        let shown = stage.picture();
        let line = shown.lines().position(|line| line.starts_with("00000000"));
        let y = u16::try_from(line.unwrap()).unwrap();
        buffer[(13, y)].clone()
    };
    let changed = cell(&stage);
    assert_eq!(changed.symbol(), "4");
    assert!(
        changed
            .modifier
            .contains(ratatui::style::Modifier::UNDERLINED)
    );
}
