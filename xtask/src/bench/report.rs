//! The page and its charts.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::Section;
use super::chart;
use crate::project::Result;

const HEAD: &str = "\
# Figures

Made by `cargo xtask bench`; do not edit. To repeat it, leave the machine alone and run
the same command, with `SHM_BENCH_PYTHON` set to a Python that has `sysv_ipc` and with
`ipcs`, `lsipc`, `lsof`, `htop` and `Xvfb` installed. What is missing is named as
skipped. Each part names the commit and the day of its run, and the load average of its
last minute: about 1 on a machine that was left alone.

Each candidate is measured in turns with its baseline, many rounds of a fraction of a
millisecond (whole programs: one start each a round). The ratio is the median of the
rounds, the middle half is where half of the rounds lie. The control is the baseline
measured against itself in the same rounds: it should be 1, and what it is off by, the
ratio may be off by. In the charts a green tick is the ratio to reach.

";

/// Where the charts are, beside the page.
const CHARTS: &str = "benchmarks";

/// Writes the page to `path` and the charts beside it. Parts of an earlier page that
/// were not measured again stay, in the order of `all`, which has every title.
pub(super) fn write(
    path: &Path,
    machine: &[(&str, String)],
    sections: &[Section],
    all: &[&str],
) -> Result {
    let folder = path.parent().unwrap_or(Path::new("")).join(CHARTS);
    for section in sections {
        if let Some(chart) = section.chart() {
            fs::create_dir_all(&folder)?;
            fs::write(folder.join(section.picture()), chart)?;
        }
    }
    let earlier = fs::read_to_string(path).unwrap_or_default();
    fs::write(path, page(machine, sections, &earlier, all))?;
    Ok(())
}

/// Returns the page of these sections, and of those of an earlier page in `all` that are
/// not among them.
pub(super) fn page(
    machine: &[(&str, String)],
    sections: &[Section],
    earlier: &str,
    all: &[&str],
) -> String {
    let mut page = HEAD.to_owned();
    page.push_str("| what | which |\n| --- | --- |\n");
    for (what, which) in machine {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| {what} | {} |", which.replace('|', "\\|"));
    }
    for title in all {
        let measured = sections.iter().find(|section| section.title == *title);
        match measured {
            Some(section) => page.push_str(&text(section)),
            None => page.push_str(&part(earlier, title)),
        }
    }
    page
}

fn text(section: &Section) -> String {
    let Section {
        title,
        command,
        printed,
        run,
        ..
    } = section;
    let picture = match section.chart() {
        Some(_) => format!("![Chart: {title}]({CHARTS}/{})\n\n", section.picture()),
        None => String::new(),
    };
    let printed = human_readable(printed);
    format!("\n## {title}\n\n`{command}`{run}\n\n{picture}```text\n{printed}\n```\n")
}

/// Returns the part of a page with this title, or nothing.
fn part(page: &str, title: &str) -> String {
    let head = format!("\n## {title}\n");
    let Some(start) = page.find(&head) else {
        return String::new();
    };
    let rest = page.get(start..).unwrap_or_default();
    let end = rest.get(1..).and_then(|rest| rest.find("\n## "));
    let end = end.map_or(rest.len(), |end| end + 1);
    rest.get(..end).unwrap_or_default().to_owned()
}

/// Removes the lines that are for programs.
pub(super) fn human_readable(printed: &str) -> String {
    let is_for_programs = |line: &&str| line.starts_with("ratio ") || line.starts_with("target ");
    let lines = printed.lines().filter(|line| !is_for_programs(line));
    let text: Vec<&str> = lines.map(str::trim_end).collect();
    text.join("\n").trim().to_owned()
}

impl Section {
    fn picture(&self) -> String {
        format!("{}.svg", self.name)
    }

    /// Draws the ratios of the section, if it has any.
    fn chart(&self) -> Option<String> {
        let bars = chart::bars(&self.printed);
        let more_is_better = self.title.contains("more is better");
        (!bars.is_empty()).then(|| chart::svg(&bars, more_is_better))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(title: &str, printed: &str) -> Section {
        Section {
            name: "x".to_owned(),
            title: title.to_owned(),
            command: "cargo bench".to_owned(),
            printed: printed.to_owned(),
            run: ", at abc".to_owned(),
        }
    }

    #[test]
    fn a_page_has_the_machine_and_every_section() {
        let sections = [section("Copies", "case 1.0\nratio copy 1 1.0")];
        let machine = [("kernel", "a|b".to_owned())];
        let page = page(&machine, &sections, "", &["Copies"]);
        let tail = page.strip_prefix(HEAD).unwrap();
        let expected = "| what | which |\n| --- | --- |\n| kernel | a\\|b |\n\n## Copies\n\n\
                        `cargo bench`, at abc\n\n![Chart: Copies](benchmarks/x.svg)\n\n\
                        ```text\ncase 1.0\n```\n";
        assert_eq!(tail, expected);
    }

    #[test]
    fn what_was_not_measured_again_stays_where_it_was() {
        let all = ["A", "B", "C"];
        let first = [section("A", "1"), section("B", "2"), section("C", "3")];
        let before = page(&[], &first, "", &all);
        let after = page(&[], &[section("B", "changed")], &before, &all);
        assert_eq!(after, before.replace("```text\n2\n", "```text\nchanged\n"));
    }

    #[test]
    fn lines_for_programs_are_left_out() {
        let printed = "\ncase  ratio\ncopy  1.0  \n\nratio copy 1 1.0\ntarget copy 1 1\n";
        assert_eq!(human_readable(printed), "case  ratio\ncopy  1.0");
    }
}
