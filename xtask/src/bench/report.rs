//! Writes the page.

use std::fmt::Write as _;

use super::Section;

const HEAD: &str = "\
# Figures

Made by `cargo xtask bench` in one run; do not edit. To repeat it, leave the machine
alone and run the same command, with `SHM_BENCH_PYTHON` set to a Python that has
`sysv_ipc` and with `ipcs`, `lsipc`, `lsof`, `htop` and `Xvfb` installed. What is missing
is named as skipped.

Each candidate is measured in turns with its baseline, many rounds of a fraction of a
millisecond (whole programs: one start each a round). The ratio is the median of the
rounds, the middle half is where half of the rounds lie. The control is the baseline
measured against itself in the same rounds: it should be 1, and what it is off by, the
ratio may be off by.

";

pub(super) fn page(machine: &[(&str, String)], sections: &[Section]) -> String {
    let mut page = HEAD.to_owned();
    page.push_str("| what | which |\n| --- | --- |\n");
    for (what, which) in machine {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| {what} | {} |", which.replace('|', "\\|"));
    }
    for section in sections {
        let Section {
            title,
            command,
            printed,
        } = section;
        let _ = write!(
            page,
            "\n## {title}\n\n`{command}`\n\n```text\n{printed}\n```\n"
        );
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_the_machine_and_every_section() {
        let section = Section {
            title: "Copies".to_owned(),
            command: "cargo bench".to_owned(),
            printed: "case 1.0".to_owned(),
        };
        let page = page(&[("kernel", "a|b".to_owned())], &[section]);
        let tail = page.strip_prefix(HEAD).unwrap();
        let expected = "| what | which |\n| --- | --- |\n| kernel | a\\|b |\n\n## Copies\n\n\
                        `cargo bench`\n\n```text\ncase 1.0\n```\n";
        assert_eq!(tail, expected);
    }
}
