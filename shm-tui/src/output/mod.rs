//! Output for scripts: tables, JSON, comma-separated values.
//!
//! `docs/shm-tui.schema.json` describes the JSON, and tests validate real output against
//! it.

use std::hash::Hash;

use crate::model::column::{Column, Context};
use crate::model::directory::{Directory, Numbers};
use crate::model::segment::Segment;
use crate::model::state;
use crate::source::{Names, Source};

pub mod background;
pub mod csv;
pub mod dump;
pub mod events;
pub mod hexdump;
mod indented;
pub mod json;
pub mod limits;
pub mod namespaces;
pub mod openmetrics;
pub mod processes;
pub mod removal;
pub mod text;

/// A table: a line per segment, in this order.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    /// The rows.
    pub segments: &'a [Segment],
    /// The columns.
    pub columns: &'a [Column],
    /// The context of the cells, beside their segments.
    pub context: Context<'a>,
    /// Whether the column names are printed.
    pub headers: bool,
}

/// Looks up only the names that `columns` print for `segments`: processes and name
/// services are slower than the segments.
#[must_use]
pub fn directory(
    segments: &[Segment],
    columns: &[Column],
    source: &dyn Source,
    names: &dyn Names,
) -> Directory {
    let prints = |column| columns.contains(&column);
    let mut directory = Directory {
        zone: prints_time(columns).then(jiff::tz::TimeZone::system),
        ..Directory::default()
    };
    // Scans every process, for this column only; if the scan fails, the value is unknown.
    if prints(Column::AttachedCommands)
        && let Ok(scan) = source.scan(None)
    {
        directory.attached = scan.commands(segments.iter());
    }
    let user = |uid| names.user(uid).map(Into::into);
    let group = |gid| names.group(gid).map(Into::into);
    let process = |pid| source.process(pid);
    for (column, uid) in USERS {
        if prints(column) {
            look_up(&mut directory.users, segments.iter().map(uid), user);
        }
    }
    for (column, gid) in GROUPS {
        if prints(column) {
            look_up(&mut directory.groups, segments.iter().map(gid), group);
        }
    }
    let exists = |pid: &i32| *pid > 0;
    for (column, pid) in PROCESSES {
        if prints(column) {
            let pids = segments.iter().map(pid).filter(exists);
            look_up(&mut directory.processes, pids, process);
        }
    }
    if prints(Column::State) {
        let pids = segments.iter().flat_map(state::depends_on).filter(exists);
        look_up(&mut directory.processes, pids, process);
    }
    directory
}

/// The columns with a name, and the number behind it.
type Named<N> = (Column, fn(&Segment) -> N);

const USERS: [Named<u32>; 2] = [
    (Column::Owner, |segment| segment.owner),
    (Column::Creator, |segment| segment.creator),
];
const GROUPS: [Named<u32>; 2] = [
    (Column::Group, |segment| segment.group),
    (Column::CreatorGroup, |segment| segment.creator_group),
];
const PROCESSES: [Named<i32>; 2] = [
    (Column::CreatorCommand, |segment| segment.creator_pid),
    (Column::LastCommand, |segment| segment.last_pid),
];

/// Looks up each number once.
fn look_up<N: Copy + Eq + Hash, T>(
    known: &mut Numbers<N, T>,
    numbers: impl Iterator<Item = N>,
    find: impl Fn(N) -> T,
) {
    let mut last = None;
    for number in numbers {
        // Neighbors often have the same process.
        if last.replace(number) != Some(number) {
            known.entry(number).or_insert_with(|| find(number));
        }
    }
}

/// Returns whether a column is a time of day: finding the time zone takes longer than a
/// short list.
fn prints_time(columns: &[Column]) -> bool {
    let times = [Column::ChangeTime, Column::AttachTime, Column::DetachTime];
    times.iter().any(|time| columns.contains(time))
}
