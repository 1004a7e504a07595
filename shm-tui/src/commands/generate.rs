//! `shm-tui --generate`: generates the manual page and the completions from the
//! definitions of `--help`, the filters and the columns. Hidden, because it is for
//! packagers.

use std::io;
use std::process::ExitCode;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::print;
use crate::cli::{Cli, Generated};
use crate::model::column::COLUMNS;
use crate::model::query::FIELDS;

pub(super) fn run(what: Generated) -> io::Result<ExitCode> {
    print(&match what {
        Generated::Man => manual()?,
        Generated::Bash => BASH.to_owned(),
        Generated::Zsh => ZSH.to_owned(),
        Generated::Fish => FISH.to_owned(),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The completions only ask the program what can be typed (`complete`), so that they
/// offer what there is: identifiers, keys, owners.
const BASH: &str = include_str!("complete/shm-tui.bash");
const ZSH: &str = include_str!("complete/_shm-tui");
const FISH: &str = include_str!("complete/shm-tui.fish");

/// One page for the browser and all commands, so that one search finds everything.
fn manual() -> io::Result<String> {
    let command = Cli::command();
    let mut page = Vec::new();
    let main = Man::new(command.clone()).source(format!("shm-tui {}", env!("CARGO_PKG_VERSION")));
    main.render_title(&mut page)?;
    main.render_name_section(&mut page)?;
    main.render_synopsis_section(&mut page)?;
    main.render_description_section(&mut page)?;
    main.render_options_section(&mut page)?;
    heading("COMMANDS").to_writer(&mut page)?;
    for command in command
        .get_subcommands()
        .filter(|known| !known.is_hide_set())
    {
        subcommand(command, &mut page)?;
    }
    fields().to_writer(&mut page)?;
    columns().to_writer(&mut page)?;
    exit_status().to_writer(&mut page)?;
    environment().to_writer(&mut page)?;
    files().to_writer(&mut page)?;
    see_also().to_writer(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// Adds a section for every command, without the headings of a separate page.
fn subcommand(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let name = format!("shm-tui {}", command.get_name());
    let man = Man::new(command.clone().bin_name(&name));
    let mut head = Roff::new();
    head.control("SS", [name.as_str()]);
    head.to_writer(page)?;
    let mut parts = Vec::new();
    man.render_synopsis_section(&mut parts)?;
    parts.extend(b".PP\n");
    man.render_description_section(&mut parts)?;
    man.render_options_section(&mut parts)?;
    for line in String::from_utf8_lossy(&parts).lines() {
        if !line.starts_with(".SH") {
            page.extend(line.bytes());
            page.push(b'\n');
        }
    }
    Ok(())
}

fn heading(text: &str) -> Roff {
    let mut section = Roff::new();
    section.control("SH", [text]);
    section
}

fn fields() -> Roff {
    let mut section = heading("FILTERS");
    section.text([roman(
        "A filter is a list of comparisons, joined by `and`, `&&` or nothing, and by `or` or `||`, \
         negated by `not` or `!`, grouped by parentheses. A plain word matches any cell of the row that contains it; `!dest` is a row without that status. Comparisons are = (or == or :) != < <= > \
         >= and, for text, ~ (contains) and !~. Several values are separated by commas: one of them must match. In text, * matches any text and ? one character, unless it \
         is in quotes. Sizes take b, k, m, g, t, p, spans of time s, m, h, d, w. Commands are \
         compared by the name of the program, which must contain the value. A mode is octal or \
         rw-r-----; mode&002 holds if one of these bits is set. Moments are 2026-11-20, \
         2026-11-20T08:00, 08:00, today, yesterday or -2h. Unknown values match no comparison. \
         The fields, each with an example:",
    )]);
    for field in FIELDS {
        section.control("TP", []);
        section.text([bold(field.names.join(", "))]);
        section.text([roman(field.example)]);
    }
    section
}

fn columns() -> Roff {
    let mut section = heading("COLUMNS");
    for column in COLUMNS {
        section.control("TP", []);
        section.text([bold(column.name)]);
        section.text([roman(column.about)]);
    }
    section
}

/// Adds a section of terms with their meanings.
fn terms(title: &str, list: &[(&str, &str)]) -> Roff {
    let mut section = heading(title);
    for (term, meaning) in list {
        section.control("TP", []);
        section.text([bold(*term)]);
        section.text([roman(*meaning)]);
    }
    section
}

fn exit_status() -> Roff {
    terms(
        "EXIT STATUS",
        &[
            ("0", "Done; also if the reader closes the output."),
            (
                "1",
                "Failed, wholly or in part; standard error has the reason.",
            ),
            ("2", "Wrong arguments; nothing was done."),
            (
                "3",
                "Refused, because detaching would destroy the segment (kernel.shm_rmid_forced).",
            ),
            ("4", "The rows of list reach a threshold of --fail-if."),
            ("128+n", "Ended by signal n."),
        ],
    )
}

fn environment() -> Roff {
    terms(
        "ENVIRONMENT",
        &[
            (
                "NO_COLOR",
                "If set to anything, the browser draws without colors.",
            ),
            (
                "TERM",
                "On linux, vt100 and vt220, and if unset, the browser draws with ASCII only; on dumb it does not start.",
            ),
            (
                "LC_ALL, LC_CTYPE, LANG",
                "The first that is set must name a UTF-8 locale; otherwise the browser draws with ASCII only.",
            ),
            (
                "XDG_CONFIG_HOME, HOME",
                "The directory of the configuration file.",
            ),
            (
                "TZ",
                "The time zone for times in the browser and the table.",
            ),
        ],
    )
}

fn files() -> Roff {
    terms(
        "FILES",
        &[
            (
                "$XDG_CONFIG_HOME/shm-tui/config.toml, ~/.config/shm-tui/config.toml",
                "The configuration of the browser; --print-config prints the default. The other commands do not read it.",
            ),
            (
                "$XDG_STATE_HOME/shm-tui/looks, ~/.local/state/shm-tui/looks",
                "The attachments of this program to segments that no process had attached: they do not count as use.",
            ),
            (
                "/proc/sysvipc/shm, /proc/sys/kernel/shm*, /proc/PID/maps",
                "Linux's segments, limits and attachments.",
            ),
        ],
    )
}

fn see_also() -> Roff {
    let mut section = heading("SEE ALSO");
    section.text([
        bold("ipcs"),
        roman("(1), "),
        bold("ipcrm"),
        roman("(1), "),
        bold("lsipc"),
        roman("(1), "),
        bold("shmget"),
        roman("(2), "),
        bold("sysvipc"),
        roman("(7)"),
    ]);
    section
}
