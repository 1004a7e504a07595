//! Takes snapshots and compares them.

use std::sync::Arc;

use super::{App, Command, Effect, job};
use crate::app::Screen;
use crate::app::job::Work;
use crate::app::layout;
use crate::source::snapshot::{Difference, Snapshot};

/// How many snapshots are kept; one more replaces the oldest.
const KEPT: usize = 9;

/// Takes a snapshot.
pub(super) fn take(app: &mut App, effects: &mut Vec<Effect>) {
    let taken = app.now.wall;
    if let Some(contents) = &mut app.contents {
        contents.comparison.taken += 1;
        let number = contents.comparison.taken;
        job::begin(app, Work::Snapshot(number, taken), effects);
    }
}

/// Stores a snapshot; the next comparison uses it.
pub(super) fn taken(app: &mut App, snapshot: Arc<Snapshot>, unknown: u64) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    let unreported = job::unreported(unknown, contents.read_unknown);
    let comparison = &mut contents.comparison;
    let number = snapshot.number;
    comparison.snapshots.push(snapshot);
    if comparison.snapshots.len() > KEPT {
        comparison.snapshots.remove(0);
    }
    comparison.before = comparison.snapshots.len() - 1;
    (comparison.after, comparison.difference) = (None, None);
    app.notify(
        format!("took snapshot {number}{unreported}; d compares"),
        false,
    );
}

/// Shows the list of differences, and compares.
pub(super) fn open(app: &mut App, effects: &mut Vec<Effect>) {
    let contents = app.contents.as_ref();
    if contents.is_none_or(|contents| contents.comparison.snapshots.is_empty()) {
        return app.notify("there is no snapshot to compare with: s takes one", true);
    }
    app.screen = Screen::Differences;
    compare(app, effects);
}

fn compare(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    let comparison = &mut contents.comparison;
    let snapshots = &comparison.snapshots;
    let Some(before) = snapshots.get(comparison.before).cloned() else {
        return;
    };
    let after = comparison.after.and_then(|after| snapshots.get(after));
    let work = Work::Compare(before, after.cloned());
    comparison.difference = None;
    comparison.cursor = Default::default();
    job::begin(app, work, effects);
}

/// Stores a comparison.
pub(super) fn compared(app: &mut App, difference: Difference) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    contents.comparison.difference = Some(difference);
}

pub(super) fn command(app: &mut App, command: Command, effects: &mut Vec<Effect>) {
    let height = usize::from(layout::areas(app).body.height);
    let Some(contents) = &mut app.contents else {
        return;
    };
    let comparison = &mut contents.comparison;
    comparison.cursor.apply(command, height);
    let count = comparison.snapshots.len();
    match command {
        Command::Back => {
            app.screen = Screen::Contents;
            job::cancel(app, effects, |job| matches!(job.work, Work::Compare(..)));
        }
        Command::Choose => {
            let position = comparison.cursor.position;
            if let Some(change) = comparison.changes().get(position) {
                let start = change.range.start;
                contents.window.jump(start);
                app.screen = Screen::Contents;
            }
        }
        Command::Reload => compare(app, effects),
        Command::Before => {
            comparison.before = comparison.before.checked_sub(1).unwrap_or(count - 1);
            // A snapshot is not compared with itself.
            if comparison.after == Some(comparison.before) {
                comparison.after = None;
            }
            compare(app, effects);
        }
        Command::After => {
            let next = comparison.after.map_or(0, |after| after + 1);
            let mut others = (next..count).filter(|index| *index != comparison.before);
            comparison.after = others.next();
            compare(app, effects);
        }
        _ => {}
    }
}

/// Goes to the next or the previous difference.
pub(super) fn step(app: &mut App, forward: bool) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    let cursor = contents.window.cursor;
    let changes = contents.comparison.changes();
    let found = match forward {
        true => changes.iter().find(|change| change.range.start > cursor),
        false => changes.iter().rfind(|change| change.range.start < cursor),
    };
    match found.map(|change| change.range.start) {
        Some(start) => contents.window.jump(start),
        None if contents.comparison.difference.is_none() => {
            app.notify("no comparison yet: s takes a snapshot, d compares", true);
        }
        None => app.notify("no more differences in that direction", false),
    }
}
