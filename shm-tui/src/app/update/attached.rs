//! Updates the column of attached commands.
//!
//! A scan reads `/proc` of every process. So it runs only while the column is on the
//! screen, only after the kernel's counts and times showed an attach or a detach, and at
//! most every [`GAP`]: an idle system is never scanned.

use std::time::Duration;

use super::{App, Effect};
use crate::app::{Screen, layout};
use crate::model::column::Column;
use crate::model::diff::Change;
use crate::model::scan::Finding;
use crate::model::segment::Segment;

/// The minimum interval between scans.
const GAP: Duration = Duration::from_secs(5);

/// Records whether `changes` contain an attach or a detach.
pub(super) fn note(app: &mut App, changes: &[Change]) {
    let use_of = |segment: &Segment| {
        let times = (segment.attach_time, segment.detach_time);
        (segment.attached, segment.last_pid, times)
    };
    app.processes.stale |= changes.iter().any(|change| match change {
        Change::Appeared(segment) => segment.attached > 0,
        Change::Changed { before, after } => use_of(before) != use_of(after),
        Change::Gone(_) => false,
    });
}

/// Requests a scan if one is due.
pub(super) fn follow(app: &mut App, effects: &mut Vec<Effect>) {
    if due(app).is_some_and(|due| due <= app.now.steady) {
        app.processes.stale = false;
        app.processes.asked = Some(app.now.steady);
        effects.push(Effect::Scan(None, None));
    }
}

/// Returns when the next scan is due, if one is.
pub(in crate::app) fn due(app: &App) -> Option<Duration> {
    let scans = app.abilities.finding == Finding::Scan;
    if !(scans && app.processes.stale && app.screen == Screen::List && is_shown(app)) {
        return None;
    }
    let asked = app.processes.asked;
    Some(asked.map_or(app.now.steady, |asked| asked + GAP))
}

/// Returns whether the column is on the screen.
fn is_shown(app: &App) -> bool {
    let titles = layout::areas(app).titles;
    app.columns.contains(&Column::AttachedCommands)
        && layout::columns(app, titles)
            .iter()
            .any(|(column, _)| *column == Column::AttachedCommands)
}
