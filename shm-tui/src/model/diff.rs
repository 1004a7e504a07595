//! Differences between two samples of the system.
//!
//! The worker thread compares and sends only these, so an idle system costs the drawing
//! thread nothing.

use std::cmp::Ordering;

use super::segment::Segment;

/// A difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The segment is new.
    Appeared(Segment),
    /// The segment has changed.
    Changed {
        /// Before the change.
        before: Segment,
        /// After the change.
        after: Segment,
    },
    /// The segment was destroyed.
    Gone(Segment),
}

/// Compares two lists that are ordered by identifier.
///
/// A reused identifier gives a destroyed and a new segment, in this order.
#[must_use]
pub fn compare(before: &[Segment], after: &[Segment]) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut old = before.iter().peekable();
    let mut new = after.iter().peekable();
    loop {
        match (old.peek(), new.peek()) {
            (None, None) => return changes,
            (Some(_), None) => changes.extend(old.by_ref().copied().map(Change::Gone)),
            (None, Some(_)) => changes.extend(new.by_ref().copied().map(Change::Appeared)),
            (Some(&&was), Some(&&is)) => match was.id.cmp(&is.id) {
                Ordering::Less => {
                    changes.push(Change::Gone(was));
                    old.next();
                }
                Ordering::Greater => {
                    changes.push(Change::Appeared(is));
                    new.next();
                }
                Ordering::Equal => {
                    push_pair(&mut changes, was, is);
                    old.next();
                    new.next();
                }
            },
        }
    }
}

fn push_pair(changes: &mut Vec<Change>, before: Segment, after: Segment) {
    if before == after {
        return;
    }
    if before.is_same(&after) {
        changes.push(Change::Changed { before, after });
    } else {
        changes.push(Change::Gone(before));
        changes.push(Change::Appeared(after));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn segment(id: i32, size: u64, attached: u64) -> Segment {
        Segment {
            id,
            size,
            attached,
            ..Segment::default()
        }
    }

    #[test]
    fn equal_lists_have_no_changes() {
        let list = [segment(0, 1, 0), segment(5, 2, 1)];
        assert_eq!(compare(&list, &list), []);
    }

    #[test]
    fn a_reused_number_goes_and_appears() {
        let (was, is) = (segment(3, 1, 0), segment(3, 2, 0));
        assert_eq!(
            compare(&[was], &[is]),
            [Change::Gone(was), Change::Appeared(is)]
        );
    }

    fn list() -> impl Strategy<Value = Vec<Segment>> {
        proptest::collection::btree_map(0..40i32, (1..3u64, 0..3u64), 0..30).prop_map(|map| {
            map.into_iter()
                .map(|(id, (size, attached))| segment(id, size, attached))
                .collect()
        })
    }

    proptest! {
        #[test]
        fn applying_the_changes_gives_the_new_list(before in list(), after in list()) {
            let mut map: std::collections::BTreeMap<i32, Segment> =
                before.iter().map(|s| (s.id, *s)).collect();
            for change in compare(&before, &after) {
                match change {
                    Change::Appeared(s) => prop_assert!(map.insert(s.id, s).is_none()),
                    Change::Changed { before, after } => {
                        prop_assert_eq!(map.insert(after.id, after), Some(before));
                    }
                    Change::Gone(s) => prop_assert_eq!(map.remove(&s.id), Some(s)),
                }
            }
            prop_assert_eq!(map.into_values().collect::<Vec<_>>(), after);
        }
    }
}
