//! Handles the grouping of rows, and keys on headings.

use std::sync::Arc;

use super::{App, Command};
use crate::model::segment::Segment;
use crate::model::totals::Division;

/// Groups by the next criterion, or not at all.
pub(super) fn next(app: &mut App) {
    app.grouping = match app.grouping {
        None => Some(Division::Owner),
        Some(Division::Owner) => Some(Division::Creator),
        Some(Division::Creator) => Some(Division::Program),
        Some(Division::Program) => Some(Division::State),
        Some(Division::State) => None,
    };
    app.collapsed.clear();
    app.reorder();
}

/// Handles a key on a heading: expands, collapses or marks the group.
pub(super) fn command(app: &mut App, command: Command) {
    let Some(group) = app.rows.group() else {
        return;
    };
    if command == Command::Mark {
        let members = group.members.iter();
        let members: Vec<Segment> = members
            .filter_map(|id| app.rows.segment(*id))
            .copied()
            .collect();
        let all = members.iter().all(|segment| app.marks.has(segment));
        for segment in &members {
            match all {
                true => app.marks.toggle(segment),
                false => app.marks.set(segment),
            }
        }
        return app.rows.step(1);
    }
    let name = Arc::clone(&group.name);
    if !app.collapsed.remove(&name) {
        app.collapsed.insert(name);
    }
    app.reorder();
}
