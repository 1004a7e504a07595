//! Distributes the reports of jobs to the screens that asked for them.

use super::{App, Effect};
use super::{differences, map, search, transfer};
use crate::app::job::{Answer, Report, Work};

/// Handles a report of a job; ignores it if the job was canceled meanwhile.
pub(super) fn arrived(app: &mut App, number: u64, report: Report, effects: &mut Vec<Effect>) {
    let Some(running) = app.jobs.get_mut(number) else {
        return;
    };
    match report {
        Report::Progress(done) => running.done = done,
        Report::Found(found) => search::found(app, found),
        Report::Ended(result) => {
            let work = running.job.work.clone();
            app.jobs.end(|job| job.number == number);
            match result {
                Ok(answer) => answered(app, work, answer, effects),
                Err(why) => transfer::failed(app, &work, why),
            }
        }
    }
}

fn answered(app: &mut App, work: Work, answer: Answer, effects: &mut Vec<Effect>) {
    match answer {
        Answer::Said(text) => {
            app.submitted = None;
            app.notify(text, false);
        }
        Answer::Cancelled if matches!(work, Work::Dump(..)) => {
            app.notify("canceled; the file was removed", false);
        }
        Answer::Cancelled => {}
        Answer::Copied(text, count) => transfer::copied(app, text, count, effects),
        Answer::Map(found, unknown) => map::looked(app, *found, unknown),
        Answer::Searched { more, unknown } => search::ended(app, more, unknown),
        Answer::Snapshot(snapshot, unknown) => {
            differences::taken(app, snapshot, unknown);
        }
        Answer::Compared(difference) => differences::compared(app, difference),
        Answer::LoadPreview(preview) => transfer::load_preview(app, work, preview),
    }
}
