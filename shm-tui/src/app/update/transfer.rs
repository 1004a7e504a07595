//! Copies bytes out of a segment, and loads files into it.

use std::path::PathBuf;

use super::{App, Effect, job};
use crate::app::findings::Loading;
use crate::app::job::{LoadPreview, Work};
use crate::app::{Line, Prompt, Screen};
use crate::model::bytes::copy::{self, Form};
use crate::model::format;
use crate::output::dump::Dump;

/// Copies the selection, or the group at the cursor. The visible part is copied as shown;
/// the rest is read.
pub(super) fn copy(app: &mut App, form: Form, effects: &mut Vec<Effect>) {
    let Some(contents) = &mut app.contents else {
        return;
    };
    contents.copying = false;
    let cursor = contents.window.cursor;
    let group = cursor - cursor % contents.group;
    let whole = group..(group + contents.group).min(contents.window.size);
    let range = contents.selection().unwrap_or(whole);
    let length = range.end - range.start;
    if length > copy::MOST {
        let most = format::thousands(copy::MOST);
        return app.notify(
            format!("a clipboard takes at most {most} bytes: w writes a file"),
            true,
        );
    }
    match contents
        .bytes_of(&range)
        .map(|bytes| copy::write(bytes, form))
    {
        Some(text) => copied(app, text, length, effects),
        None => job::begin(app, Work::Copy(range, form), effects),
    }
}

/// Copies a text to the clipboard.
pub(super) fn copied(app: &mut App, text: String, count: u64, effects: &mut Vec<Effect>) {
    effects.push(Effect::Clipboard(text));
    let count = format::counted(count, "byte");
    app.notify(
        format!("sent {count} to the terminal's clipboard (OSC 52)"),
        false,
    );
}

/// Prompts for the file to write.
pub(super) fn ask_dump(app: &mut App, hex: bool) {
    let Some(contents) = &app.contents else {
        return;
    };
    let id = contents.target.id;
    let (prompt, extension) = match hex {
        true => (Prompt::DumpHex, "txt"),
        false => (Prompt::Dump, "bin"),
    };
    let name = format!("segment-{id}.{extension}");
    ask_path(app, prompt, name);
}

/// Asks for a path; the one typed before is suggested if it failed.
fn ask_path(app: &mut App, prompt: Prompt, suggestion: String) {
    app.entry = Line::suggestion(match app.submitted.take() {
        Some((failed, text)) if failed == prompt => text,
        _ => suggestion,
    });
    app.entry_error = None;
    app.typing = Some(prompt);
}

/// Remembers a line that was entered, until what it asks for is done.
fn submit(app: &mut App, prompt: Prompt) {
    app.submitted = Some((prompt, app.entry.text().to_owned()));
}

/// A job with a file failed: the path can be corrected, unless something else is
/// done by now.
pub(super) fn failed(app: &mut App, work: &Work, why: String) {
    let prompt = match work {
        Work::Dump(Dump { hex: true, .. }, _) => Prompt::DumpHex,
        Work::Dump(..) => Prompt::Dump,
        Work::PreviewLoad(_) | Work::Load(..) => Prompt::Load,
        _ => return app.notify(why, true),
    };
    reopen(app, prompt, Screen::Contents, why);
}

/// Shows a line again that led to a failure.
fn reopen(app: &mut App, prompt: Prompt, screen: Screen, why: String) {
    let free = app.typing.is_none() && app.dialog.is_none() && app.screen == screen;
    match app.submitted.take() {
        Some((failed, text)) if failed == prompt && free => {
            match prompt {
                Prompt::Export => app.export_path = Line::new(text),
                _ => app.entry = Line::new(text),
            }
            app.entry_error = Some(why);
            app.typing = Some(prompt);
        }
        kept => {
            app.submitted = kept;
            app.notify(why, true);
        }
    }
}

/// A file was written, or could not be.
pub(super) fn exported(app: &mut App, result: Result<String, String>) {
    let export = matches!(app.submitted, Some((Prompt::Export, _)));
    match result {
        Ok(text) => {
            app.submitted = None;
            app.notify(text, false);
        }
        Err(why) if export => reopen(app, Prompt::Export, Screen::Events, why),
        Err(why) => app.notify(why, true),
    }
}

/// Writes the selection, or everything, to the typed file.
pub(super) fn dump(app: &mut App, hex: bool, effects: &mut Vec<Effect>) {
    let (Some(contents), Some(path)) = (&app.contents, typed_path(app)) else {
        return app.notify("a file name is needed", true);
    };
    let range = contents.selection().unwrap_or(0..contents.window.size);
    submit(app, if hex { Prompt::DumpHex } else { Prompt::Dump });
    job::begin(app, Work::Dump(Dump { range, hex }, path), effects);
}

fn typed_path(app: &App) -> Option<PathBuf> {
    path(app, app.entry.text())
}

/// The path that a text names; `~` is the home directory.
pub(super) fn path(app: &App, text: &str) -> Option<PathBuf> {
    let text = text.trim();
    let home = match text.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => app.home.as_ref(),
        _ => None,
    };
    match home {
        Some(home) => Some(home.join(text.trim_start_matches(['~', '/']))),
        None => (!text.is_empty()).then(|| PathBuf::from(text)),
    }
}

/// Prompts for the file to load.
pub(super) fn ask_load(app: &mut App) {
    if !app.may_write {
        return app.notify("writing to segments needs --allow-write", true);
    }
    ask_path(app, Prompt::Load, String::new());
}

/// Finds out what loading the typed file would do.
pub(super) fn preview_load(app: &mut App, effects: &mut Vec<Effect>) {
    match typed_path(app) {
        Some(path) => {
            submit(app, Prompt::Load);
            job::begin(app, Work::PreviewLoad(path), effects);
        }
        None => app.notify("a file name is needed", true),
    }
}

/// Asks for confirmation, with the effect of loading.
pub(super) fn load_preview(app: &mut App, work: Work, weight: LoadPreview) {
    let (Some(contents), Work::PreviewLoad(path)) = (&mut app.contents, work) else {
        return;
    };
    let offset = contents.window.cursor;
    let room = contents.window.size - offset;
    if weight.length == 0 || weight.length > room {
        let why = match weight.length {
            0 => "the file is empty".to_owned(),
            length => format!(
                "the file has {}, and the segment has room for {} from {offset:#x} on",
                format::counted(length, "byte"),
                format::thousands(room)
            ),
        };
        return reopen(app, Prompt::Load, Screen::Contents, why);
    }
    contents.loading = Some(Loading {
        path,
        offset,
        weight,
    });
    app.entry = Line::default();
    app.entry_error = None;
    app.typing = Some(Prompt::Confirm);
}

/// Loads the file if the segment's identifier was typed.
pub(super) fn confirm(app: &mut App, keep: bool, effects: &mut Vec<Effect>) {
    let Some(contents) = &mut app.contents else {
        app.typing = None;
        return;
    };
    let id = contents.target.id.to_string();
    if keep && app.entry.text().trim() != id {
        app.entry_error = Some(format!("type {id}, or Esc"));
        return;
    }
    app.typing = None;
    app.entry_error = None;
    match contents.loading.take() {
        Some(loading) if keep => {
            let length = loading.weight.length;
            let work = Work::Load(loading.path, loading.offset, length);
            job::begin(app, work, effects);
        }
        _ => app.notify("nothing was written", false),
    }
}
