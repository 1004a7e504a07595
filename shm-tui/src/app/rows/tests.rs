//! Following rows, marks, headings and the screen.

use super::*;
use crate::model::column::Column;
use crate::model::diff;
use crate::model::directory::Directory;
use proptest::prelude::*;

fn segment(id: Id, size: u64) -> Segment {
    Segment {
        id,
        size,
        ..Segment::default()
    }
}

fn arrange_grouped(rows: &mut Rows, grouping: Option<Grouping>) {
    let directory = Directory::default();
    let context = Context {
        directory: &directory,
        now: 0,
        exact: false,
    };
    let sort = Sort {
        column: Column::Size,
        descending: false,
    };
    let how = Arrangement {
        sort,
        filter: &Filter::default(),
        only: None,
        grouping,
    };
    rows.arrange(&how, &context);
}

fn arrange(rows: &mut Rows) {
    arrange_grouped(rows, None);
}

fn three() -> Rows {
    let mut rows = Rows::default();
    let list = [segment(0, 30), segment(1, 10), segment(2, 20)];
    rows.apply(&list.map(Change::Appeared), Duration::ZERO);
    arrange(&mut rows);
    rows
}

#[test]
fn the_selection_follows_the_segment_and_not_the_position() {
    let mut rows = three();
    rows.select(1);
    assert_eq!(rows.selected().unwrap().segment.id, 2);
    rows.apply(&[Change::Appeared(segment(9, 1))], Duration::ZERO);
    arrange(&mut rows);
    assert_eq!(rows.selected().unwrap().segment.id, 2);
    assert_eq!(rows.position(), 2);
}

#[test]
fn a_gone_row_stays_marked_and_then_its_neighbor_is_selected() {
    let mut rows = three();
    rows.select(1);
    rows.apply(&[Change::Gone(segment(2, 20))], Duration::ZERO);
    arrange(&mut rows);
    assert!(rows.selected().unwrap().is_gone());
    assert!(rows.segment(2).is_none());
    assert!(rows.expire(MARKED));
    arrange(&mut rows);
    assert_eq!(rows.shown(), 2);
    assert_eq!(rows.selected().unwrap().segment.id, 0);
}

#[test]
fn the_first_look_marks_nothing_as_new() {
    let mut rows = three();
    assert_eq!(rows.next_expiry(), None);
    rows.apply(&[Change::Appeared(segment(9, 1))], Duration::ZERO);
    assert_eq!(rows.next_expiry(), Some(MARKED));
}

#[test]
fn a_number_may_be_gone_and_new_at_once() {
    let mut rows = three();
    let changes = [
        Change::Gone(segment(1, 10)),
        Change::Appeared(segment(1, 11)),
    ];
    rows.apply(&changes, Duration::ZERO);
    arrange(&mut rows);
    assert_eq!((rows.shown(), rows.lines()), (3, 4));
    assert_eq!(rows.segment(1).unwrap().size, 11);
    rows.expire(MARKED);
    arrange(&mut rows);
    assert_eq!(rows.shown(), 3);
}

#[test]
fn a_row_is_found_although_others_appear_before_it() {
    let mut rows = three();
    rows.apply(&[Change::Gone(segment(1, 10))], Duration::ZERO);
    rows.expire(MARKED);
    // As the comparison tells it: in the order of identifiers.
    let changes = [
        Change::Appeared(segment(1, 1)),
        Change::Gone(segment(2, 20)),
    ];
    rows.apply(&changes, Duration::ZERO);
    arrange(&mut rows);
    assert_eq!((rows.count(), rows.shown(), rows.lines()), (2, 2, 3));
    assert_eq!(rows.bytes(), 31);
}

proptest! {
    #[test]
    fn counts_are_those_of_the_system_however_much_comes_and_goes(
        looks in proptest::collection::vec(proptest::collection::btree_set(0..40, 0..30), 1..12)
    ) {
        let mut rows = Rows::default();
        let mut last = Vec::new();
        for look in looks {
            let now: Vec<Segment> = look.into_iter().map(|id| segment(id, 1)).collect();
            rows.apply(&diff::compare(&last, &now), Duration::ZERO);
            arrange(&mut rows);
            prop_assert_eq!((rows.count(), rows.shown()), (now.len(), now.len()));
            prop_assert_eq!(rows.bytes(), now.len() as u64);
            last = now;
        }
    }
}

#[test]
fn headings_are_stepped_over_and_come_onto_the_screen() {
    let mut rows = Rows::default();
    let of = |owner, id| Segment {
        owner,
        ..segment(id, 1)
    };
    let list = [of(1, 0), of(2, 1), of(1, 2)];
    rows.apply(&list.map(Change::Appeared), Duration::ZERO);
    arrange_grouped(&mut rows, Some(Grouping::Owner));
    rows.select(0);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(rows.selected().unwrap().segment.id);
        rows.step(1);
    }
    assert_eq!(seen, [0, 2, 1, 1]);
    rows.step(-1);
    assert_eq!(rows.selected().unwrap().segment.id, 2);
    rows.step(-9);
    rows.settle(2);
    assert_eq!((rows.position(), rows.top(), rows.shown()), (1, 0, 3));
    let shown: Vec<_> = rows.visible(9).collect();
    assert!(matches!(shown[0], Shown::Heading(group) if group.rows == 2));
    assert_eq!(shown.len(), 5);
}

#[test]
fn the_selected_row_is_on_the_screen() {
    let mut rows = three();
    rows.select(2);
    rows.settle(2);
    assert_eq!(rows.top(), 1);
    rows.select(0);
    rows.settle(2);
    assert_eq!(rows.top(), 0);
    rows.settle(0);
    assert_eq!(rows.top(), 0);
}
