//! The text of a dialog, wrapped for the screen: the fixed lines, and the scrollable
//! ones.
//!
//! ```text
//! ┌ Remove 18 segments? ─────────────────────────────┐
//! │ 18 segments, 95M resident of 2G                  │ head
//! │ a line for each, and the attached processes      │ body, scrolled
//! │ Type 18 to agree: _                              │ foot
//! │ [Cancel]  Dry run   Remove                       │ answers
//! └──────────────────────────────────────────────────┘
//! ```

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::dialog::{Choice, Confirm, Dialog, Plan, Results};
use super::{App, layout};
use crate::model::act::{Creation, Operation};
use crate::model::cells;
use crate::model::directory::Process;
use crate::model::format;
use crate::model::segment::Segment;

/// A styled line.
pub type TextLine = (String, Style);

/// The contents of a dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The title of the box.
    pub title: String,
    /// The fixed lines at the top.
    pub head: Vec<TextLine>,
    /// The scrollable lines.
    pub body: Vec<TextLine>,
    /// The fixed lines at the bottom: the required text, and a message.
    pub foot: Vec<TextLine>,
    /// Whether the last line has buttons.
    pub answers: bool,
}

/// Width of a dialog with its box.
const WIDTH: u16 = 76;
/// Number of segments with a line each; for more, only the total is shown.
const MOST: usize = 500;

/// Returns the contents of the open dialog.
#[must_use]
pub fn of(app: &App) -> Option<Question> {
    match app.dialog.as_ref()? {
        Dialog::Confirm(confirm) => Some(confirmation(app, confirm)),
        Dialog::Results(results) => Some(report(app, results)),
    }
}

/// Returns the box of a dialog.
#[must_use]
pub fn area(app: &App, question: &Question) -> Rect {
    let lines = question.head.len() + question.body.len() + question.foot.len();
    layout::centered(app, WIDTH, lines + usize::from(question.answers))
}

/// Returns the visible lines of the body, and whether the last of them indicates more.
/// The fixed lines have priority: buttons, required text, total.
#[must_use]
pub fn room(area: Rect, question: &Question) -> (usize, bool) {
    let inner = usize::from(area.height.saturating_sub(2));
    let fixed = question.head.len() + question.foot.len() + usize::from(question.answers);
    let room = inner.saturating_sub(fixed);
    match room < question.body.len() && room > 1 {
        true => (room - 1, true),
        false => (room, false),
    }
}

/// Returns the first visible line of the body when its end is visible.
#[must_use]
pub fn last_top(app: &App) -> Option<usize> {
    let question = of(app)?;
    let (room, _) = room(area(app, &question), &question);
    Some(question.body.len().saturating_sub(room))
}

/// Returns the labels of the buttons, in order; the selected one is in brackets, which
/// are visible without styles too.
#[must_use]
pub fn answers(confirm: &Confirm) -> [(Choice, String); 3] {
    Choice::ALL.map(|choice| {
        let words = match choice {
            Choice::Cancel => "Cancel",
            Choice::DryRun => "Dry run",
            Choice::Go => confirm.plan.verb(),
        };
        match choice == confirm.choice {
            true => (choice, format!("[{words}]")),
            false => (choice, format!(" {words} ")),
        }
    })
}

/// Returns the button at a cell of the screen.
#[must_use]
pub fn answer_at(app: &App, x: u16, y: u16) -> Option<Choice> {
    let Some(Dialog::Confirm(confirm)) = &app.dialog else {
        return None;
    };
    let area = area(app, &of(app)?);
    if y + 2 != area.bottom() || !area.contains(ratatui::layout::Position { x, y }) {
        return None;
    }
    let mut from = area.x + 2;
    for (choice, words) in answers(confirm) {
        // Generated here, and ASCII.
        let to = from + u16::try_from(words.len()).ok()?;
        if (from..to).contains(&x) {
            return Some(choice);
        }
        from = to + 1;
    }
    None
}

/// Adds a wrapped sentence.
fn say(app: &App, lines: &mut Vec<TextLine>, words: &str, style: Style) {
    // The box, and a cell on each side.
    let room = usize::from(layout::centered(app, WIDTH, 0).width.saturating_sub(4));
    let wrapped = cells::wrap(words, room.max(1)).into_iter();
    lines.extend(wrapped.map(|line| (line.to_owned(), style)));
}

