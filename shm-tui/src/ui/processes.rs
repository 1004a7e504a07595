//! Draws the attached processes.
//!
//! ```text
//! Processes of segment 32769: 7 of 7 attachments found; 3 of 214 processes could not be read
//!     PID USER       ACCESS ADDRESS             RESIDENT COMMAND
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{panel, text};
use crate::app::App;
use crate::app::layout::Areas;
use crate::model::directory::Process;
use crate::model::format;
use crate::model::scan::{Attachment, Finding, PROBE, Scan, UNVERIFIED};
use crate::model::segment::Segment;

pub(super) fn draw(app: &App, areas: &Areas, buffer: &mut Buffer) {
    let Some(target) = app.target() else {
        return;
    };
    let title = format!("Processes of segment {}", target.id);
    let scan = app
        .processes
        .scan
        .as_ref()
        .filter(|scan| scan.covers(target));
    let remark = match (scan, &app.processes.failure) {
        (_, Some(_)) => String::new(),
        (_, None) if app.processes.probing => "attaching it, and scanning every process".to_owned(),
        (None, None) if app.abilities.finding != Finding::Scan => String::new(),
        (None, None) => "scanning every process".to_owned(),
        (Some(scan), None) => coverage(scan, target),
    };
    panel::caption(app, areas.caption, &title, &remark, buffer);
    if let Some(why) = &app.processes.failure {
        return panel::sentence(app, areas, why, app.theme.failure(), buffer);
    }
    match app.abilities.finding {
        Finding::Impossible(why) => {
            return panel::sentence(app, areas, why, app.theme.failure(), buffer);
        }
        Finding::Probe if scan.is_none() && !app.processes.probing => {
            let how = format!("{PROBE}. P does that.");
            return panel::sentence(app, areas, &how, app.theme.dim(), buffer);
        }
        _ => {}
    }
    let attachments = app.attachments();
    if attachments.is_empty() && scan.is_some() {
        let words = "no visible process has it attached";
        return panel::sentence(app, areas, words, app.theme.dim(), buffer);
    }
    titles(app, areas, buffer);
    let cursor = app.processes.cursor;
    if let Some(found) = attachments.get(cursor.position) {
        selected(app, found, areas.process, buffer);
    }
    let items = attachments.into_iter();
    panel::lines(app, areas, cursor, items, buffer, |found| {
        (line(app, found), app.theme.plain())
    });
}

/// Returns whether the list is complete; claims no more than was seen.
fn coverage(scan: &Scan, target: &Segment) -> String {
    let probed = scan.probed;
    let unverified = probed.filter(|probed| !probed.verified);
    let mut parts: Vec<String> = unverified
        .map(|_| UNVERIFIED.to_owned())
        .into_iter()
        .collect();
    parts.push(match (scan.missing(target), scan.coverage(target)) {
        (0, None) => "all attachments found".to_owned(),
        (0, Some(surplus)) => surplus,
        (count, _) => {
            let all = format::counted(target.attached, "attachment");
            format!("{count} of {all} not found")
        }
    });
    let resident = probed.and_then(|probed| probed.resident);
    parts.extend(resident.map(|bytes| format!("{} in memory", format::size(bytes))));
    parts.extend(scan.gaps());
    parts.join("; ")
}

/// Draws the whole command line of the selected process.
fn selected(app: &App, found: &Attachment, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let top = Rect { height: 1, ..area };
    let rule = app.theme.rule().repeat(area.width.into());
    text::put(buffer, top, &rule, false, "", app.theme.dim());
    let title = format!(" Process {} ", found.pid);
    text::put(buffer, top, &title, false, "", app.theme.title());
    let scan = app.processes.scan.as_ref();
    let process = scan.and_then(|scan| scan.processes.get(&found.pid));
    let command = match process {
        Some(Process::Running { command, .. }) => format::harmless(command),
        Some(Process::Zombie | Process::Gone) => "has ended".to_owned(),
        Some(Process::Unknown) | None => "unknown".to_owned(),
    };
    let below = Rect {
        x: area.x.saturating_add(1),
        y: area.y + 1,
        width: area.width.saturating_sub(1),
        height: area.height - 1,
    };
    text::put_wrapped(buffer, below, &command, app.theme.ellipsis(), Style::new());
}

fn titles(app: &App, areas: &Areas, buffer: &mut Buffer) {
    let titles = format!(
        " {:>7} {:<10} {:<6} {:<18} {:>8} COMMAND",
        "PID", "USER", "ACCESS", "ADDRESS", "RESIDENT"
    );
    let style = app.theme.title();
    text::put(buffer, areas.titles2, &titles, false, "", style);
}

fn line(app: &App, found: &Attachment) -> String {
    let process = app
        .processes
        .scan
        .as_ref()
        .and_then(|scan| scan.processes.get(&found.pid));
    let (user, command) = match process {
        Some(Process::Running { command, user, .. }) => {
            let name = user.map(|uid| app.directory.user(uid).to_string());
            (name.unwrap_or_default(), &**command)
        }
        Some(Process::Unknown) | None => (String::new(), "(unknown)"),
        Some(Process::Zombie | Process::Gone) => (String::new(), "(ended)"),
    };
    let access = if found.writable { "rw" } else { "r" };
    let resident = found.resident.map(format::size).unwrap_or_default();
    format!(
        " {:>7} {:<10} {:<6} {:#018x} {:>8} {}",
        found.pid, user, access, found.start, resident, command
    )
}
