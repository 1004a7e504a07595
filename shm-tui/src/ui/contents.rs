//! Draws the bytes of a segment.
//!
//! ```text
//! Segment 32769, 8.3M, at 0x10  live, read-only   match 2 of 7
//! 00000000  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00   .ELF............
//! ```
//!
//! Bytes are colored by class, as hexyl does. The text column prints printable ASCII and
//! a sign for every other class, so that nothing a segment holds can reach the terminal as
//! a command.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{inspector, loading, text};
use crate::app::App;
use crate::app::contents::{ContentsView, ReadState};
use crate::app::findings::Search;
use crate::app::layout::Areas;
use crate::model::bytes::class::Class;
use crate::model::bytes::inspect::Endian;
use crate::model::bytes::search::Finder;
use crate::model::bytes::window::{self, Columns};
use crate::model::format;

pub(super) fn draw(app: &App, areas: &Areas, buffer: &mut Buffer) {
    let Some(contents) = &app.contents else {
        return;
    };
    caption(app, contents, areas.caption, buffer);
    if let ReadState::Failed(why) = &contents.state
        && contents.tracked.bytes().is_empty()
    {
        return failure(app, contents, why, areas.body, buffer);
    }
    let marks = Marks::of(contents);
    let mut offset = contents.window.top;
    for y in areas.bytes.y..areas.bytes.bottom() {
        if offset >= contents.window.size {
            break;
        }
        let line = Rect {
            y,
            height: 1,
            ..areas.bytes
        };
        row(app, contents, &marks, offset, line, buffer);
        offset = offset.saturating_add(contents.window.per_row);
    }
    match &contents.loading {
        Some(file) => loading::draw(app, contents, file, areas.inspector, buffer),
        None => inspector::draw(app, contents, areas.inspector, buffer),
    }
}

/// Explains why there are no bytes, and who may read them.
fn failure(app: &App, contents: &ContentsView, why: &str, area: Rect, buffer: &mut Buffer) {
    let segment = app.rows.segment(contents.target.id);
    let segment = segment.filter(|_| why.contains("denied"));
    let who = segment.map(|segment| {
        let names = &app.directory;
        let may = |bit| segment.mode & bit != 0;
        let (owner, group) = (names.user(segment.owner), names.group(segment.group));
        let mut who = vec!["root".to_owned()];
        if may(0o400) && segment.owner != 0 {
            who.push(owner.to_string());
        }
        if may(0o040) {
            who.push(format!("group {group}"));
        }
        if may(0o004) {
            who.push("everybody else".to_owned());
        }
        let mode = format::permissions(segment.mode);
        format!("Readable by {} ({mode}).", who.join(", "))
    });
    let lines = [
        (Some(why.to_owned()), app.theme.failure()),
        (who, app.theme.plain()),
    ];
    let lines = lines
        .into_iter()
        .filter_map(|(line, style)| Some((line?, style)));
    for (y, (line, style)) in (area.y..area.bottom()).zip(lines) {
        let line_area = Rect {
            y,
            height: 1,
            ..area
        };
        let words = format!(" {line}");
        text::put(
            buffer,
            line_area,
            &words,
            false,
            app.theme.ellipsis(),
            style,
        );
    }
}

/// Draws the segment, its state, and the running jobs.
pub(super) fn caption(app: &App, contents: &ContentsView, area: Rect, buffer: &mut Buffer) {
    let id = contents.target.id;
    let size = format::size(contents.target.size);
    let cursor = contents.window.cursor;
    let head = format!(" Segment {id}, {size}, at {cursor:#x}  ");
    let (state, style) = match &contents.state {
        ReadState::Opening => ("attaching".to_owned(), app.theme.dim()),
        ReadState::Live => ("live, read-only".to_owned(), app.theme.fresh()),
        ReadState::Held => (" PAUSED, p resumes ".to_owned(), app.theme.banner()),
        ReadState::Frozen(why) => (format!("detached: {why}"), app.theme.failure()),
        ReadState::Failed(why) => (why.clone(), app.theme.failure()),
    };
    let mut remarks = remarks(contents);
    let running = app.jobs.running.iter().map(|running| {
        let label = running.job.work.label();
        format!("{label} {} %, Esc stops", running.percent())
    });
    remarks.extend(running);
    let mut rest = String::new();
    for remark in remarks {
        rest.push_str("  ");
        rest.push_str(&remark);
    }
    let pieces = [
        (head.as_str(), app.theme.title()),
        (state.as_str(), style),
        (rest.as_str(), app.theme.plain()),
    ];
    text::put_pieces(buffer, area, pieces);
}

