//! Handles keys in the panels beside the table, and the results they show.

use std::time::Duration;

use super::{Command, Effect, transfer};
use crate::app::layout;
use crate::app::{App, Line, Prompt, Screen, Subset};
use crate::model::column::{COLUMNS, Column};
use crate::model::scan::{Finding, NamespaceScan, Scan};
use crate::model::segment::Segment;

/// Interval of process scans while their panel is shown.
const SCAN_PERIOD: Duration = Duration::from_secs(5);

pub(super) fn command(app: &mut App, command: Command, effects: &mut Vec<Effect>) {
    let height = usize::from(layout::areas(app).body.height);
    match app.screen {
        Screen::Processes => {
            app.processes.cursor.apply(command, height);
            processes(app, command, effects);
        }
        Screen::Events => {
            app.events.cursor.apply(command, height);
            events(app, command, effects);
        }
        Screen::Namespaces => {
            app.namespaces.cursor.apply(command, height);
            namespaces(app, command, effects);
        }
        Screen::Columns => {
            app.chooser.cursor.apply(command, height);
            columns(app, command, effects);
        }
        _ => {}
    }
}

/// Shows the processes of the selected segment.
pub(super) fn open_processes(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(row) = app.rows.selected() else {
        return;
    };
    app.processes.target = Some(row.segment);
    app.processes.cursor = Default::default();
    // Results for another segment do not apply.
    app.processes.failure = None;
    app.screen = Screen::Processes;
    effects.push(scan(app));
}

/// Returns the kind of process scan that the screen needs.
pub(super) fn scan(app: &App) -> Effect {
    let shown = app.screen == Screen::Processes;
    let target = app.processes.target.as_ref().map(|target| target.id);
    // Pointers into the segment are resolved with each process's address of it.
    let inspected = app.contents.as_ref().is_some_and(|view| view.inspector);
    if app.abilities.finding != Finding::Scan {
        return Effect::StopScanning;
    }
    match shown || inspected {
        true => Effect::Scan(target.filter(|_| shown), Some(SCAN_PERIOD)),
        false => Effect::StopScanning,
    }
}

/// Scans the processes once, whatever is shown.
pub(super) fn scan_once(app: &App) -> Effect {
    match scan(app) {
        Effect::StopScanning => Effect::Scan(None, None),
        scan => scan,
    }
}

fn back(app: &mut App, effects: &mut Vec<Effect>) {
    let left = app.screen;
    app.screen = Screen::List;
    if left == Screen::Processes {
        effects.push(scan(app));
    }
}

fn processes(app: &mut App, command: Command, effects: &mut Vec<Effect>) {
    match command {
        Command::Back => back(app, effects),
        Command::Reload => effects.push(scan(app)),
        Command::Probe => probe(app, effects),
        Command::Choose => {
            let attachments = app.attachments();
            let chosen = attachments.get(app.processes.cursor.position);
            let Some(pid) = chosen.map(|chosen| chosen.pid) else {
                return;
            };
            let scan = app.processes.scan.as_ref();
            let mut ids = scan.map(|scan| scan.segments_of(pid)).unwrap_or_default();
            let what = format!("of process {pid}");
            ids.sort_unstable();
            app.only = Some(Subset { what, ids });
            app.reorder();
            back(app, effects);
        }
        _ => {}
    }
}

/// Requests a probe, if the system has no other way.
fn probe(app: &mut App, effects: &mut Vec<Effect>) {
    match (app.abilities.finding, app.target().map(Segment::identity)) {
        (Finding::Scan, _) => {
            app.notify("this system shows the processes without a probe", false);
            effects.push(scan(app));
        }
        (Finding::Impossible(why), _) => app.notify(why, true),
        (Finding::Probe, Some(target)) => {
            app.processes.probing = true;
            app.processes.failure = None;
            effects.push(Effect::Probe(target));
        }
        (Finding::Probe, None) => {}
    }
}

fn events(app: &mut App, command: Command, effects: &mut Vec<Effect>) {
    match command {
        Command::Back => back(app, effects),
        Command::Filter => app.typing = Some(Prompt::Events),
        Command::Export => {
            app.entry_error = None;
            app.export_path = Line::suggestion(app.export_path.text().to_owned());
            app.typing = Some(Prompt::Export);
        }
        _ => {}
    }
}

