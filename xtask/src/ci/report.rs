//! What the run says: a line when a stage begins and ends, a table at the end;
//! on GitHub also folded groups, annotations and the job's summary page.

use std::fmt::Write as _;
use std::io::Write as _;

use super::stage::{Ending, Stage, Tally, Verdict};

/// `--list`.
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

pub(super) fn end(ending: &Ending) {
    if on_github() {
        println!("::endgroup::");
        let kind = match ending.verdict {
            Verdict::Failed => "error",
            Verdict::Partly | Verdict::Skipped => "notice",
            Verdict::Passed => "",
        };
        if !kind.is_empty() {
            println!(
                "::{kind} title={}::{}",
                ending.name,
                ending.notes.join("%0A").replace('\n', "%0A")
            );
        }
    }
    println!(
        "== {} {} ({})",
        ending.name,
        ending.verdict.word(),
        seconds(ending)
    );
    for note in &ending.notes {
        println!("   {}", note.replace('\n', "\n   "));
    }
}

/// The table, and the line that counts tests.
pub(super) fn summary(endings: &[Ending], tests: Tally) {
    println!();
    for ending in endings {
        let first_note = ending
            .notes
            .first()
            .map_or("", |note| note.lines().next().unwrap_or(""));
        println!(
            "{:<12} {:<8} {:>9}  {first_note}",
            ending.name,
            ending.verdict.word(),
            seconds(ending)
        );
    }
    if tests != Tally::default() {
        println!(
            "\n{} passed, {} failed, {} skipped",
            tests.passed, tests.failed, tests.ignored
        );
    }
    if let Err(error) = job_summary(endings, tests) {
        println!("cannot write the job's summary: {error}");
    }
}

/// The same table on the page of a GitHub job.
fn job_summary(endings: &[Ending], tests: Tally) -> std::io::Result<()> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY") else {
        return Ok(());
    };
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)?;
    file.write_all(markdown(endings, tests).as_bytes())
}

fn markdown(endings: &[Ending], tests: Tally) -> String {
    let mut text = String::from("| stage | result | time | notes |\n| --- | --- | ---: | --- |\n");
    for ending in endings {
        let notes = ending
            .notes
            .join("<br>")
            .replace('|', "\\|")
            .replace('\n', "<br>");
        let _ = writeln!(
            text,
            "| {} | {} | {} | {notes} |",
            ending.name,
            ending.verdict.word(),
            seconds(ending)
        );
    }
    let _ = writeln!(
        text,
        "\n{} tests passed, {} failed, {} skipped",
        tests.passed, tests.failed, tests.ignored
    );
    text
}

fn seconds(ending: &Ending) -> String {
    format!("{:.1} s", ending.time.as_secs_f64())
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
        let ending = Ending {
            name: "doc",
            verdict: Verdict::Failed,
            time: Duration::from_millis(1500),
            notes: vec!["a | b\nc".to_owned()],
        };
        let text = markdown(&[ending], Tally::default());
        assert!(
            text.contains("| doc | FAILED | 1.5 s | a \\| b<br>c |"),
            "{text}"
        );
    }
}