/// Returns further notes on the visible bytes.
fn remarks(contents: &ContentsView) -> Vec<String> {
    let mut remarks = Vec::new();
    if contents.group > 1 {
        let name = contents.endian.name();
        remarks.push(format!("{} bytes, {name}", contents.group));
    }
    if let Some(selection) = contents.selection() {
        let count = format::counted(selection.end - selection.start, "byte");
        remarks.push(format!("{count} selected"));
    }
    if let Some(search) = &contents.search {
        remarks.push(matches(search, contents.window.cursor));
    }
    if contents.unknown > 0 {
        remarks.push("of these are of unknown state, and read".to_owned());
    }
    remarks
}

fn matches(search: &Search, cursor: u64) -> String {
    let count = search.hits.len();
    let more = match &search.end {
        Some(end) if end.more => "the first ",
        _ => "",
    };
    let total = format::thousands(count as u64);
    match search.ordinal(cursor) {
        Some(ordinal) => format!("match {ordinal} of {more}{total}"),
        None if count == 1 => "1 match".to_owned(),
        None => format!("{more}{total} matches"),
    }
}

/// Returns the visible bytes that are part of a match.
struct Marks {
    start: u64,
    matched: Vec<bool>,
}

impl Marks {
    /// Searched again in the visible bytes, because they may have changed since the
    /// search.
    fn of(contents: &ContentsView) -> Self {
        let start = contents.tracked.offset();
        let Some(search) = &contents.search else {
            return Self {
                start,
                matched: Vec::new(),
            };
        };
        let bytes = contents.tracked.bytes();
        let length = search.needle.len();
        let mut matched = vec![false; bytes.len()];
        let mut done = 0;
        for at in Finder::new(search.needle.clone()).all(bytes) {
            // Matches may overlap; mark each byte once.
            let part = matched.get_mut(at.max(done)..at + length);
            part.into_iter().flatten().for_each(|mark| *mark = true);
            done = at + length;
        }
        Self { start, matched }
    }

    fn has(&self, at: u64) -> bool {
        let index = at.checked_sub(self.start);
        let index = index.and_then(|index| usize::try_from(index).ok());
        index.and_then(|index| self.matched.get(index)) == Some(&true)
    }
}

/// Draws one row: offset, bytes, text. An unread byte is blank.
fn row(
    app: &App,
    contents: &ContentsView,
    marks: &Marks,
    offset: u64,
    line: Rect,
    buffer: &mut Buffer,
) {
    let window = &contents.window;
    let digits = window::offset_digits(window.size);
    let number = format!("{offset:0width$x}", width = usize::from(digits));
    text::put(buffer, line, &number, false, "", app.theme.dim());
    let columns = Columns {
        per_row: window.per_row,
        group: contents.group,
    };
    let cells = |cell: u64| u16::try_from(cell).unwrap_or(u16::MAX);
    let hex = line.x.saturating_add(digits + 2);
    let ascii = hex.saturating_add(cells(columns.width()));
    let lowest_first = contents.endian == Endian::Little;
    for index in 0..window.per_row {
        let at = offset.saturating_add(index);
        if at >= window.size {
            break;
        }
        let (byte, style) = cell(app, contents, marks, at);
        let (digits, shown) = match byte {
            Some(byte @ 0x20..0x7f) => (format!("{byte:02x}"), char::from(byte).to_string()),
            Some(byte) => {
                let sign = app.theme.class_sign(Class::of(byte));
                (format!("{byte:02x}"), sign.to_owned())
            }
            None => ("  ".to_owned(), " ".to_owned()),
        };
        let x = hex.saturating_add(cells(columns.cell(index, lowest_first)));
        put_cell(buffer, line, x, &digits, style);
        put_cell(
            buffer,
            line,
            ascii.saturating_add(cells(index)),
            &shown,
            style,
        );
    }
}

fn put_cell(buffer: &mut Buffer, line: Rect, x: u16, text: &str, style: Style) {
    let width = line.right().saturating_sub(x);
    let area = Rect { x, width, ..line };
    text::put(buffer, area, text, false, "", style);
}

/// Returns the byte at an offset, if it was read, and its style. The more important style
/// wins: cursor, selection, match, heat, difference.
fn cell(app: &App, contents: &ContentsView, marks: &Marks, at: u64) -> (Option<u8>, Style) {
    let tracked = &contents.tracked;
    let index = at
        .checked_sub(tracked.offset())
        .and_then(|index| usize::try_from(index).ok());
    let byte = index.and_then(|index| tracked.bytes().get(index)).copied();
    let heat = index.map_or(0, |index| tracked.heat(index, app.now.steady));
    let mut style = match (byte, heat) {
        (Some(byte), 0) => app.theme.class(Class::of(byte)),
        (_, heat) => app.theme.heat(heat),
    };
    if heat == 0 && contents.comparison.differs(at) {
        style = app.theme.differs();
    }
    if marks.has(at) {
        style = app.theme.hit();
    }
    if contents
        .selection()
        .is_some_and(|range| range.contains(&at))
    {
        style = app.theme.marked();
    }
    if at == contents.window.cursor {
        style = style.patch(app.theme.selected());
    }
    (byte, style)
}
