//! Draws the dialogs: confirmations and results.
//!
//! ```text
//! ┌ Remove segment 7 ────────────────────────────────┐
//! │ what is hit: a line a segment                    │
//! │ who has it attached                              │
//! │ what has to be typed                             │
//! │  Cancel   Dry run   Remove                       │
//! └──────────────────────────────────────────────────┘
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{overlay, text};
use crate::app::App;
use crate::app::dialog::{Choice, Confirm, Dialog, Plan, Results};
use crate::model::act::{Creation, Operation};
use crate::model::directory::Process;
use crate::model::format;
use crate::model::segment::Segment;

const WIDTH: u16 = 76;
/// Width of a line.
const ROOM: usize = 72;
/// Number of lines of a list that a dialog shows at once.
const LIST: usize = 12;

type Line = (String, Style);

pub(super) fn draw(app: &App, screen: Rect, buffer: &mut Buffer) {
    match &app.dialog {
        Some(Dialog::Confirm(confirm)) => self::confirm(app, confirm, screen, buffer),
        Some(Dialog::Results(results)) => self::results(app, results, screen, buffer),
        None => {}
    }
}

fn confirm(app: &App, confirm: &Confirm, screen: Rect, buffer: &mut Buffer) {
    let plan = &confirm.plan;
    let title = format!("{} {}?", plan.verb(), plan.object());
    let mut lines = hit(app, confirm);
    lines.extend(attached(app, confirm));
    if let Some(proof) = &confirm.proof {
        let (before, after) = confirm.typed.halves();
        let words = format!("Type {proof} to agree: {before}_{after}");
        let style = match confirm.is_proven() {
            true => app.theme.title(),
            false => app.theme.changed(),
        };
        lines.push((words, style));
    }
    // Not in the footer, where it would cover the keys of the dialog.
    if let Some(notice) = &app.notice {
        lines.push((notice.text.clone(), app.theme.notice(notice.failed)));
    }
    let inner = overlay::open(app, screen, (WIDTH, lines.len() + 2), &title, buffer);
    // The buttons are visible on the smallest supported screen.
    let room = inner.height.saturating_sub(1);
    put(
        app,
        Rect {
            height: room,
            ..inner
        },
        &lines,
        buffer,
    );
    let last = Rect {
        y: inner.y + room,
        height: inner.height.min(1),
        ..inner
    };
    answers(app, confirm, last, buffer);
}

fn put(app: &App, area: Rect, lines: &[Line], buffer: &mut Buffer) {
    for (y, (words, style)) in (area.y..area.bottom()).zip(lines) {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        let words = format!(" {words}");
        text::put(buffer, line, &words, false, app.theme.ellipsis(), *style);
    }
}

/// Draws the affected segments, a line each, and the change.
fn hit(app: &App, confirm: &Confirm) -> Vec<Line> {
    let plain = Style::new();
    let commands = confirm.plan.commands();
    let mut lines: Vec<Line> = Vec::new();
    match &confirm.plan {
        Plan::Create(Creation { key, size, mode }) => {
            let key = key.map_or("private".to_owned(), |key| format!("key {key}"));
            let (size, mode) = (format::size(*size), format::permissions(*mode));
            lines.push((format!("{key}, {size}, {mode}"), plain));
        }
        Plan::Acts(_, segments) => {
            let shown = segments.iter().skip(confirm.top).take(LIST);
            lines.extend(shown.map(|segment| (describe(app, segment), plain)));
            if segments.len() > LIST {
                let (from, count) = (confirm.top + 1, segments.len());
                let words = format!("from {from} of {count}; up and down show the others");
                lines.push((words, app.theme.dim()));
            }
        }
    }
    if let Plan::Acts(Operation::Remove, segments) = &confirm.plan
        && segments.iter().any(|segment| segment.attached > 0)
    {
        let words = match app.limits.attach_removed {
            Some(false) => {
                "What is attached is destroyed at the last detach; this system lets nobody attach \
                 it any more."
            }
            _ => {
                "What is attached is destroyed at the last detach; nobody can attach it by its \
                 key any more."
            }
        };
        let words = text::wrap(words, ROOM).into_iter();
        lines.extend(words.map(|words| (words.to_owned(), app.theme.dim())));
    }
    match (&confirm.plan, commands.as_slice()) {
        (Plan::Acts(Operation::Remove, segments), [_])
            if segments.iter().all(|s| s.flags.removed) =>
        {
            let words = "It is marked for removal already; there is nothing to do.".to_owned();
            lines.push((words, app.theme.dim()));
        }
        (_, [command]) => lines.push((format!("the same as: {command}"), app.theme.dim())),
        _ => {}
    }
    lines
}

