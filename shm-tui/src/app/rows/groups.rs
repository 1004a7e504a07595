//! Rows that belong together, under a heading that can be selected and collapsed.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{Item, Row};
use crate::model::column::{Column, Context};
use crate::model::segment::Id;
use crate::model::sort::Sort;
use crate::model::state::State;
use crate::model::totals::{Common, Division, Sum};

/// The line above the rows that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they have in common.
    pub name: Arc<str>,
    /// The state, if that is what they have in common.
    pub state: Option<State>,
    /// What those that exist add up to.
    pub sum: Sum,
    /// Those that exist.
    pub members: Vec<Id>,
    /// Whether the rows are out of sight.
    pub collapsed: bool,
}

/// How rows are grouped.
#[derive(Clone, Copy, Debug)]
pub struct Grouping<'a> {
    /// By what.
    pub by: Division,
    /// The names of the groups whose rows are out of sight.
    pub collapsed: &'a BTreeSet<Arc<str>>,
}

/// A group and the positions of its rows.
struct Members {
    group: Group,
    rows: Vec<usize>,
}

/// Puts headings before the rows that belong together. `passing` is sorted already;
/// groups are ordered by what the rows are sorted by, if that adds up, else by name.
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

/// What a group adds up to in a column; nothing where that makes no sense.
fn weight(group: &Group, column: Column) -> u64 {
    match column {
        Column::Size => group.sum.size,
        Column::Resident | Column::ResidentShare => group.sum.resident,
        Column::Swapped => group.sum.swapped,
        _ => 0,
    }
}
