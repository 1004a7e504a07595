//! Changes segments: selection, confirmation, results.

use std::str::FromStr;

use super::{Command, Edit, Effect, panels};
use crate::app::dialog::{Choice, Confirm, Dialog, Plan, Results};
use crate::app::effect::READ_ONLY;
use crate::app::{App, Line, Prompt, Screen, question};
use crate::model::act::{Act, Creation, Operation, Outcome, Permissions};
use crate::model::dry_run;
use crate::model::request::PermissionsRequest;
use crate::model::segment::{Id, Segment};

/// Handles keys in the table that mark segments or request a change.
pub(super) fn command(app: &mut App, command: Command, effects: &mut Vec<Effect>) {
    let changes = matches!(
        command,
        Command::Remove | Command::Lock | Command::Unlock | Command::Permit | Command::Create
    );
    if changes && !app.may_change {
        return app.notify(READ_ONLY, true);
    }
    match command {
        Command::Mark => {
            if let Some(row) = app.rows.selected().filter(|row| !row.is_gone()) {
                app.marks.toggle(&row.segment);
                app.rows.step(1);
            }
        }
        Command::MarkShown => app
            .rows
            .passing()
            .for_each(|segment| app.marks.set(segment)),
        Command::MarkOthers => app
            .rows
            .passing()
            .for_each(|segment| app.marks.toggle(segment)),
        Command::Unmark => app.marks.clear(),
        Command::Remove => ask_about(app, Operation::Remove, effects),
        Command::Lock | Command::Unlock if !app.abilities.locks => app.notify(NO_LOCKS, true),
        Command::Lock => {
            let targets = targets(app);
            let locked = targets.iter().all(|segment| segment.flags.locked);
            let operation = match locked && !targets.is_empty() {
                true => Operation::Unlock,
                false => Operation::Lock,
            };
            ask_about(app, operation, effects);
        }
        Command::Unlock => ask_about(app, Operation::Unlock, effects),
        Command::Permit if targets(app).is_empty() => {}
        Command::Permit => type_request(app, Prompt::Permit),
        Command::Create => type_request(app, Prompt::Create),
        _ => {}
    }
}

/// Why locking keys do nothing on FreeBSD, OpenBSD, DragonFly and macOS.
const NO_LOCKS: &str = "this system cannot lock a segment; mlock(2) by a process that has it attached keeps it in memory";

/// Asks for a line; what was typed before is suggested if it failed.
fn type_request(app: &mut App, prompt: Prompt) {
    app.request = match app.submitted.take() {
        Some((failed, text)) if failed == prompt => Line::suggestion(text),
        _ => Line::default(),
    };
    app.typing = Some(prompt);
}

/// Returns the segments to act on: the marked ones, or the selected one.
fn targets(app: &App) -> Vec<Segment> {
    if app.marks.count() > 0 {
        return app.marks.segments().copied().collect();
    }
    let selected = app.rows.selected().filter(|row| !row.is_gone());
    selected.map(|row| row.segment).into_iter().collect()
}

fn ask_about(app: &mut App, operation: Operation, effects: &mut Vec<Effect>) {
    let targets = targets(app);
    if !targets.is_empty() {
        ask(app, Plan::Acts(operation, targets), effects);
    }
}

/// Asks for confirmation, and scans the processes meanwhile.
fn ask(app: &mut App, plan: Plan, effects: &mut Vec<Effect>) {
    let attached = plan.segments().iter().any(|segment| segment.attached > 0);
    app.dialog = Some(Dialog::Confirm(Confirm::new(plan, app.uid)));
    if attached {
        effects.push(panels::scan_once(app));
    }
}

/// Parses a change; returns false if the line is invalid.
pub(super) fn request(app: &mut App, effects: &mut Vec<Effect>) -> bool {
    let request = parsed::<PermissionsRequest>(app);
    app.submitted = Some((Prompt::Permit, app.request.text().to_owned()));
    let meant = request.is_some();
    effects.extend(request.map(Effect::Resolve));
    meant
}

