//! Draws the details of the selected segment.
//!
//! ```text
//! ─ Segment 32769 ─────────────────────────────────────
//!  key       0x00000000, private     owner     ada:ada
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use unicode_width::UnicodeWidthStr;

use super::text;
use crate::app::App;
use crate::model::directory::Process;
use crate::model::format;
use crate::model::process_status::{ProcessStatus, process_status};
use crate::model::segment::Segment;
use crate::model::state;

/// Width of the labels.
const LABELS: u16 = 14;

pub(super) fn draw(app: &App, area: Rect, buffer: &mut Buffer) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let title = Rect { height: 1, ..area };
    let rule = app.theme.rule().repeat(area.width.into());
    text::put(buffer, title, &rule, false, "", app.theme.dim());
    let Some(row) = app.rows.selected() else {
        return;
    };
    let segment = &row.segment;
    let mut heading = format!(" Segment {} ", segment.id);
    if row.is_gone() {
        heading.push_str("(gone) ");
    }
    let inset = Rect {
        x: area.x.saturating_add(1),
        width: area.width.saturating_sub(1),
        ..title
    };
    text::put(buffer, inset, &heading, false, "", app.theme.title());
    let room = usize::from(area.width.saturating_sub(LABELS));
    for (y, (label, value)) in (area.y + 1..area.bottom()).zip(lines(app, segment, room)) {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        let label = format!(" {label:<13}");
        text::put(buffer, line, &label, false, "", app.theme.dim());
        let value_area = Rect {
            x: line.x.saturating_add(LABELS),
            width: line.width.saturating_sub(LABELS),
            ..line
        };
        let ellipsis = app.theme.ellipsis();
        text::put(
            buffer,
            value_area,
            &value,
            false,
            ellipsis,
            app.theme.plain(),
        );
    }
}

/// Returns the lines of the pane, most important first.
fn lines(app: &App, segment: &Segment, room: usize) -> Vec<(&'static str, String)> {
    let names = &app.directory;
    let (state, more) = in_two(state(app, segment), room);
    let mut lines = vec![
        ("key", key(app, segment)),
        ("size", size(app, segment)),
        (
            "permissions",
            format!(
                "{} ({:04o}), owner {}:{}, creator {}:{}",
                format::permissions(segment.mode),
                segment.mode,
                names.user(segment.owner),
                names.group(segment.group),
                names.user(segment.creator),
                names.group(segment.creator_group),
            ),
        ),
        ("state", state),
        ("", more),
        ("contents", contents(app, segment).unwrap_or_default()),
        (
            "made by",
            process(
                app,
                segment.creator_pid,
                segment.existed_at(),
                Some(segment.creator),
            ),
        ),
        (
            "last used by",
            process(app, segment.last_pid, segment.last_use(), None),
        ),
        ("changed", time(app, segment.change_time)),
        (
            "last attach",
            format!(
                "{}; last detach {}",
                time(app, segment.attach_time),
                time(app, segment.detach_time)
            ),
        ),
    ];
    let optional = |label: &str| label.is_empty() || label == "contents";
    lines.retain(|(label, value)| !(optional(label) && value.is_empty()));
    lines
}

/// Warns that viewing the contents would destroy the segment, if so.
fn contents(app: &App, segment: &Segment) -> Option<String> {
    let alone = segment.attached == 0 && !segment.flags.removed;
    if !alone || app.limits.rmid_forced != Some(true) {
        return None;
    }
    Some(match app.may_destroy {
        true => "viewing them destroys the segment afterwards (kernel.shm_rmid_forced is 1, --allow-destroy)".to_owned(),
        false => "not shown: the detach would destroy the segment (kernel.shm_rmid_forced is 1)".to_owned(),
    })
}

/// Splits a list of reasons into two lines, between reasons.
fn in_two(reasons: String, room: usize) -> (String, String) {
    if reasons.width() <= room {
        return (reasons, String::new());
    }
    let cuts = reasons.match_indices("; ").map(|(at, _)| at + 1);
    let fitting = cuts.filter(|at| text::prefix(&reasons, room).len() >= *at);
    match fitting.last().and_then(|at| reasons.split_at_checked(at)) {
        Some((first, rest)) => (first.to_owned(), rest.trim_start().to_owned()),
        None => (reasons, String::new()),
    }
}

fn key(app: &App, segment: &Segment) -> String {
    let mut text = segment.key.to_string();
    if segment.flags.removed {
        text.push_str(", marked for removal: destroyed at the last detach");
        if app.limits.closes(segment) {
            text.push_str("; this system lets nobody attach it any more");
        }
    } else if segment.key.is_private() {
        text.push_str(", private");
    }
    if segment.flags.locked {
        text.push_str(", locked in memory");
    }
    if segment.flags.huge {
        text.push_str(", of huge pages");
    }
    text
}

fn size(app: &App, segment: &Segment) -> String {
    let mut text = format!(
        "{} ({})",
        format::size(segment.size),
        format::counted(segment.size, "byte")
    );
    if let Some(memory) = segment.memory {
        text.push_str(&format!(
            ", {} resident, {} swapped out",
            format::size(memory.resident),
            format::size(memory.swapped)
        ));
    } else if app.usage.resident.is_some() {
        text.push_str(", resident memory not sampled yet");
    } else {
        text.push_str(", resident memory not reported by this system");
    }
    text
}

/// Returns the state, its reasons, and what could not be inspected.
fn state(app: &App, segment: &Segment) -> String {
    let names = &app.directory;
    let state = state::classify(segment, names, app.now.wall);
    let why = state::reasons(segment, names, app.now.wall).join("; ");
    let mut text = format!("{}: {why}", state.label());
    let gaps = app.processes.scan.as_ref().and_then(|scan| scan.gaps());
    if let Some(gaps) = gaps {
        text.push_str("; ");
        text.push_str(&gaps);
    }
    if segment.own_attached > 0 {
        text.push_str(", and by this program, which does not count");
    }
    text
}

fn process(app: &App, pid: i32, seen: Option<i64>, user: Option<u32>) -> String {
    if pid == 0 {
        return match seen {
            None => "nobody yet".to_owned(),
            Some(_) => "unknown: a process that is not visible from here".to_owned(),
        };
    }
    let process = app.directory.process(pid);
    match (process, process_status(process, seen, user)) {
        (Process::Running { command, .. }, ProcessStatus::Runs) => format!("{pid} {command}"),
        (_, ProcessStatus::Gone) => format!("{pid}, which has exited"),
        (_, ProcessStatus::Unknown) => pid.to_string(),
        (_, standing) => state::describe(pid, standing),
    }
}

fn time(app: &App, time: Option<i64>) -> String {
    let Some(seconds) = time else {
        return "never".to_owned();
    };
    let ago = format::age(app.now.wall - seconds);
    format!("{} ({ago} ago)", app.directory.clock(seconds))
}