fn describe(app: &App, segment: &Segment) -> String {
    let owner = app.directory.user(segment.owner);
    let size = format::size(segment.size);
    let attached = match segment.attached {
        0 => "attached by nobody".to_owned(),
        1 => "attached once".to_owned(),
        times => format!("attached {times} times"),
    };
    format!(
        "segment {}, key {}, {size}, of {owner}, {attached}",
        segment.id, segment.key
    )
}

/// Draws the processes that have them attached, as far as known.
fn attached(app: &App, confirm: &Confirm) -> Vec<Line> {
    let segments = confirm.plan.segments();
    if !segments.iter().any(|segment| segment.attached > 0) {
        return Vec::new();
    }
    let dim = app.theme.dim();
    let scan = match &app.processes.scan {
        _ if !confirm.scanned => return vec![("looking who has it attached".to_owned(), dim)],
        Some(scan) => scan,
        None => {
            let failure = app.processes.failure.clone().unwrap_or_default();
            return vec![(format!("who has it attached is not known: {failure}"), dim)];
        }
    };
    let mut lines: Vec<Line> = Vec::new();
    let mut missing = 0;
    for segment in segments {
        for found in scan.of(segment) {
            let command = match scan.processes.get(&found.pid) {
                Some(Process::Running { command, .. }) => command.as_ref(),
                _ => "?",
            };
            let (pid, id) = (found.pid, found.id);
            let words = match segments.len() {
                1 => format!("attached by {pid} {command}"),
                _ => format!("{id} attached by {pid} {command}"),
            };
            lines.push((words, app.theme.changed()));
        }
        missing += scan.missing(segment);
    }
    let count = lines.len();
    lines.truncate(LIST / 2);
    if count > lines.len() {
        lines.push((format!("and {} more", count - lines.len()), dim));
    }
    if missing > 0 {
        let gaps = scan.gaps().unwrap_or_default();
        let count = format::counted(missing, "attachment");
        let words = format!("{count} found in no process; {gaps}");
        lines.push((words, app.theme.changed()));
    }
    lines
}

fn answers(app: &App, confirm: &Confirm, area: Rect, buffer: &mut Buffer) {
    if confirm.busy {
        return text::put(buffer, area, " at work", false, "", app.theme.title());
    }
    let pieces = Choice::ALL.map(|choice| {
        let words = match choice {
            Choice::Cancel => "Cancel",
            Choice::DryRun => "Dry run",
            Choice::Go => confirm.plan.verb(),
        };
        let style = match (choice == confirm.choice, choice) {
            (true, _) => app.theme.selected(),
            (false, Choice::Go) if !confirm.is_proven() => app.theme.dim(),
            (false, _) => Style::new(),
        };
        // Brackets show the selection without styles too.
        match choice == confirm.choice {
            true => (format!("[{words}]"), style),
            false => (format!(" {words} "), style),
        }
    });
    let pieces = pieces.iter().flat_map(|(words, style)| {
        let gap = (" ", Style::new());
        [gap, (words.as_str(), *style)]
    });
    text::put_pieces(buffer, area, pieces);
}

fn results(app: &App, results: &Results, screen: Rect, buffer: &mut Buffer) {
    let shown: Vec<Line> = results
        .lines
        .iter()
        .skip(results.top)
        .flat_map(|(words, failed)| {
            let style = match failed {
                true => app.theme.failure(),
                false => Style::new(),
            };
            let words = text::wrap(words, ROOM).into_iter();
            words.map(move |words| (words.to_owned(), style))
        })
        .take(LIST)
        .collect();
    let title = &results.title;
    let inner = overlay::open(app, screen, (WIDTH, shown.len()), title, buffer);
    put(app, inner, &shown, buffer);
}
