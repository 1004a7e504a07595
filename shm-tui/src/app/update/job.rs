//! Begins and cancels jobs.

use super::{App, Effect};
use crate::app::job::{Job, Work};
use crate::model::format;

/// Begins a job on the segment that is shown, and cancels a running one of the
/// same kind.
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

/// Cancels the running jobs that match; returns whether there were any.
pub(super) fn cancel(
    app: &mut App,
    effects: &mut Vec<Effect>,
    fits: impl Fn(&Job) -> bool,
) -> bool {
    // A job that writes a file reports at its end how far it got.
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

/// Returns how much of the contents is unknown, as a part of a sentence.
pub(super) fn unreported(unknown: u64, read: bool) -> String {
    match (unknown, read) {
        (0, _) => String::new(),
        (_, true) => format!(
            "; {} of unknown state read",
            format::counted(unknown, "byte")
        ),
        (_, false) => format!(
            "; {} of unknown state not read (U reads them)",
            format::counted(unknown, "byte")
        ),
    }
}
