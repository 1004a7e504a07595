//! The command line: only types, so that help, manual page and completions are generated
//! from them.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::column::Column;
use crate::model::query::Filter;
use crate::model::sort::Sort;

mod dump;
mod scripts;
mod tools;

pub use dump::{Dump, Part};
pub use scripts::{Limits, List, NamespaceArgument, Processes, Remove, Show, Watch};
pub use tools::{Complete, KeyOf, Metrics, Namespaces, Project};

/// Browse System V shared memory segments in the terminal.
///
/// Without a command the browser opens; press ? in it for the keys.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "shm-tui",
    version,
    about,
    after_help = "Exit status: 0 done, 1 failed, 2 wrong arguments, 3 refused because it would destroy a segment, 4 a threshold of --fail-if was reached, 128 plus the number of a signal."
)]
pub struct Cli {
    /// The commands.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Which rows to show, and how.
    #[command(flatten)]
    pub rows: Rows,
    /// Seconds between refreshes, 0.25 to 60 (default 1; 5 on DragonFly).
    #[arg(long, value_name = "SECONDS", value_parser = parse_rate)]
    pub rate: Option<Duration>,
    /// Never attach a segment; its contents cannot be shown then.
    #[arg(long)]
    pub no_attach: bool,
    /// Refuse every change.
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Allow loading files into segments, over their bytes.
    #[arg(long, conflicts_with_all = ["read_only", "no_attach"])]
    pub allow_write: bool,
    /// Attach a segment even if that destroys it. Where kernel.shm_rmid_forced is 1, a
    /// segment that no process has attached is destroyed when this program detaches it.
    /// Has no effect with --read-only.
    #[arg(long, global = true)]
    pub allow_destroy: bool,
    /// Ignore the mouse, so that the terminal can select text.
    #[arg(long)]
    pub no_mouse: bool,
    /// Draw with ASCII only; automatic on a terminal that supports no more.
    #[arg(long)]
    pub ascii: bool,
    /// Draw for screen readers: words instead of lines, bars and signs, and the
    /// terminal's cursor on the selected line.
    #[arg(long)]
    pub plain: bool,
    /// Read this configuration file instead of the default one.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print the default configuration, with comments, and its path.
    #[arg(long)]
    pub print_config: bool,
    /// Use another IPC namespace (Linux): of this process, or of this file.
    #[arg(long, global = true, value_name = "PID|PATH")]
    pub namespace: Option<NamespaceArgument>,
    /// Show an invented system.
    #[arg(long, global = true)]
    pub demo: bool,
    /// Print the manual page or the completions of a shell; for packagers.
    #[arg(long, hide = true, value_name = "WHAT")]
    pub generate: Option<Generated>,
}

/// Output generated from the definitions in this file, like `--help`.
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

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Print the table of segments.
    List(List),
    /// Print everything known about one segment.
    Show(Show),
    /// Copy the bytes of a segment to a new file or to standard output.
    Dump(Dump),
    /// List the processes that have a segment attached.
    Processes(Processes),
    /// Print the system's limits and usage.
    Limits(Limits),
    /// Remove segments, by identifier, key or filter.
    ///
    /// If one of the names is not found, nothing is removed. Each segment is read again
    /// just before its removal: one that changed is left alone, and one that others
    /// removed meanwhile counts as done.
    Remove(Remove),
    /// Print events of segments until interrupted.
    Watch(Watch),
    /// Print gauges for Prometheus, for node_exporter's textfile collector.
    Metrics(Metrics),
    /// Print the IPC namespaces of the machine, and what their segments take (Linux).
    Namespaces(Namespaces),
    /// Print the key that ftok(3) derives from a file.
    Key(KeyOf),
    /// Print what can be typed next; for the completions of shells.
    #[command(hide = true)]
    Complete(Complete),
}

/// Which rows to show, and how.
#[derive(Clone, Debug, Default, Args)]
pub struct Rows {
    /// The column to sort by; with a minus before it, in reverse.
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub sort: Option<Sort>,
    /// Show only segments that match this filter.
    #[arg(long, value_name = "FILTER")]
    pub filter: Option<FilterArgument>,
    /// The columns to show, separated by commas.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    pub columns: Option<Vec<Column>>,
}

/// A valid filter, and its text for the browser's prompt.
#[derive(Clone, Debug, Default)]
pub struct FilterArgument {
    /// The text.
    pub text: String,
    /// The parsed filter.
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

/// Returns the refresh interval.
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
