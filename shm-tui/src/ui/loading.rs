//! Draws the confirmation before a file overwrites the bytes of a segment: the
//! overwritten range, and the affected processes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text;
use crate::app::App;
use crate::app::contents::ContentsView;
use crate::app::findings::Loading;
use crate::model::format;

pub(super) fn draw(
    app: &App,
    contents: &ContentsView,
    loading: &Loading,
    area: Rect,
    buffer: &mut Buffer,
) {
    let rule = app.theme.rule().repeat(area.width.into());
    let mut lines = Vec::new();
    let range = loading.range();
    let count = format::thousands(range.end - range.start);
    let path = format::harmless(&loading.path.display().to_string());
    let id = contents.target.id;
    lines.push((
        format!(
            " Overwrite {count} bytes of segment {id}, {:#x} to {:#x}?",
            range.start,
            range.end.saturating_sub(1)
        ),
        app.theme.failure(),
    ));
    lines.push((format!(" With the file {path}"), app.theme.plain()));
    if let Some(segment) = app.rows.segment(id) {
        let owner = app.directory.user(segment.owner);
        let key = segment.key;
        lines.push((format!(" Key {key}, owner {owner}"), app.theme.plain()));
    }
    lines.extend(attached(app, contents, loading).map(|line| (line, app.theme.plain())));
    // Nothing is cut: what does not fit a line goes on in the next.
    let width = usize::from(area.width.saturating_sub(2)).max(1);
    let lines = lines.into_iter().flat_map(|(line, style)| {
        let wrapped = text::wrap(line.trim_start(), width).into_iter();
        let indent = line.len() - line.trim_start().len();
        let wrapped = wrapped.map(|words| (format!("{:indent$}{words}", ""), style));
        wrapped.collect::<Vec<_>>()
    });
    let mut lines: Vec<_> = std::iter::once((rule, app.theme.dim()))
        .chain(lines)
        .collect();
    // Without room, the attached processes are cut first, with a note.
    let room = usize::from(area.height);
    if lines.len() > room {
        let hidden = lines.len() + 1 - room;
        lines.truncate(room.saturating_sub(1));
        lines.push((format!(" and {hidden} lines more"), app.theme.dim()));
    }
    for (y, (line, style)) in (area.y..area.bottom()).zip(lines) {
        let place = Rect {
            y,
            height: 1,
            ..area
        };
        text::put(buffer, place, &line, false, app.theme.ellipsis(), style);
    }
}

/// Draws a line per attached process, and what is unknown about them.
fn attached<'a>(
    app: &'a App,
    contents: &ContentsView,
    loading: &'a Loading,
) -> impl Iterator<Item = String> + 'a {
    let weight = &loading.weight;
    let counted = app
        .rows
        .segment(contents.target.id)
        .map_or(0, |s| s.attached);
    let head = match counted {
        0 if !weight.attached.is_empty() => " Attached by".to_owned(),
        0 => " No other process has it attached".to_owned(),
        1 => " Attached once, by".to_owned(),
        count => format!(" Attached {count} times, by"),
    };
    let processes = weight
        .attached
        .iter()
        .map(|(pid, command)| match command.is_empty() {
            true => format!("   process {pid}"),
            false => format!("   {pid} {}", format::harmless(command)),
        });
    let gap = match (weight.unreadable, counted as usize > weight.attached.len()) {
        (0, _) | (_, false) => None,
        (unreadable, true) => {
            let count = format::counted(unreadable, "process");
            Some(format!("   {count} could not be inspected"))
        }
    };
    std::iter::once(head).chain(processes).chain(gap)
}
