//! Jobs: begun, called off, and what comes of them.

use super::{App, Effect};
use super::{differences, map, search, transfer};
use crate::app::job::{Answer, Job, Report, Work};
use crate::model::format;

/// Begins a job of the segment that is shown; one of the same kind that is
/// under way is called off.
pub(super) fn begin(app: &mut App, work: Work, effects: &mut Vec<Effect>) {
    let Some(contents) = &app.contents else {
        return;
    };
    let (target, read_unknown) = (contents.target, contents.read_unknown);
    let kind = std::mem::discriminant(&work);
    cancel(app, effects, |job| {
        std::mem::discriminant(&job.work) == kind && !job.work.outlives_the_view()
    });
    let job = app.jobs.begin(target, work, read_unknown);
    effects.push(Effect::Job(Box::new(job)));
}

/// Calls off what fits; whether there was anything.
pub(super) fn cancel(
    app: &mut App,
    effects: &mut Vec<Effect>,
    fits: impl Fn(&Job) -> bool,
) -> bool {
    // How far a file got is told in the end.
    let stays = |job: &Job| job.work.outlives_the_view();
    let staying = app.jobs.running.iter().map(|running| &running.job);
    let mut ended: Vec<u64> = staying
        .filter(|job| stays(job) && fits(job))
        .map(|job| job.number)
        .collect();
    ended.extend(app.jobs.end(|job| !stays(job) && fits(job)));
    let any = !ended.is_empty();
    effects.extend(ended.into_iter().map(Effect::CancelJob));
    any
}

/// Takes over what came of a job, unless it was called off meanwhile.
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
                Err(why) => app.notify(why, true),
            }
        }
    }
}

/// How much the system tells nothing about, as a part of a sentence.
pub(super) fn unreported(unknown: u64, read: bool) -> String {
    match (unknown, read) {
        (0, _) => String::new(),
        (_, true) => format!(
            "; {} of unknown contents read",
            format::counted(unknown, "byte")
        ),
        (_, false) => format!(
            "; {} of unknown contents left out (U reads them)",
            format::counted(unknown, "byte")
        ),
    }
}

fn answered(app: &mut App, work: Work, answer: Answer, effects: &mut Vec<Effect>) {
    match answer {
        Answer::Said(text) => app.notify(text, false),
        Answer::Cancelled if matches!(work, Work::Dump(..)) => {
            app.notify("called off: the file is removed again", false);
        }
        Answer::Cancelled => {}
        Answer::Copied(text, count) => transfer::copied(app, text, count, effects),
        Answer::Map(found, unknown) => map::looked(app, *found, unknown),
        Answer::Searched { more, unknown } => search::ended(app, more, unknown),
        Answer::Snapshot(snapshot, unknown) => {
            differences::taken(app, snapshot, unknown);
        }
        Answer::Compared(difference) => differences::compared(app, difference),
        Answer::LoadPreview(weight) => transfer::load_preview(app, work, weight),
    }
}