/// Parses a creation; returns false if the line is invalid.
pub(super) fn creation(app: &mut App, effects: &mut Vec<Effect>) -> bool {
    match parsed::<Creation>(app) {
        Some(creation) => {
            app.submitted = Some((Prompt::Create, app.request.text().to_owned()));
            ask(app, Plan::Create(creation), effects);
            true
        }
        None => false,
    }
}

/// Returns the parsed line, or shows its error.
fn parsed<T: FromStr<Err = String>>(app: &mut App) -> Option<T> {
    let result = app.request.text().parse();
    result.map_err(|why| app.notify(why, true)).ok()
}

/// Handles the result of resolving names.
pub(super) fn resolved(
    app: &mut App,
    result: Result<Permissions, String>,
    effects: &mut Vec<Effect>,
) {
    match result {
        Ok(permissions) => ask_about(app, Operation::Permit(permissions), effects),
        Err(why) => {
            // What was typed is not lost.
            if app.typing.is_none() && app.dialog.is_none() && app.screen == Screen::List {
                type_request(app, Prompt::Permit);
                app.request = Line::new(app.request.text().to_owned());
            }
            app.notify(why, true);
        }
    }
}

/// Handles a scan of the processes.
pub(super) fn scanned(app: &mut App) {
    if let Some(Dialog::Confirm(confirm)) = &mut app.dialog {
        confirm.scanned = true;
    }
}

/// Handles keys in a dialog.
pub(super) fn answer(app: &mut App, command: Command, effects: &mut Vec<Effect>) {
    let page = usize::from(app.size.height / 2).max(1);
    let scrolled = |top: usize| match command {
        Command::Up => top.saturating_sub(1),
        Command::Down => top.saturating_add(1),
        Command::PageUp => top.saturating_sub(page),
        Command::PageDown => top.saturating_add(page),
        _ => top,
    };
    match (&mut app.dialog, command) {
        (Some(Dialog::Results(_)), Command::Accept | Command::Cancel) => app.dialog = None,
        (Some(Dialog::Results(results)), _) => {
            results.top = scrolled(results.top);
        }
        (Some(Dialog::Confirm(confirm)), _) if confirm.busy => {}
        (Some(Dialog::Confirm(_)), Command::Cancel) => app.dialog = None,
        (Some(Dialog::Confirm(confirm)), Command::Left) => confirm.step(false),
        (Some(Dialog::Confirm(confirm)), Command::Right) => confirm.step(true),
        (Some(Dialog::Confirm(_)), Command::Accept) => agree(app, effects),
        (Some(Dialog::Confirm(confirm)), _) => confirm.top = scrolled(confirm.top),
        (None, _) => {}
    }
}

/// A click on an answer goes to it, one on the answer at the cursor takes it.
pub(super) fn click(app: &mut App, x: u16, y: u16, effects: &mut Vec<Effect>) {
    let Some(choice) = question::answer_at(app, x, y) else {
        return;
    };
    match &mut app.dialog {
        Some(Dialog::Confirm(confirm)) if confirm.busy => {}
        Some(Dialog::Confirm(confirm)) if confirm.choice != choice => confirm.choice = choice,
        _ => agree(app, effects),
    }
}

/// Handles a key or a paste in a dialog with an input line.
pub(super) fn edit(app: &mut App, edit: &Edit) {
    if let Some(Dialog::Confirm(confirm)) = &mut app.dialog
        && confirm.proof.is_some()
    {
        confirm.typed.edit(edit);
        // Typing the number is the confirmation, and Enter then acts.
        if confirm.is_proven() && confirm.choice == Choice::Cancel {
            confirm.choice = Choice::Go;
        }
    }
}

