//! Prints the run: a line when a stage begins and ends, and a table at the end. On GitHub
//! also folded groups, annotations and the job's summary page.

use std::fmt::Write as _;
use std::io::Write as _;

use super::stage::{Outcome, Stage, StageReport};
use super::test_output::TestCounts;

/// Prints the stages, for `--list`.
pub(super) fn list(stages: &[Stage]) {
    for stage in stages {
        let opt_in = if stage.opt_in {
            " (only when named)"
        } else {
            ""
        };
        println!("{:<12} {}{opt_in}", stage.name, stage.guards);
    }
}

pub(super) fn begin(stage: &Stage) {
    if on_github() {
        println!("::group::{}", stage.name);
    }
    println!("== {} …", stage.name);
}

pub(super) fn end(stage: &StageReport) {
    if on_github() {
        println!("::endgroup::");
        let kind = match stage.outcome {
            Outcome::Failed => "error",
            Outcome::Partly | Outcome::Skipped => "notice",
            Outcome::Passed => "",
        };
        if !kind.is_empty() {
            println!(
                "::{kind} title={}::{}",
                stage.name,
                stage.notes.join("%0A").replace('\n', "%0A")
            );
        }
    }
    println!(
        "== {} {} ({})",
        stage.name,
        stage.outcome.word(),
        seconds(stage)
    );
    for note in &stage.notes {
        println!("   {}", note.replace('\n', "\n   "));
    }
}

/// Prints the table and the number of tests.
pub(super) fn summary(reports: &[StageReport], tests: TestCounts) {
    println!();
    for stage in reports {
        let first_note = stage
            .notes
            .first()
            .map_or("", |note| note.lines().next().unwrap_or(""));
        println!(
            "{:<12} {:<8} {:>9}  {first_note}",
            stage.name,
            stage.outcome.word(),
            seconds(stage)
        );
    }
    if tests != TestCounts::default() {
        println!(
            "\n{} passed, {} failed, {} skipped",
            tests.passed, tests.failed, tests.ignored
        );
    }
    if let Err(error) = job_summary(reports, tests) {
        println!("cannot write the job's summary: {error}");
    }
}

/// Appends the same table to the summary page of a GitHub job.
fn job_summary(reports: &[StageReport], tests: TestCounts) -> std::io::Result<()> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY") else {
        return Ok(());
    };
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)?;
    file.write_all(markdown(reports, tests).as_bytes())
}

fn markdown(reports: &[StageReport], tests: TestCounts) -> String {
    let mut text = String::from("| stage | result | time | notes |\n| --- | --- | ---: | --- |\n");
    for stage in reports {
        let notes = stage
            .notes
            .join("<br>")
            .replace('|', "\\|")
            .replace('\n', "<br>");
        let _ = writeln!(
            text,
            "| {} | {} | {} | {notes} |",
            stage.name,
            stage.outcome.word(),
            seconds(stage)
        );
    }
    let _ = writeln!(
        text,
        "\n{} tests passed, {} failed, {} skipped",
        tests.passed, tests.failed, tests.ignored
    );
    text
}

fn seconds(stage: &StageReport) -> String {
    format!("{:.1} s", stage.time.as_secs_f64())
}

fn on_github() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_note_cannot_break_the_table() {
        let stage = StageReport {
            name: "doc",
            outcome: Outcome::Failed,
            time: Duration::from_millis(1500),
            notes: vec!["a | b\nc".to_owned()],
        };
        let text = markdown(&[stage], TestCounts::default());
        assert!(
            text.contains("| doc | FAILED | 1.5 s | a \\| b<br>c |"),
            "{text}"
        );
    }
}
