//! Runs the chosen stages one after the other and sums up.

use std::process::ExitCode;
use std::time::Instant;

use super::arguments::Arguments;
use super::context::Context;
use super::report;
use super::stage::{Ending, Stage, Tally, Verdict};

pub(super) fn run(stages: &[&Stage], arguments: &Arguments) -> ExitCode {
    let mut endings = Vec::new();
    let mut tests = Tally::default();
    for stage in stages {
        report::begin(stage);
        let (ending, tally) = run_one(stage, arguments);
        tests.add(tally);
        report::end(&ending);
        endings.push(ending);
    }
    report::summary(&endings, tests);
    if endings
        .iter()
        .any(|ending| ending.verdict == Verdict::Failed)
    {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn run_one(stage: &Stage, arguments: &Arguments) -> (Ending, Tally) {
    let start = Instant::now();
    let mut tally = Tally::default();
    let (verdict, notes) = match Context::new(stage.name, arguments.require_all) {
        Err(error) => (Verdict::Failed, vec![error.to_string()]),
        Ok(mut context) => {
            let result = (stage.run)(&mut context);
            tally = context.tally();
            let result = result.map_err(|error| error.to_string());
            let (verdict, mut notes) = judge(result, &context, stage, arguments);
            notes.extend(context.notes());
            (verdict, notes)
        }
    };
    (
        Ending {
            name: stage.name,
            verdict,
            time: start.elapsed(),
            notes,
        },
        tally,
    )
}

fn judge(
    result: Result<(), String>,
    context: &Context<'_>,
    stage: &Stage,
    arguments: &Arguments,
) -> (Verdict, Vec<String>) {
    let mut notes = context.missing().to_vec();
    if let Err(reason) = result {
        notes.insert(0, reason);
        return (Verdict::Failed, notes);
    }
    if notes.is_empty() {
        return (Verdict::Passed, notes);
    }
    if arguments.require_all {
        match arguments.may_skip(stage) {
            Some(reason) => notes.push(format!("let through: {reason}")),
            None => {
                notes.insert(
                    0,
                    "--require-all, but something it needs is missing".to_owned(),
                );
                return (Verdict::Failed, notes);
            }
        }
    }
    (
        if context.ran_something() {
            Verdict::Partly
        } else {
            Verdict::Skipped
        },
        notes,
    )
}
