//! Groups of rows under a heading that can be selected and collapsed.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{Item, Row};
use crate::model::column::{Column, Context};
use crate::model::segment::Id;
use crate::model::sort::Sort;
use crate::model::state::State;
use crate::model::totals::{Common, Division, Sum};

/// The heading of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The common name.
    pub name: Arc<str>,
    /// The state, if the group is one of a state.
    pub state: Option<State>,
    /// The totals of those that exist.
    pub sum: Sum,
    /// Those that exist.
    pub members: Vec<Id>,
    /// Whether the rows are hidden.
    pub collapsed: bool,
}

/// How rows are grouped.
#[derive(Clone, Copy, Debug)]
pub struct Grouping<'a> {
    /// The criterion.
    pub by: Division,
    /// The names of the collapsed groups.
    pub collapsed: &'a BTreeSet<Arc<str>>,
}

/// A group and the positions of its rows.
struct Members {
    group: Group,
    rows: Vec<usize>,
}

/// Inserts headings before the groups of rows. `passing` is already sorted; groups are
/// ordered by the total of the sort column if it has one, else by name.
pub(super) fn with_headings(
    passing: &[(usize, &Row)],
    grouping: Grouping<'_>,
    sort: Sort,
    context: &Context<'_>,
) -> Vec<Item> {
    let names = context.directory;
    let mut found: HashMap<Common<'_>, usize> = HashMap::new();
    let mut groups: Vec<Members> = Vec::new();
    for (index, row) in passing {
        let common = Common::of(&row.segment, grouping.by, names, context.now);
        let next = groups.len();
        let at = *found.entry(common).or_insert(next);
        if at == next {
            let name = common.name(names);
            let group = Group {
                collapsed: grouping.collapsed.contains(&name),
                name,
                state: common.state(),
                sum: Sum::default(),
                members: Vec::new(),
            };
            groups.push(Members {
                group,
                rows: Vec::new(),
            });
        }
        if let Some(members) = groups.get_mut(at) {
            members.rows.push(*index);
            if !row.is_gone() {
                members.group.sum.add(&row.segment);
                members.group.members.push(row.segment.id);
            }
        }
    }
    groups.sort_by(|a, b| {
        let (a, b) = (&a.group, &b.group);
        let order = weight(a, sort.column).cmp(&weight(b, sort.column));
        let order = if sort.descending {
            order.reverse()
        } else {
            order
        };
        order.then_with(|| (a.state, &a.name).cmp(&(b.state, &b.name)))
    });
    let mut items = Vec::with_capacity(passing.len() + groups.len());
    for Members { group, rows } in groups {
        let collapsed = group.collapsed;
        items.push(Item::Heading(group));
        if !collapsed {
            items.extend(rows.into_iter().map(Item::Row));
        }
    }
    items
}

/// Returns the total of a group in a column; `None` where that makes no sense.
fn weight(group: &Group, column: Column) -> u64 {
    match column {
        Column::Size => group.sum.size,
        Column::Resident | Column::ResidentShare => group.sum.resident,
        Column::Swapped => group.sum.swapped,
        _ => 0,
    }
}
