//! The only function that changes the state.

mod acts;
mod attached;
mod contents;
mod differences;
mod groups;
mod job;
mod list;
mod map;
mod memory;
mod menu;
mod panels;
mod reports;
mod search;
mod transfer;

use std::time::Duration;

use ratatui::layout::Size;

use super::action::Sampled;
use super::keymap::Command;
use super::line::{Edit, Line};
use super::{Action, App, Effect, PERIODS, Prompt, Screen};
use crate::model::column::Context;
use crate::model::query::Filter;
use crate::model::time::Now;

pub(super) use attached::due as scan_due;

/// Handles one action that happened at `now`, and returns the requested operations.
#[must_use]
pub fn update(app: &mut App, action: Action, now: Now) -> Vec<Effect> {
    app.now = now;
    app.dirty = true;
    let mut effects = Vec::new();
    let shown = contents::part(app);
    let (place, notice) = (place(app), app.notice.clone());
    match action {
        Action::Command(command) => self::command(app, command, &mut effects),
        Action::Edit(edit) => self::edit(app, &edit, &mut effects),
        Action::JobReport(number, report) => reports::arrived(app, number, report, &mut effects),
        Action::Scanned(result) => {
            if panels::scanned(app, result) {
                acts::scanned(app);
            }
        }
        Action::Namespaces(result) => panels::listed(app, result),
        Action::Exported(result) => transfer::exported(app, result),
        Action::Jump(letter) => menu::jump(app, letter),
        Action::Click { x, y } => list::click(app, x, y, &mut effects),
        Action::Scroll(by) => scroll(app, by, &mut effects),
        Action::Resize(width, height) => app.size = Size { width, height },
        Action::Focus(focused) => focus(app, focused, &mut effects),
        Action::Resumed => resume(app, &mut effects),
        Action::Sampled(sampled) => self::sampled(app, *sampled),
        Action::Contents(target, reading) => contents::reading(app, target, reading),
        Action::Resolved(result) => acts::resolved(app, result, &mut effects),
        Action::Acted { dry, results } => acts::acted(app, dry, &results),
        Action::Created { dry, result } => acts::created(app, dry, result),
        Action::Refused(why) => acts::refused(app, why),
        Action::Tick => {}
    }
    expire(app);
    // A message refers to the previous screen, so it disappears; one from this action
    // stays.
    if place != self::place(app) && app.notice == notice {
        app.notice = None;
    }
    app.settle();
    contents::follow(app, shown, &mut effects);
    attached::follow(app, &mut effects);
    effects
}

/// The user's view: the screen, and whether a dialog is open.
fn place(app: &App) -> (Screen, bool) {
    (app.screen, app.dialog.is_some())
}

fn command(app: &mut App, command: Command, effects: &mut Vec<Effect>) {
    match command {
        Command::Quit => effects.push(Effect::Quit),
        Command::Help => {
            super::help::toggle(app);
        }
        Command::Suspend => effects.push(Effect::Suspend),
        Command::Refresh => effects.extend([Effect::Repaint, Effect::Refresh]),
        Command::Panic => effects.push(Effect::Panic),
        Command::Mouse => menu::toggle_mouse(app, effects),
        _ if app.help.open => help(app, command),
        _ if app.dialog.is_some() => acts::answer(app, command, effects),
        _ if app.menu.is_some() => menu::command(app, command, effects),
        Command::Accept => end_typing(app, true, effects),
        Command::Cancel => end_typing(app, false, effects),
        _ => match app.screen {
            Screen::List => list::command(app, command, effects),
            Screen::Contents => contents::command(app, command, effects),
            Screen::Map => map::command(app, command, effects),
            Screen::Differences => differences::command(app, command, effects),
            Screen::Memory => memory::command(app, command, effects),
            _ => panels::command(app, command, effects),
        },
    }
}

/// Keys in the help: scrolls and searches it, or closes it.
fn help(app: &mut App, command: Command) {
    let page = usize::from(app.size.height.saturating_sub(4).max(1));
    let help = &mut app.help;
    match command {
        Command::Accept if help.typing => help.typing = false,
        Command::Cancel if help.typing => {
            help.typing = false;
            help.words = Line::default();
        }
        Command::Filter => help.typing = true,
        Command::Back if !help.words.text().is_empty() => {
            help.words = Line::default();
            help.top = 0;
        }
        Command::Back => help.open = false,
        Command::Up => help.top = help.top.saturating_sub(1),
        Command::Down => help.top = help.top.saturating_add(1),
        Command::PageUp => help.top = help.top.saturating_sub(page),
        Command::PageDown => help.top = help.top.saturating_add(page),
        Command::First => help.top = 0,
        Command::Last => help.top = usize::MAX,
        _ => {}
    }
}

fn scroll(app: &mut App, by: i8, effects: &mut Vec<Effect>) {
    let command = match by < 0 {
        true => Command::Up,
        false => Command::Down,
    };
    for _ in 0..by.unsigned_abs() {
        self::command(app, command, effects);
    }
}

