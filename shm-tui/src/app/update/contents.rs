//! Opens a segment, moves in it, and releases it.

use super::{Command, Effect, differences, job, map, panels, search, transfer};
use crate::app::action::Reading;
use crate::app::contents::ReadState;
use crate::app::effect::Part;
use crate::app::job::Work;
use crate::app::{App, ContentsView, Line, Prompt, Screen};
use crate::model::bytes::copy::Form;
use crate::model::bytes::goto;
use crate::model::bytes::inspect;
use crate::model::bytes::window::Columns;
use crate::model::segment::Identity;

/// Toggles whether jobs read pages of unknown state. Repeats the visible map and search,
/// because unread pages limit both.
pub(super) fn read_unknown(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    contents.read_unknown = !contents.read_unknown;
    let text = match contents.read_unknown {
        true => "pages of unknown state are read: that may cost memory",
        false => "pages of unknown state are not read",
    };
    app.notify(text, false);
    search::again(app, effects);
    if app.screen == Screen::Map {
        job::begin(app, Work::Map, effects);
    }
}

/// Shows the bytes of the selected segment.
pub(super) fn open(app: &mut App) {
    let Some(row) = app.rows.selected() else {
        return;
    };
    if row.is_gone() {
        let id = row.segment.id;
        app.notify(format!("segment {id} no longer exists"), true);
        return;
    }
    app.contents = Some(ContentsView::new(row.segment.identity()));
    app.screen = Screen::Contents;
}

pub(super) fn command(app: &mut App, command: Command, effects: &mut Vec<Effect>) {
    let Some(contents) = &mut app.contents else {
        app.screen = Screen::List;
        return;
    };
    let row = i64::try_from(contents.window.per_row).unwrap_or(1);
    match command {
        Command::Back => close(app, effects),
        Command::Up => contents.window.step(-row),
        Command::Down => contents.window.step(row),
        Command::Left => contents.window.step(-1),
        Command::Right => contents.window.step(1),
        Command::PageUp => contents.window.page(-1),
        Command::PageDown => contents.window.page(1),
        Command::First => contents.window.go_to(0),
        Command::Last => contents.window.go_to(u64::MAX),
        Command::Pause => hold(contents, effects),
        Command::Reload => {
            contents.state = ReadState::Opening;
            effects.push(Effect::Show(part_of(contents)));
        }
        Command::Group => {
            contents.group = if contents.group >= 8 {
                1
            } else {
                contents.group * 2
            }
        }
        Command::Endian => contents.endian = contents.endian.other(),
        Command::Details => {
            contents.inspector = !contents.inspector;
            effects.push(panels::scan(app));
        }
        Command::Select => {
            contents.anchor = match contents.anchor {
                Some(_) => None,
                None => Some(contents.window.cursor),
            };
        }
        Command::Copy => contents.copying = true,
        Command::ReadUnknown => read_unknown(app, effects),
        Command::Choose => follow_pointer(app),
        Command::Stop => stop(app, effects),
        _ => find(app, command, effects),
    }
}

/// Handles the keys of the other modules in this directory.
fn find(app: &mut App, command: Command, effects: &mut Vec<Effect>) {
    match command {
        Command::Goto => {
            app.entry = Line::default();
            app.entry_error = None;
            app.typing = Some(Prompt::Goto);
        }
        Command::Search => search::open(app),
        Command::SearchNext => search::step(app, true, effects),
        Command::SearchPrevious => search::step(app, false, effects),
        Command::Map => map::open(app, effects),
        Command::Snapshot => differences::take(app, effects),
        Command::Compare => differences::open(app, effects),
        Command::ChangeNext => differences::step(app, true),
        Command::ChangePrevious => differences::step(app, false),
        Command::CopyHex => transfer::copy(app, Form::Hex, effects),
        Command::CopyText => transfer::copy(app, Form::Text, effects),
        Command::CopyC => transfer::copy(app, Form::C, effects),
        Command::CopyRust => transfer::copy(app, Form::Rust, effects),
        Command::Dump => transfer::ask_dump(app, false),
        Command::DumpHex => transfer::ask_dump(app, true),
        Command::Load => transfer::ask_load(app),
        _ => {}
    }
}

/// Leaves the segment. Files that are being written are completed.
fn close(app: &mut App, effects: &mut Vec<Effect>) {
    job::cancel(app, effects, |job| !job.work.outlives_the_view());
    let inspected = app.contents.take().is_some_and(|view| view.inspector);
    app.screen = Screen::List;
    effects.push(Effect::Close);
    if inspected {
        effects.push(panels::scan(app));
    }
}

/// Cancels the innermost operation: a copy, a job, a selection, a search; without any,
/// leaves the segment.
fn stop(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    if std::mem::take(&mut contents.copying) {
        return;
    }
    if job::cancel(app, effects, |_| true) {
        return app.notify("canceled", false);
    }
    if let Some(contents) = &mut app.contents
        && contents.anchor.take().is_some()
    {
        return;
    }
    if !search::forget(app, effects) {
        close(app, effects);
    }
}

