//! The command line: types only, so that help, manual page and completions can
//! be made from them.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::column::Column;
use crate::model::query::Filter;
use crate::model::sort::Sort;

mod dump;
mod scripts;

pub use dump::{Dump, Part};
pub use scripts::{Limits, List, NamespaceArgument, Processes, Remove, Show, Watch};

/// Browse System V shared memory segments in the terminal.
///
/// Without a command the browser opens; press ? in it for the keys.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "shm-tui",
    version,
    about,
    after_help = "Exit status: 0 done, 1 failed, 2 wrong arguments, 3 refused since it would destroy a segment, 4 a threshold of --fail-if was reached, 128 and the signal's number if a signal ended it."
)]
pub struct Cli {
    /// What to do instead of opening the browser.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to choose and order the rows.
    #[command(flatten)]
    pub rows: Rows,
    /// Seconds between two looks at the system, 0.25 to 60; 1 if not given, 5 on
    /// DragonFly.
    #[arg(long, value_name = "SECONDS", value_parser = parse_rate)]
    pub rate: Option<Duration>,
    /// Never attach a segment: its contents cannot be shown then.
    #[arg(long)]
    pub no_attach: bool,
    /// Change nothing: whatever would is refused.
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Let files be loaded into segments, over the bytes that are there.
    #[arg(long, conflicts_with_all = ["read_only", "no_attach"])]
    pub allow_write: bool,
    /// Attach a segment even if that destroys it. Where kernel.shm_rmid_forced is
    /// 1, one that no process has attached is lost when this program detaches it.
    /// Does nothing beside --read-only.
    #[arg(long, global = true)]
    pub allow_destroy: bool,
    /// Do not listen to the mouse, so that the terminal can select text.
    #[arg(long)]
    pub no_mouse: bool,
    /// Draw with ASCII only; automatic on a terminal that can do no more.
    #[arg(long)]
    pub ascii: bool,
    /// Read this configuration file instead of the usual one.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print the default configuration, with comments, and where it belongs.
    #[arg(long)]
    pub print_config: bool,
    /// Look at another IPC namespace (Linux): of this process, or of this file.
    #[arg(long, global = true, value_name = "PID|PATH")]
    pub namespace: Option<NamespaceArgument>,
    /// Show an invented system instead of this one.
    #[arg(long, global = true)]
    pub demo: bool,
    /// Print the manual page or the completions of a shell; for packagers.
    #[arg(long, hide = true, value_name = "WHAT")]
    pub generate: Option<Generated>,
}

/// What is made from the definitions in this file, like `--help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Generated {
    /// The manual page, in roff.
    Man,
    /// Completions for bash.
    Bash,
    /// Completions for zsh.
    Zsh,
    /// Completions for fish.
    Fish,
}

/// What to do instead of opening the browser.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Print the table of segments.
    List(List),
    /// Print everything known about one segment.
    Show(Show),
    /// Copy the bytes of a segment to a new file or to standard output.
    Dump(Dump),
    /// Print which processes have a segment attached.
    Processes(Processes),
    /// Print what the system allows, and how much of it is in use.
    Limits(Limits),
    /// Remove segments, by name or by filter.
    ///
    /// If one of the names is not found, nothing is removed. Each segment is
    /// looked at once more just before its turn: one that changed since is left
    /// alone, and one that others removed meanwhile counts as done.
    Remove(Remove),
    /// Print what happens to the segments until interrupted.
    Watch(Watch),
    /// Print gauges for Prometheus, for node_exporter's textfile collector.
    Metrics,
}

/// How to choose and order the rows.
#[derive(Clone, Debug, Default, Args)]
pub struct Rows {
    /// The column to sort by; with a minus before it, the other way round.
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub sort: Option<Sort>,
    /// Show only segments that pass this filter.
    #[arg(long, value_name = "FILTER")]
    pub filter: Option<FilterArgument>,
    /// The columns to show, separated by commas.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub columns: Option<Vec<Column>>,
}

/// A filter that was found right, and its text for the browser's line.
#[derive(Clone, Debug, Default)]
pub struct FilterArgument {
    /// As given.
    pub text: String,
    /// Ready to be asked.
    pub filter: Filter,
}

impl FromStr for FilterArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match Filter::parse(text) {
            Ok(filter) => Ok(Self {
                text: text.to_owned(),
                filter,
            }),
            Err(error) => {
                let lines = error.explain(text);
                let indented = lines.replace('\n', "\n  ");
                Err(format!("\n\n  {indented}"))
            }
        }
    }
}

fn parse_rate(text: &str) -> Result<Duration, String> {
    let seconds = text.parse();
    rate(seconds.map_err(|_| "not a number of seconds".to_owned())?)
}

/// The time between two looks at the system.
///
/// # Errors
///
/// If it is too short or too long.
pub fn rate(seconds: f64) -> Result<Duration, String> {
    match (0.25..=60.0).contains(&seconds) {
        true => Ok(Duration::from_secs_f64(seconds)),
        false => Err("not between 0.25 and 60 seconds".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_rate_is_between_a_quarter_second_and_a_minute() {
        assert_eq!(parse_rate("0.25"), Ok(Duration::from_millis(250)));
        assert_eq!(parse_rate("60"), Ok(Duration::from_secs(60)));
        for wrong in ["0", "61", "-1", "nan", "inf", "x", ""] {
            assert!(parse_rate(wrong).is_err(), "{wrong}");
        }
    }
}
