//! The arguments of the script commands.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{ArgGroup, Args};

use super::{FilterArgument, Rows};
use crate::model::segment::Name;
use crate::model::threshold::Threshold;

/// Arguments of `list`.
#[derive(Clone, Debug, Args)]
pub struct List {
    /// Which rows to show, and how.
    #[command(flatten)]
    pub rows: Rows,
    /// Print JSON: {"version": 2, "segments": [...]}.
    #[arg(long)]
    pub json: bool,
    /// Print comma-separated values: sizes in bytes, ages in seconds.
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Print sizes as exact numbers of bytes.
    #[arg(long)]
    pub bytes: bool,
    /// Print the rows without a header.
    #[arg(long, conflicts_with = "json")]
    pub no_headers: bool,
    /// Print the segments of every IPC namespace that can be entered (Linux), with a
    /// column for the namespace.
    #[arg(long)]
    pub all_namespaces: bool,
    /// Exit with 4 if a sum over the printed rows reaches this: count, size, resident,
    /// swapped or attached, as in count>10, size>=1g, count>=90%.
    #[arg(long, value_name = "THRESHOLD")]
    pub fail_if: Vec<Threshold>,
}

/// Arguments of `show`.
#[derive(Clone, Debug, Args)]
pub struct Show {
    /// The segment: an identifier in decimal, or a key as 0x and hex digits.
    #[arg(
        value_name = "ID|KEY",
        required_unless_present = "path",
        conflicts_with = "path"
    )]
    pub segment: Option<Name>,
    /// The segment whose key ftok(3) derives from this file; ID as for `key`.
    #[arg(long, num_args = 1..=2, value_names = ["PATH", "ID"])]
    pub path: Option<Vec<PathBuf>>,
    /// Print JSON, with the fields of `list --json`.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `processes`.
#[derive(Clone, Debug, Args)]
pub struct Processes {
    /// The segment: an identifier in decimal, or a key as 0x and hex digits.
    #[arg(value_name = "ID|KEY")]
    pub segment: Name,
    /// Attach the segment read-only meanwhile, if the system shows the processes no other
    /// way; this changes its attach time and last user.
    #[arg(long)]
    pub probe: bool,
    /// Print JSON: {"version": 2, "processes": [...]}.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `limits`.
#[derive(Clone, Debug, Args)]
pub struct Limits {
    /// Print JSON: {"version": 2, "limits": {...}, "usage": {...}}.
    #[arg(long)]
    pub json: bool,
    /// Also report the largest segment; this lists all segments.
    #[arg(long, conflicts_with = "json")]
    pub largest: bool,
}

/// Arguments of `remove`.
///
/// If one of the names is not found, nothing is removed; nor without a name or a filter.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("what").args(["segments", "filter"]).required(true))]
pub struct Remove {
    /// The segments: identifiers in decimal, keys as 0x and hex digits.
    #[arg(value_name = "ID|KEY")]
    pub segments: Vec<Name>,
    /// Remove the segments that match this filter.
    #[arg(long, value_name = "FILTER", value_parser = parse_choice)]
    pub filter: Option<FilterArgument>,
    /// Remove nothing; print the equivalent commands.
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask; required without a terminal.
    #[arg(long)]
    pub yes: bool,
    /// Print JSON: {"version": 2, "results": [...]}.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `watch`.
#[derive(Clone, Debug, Args)]
pub struct Watch {
    /// Print JSON, one object per line.
    #[arg(long)]
    pub json: bool,
    /// Report only segments that match this filter.
    #[arg(long, value_name = "FILTER")]
    pub filter: Option<FilterArgument>,
    /// Seconds between refreshes, 0.25 to 60 (default 1; 5 on DragonFly).
    #[arg(long, value_name = "SECONDS", value_parser = super::parse_rate)]
    pub rate: Option<Duration>,
    /// Exit after this many events.
    #[arg(long, value_name = "NUMBER")]
    pub count: Option<u64>,
}

/// Another IPC namespace, named by one of its processes or by a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceArgument {
    /// The file, `/proc/PID/ns/ipc` for a process.
    pub path: PathBuf,
}

impl FromStr for NamespaceArgument {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let path = match text.bytes().all(|byte| byte.is_ascii_digit()) {
            true if text.is_empty() => return Err("neither a process number nor a path"),
            true => format!("/proc/{text}/ns/ipc").into(),
            false => text.into(),
        };
        Ok(Self { path })
    }
}

/// A filter for removal must not be empty.
fn parse_choice(text: &str) -> Result<FilterArgument, String> {
    let argument: FilterArgument = text.parse()?;
    match argument.filter.is_empty() {
        true => Err("an empty filter would remove every segment".to_owned()),
        false => Ok(argument),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_process_and_the_rest_a_path() {
        let path = |text: &str| text.parse::<NamespaceArgument>().map(|parsed| parsed.path);
        assert_eq!(path("12"), Ok("/proc/12/ns/ipc".into()));
        assert_eq!(path("/run/ns"), Ok("/run/ns".into()));
        assert_eq!(path("./12"), Ok("./12".into()));
        assert!(path("").is_err());
    }

    #[test]
    fn an_empty_filter_removes_nothing() {
        assert!(parse_choice("").is_err());
        assert!(parse_choice("  ").is_err());
        assert!(parse_choice("size>1k").is_ok());
    }
}