fn agree(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Dialog::Confirm(confirm)) = &mut app.dialog else {
        return;
    };
    let acts = confirm.plan.acts();
    match (confirm.choice, &confirm.plan) {
        (Choice::Cancel, _) => app.dialog = None,
        (Choice::Go, _) if !confirm.is_proven() => {
            let proof = confirm.proof.clone().unwrap_or_default();
            app.notify(format!("type {proof} to confirm"), true);
        }
        (choice, plan) => {
            effects.push(match (choice, plan) {
                (Choice::Go, Plan::Create(creation)) => Effect::Create(*creation),
                (_, Plan::Create(creation)) => Effect::TryCreate(*creation),
                (Choice::Go, Plan::Acts(..)) => Effect::Act(acts),
                (_, Plan::Acts(..)) => Effect::TryAct(acts),
            });
            confirm.busy = true;
        }
    }
}

/// Shows the results of acts. Failures stay on the screen.
pub(super) fn acted(app: &mut App, dry: bool, results: &[(Act, Result<Outcome, String>)]) {
    let failed = results.iter().filter(|(_, result)| result.is_err()).count();
    let title = take_title(app);
    if !dry && failed == 0 {
        app.marks.clear();
        app.dialog = None;
        app.submitted = None;
        return app.notify(format!("{title}: done"), false);
    }
    let line = |(act, result): &(Act, Result<Outcome, String>)| match result {
        Ok(Outcome::Done) if dry => (format!("dry run: {}", act.command()), false),
        Ok(outcome) => (format!("segment {}: {outcome}", act.target.id), false),
        Err(why) => (why.clone(), true),
    };
    // A dry run shows every result; otherwise the failures come first.
    let mut lines: Vec<(String, bool)> = results.iter().map(line).collect();
    lines.sort_by_key(|(_, failed)| !failed && !dry);
    if dry {
        lines.push((dry_run::UNKNOWN.to_owned(), false));
    }
    let title = match dry {
        true => format!("{title}: dry run, nothing was done"),
        false => format!("{title}: {failed} of {} failed", results.len()),
    };
    show(app, title, lines);
}

/// Shows the result of a creation.
pub(super) fn created(app: &mut App, dry: bool, result: Result<Id, String>) {
    let command = match &app.dialog {
        Some(Dialog::Confirm(confirm)) => confirm.plan.commands().join(" "),
        _ => String::new(),
    };
    let title = take_title(app);
    match result {
        Ok(id) if !dry => {
            app.dialog = None;
            app.submitted = None;
            app.created = Some(id);
            app.notify(format!("created segment {id}"), false);
        }
        Ok(_) => {
            let title = format!("{title}: dry run, nothing was done");
            let unknown = dry_run::UNKNOWN.to_owned();
            show(
                app,
                title,
                vec![(format!("dry run: {command}"), false), (unknown, false)],
            );
        }
        Err(why) => show(app, format!("{title}: failed"), vec![(why, true)]),
    }
}

/// Returns the confirmed change.
fn take_title(app: &App) -> String {
    match &app.dialog {
        Some(Dialog::Confirm(Confirm { plan, .. })) => {
            format!("{} {}", plan.verb(), plan.object())
        }
        _ => "Done".to_owned(),
    }
}

fn show(app: &mut App, title: String, lines: Vec<(String, bool)>) {
    app.dialog = Some(Dialog::Results(Results {
        title,
        lines,
        top: 0,
    }));
}

/// Closes the confirmation after the gate refused.
pub(super) fn refused(app: &mut App, why: &str) {
    if matches!(&app.dialog, Some(Dialog::Confirm(confirm)) if confirm.busy) {
        app.dialog = None;
    }
    app.notify(why, true);
}

/// Moves the cursor to the segment that was created, once it is listed.
pub(super) fn select_created(app: &mut App) {
    let Some(id) = app.created.filter(|id| app.rows.segment(*id).is_some()) else {
        return;
    };
    app.created = None;
    if !app.rows.select_id(id) {
        app.notify(
            format!("created segment {id}, which the filter hides"),
            false,
        );
    }
}
