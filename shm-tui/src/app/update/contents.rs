//! Opening a segment, moving in it, letting go of it.

use super::{Command, Effect};
use crate::app::action::Reading;
use crate::app::contents::Standing;
use crate::app::effect::Part;
use crate::app::{App, ContentsView, Screen};
use crate::model::segment::Identity;

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
        Command::Back => {
            app.contents = None;
            app.screen = Screen::List;
            effects.push(Effect::Close);
        }
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
            contents.standing = Standing::Opening;
            effects.push(Effect::Show(part_of(contents)));
        }
        _ => {}
    }
}

fn hold(contents: &mut ContentsView, effects: &mut Vec<Effect>) {
    match contents.standing {
        Standing::Live => {
            contents.standing = Standing::Held;
            effects.push(Effect::Hold);
        }
        Standing::Held => {
            contents.standing = Standing::Opening;
            effects.push(Effect::Show(part_of(contents)));
        }
        Standing::Opening | Standing::Frozen(_) | Standing::Failed(_) => {}
    }
}

/// What is to be read now: nothing once the segment is let go.
pub(super) fn part(app: &App) -> Option<Part> {
    let contents = app.contents.as_ref()?;
    contents.is_attached().then(|| part_of(contents))
}

fn part_of(contents: &ContentsView) -> Part {
    Part {
        target: contents.target,
        offset: contents.window.top,
        length: contents.window.len(),
    }
}

/// Asks for the part that is shown now, if it is another than before.
///
/// A view that is held reads once where the user goes, and stands still again.
pub(super) fn follow(app: &App, before: Option<Part>, effects: &mut Vec<Effect>) {
    let after = part(app);
    if after != before
        && let Some(part) = after
    {
        effects.push(Effect::Show(part));
        if let Some(contents) = &app.contents
            && contents.standing == Standing::Held
        {
            effects.push(Effect::Hold);
        }
    }
}

/// Attaches again what was let go while the program was stopped.
pub(super) fn resume(app: &mut App, effects: &mut Vec<Effect>) {
    if let Some(contents) = &mut app.contents
        && contents.is_attached()
    {
        effects.push(Effect::Show(part_of(contents)));
        if contents.standing == Standing::Held {
            effects.push(Effect::Hold);
        }
    }
}

/// Takes over what was read, unless it is of a segment shown before.
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
            if contents.standing == Standing::Opening {
                contents.standing = Standing::Live;
            }
        }
        Reading::LetGo(why) => contents.standing = Standing::Frozen(why),
        Reading::Failed(why) => contents.standing = Standing::Failed(why),
    }
}