/// Goes to the typed offset; an invalid one can be corrected.
pub(super) fn go_to_typed(app: &mut App) {
    let Some(contents) = &mut app.contents else {
        app.typing = None;
        return;
    };
    let window = &mut contents.window;
    match goto::parse(app.entry.text(), window.cursor, window.size) {
        Ok(offset) => {
            window.jump(offset);
            app.typing = None;
        }
        Err(why) => app.entry_error = Some(why),
    }
}

/// Follows the pointer at the cursor, if it points into the segment.
fn follow_pointer(app: &mut App) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    let bytes = contents.bytes_from(contents.window.cursor);
    let number = inspect::unsigned(bytes, inspect::LONGEST, contents.endian);
    let id = contents.target.id;
    let scan = app.processes.scan.as_ref();
    let attachments = scan.into_iter().flat_map(|scan| &scan.attachments);
    let found = number.and_then(|number| {
        let mut ours = attachments.filter(|found| found.id == id);
        ours.find(|found| (found.start..found.end).contains(&number))
            .map(|found| number - found.start)
    });
    let size = contents.window.size;
    match found.or(number).filter(|offset| *offset < size) {
        Some(offset) => contents.window.jump(offset),
        None => app.notify(
            "the eight bytes at the cursor are neither an offset in the segment nor an address at which a process has it attached",
            true,
        ),
    }
}

/// Moves the cursor to the clicked byte.
pub(super) fn click(app: &mut App, x: u16, y: u16) {
    let area = crate::app::layout::areas(app).bytes;
    let Some(contents) = &mut app.contents else {
        return;
    };
    if !area.contains((x, y).into()) {
        return;
    }
    let window = &contents.window;
    let digits = crate::model::bytes::window::offset_digits(window.size);
    let columns = Columns {
        per_row: window.per_row,
        group: contents.group,
    };
    let cell = u64::from((x - area.x).saturating_sub(digits + 2));
    let lowest_first = contents.endian == inspect::Endian::Little;
    let text = cell.checked_sub(columns.width());
    let index = match text.filter(|index| *index < window.per_row) {
        None => columns.byte_at(cell, lowest_first),
        index => index,
    };
    let row = u64::from(y - area.y).saturating_mul(window.per_row);
    let offset = index.map(|index| window.top.saturating_add(row).saturating_add(index));
    if let Some(offset) = offset.filter(|offset| *offset < window.size) {
        contents.window.go_to(offset);
    }
}

fn hold(contents: &mut ContentsView, effects: &mut Vec<Effect>) {
    match contents.state {
        ReadState::Live => {
            contents.state = ReadState::Held;
            effects.push(Effect::Hold);
        }
        ReadState::Held => {
            contents.state = ReadState::Opening;
            effects.push(Effect::Show(part_of(contents)));
        }
        ReadState::Opening | ReadState::Frozen(_) | ReadState::Failed(_) => {}
    }
}

/// Returns the range to read now; `None` once the segment is released.
pub(super) fn part(app: &App) -> Option<Part> {
    let contents = app.contents.as_ref()?;
    contents.is_attached().then(|| part_of(contents))
}

fn part_of(contents: &ContentsView) -> Part {
    let needed = contents.needed();
    Part {
        target: contents.target,
        offset: needed.start,
        length: needed.end.saturating_sub(needed.start),
    }
}

/// Requests the displayed part, if it has changed.
///
/// A paused view reads the new part once, and stays paused.
pub(super) fn follow(app: &App, before: Option<Part>, effects: &mut Vec<Effect>) {
    let after = part(app);
    if after != before
        && let Some(part) = after
    {
        effects.push(Effect::Show(part));
        if let Some(contents) = &app.contents
            && contents.state == ReadState::Held
        {
            effects.push(Effect::Hold);
        }
    }
}

/// Attaches again after the program was stopped.
pub(super) fn resume(app: &mut App, effects: &mut Vec<Effect>) {
    if let Some(contents) = &mut app.contents
        && contents.is_attached()
    {
        effects.push(Effect::Show(part_of(contents)));
        if contents.state == ReadState::Held {
            effects.push(Effect::Hold);
        }
    }
}

/// Stores what was read, unless it belongs to an earlier segment.
pub(super) fn reading(app: &mut App, target: Identity, reading: Reading) {
    let now = app.now.steady;
    let Some(contents) = app.contents.as_mut().filter(|view| view.target == target) else {
        return;
    };
    match reading {
        Reading::Bytes {
            offset,
            bytes,
            unknown,
        } => {
            contents.tracked.update(offset, bytes, now);
            contents.unknown = unknown;
            if contents.state == ReadState::Opening {
                contents.state = ReadState::Live;
            }
            if contents.recognize() {
                let found = contents.structure.clone();
                app.structures.insert(target.id, (target, found));
            }
        }
        Reading::LetGo(why) => contents.state = ReadState::Frozen(why),
        Reading::Failed(why) => contents.state = ReadState::Failed(why),
    }
}
