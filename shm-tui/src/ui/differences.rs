//! Draws the differences between a snapshot and another one, or the current contents.
//!
//! ```text
//! Snapshot 1 of 12:00:01 against current contents   3 ranges
//!  OFFSET        BYTES  BEFORE                    AFTER
//!  0x10              4  30 30 34 32               30 30 34 33
//! ```

use ratatui::buffer::Buffer;

use super::{panel, text};
use crate::app::App;
use crate::app::findings::Comparison;
use crate::app::layout::Areas;
use crate::model::format;
use crate::source::snapshot::{Change, MOST, SHOWN};

pub(super) fn draw(app: &App, areas: &Areas, buffer: &mut Buffer) {
    let Some(contents) = &app.contents else {
        return;
    };
    let comparison = &contents.comparison;
    let name = |index: usize| {
        let snapshot = comparison.snapshots.get(index)?;
        let time = app.directory.clock(snapshot.taken);
        let time = time.split(' ').next_back().unwrap_or_default().to_owned();
        Some(format!("snapshot {} of {time}", snapshot.number))
    };
    let before = name(comparison.before).unwrap_or_default();
    let after = comparison.after.and_then(name);
    let after = after.unwrap_or_else(|| "current contents".to_owned());
    let title = format!("Segment {}: {before} against {after}", contents.target.id);
    panel::caption(app, areas.caption, &title, &remark(app, comparison), buffer);
    let width = SHOWN * 3 - 1;
    let titles = format!(
        " {:<14}{:>12}  {:<width$}  {:<width$}",
        "OFFSET", "BYTES", "BEFORE", "AFTER"
    );
    text::put(
        buffer,
        areas.titles2,
        &titles,
        false,
        app.theme.ellipsis(),
        app.theme.title(),
    );
    let changes = comparison.changes();
    if comparison.difference.is_some() && changes.is_empty() {
        let words = "no differences";
        return panel::sentence(app, areas, words, app.theme.plain(), buffer);
    }
    panel::lines(
        app,
        areas,
        comparison.cursor,
        changes.iter(),
        buffer,
        |change| {
            let length = change.range.end - change.range.start;
            let line = format!(
                " {:<14}{:>12}  {:<width$}  {:<width$}",
                format!("{:#x}", change.range.start),
                format::thousands(length),
                digits(&change.before, change),
                digits(&change.after, change),
            );
            (line, app.theme.plain())
        },
    );
}

/// The first bytes of a range.
fn digits(bytes: &[u8], change: &Change) -> String {
    let length = usize::try_from(change.range.end - change.range.start).unwrap_or(usize::MAX);
    let digits: Vec<String> = bytes
        .iter()
        .take(length)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    digits.join(" ")
}

fn remark(app: &App, comparison: &Comparison) -> String {
    let Some(difference) = &comparison.difference else {
        let running = app.jobs.running.first();
        return running.map_or(String::new(), |running| {
            format!("{} {} %", running.job.work.label(), running.percent())
        });
    };
    let count = difference.changes.len();
    let mut text = match (difference.more, count) {
        (true, _) => format!("the first {} ranges", format::thousands(MOST as u64)),
        (false, 1) => "1 range".to_owned(),
        (false, count) => format!("{} ranges", format::thousands(count as u64)),
    };
    if difference.unknown > 0 {
        let unknown = format::size(difference.unknown);
        text.push_str(&format!("; {unknown} not compared: unknown state"));
    }
    text
}
