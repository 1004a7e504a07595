//! Draws the details of the selected segment.
//!
//! ```text
//! ─ Segment 32769 ─────────────────────────────────────
//!  key       0x00000000, private     owner     ada:ada
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::{history, structure, text};
use crate::app::{App, Group};
use crate::model::command::middle;
use crate::model::directory::Process;
use crate::model::format;
use crate::model::process_status::{ProcessStatus, process_status};
use crate::model::segment::Segment;
use crate::model::state;
use crate::theme::{self, FLAGS, Flag};

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
    if let Some(group) = app.rows.group() {
        return self::group(app, group, area, buffer);
    }
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
        let end = line.right();
        let mut place = Rect {
            x: line.x.saturating_add(LABELS),
            width: line.width.saturating_sub(LABELS),
            ..line
        };
        for (piece, style) in value {
            let ellipsis = app.theme.ellipsis();
            text::put(buffer, place, &piece, false, ellipsis, style);
            let used = u16::try_from(piece.width()).unwrap_or(u16::MAX);
            place.x = place.x.saturating_add(used).min(end);
            place.width = end - place.x;
        }
    }
}

/// Draws the totals of the selected group, and its keys.
fn group(app: &App, group: &Group, area: Rect, buffer: &mut Buffer) {
    let sum = &group.sum;
    let memory = match sum.lacks_memory() {
        true => String::new(),
        false => format!(
            ", {} resident, {} swapped out",
            format::size(sum.resident),
            format::size(sum.swapped)
        ),
    };
    let lines = [
        (format!(" Group {} ", group.name), app.theme.title()),
        (
            format!(
                " {}, {}{memory}",
                format::counted(sum.segments, "segment"),
                format::size(sum.size)
            ),
            Style::new(),
        ),
        (
            " Enter shows or hides the rows, Space marks all of them".to_owned(),
            app.theme.dim(),
        ),
    ];
    for (y, (words, style)) in (area.y..area.bottom()).zip(lines) {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        let inset = Rect {
            x: line.x.saturating_add(u16::from(y == area.y)),
            width: line.width.saturating_sub(u16::from(y == area.y)),
            ..line
        };
        text::put(buffer, inset, &words, false, app.theme.ellipsis(), style);
    }
}

/// A label and its value, in pieces.
type Line = (&'static str, Vec<(String, Style)>);

/// Returns the lines of the pane, most important first.
fn lines(app: &App, segment: &Segment, room: usize) -> Vec<Line> {
    let (mut state, why) = state(app, segment);
    let taken = state.iter().map(|(text, _)| text.width()).sum();
    let (why, more) = in_two(why, room.saturating_sub(taken));
    let plain = |text: String| vec![(text, Style::new())];
    state.extend(plain(why));
    let creator = process(
        app,
        room,
        segment.creator_pid,
        segment.existed_at(),
        Some(segment.creator),
    );
    let user = process(app, room, segment.last_pid, segment.last_use(), None);
    let used = format!(
        "{}; last detach {}",
        time(app, segment.attach_time),
        time(app, segment.detach_time)
    );
    let optional = |label: &'static str, text: String| match text.is_empty() {
        true => None,
        false => Some((label, plain(text))),
    };
    let history = history::line(app, segment);
    let lines = [
        Some(("key", key(app, segment))),
        Some(("size", plain(size(app, segment)))),
        Some(("permissions", permissions(app, segment))),
        Some(("state", state)),
        optional("", more),
        optional("contents", contents(app, segment).unwrap_or_default()),
        optional("begins with", structure(app, segment).unwrap_or_default()),
        history.map(|pieces| ("history", pieces)),
        Some(("created by", plain(creator))),
        Some(("last used by", plain(user))),
        Some(("changed", plain(time(app, segment.change_time)))),
        Some(("last attach", plain(used))),
    ];
    lines.into_iter().flatten().collect()
}

/// Returns mode, owner and creator; first a warning if every user may write.
fn permissions(app: &App, segment: &Segment) -> Vec<(String, Style)> {
    let names = &app.directory;
    let mode = format!(
        "{} ({:04o})",
        format::permissions(segment.mode),
        segment.mode
    );
    let owners = format!(
        ", owner {}:{}, creator {}:{}",
        names.user(segment.owner),
        names.group(segment.group),
        names.user(segment.creator),
        names.group(segment.creator_group),
    );
    let mut pieces = vec![(mode, Style::new())];
    if segment.is_world_writable() {
        pieces.push((", ".to_owned(), Style::new()));
        pieces.push(word(app, Flag::Writable));
    }
    pieces.push((owners, Style::new()));
    pieces
}

/// Returns the word of a flag in its color.
fn word(app: &App, flag: Flag) -> (String, Style) {
    let word = FLAGS.into_iter().find(|(known, _, _)| *known == flag);
    let word = word.map_or("", |(_, _, word)| word);
    (word.to_owned(), app.theme.flag(flag))
}

/// The known structure at the start of the segment, once its bytes were shown: finding
/// it takes an attachment, which others see.
fn structure(app: &App, segment: &Segment) -> Option<String> {
    let (target, found) = app.structures.get(&segment.id)?;
    let found = found.as_ref().filter(|_| target.is_still(segment))?;
    Some(structure::summary(app, found))
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

fn key(app: &App, segment: &Segment) -> Vec<(String, Style)> {
    let mut text = segment.key.to_string();
    if segment.flags.removed {
        text.push_str(", marked for removal: destroyed at the last detach");
        if app.limits.closes(segment) {
            text.push_str("; this system refuses new attachments");
        }
    } else if segment.key.is_private() {
        text.push_str(", private");
    }
    let mut pieces = vec![(text, Style::new())];
    let flags = theme::flags(segment).map(|(flag, _)| flag);
    for flag in flags.filter(|flag| *flag != Flag::Writable) {
        pieces.push((", ".to_owned(), Style::new()));
        pieces.push(word(app, flag));
    }
    pieces
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

/// Returns the state in its color, its reasons, and what could not be inspected.
fn state(app: &App, segment: &Segment) -> (Vec<(String, Style)>, String) {
    let names = &app.directory;
    let state = state::classify(segment, names, app.now.wall);
    let sign = app.theme.state_sign(state);
    let label = format!("{sign} {}", state.label());
    let label = label.trim_start().to_owned();
    let mut why = state::reasons(segment, names, app.now.wall).join("; ");
    let gaps = app.processes.scan.as_ref().and_then(|scan| scan.gaps());
    if let Some(gaps) = gaps {
        why.push_str("; ");
        why.push_str(&gaps);
    }
    if segment.own_attached > 0 {
        why.push_str(", and by this program, which does not count");
    }
    let label = vec![
        (label, app.theme.state(state)),
        (": ".to_owned(), Style::new()),
    ];
    (label, why)
}

/// Returns a process, with its command line cut in the middle to `room` cells.
fn process(app: &App, room: usize, pid: i32, seen: Option<i64>, user: Option<u32>) -> String {
    if pid == 0 {
        return match seen {
            None => "nobody yet".to_owned(),
            Some(_) => "unknown: a process that is not visible from here".to_owned(),
        };
    }
    let process = app.directory.process(pid);
    match (process, process_status(process, seen, user)) {
        (Process::Running { command, .. }, ProcessStatus::Runs) => {
            let pid = format!("{pid} ");
            let room = room.saturating_sub(pid.len());
            let (start, cut, end) = middle(command, room, app.theme.ellipsis());
            [&pid, start, cut, end].concat()
        }
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