/// Writes the visible entries, oldest first.
pub(super) fn export(app: &mut App, effects: &mut Vec<Effect>) {
    let typed = app.export_path.text().to_owned();
    let Some(path) = transfer::path(app, &typed) else {
        app.notify("a file name is needed", true);
        return;
    };
    app.submitted = Some((Prompt::Export, typed));
    let mut lines: Vec<String> = app
        .shown_events()
        .map(|entry| entry.line(&app.directory.clock(entry.time)))
        .collect();
    lines.reverse();
    let mut text = lines.join("\n");
    text.push('\n');
    effects.push(Effect::Export(path, text));
}

fn namespaces(app: &mut App, command: Command, effects: &mut Vec<Effect>) {
    match command {
        Command::Back => back(app, effects),
        Command::Reload => effects.push(Effect::ListNamespaces),
        Command::Choose => {
            let position = app.namespaces.cursor.position;
            let list = app.namespaces.list.as_ref().and_then(|l| l.as_ref().ok());
            let Some(chosen) = list.and_then(|scan| scan.list.get(position)) else {
                return;
            };
            let entered = (!chosen.own).then_some(chosen.inode);
            if entered != app.namespaces.entered {
                app.namespaces.entered = entered;
                app.namespaces.generation += 1;
                forget(app);
                effects.push(Effect::Enter(entered));
            }
            app.screen = Screen::List;
        }
        _ => {}
    }
}

/// Discards everything about the previous namespace, because identifiers differ between
/// namespaces. The log stays: its entries name their namespace.
fn forget(app: &mut App) {
    app.rows.clear();
    app.marks.clear();
    app.created = None;
    app.only = None;
    app.processes = Default::default();
    app.structures.clear();
    app.history = Default::default();
    app.series = Default::default();
    app.directory.attached.clear();
    app.usage = Default::default();
    app.limits = Default::default();
}

/// Opens the chooser: the visible columns in order, then all others.
pub(super) fn open_columns(app: &mut App) {
    let shown = app.columns.iter().map(|column| (*column, true));
    let others = COLUMNS
        .iter()
        .map(|definition| definition.column)
        .filter(|column| !app.columns.contains(column))
        .map(|column| (column, false));
    app.chooser.columns = shown.chain(others).collect();
    app.chooser.cursor = Default::default();
    app.screen = Screen::Columns;
}

fn columns(app: &mut App, command: Command, effects: &mut Vec<Effect>) {
    let position = app.chooser.cursor.position;
    let columns = &mut app.chooser.columns;
    match command {
        Command::Back => return back(app, effects),
        Command::Toggle => {
            let shown = columns.iter().filter(|(_, shown)| *shown).count();
            if let Some((_, on)) = columns.get_mut(position) {
                // A table without columns would look like a failure.
                *on = !*on || shown == 1;
            }
        }
        Command::MoveUp if position > 0 => {
            columns.swap(position, position - 1);
            app.chooser.cursor.position -= 1;
        }
        Command::MoveDown if position + 1 < columns.len() => {
            columns.swap(position, position + 1);
            app.chooser.cursor.position += 1;
        }
        _ => return,
    }
    let shown = app.chooser.columns.iter().filter(|(_, shown)| *shown);
    app.columns = shown.map(|(column, _)| *column).collect();
    effects.push(scan(app));
}

/// Stores a scan of the processes; returns false if it belongs to another namespace.
pub(super) fn scanned(app: &mut App, result: Result<Box<Scan>, String>) -> bool {
    app.processes.probing = false;
    match result {
        Ok(scan) if scan.generation != app.namespaces.generation => return false,
        Ok(scan) => {
            app.directory.attached = scan.commands(app.rows.existing());
            app.processes.scan = Some(*scan);
            app.processes.failure = None;
            if app.columns.contains(&Column::AttachedCommands) || !app.filter.is_empty() {
                app.reorder();
            }
        }
        Err(why) => app.processes.failure = Some(why),
    }
    true
}

/// Stores a scan of the namespaces.
pub(super) fn listed(app: &mut App, result: Result<NamespaceScan, String>) {
    app.namespaces.list = Some(result);
}
