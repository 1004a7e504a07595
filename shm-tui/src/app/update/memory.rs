//! Handles the screen "where the memory goes".

use super::{App, Command, Effect, set_filter};
use crate::app::{Line, Screen, Subset, layout};
use crate::model::totals::{Division, Totals};

/// Shows the screen, with the totals of the last sample.
pub(super) fn open(app: &mut App) {
    app.screen = Screen::Memory;
    app.memory.cursor = Default::default();
    renew(app);
    app.memory.rest(false);
}

/// Updates the totals if they are on the screen.
pub(super) fn renew(app: &mut App) {
    if app.screen != Screen::Memory {
        return;
    }
    // The selection follows the part, not the line.
    let chosen = app.memory.chosen();
    let chosen = chosen.map(|(division, part)| (division, part.name.clone()));
    let segments = app.rows.existing();
    app.memory.totals = Totals::of(segments, &app.directory, app.now.wall);
    if let Some((division, name)) = chosen {
        app.memory.seek(division, &name);
    }
}

pub(super) fn command(app: &mut App, command: Command, _effects: &mut Vec<Effect>) {
    let height = usize::from(layout::areas(app).body.height);
    match command {
        Command::Back => app.screen = Screen::List,
        Command::Choose => choose(app),
        _ => app.memory.step(command, height),
    }
}

/// Shows only the segments of the selected line: by a filter if there is one for it, so
/// that it is visible and editable.
fn choose(app: &mut App) {
    let Some((division, part)) = app.memory.chosen() else {
        return;
    };
    let filter = match (division, part.state) {
        (_, Some(state)) => Some(format!("state={}", state.name())),
        (Division::Owner, None) => Some(format!("owner={}", part.name)),
        _ => None,
    };
    let only = Subset {
        what: format!("created by {}", part.name),
        ids: part.ids.clone(),
    };
    app.only = None;
    match filter {
        Some(filter) => app.filter_text = Line::new(filter),
        None => {
            app.only = Some(only);
            app.filter_text = Line::default();
        }
    }
    set_filter(app);
    app.screen = Screen::List;
}
