//! Runs the selected stages one after the other and reports their outcomes.

use std::process::ExitCode;
use std::time::Instant;

use super::arguments::Arguments;
use super::context::Context;
use super::report;
use super::stage::{Outcome, Stage, StageReport};
use super::test_output::TestCounts;

pub(super) fn run(stages: &[&Stage], arguments: &Arguments) -> ExitCode {
    let mut reports = Vec::new();
    let mut tests = TestCounts::default();
    for stage in stages {
        report::begin(stage);
        let (report, counts) = run_one(stage, arguments);
        tests.add(counts);
        report::end(&report);
        reports.push(report);
    }
    report::summary(&reports, tests);
    if reports
        .iter()
        .any(|report| report.outcome == Outcome::Failed)
    {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn run_one(stage: &Stage, arguments: &Arguments) -> (StageReport, TestCounts) {
    let start = Instant::now();
    let mut counts = TestCounts::default();
    let (outcome, notes) = match Context::new(stage.name, arguments.require_all) {
        Err(error) => (Outcome::Failed, vec![error.to_string()]),
        Ok(mut context) => {
            let result = (stage.run)(&mut context);
            counts = context.counts();
            let result = result.map_err(|error| error.to_string());
            let (outcome, mut notes) = outcome_of(result, &context, stage, arguments);
            notes.extend(context.notes());
            (outcome, notes)
        }
    };
    (
        StageReport {
            name: stage.name,
            outcome,
            time: start.elapsed(),
            notes,
        },
        counts,
    )
}

fn outcome_of(
    result: Result<(), String>,
    context: &Context<'_>,
    stage: &Stage,
    arguments: &Arguments,
) -> (Outcome, Vec<String>) {
    let mut notes = context.missing().to_vec();
    if let Err(reason) = result {
        notes.insert(0, reason);
        return (Outcome::Failed, notes);
    }
    if notes.is_empty() {
        return (Outcome::Passed, notes);
    }
    if arguments.require_all {
        match arguments.may_skip(stage) {
            Some(reason) => notes.push(format!("may be skipped: {reason}")),
            None => {
                notes.insert(0, "--require-all, and a tool is missing".to_owned());
                return (Outcome::Failed, notes);
            }
        }
    }
    (
        if context.ran_commands() {
            Outcome::Partly
        } else {
            Outcome::Skipped
        },
        notes,
    )
}