fn confirmation(app: &App, confirm: &Confirm) -> Question {
    let plan = &confirm.plan;
    let mut question = Question {
        title: format!("{} {}?", plan.verb(), plan.object()),
        answers: true,
        ..Question::default()
    };
    if plan.segments().len() > 1 {
        let sum = format::sum(plan.segments().iter());
        say(app, &mut question.head, &sum, app.theme.title());
    }
    hit(app, confirm, &mut question.body);
    attached(app, confirm, &mut question.body);
    if let Some(proof) = &confirm.proof {
        let (before, after) = confirm.typed.halves();
        let words = format!("Type {proof} to confirm: {before}_{after}");
        let style = match confirm.is_proven() {
            true => app.theme.title(),
            false => app.theme.changed(),
        };
        say(app, &mut question.foot, &words, style);
    }
    // Not in the footer, where it would cover the keys of the dialog.
    if let Some(notice) = &app.notice {
        let style = app.theme.notice(notice.failed);
        say(app, &mut question.foot, &notice.text, style);
    }
    question
}

/// Adds the affected segments, a line each, and the change.
fn hit(app: &App, confirm: &Confirm, lines: &mut Vec<TextLine>) {
    let (plain, dim) = (app.theme.plain(), app.theme.dim());
    match &confirm.plan {
        Plan::Create(Creation { key, size, mode }) => {
            let key = key.map_or("private".to_owned(), |key| format!("key {key}"));
            let (size, mode) = (format::size(*size), format::permissions(*mode));
            say(app, lines, &format!("{key}, {size}, {mode}"), plain);
        }
        Plan::Acts(_, segments) => {
            for segment in segments.iter().take(MOST) {
                say(app, lines, &describe(app, segment), plain);
            }
            if segments.len() > MOST {
                let more = format::thousands((segments.len() - MOST) as u64);
                say(app, lines, &format!("and {more} more"), dim);
            }
        }
    }
    if let Plan::Acts(Operation::Remove, segments) = &confirm.plan
        && segments.iter().any(|segment| segment.attached > 0)
    {
        let words = match app.limits.attach_removed {
            Some(false) => {
                "Attached segments are destroyed at the last detach; on this system no process can \
                 attach it from then on."
            }
            _ => {
                "Attached segments are destroyed at the last detach; no process can attach it by \
                 its key from then on."
            }
        };
        say(app, lines, words, dim);
    }
    match (&confirm.plan, confirm.plan.commands().as_slice()) {
        (Plan::Acts(Operation::Remove, segments), [_])
            if segments.iter().all(|s| s.flags.removed) =>
        {
            let words = "It is already marked for removal; there is nothing to do.";
            say(app, lines, words, dim);
        }
        (_, [command]) => say(app, lines, &format!("equivalent: {command}"), dim),
        _ => {}
    }
}

fn describe(app: &App, segment: &Segment) -> String {
    let owner = app.directory.user(segment.owner);
    let size = format::size(segment.size);
    let attached = match segment.attached {
        0 => "not attached".to_owned(),
        1 => "attached once".to_owned(),
        times => format!("attached {times} times"),
    };
    format!(
        "segment {}, key {}, {size}, of {owner}, {attached}",
        segment.id, segment.key
    )
}

/// Adds the processes that have them attached, as far as known.
fn attached(app: &App, confirm: &Confirm, lines: &mut Vec<TextLine>) {
    let segments = confirm.plan.segments();
    if !segments.iter().any(|segment| segment.attached > 0) {
        return;
    }
    let dim = app.theme.dim();
    let scan = match &app.processes.scan {
        _ if !confirm.scanned => {
            return say(
                app,
                lines,
                "scanning for the processes that have it attached",
                dim,
            );
        }
        Some(scan) => scan,
        None => {
            let failure = app.processes.failure.clone().unwrap_or_default();
            let words = format!("which processes have it attached is unknown: {failure}");
            return say(app, lines, &words, dim);
        }
    };
    let mut missing = 0;
    for segment in segments.iter().take(MOST) {
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
            say(app, lines, &words, app.theme.changed());
        }
        missing += scan.missing(segment);
    }
    if missing > 0 {
        let gaps = scan.gaps().unwrap_or_default();
        let count = format::counted(missing, "attachment");
        let words = format!("{count} found in no process; {gaps}");
        say(app, lines, &words, app.theme.changed());
    }
}

fn report(app: &App, results: &Results) -> Question {
    let mut question = Question::default();
    // A title that the box would cut is repeated as a line.
    let room = usize::from(layout::centered(app, WIDTH, 0).width.saturating_sub(4));
    match results.title.chars().count() <= room {
        true => question.title.clone_from(&results.title),
        false => {
            question.title = "Result".to_owned();
            say(app, &mut question.head, &results.title, app.theme.title());
        }
    }
    for (words, failed) in &results.lines {
        let style = match failed {
            true => app.theme.failure(),
            false => app.theme.plain(),
        };
        say(app, &mut question.body, words, style);
    }
    question
}
