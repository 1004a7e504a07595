//! The columns hold together, and compare as a reader expects.

use super::*;

#[test]
fn every_column_is_defined_once_and_found_by_its_name() {
    for definition in COLUMNS {
        assert_eq!(definition.name.parse(), Ok(definition.column));
        assert_eq!(definition.column.definition().name, definition.name);
        assert!(definition.title.len() <= usize::from(definition.width));
    }
}

#[test]
fn an_unknown_column_is_answered_with_the_known_ones() {
    let message = "sise".parse::<Column>().unwrap_err().to_string();
    assert!(message.starts_with("unknown column `sise`"), "{message}");
    assert!(message.contains("size, attached"), "{message}");
}

#[test]
fn the_youngest_comes_first_and_the_never_used_last() {
    let at = |time| Segment {
        attach_time: time,
        ..Segment::default()
    };
    let mut list = [at(None), at(Some(5)), at(Some(9))];
    let directory = Directory::default();
    let context = Context {
        directory: &directory,
        now: 10,
        exact: false,
    };
    list.sort_by(|a, b| Column::AttachAge.compare(a, b, &context));
    assert_eq!(list.map(|s| s.attach_time), [Some(9), Some(5), None]);
}
