//! Draws the bytes at the cursor as a value of each type.
//!
//! ```text
//! ── at 0x10 ── little endian ─────────── big endian ───────────
//!  8 bit       80                         80
//!  16 bit      30032                      20597
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{structure, text};
use crate::app::contents::ContentsView;
use crate::app::{App, layout};
use crate::model::bytes::inspect;
use crate::model::directory::Process;
use crate::model::format;
use crate::model::scan::Attachment;

/// Width of the type names.
const NAMES: u16 = 12;

pub(super) fn draw(app: &App, contents: &ContentsView, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let cursor = contents.window.cursor;
    let (area, rest) = layout::inspected(contents, area);
    if let Some(found) = contents.structure.as_ref().filter(|_| !rest.is_empty()) {
        if rest.height > 1 {
            structure::draw(app, found, cursor, rest, buffer);
        } else {
            let line = format!(" {}", structure::line(app, found, cursor));
            text::put(
                buffer,
                rest,
                &line,
                false,
                app.theme.ellipsis(),
                app.theme.title(),
            );
        }
    }
    let half = (area.width.saturating_sub(NAMES)) / 2;
    let columns = |y: u16| {
        let cut = |x: u16, width: u16| Rect {
            x: area.x.saturating_add(x),
            y,
            width: width.min(area.width.saturating_sub(x)),
            height: 1,
        };
        [
            cut(0, NAMES),
            cut(NAMES, half.saturating_sub(1)),
            cut(NAMES + half, half),
        ]
    };
    let ellipsis = app.theme.ellipsis();
    let rule = app.theme.rule().repeat(area.width.into());
    let top = Rect { height: 1, ..area };
    text::put(buffer, top, &rule, false, "", app.theme.dim());
    let titles = [
        format!(" {cursor:#x} "),
        " little endian ".to_owned(),
        " big endian ".to_owned(),
    ];
    for (column, title) in columns(area.y).into_iter().zip(titles) {
        text::put(buffer, column, &title, false, ellipsis, app.theme.title());
    }
    let bytes = contents.bytes_from(cursor);
    let bytes = bytes
        .get(..bytes.len().min(inspect::LONGEST))
        .unwrap_or_default();
    let clock = |seconds| app.directory.clock(seconds);
    let pointer = |address| pointer(app, contents, address);
    let lines = inspect::lines(bytes, &clock, &pointer);
    for (y, line) in (area.y + 1..area.bottom()).zip(lines) {
        let cells = [
            format!(" {}", line.name),
            format!(" {}", line.little),
            format!(" {}", line.big),
        ];
        for (index, (column, cell)) in columns(y).into_iter().zip(cells).enumerate() {
            let style = if index == 0 {
                app.theme.dim()
            } else {
                app.theme.plain()
            };
            text::put(buffer, column, &cell, false, ellipsis, style);
        }
    }
}

/// Returns the destination of an address: an offset in this segment, directly or as
/// attached by a process, or another segment attached by one of its processes.
fn pointer(app: &App, contents: &ContentsView, address: u64) -> Option<String> {
    let id = contents.target.id;
    let scan = app.processes.scan.as_ref();
    let attachments = scan.into_iter().flat_map(|scan| &scan.attachments);
    let mut hits = attachments.filter(|found| (found.start..found.end).contains(&address));
    let own = hits.clone().find(|found| found.id == id);
    if let Some(found) = own.or_else(|| hits.find(|found| shares(app, found, id))) {
        let offset = address - found.start;
        let process = process(app, found.pid);
        let place = match found.id == id {
            true => "here".to_owned(),
            false => format!("segment {}", found.id),
        };
        return Some(format!("{offset:#x} {place}, in {process}"));
    }
    (address != 0 && address < contents.window.size).then(|| format!("offset {address:#x} here"))
}

/// Returns whether the process of an attachment has this segment attached too.
fn shares(app: &App, found: &Attachment, id: i32) -> bool {
    let scan = app.processes.scan.as_ref();
    let mut attachments = scan.into_iter().flat_map(|scan| &scan.attachments);
    attachments.any(|other| other.pid == found.pid && other.id == id)
}

fn process(app: &App, pid: i32) -> String {
    match app.directory.process(pid) {
        Process::Running { command, .. } => format!("{pid} {}", format::harmless(command)),
        Process::Zombie | Process::Gone | Process::Unknown => format!("process {pid}"),
    }
}
