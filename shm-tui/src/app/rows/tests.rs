//! Following rows, marks, headings and the screen.

use super::*;
use crate::model::column::Column;
use crate::model::diff;
use crate::model::directory::Directory;
use crate::model::totals::Division;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn segment(id: Id, size: u64) -> Segment {
    Segment {
        id,
        size,
        ..Segment::default()
    }
}

fn arrange_grouped(rows: &mut Rows, by: Option<Division>, collapsed: &BTreeSet<Arc<str>>) {
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
        grouping: by.map(|by| Grouping { by, collapsed }),
    };
    rows.arrange(&how, &context);
}

fn arrange(rows: &mut Rows) {
    arrange_grouped(rows, None, &BTreeSet::new());
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
fn headings_are_selected_and_collapsed() {
    let mut rows = Rows::default();
    let of = |owner, id| Segment {
        owner,
        memory: Some(crate::model::segment::Memory {
            resident: 4096,
            swapped: 0,
        }),
        ..segment(id, 1)
    };
    let list = [of(1, 0), of(2, 1), of(1, 2)];
    rows.apply(&list.map(Change::Appeared), Duration::ZERO);
    let none = BTreeSet::new();
    arrange_grouped(&mut rows, Some(Division::Owner), &none);
    rows.select(0);
    let mut seen = Vec::new();
    for _ in 0..5 {
        let group = rows.group().map(|group| group.name.to_string());
        seen.push((group, rows.selected().map(|row| row.segment.id)));
        rows.step(1);
    }
    let heading = |name: &str| (Some(name.to_owned()), None);
    let row = |id| (None, Some(id));
    assert_eq!(seen, [heading("2"), row(1), heading("1"), row(0), row(2)]);
    rows.select(2);
    // The heading stays selected wherever it moves to.
    let collapsed: BTreeSet<Arc<str>> = ["2".into(), "1".into()].into();
    arrange_grouped(&mut rows, Some(Division::Owner), &collapsed);
    let group = rows.group().unwrap();
    assert_eq!((&*group.name, rows.position(), rows.lines()), ("1", 1, 2));
    assert_eq!(
        (group.members.as_slice(), group.sum.resident),
        (&[0, 2][..], 8192)
    );
    assert_eq!(rows.shown(), 3, "collapsed rows pass the filter");
    assert_eq!(rows.passing().count(), 0, "nothing is marked out of sight");
    rows.settle(1);
    assert_eq!(rows.top(), 1);
    arrange_grouped(&mut rows, Some(Division::Owner), &none);
    assert_eq!(rows.position(), 2);
    rows.select(0);
    rows.settle(9);
    let shown: Vec<_> = rows.visible(9).collect();
    assert!(matches!(shown[0], Shown::Heading(group) if group.sum.segments == 1));
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
