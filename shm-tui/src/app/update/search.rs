//! The search: typing, results, and stepping through matches.

use super::{App, Effect, job};
use crate::app::contents::ContentsView;
use crate::app::findings::{Search, Searched};
use crate::app::job::Work;
use crate::app::{Line, Prompt};
use crate::model::bytes::inspect::Endian;
use crate::model::bytes::search::Needle;

/// Starts typing.
pub(super) fn open(app: &mut App) {
    app.entry = Line::default();
    app.entry_error = None;
    app.typing = Some(Prompt::Search);
}

/// Cancels the search for the previous text.
pub(super) fn typed(app: &mut App, effects: &mut Vec<Effect>) {
    let text = app.entry.text().to_owned();
    let Some(contents) = &mut app.contents else {
        return;
    };
    let origin = origin(contents);
    app.entry_error = None;
    match Needle::parse(&text, contents.endian == Endian::Big) {
        Ok(needle) => begin(app, needle, origin, true, effects),
        Err(why) => {
            // An empty line is not an error.
            app.entry_error = (!text.is_empty()).then_some(why);
            forget(app, effects);
            if let Some(contents) = &mut app.contents {
                contents.window.jump(origin);
            }
        }
    }
}

/// Returns the cursor before the search moved it.
fn origin(contents: &ContentsView) -> u64 {
    let search = contents.search.as_ref();
    search.map_or(contents.window.cursor, |search| search.origin)
}

fn begin(app: &mut App, needle: Needle, origin: u64, jump: bool, effects: &mut Vec<Effect>) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    contents.search = Some(Search {
        needle: needle.clone(),
        origin,
        hits: Vec::new(),
        jump,
        end: None,
    });
    job::begin(app, Work::Search(needle, origin), effects);
}

/// Repeats the search from the same origin and leaves the cursor where it is, because
/// other parts may be readable now.
pub(super) fn again(app: &mut App, effects: &mut Vec<Effect>) {
    let search = app.contents.as_ref().and_then(|view| view.search.as_ref());
    let Some((needle, origin)) = search.map(|search| (search.needle.clone(), search.origin)) else {
        return;
    };
    begin(app, needle, origin, false, effects);
}

/// Clears the search and its matches; returns whether there was one.
pub(super) fn forget(app: &mut App, effects: &mut Vec<Effect>) -> bool {
    job::cancel(app, effects, |job| matches!(job.work, Work::Search(..)));
    let contents = app.contents.as_mut();
    contents.is_some_and(|contents| contents.search.take().is_some())
}

/// Ends typing. An invalid pattern cannot be kept.
pub(super) fn end_typing(app: &mut App, keep: bool, effects: &mut Vec<Effect>) {
    if keep && app.entry_error.is_some() {
        return;
    }
    app.typing = None;
    app.entry_error = None;
    if !keep && let Some(contents) = &mut app.contents {
        let origin = origin(contents);
        contents.window.jump(origin);
        forget(app, effects);
    } else if let Some(contents) = &mut app.contents
        && let Some(search) = &mut contents.search
    {
        // The next search begins where this one led.
        search.origin = contents.window.cursor;
    }
}

/// Stores matches; the cursor goes to the first one after the origin.
pub(super) fn found(app: &mut App, found: Vec<u64>) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    let Some(search) = &mut contents.search else {
        return;
    };
    search.hits.extend(found);
    search.hits.sort_unstable();
    search.hits.dedup();
    // The search begins at the origin, so its first result is the nearest.
    if search.jump
        && let Some(hit) = search.next(search.origin)
    {
        search.jump = false;
        contents.window.jump(hit);
    }
}

/// Ends the search.
pub(super) fn ended(app: &mut App, more: bool, unknown: u64) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    let read = contents.read_unknown;
    let Some(search) = &mut contents.search else {
        return;
    };
    search.end = Some(Searched { more, unknown });
    if search.hits.is_empty() {
        let unreported = job::unreported(unknown, read);
        app.notify(format!("not found{unreported}"), true);
    }
}

/// Goes to the next or the previous match.
pub(super) fn step(app: &mut App, forward: bool, effects: &mut Vec<Effect>) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    let Some(search) = &contents.search else {
        app.notify("no search yet: / starts one", true);
        return;
    };
    let cursor = contents.window.cursor;
    let past = search.hits.last().is_some_and(|last| *last <= cursor);
    let more = search.end.is_some_and(|end| end.more);
    if forward && past && more {
        // Matches behind the last one are not known yet.
        let needle = search.needle.clone();
        let origin = cursor.saturating_add(1) % contents.window.size.max(1);
        return begin(app, needle, origin, true, effects);
    }
    let hit = match forward {
        true => search.next(cursor.saturating_add(1)),
        false => search.previous(cursor),
    };
    let wrapped = hit.is_some_and(|hit| (hit > cursor) != forward);
    match hit {
        Some(hit) => contents.window.jump(hit),
        None if search.end.is_none() => app.notify("still searching", false),
        None => app.notify("not found", true),
    }
    if wrapped {
        let end = if forward { "end" } else { "start" };
        app.notify(format!("continued past the {end}"), false);
    }
}