fn edit(app: &mut App, edit: &Edit, effects: &mut Vec<Effect>) {
    if app.help.open {
        app.help.words.edit(edit);
        app.help.top = 0;
        return;
    }
    if app.dialog.is_some() {
        return acts::edit(app, edit);
    }
    match app.typing {
        Some(Prompt::Filter) => {
            app.filter_text.edit(edit);
            set_filter(app);
        }
        Some(Prompt::Events) => app.events.filter.edit(edit),
        Some(Prompt::Export) => app.export_path.edit(edit),
        Some(Prompt::Permit | Prompt::Create) => app.request.edit(edit),
        Some(Prompt::Search) => {
            app.entry.edit(edit);
            search::typed(app, effects);
        }
        Some(_) => {
            app.entry.edit(edit);
            app.entry_error = None;
        }
        None => {}
    }
}

/// Applies the text if it is a valid filter; otherwise the last one stays.
fn set_filter(app: &mut App) {
    match Filter::parse(app.filter_text.text()) {
        Ok(filter) => {
            app.filter = filter;
            app.filter_error = None;
            app.reorder();
        }
        Err(error) => app.filter_error = Some(error),
    }
}

/// Ends typing; `keep` says whether to accept the line. An invalid line cannot be
/// accepted.
fn end_typing(app: &mut App, keep: bool, effects: &mut Vec<Effect>) {
    match app.typing {
        Some(Prompt::Filter) if keep && app.filter_error.is_some() => return,
        Some(Prompt::Filter) if !keep => drop_filter(app),
        Some(Prompt::Events) if !keep => app.events.filter = Line::default(),
        Some(Prompt::Export) if keep => panels::export(app, effects),
        Some(Prompt::Search) => return search::end_typing(app, keep, effects),
        Some(Prompt::Goto) if keep => return contents::go_to_typed(app),
        Some(prompt @ (Prompt::Dump | Prompt::DumpHex)) if keep => {
            transfer::dump(app, prompt == Prompt::DumpHex, effects);
        }
        Some(Prompt::Load) if keep => transfer::preview_load(app, effects),
        Some(Prompt::Confirm) => return transfer::confirm(app, keep, effects),
        _ => {}
    }
    let done = match app.typing {
        Some(Prompt::Permit) if keep => acts::request(app, effects),
        Some(Prompt::Create) if keep => acts::creation(app, effects),
        _ => true,
    };
    if done {
        app.typing = None;
    }
}

fn drop_filter(app: &mut App) {
    app.filter_text = Line::default();
    app.only = None;
    set_filter(app);
}

/// Samples a fifth as often while the terminal lacks the focus.
fn focus(app: &mut App, focused: bool, effects: &mut Vec<Effect>) {
    if app.focused != focused {
        app.focused = focused;
        effects.push(period(app));
        if focused && !app.paused {
            effects.push(Effect::Refresh);
        }
    }
}

fn resume(app: &mut App, effects: &mut Vec<Effect>) {
    effects.push(period(app));
    if !app.paused {
        effects.push(Effect::Refresh);
    }
    contents::resume(app, effects);
}

/// Returns the refresh interval, from everything that influences it.
fn period(app: &App) -> Effect {
    let factor = if app.focused { 1 } else { 5 };
    Effect::SetPeriod((!app.paused).then_some(app.period * factor))
}

/// Returns the next shorter or longer interval.
fn change_period(app: &mut App, slower: bool, effects: &mut Vec<Effect>) {
    let mut periods = PERIODS.into_iter().map(Duration::from_millis);
    let next = match slower {
        true => periods.find(|period| *period > app.period),
        false => periods.rfind(|period| *period < app.period),
    };
    if let Some(next) = next {
        app.period = next;
        effects.push(period(app));
    }
}

fn sampled(app: &mut App, sampled: Sampled) {
    // Identifiers of another namespace have another meaning here.
    if sampled.generation != app.namespaces.generation {
        return;
    }
    app.failure = sampled.failure;
    if app.failure.is_some() {
        return;
    }
    app.directory.merge(sampled.directory);
    app.limits = sampled.limits;
    app.usage = sampled.usage;
    // The first sample causes no events.
    if app.rows.begun() {
        let context = Context {
            directory: &app.directory,
            now: app.now.wall,
            exact: false,
        };
        let namespace = app.namespaces.entered;
        app.log.record(&sampled.changes, namespace, &context);
    }
    attached::note(app, &sampled.changes);
    app.rows.apply(&sampled.changes, app.now.steady);
    app.marks.follow(&app.rows);
    let count = app.rows.count() as u64;
    app.history.record(count, &app.usage, app.now.steady);
    app.series.record(&sampled.changes, app.now.steady);
    app.reorder();
    acts::select_created(app);
    memory::renew(app);
}

fn expire(app: &mut App) {
    app.history.advance(app.now.steady);
    if app.rows.expire(app.now.steady) {
        app.reorder();
    }
    if app
        .notice
        .as_ref()
        .is_some_and(|notice| notice.until <= app.now.steady)
    {
        app.notice = None;
    }
}
