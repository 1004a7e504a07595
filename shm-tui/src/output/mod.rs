//! What scripts get: tables, JSON, comma-separated values.
//!
//! The forms are documented by `docs/shm-tui.schema.json`, which the tests hold
//! against real output.

use std::collections::HashSet;

use crate::model::column::Column;
use crate::model::directory::Directory;
use crate::model::segment::Segment;
use crate::source::{Names, Source};

pub mod background;
pub mod csv;
pub mod dump;
pub mod events;
pub mod hexdump;
pub mod json;
pub mod limits;
pub mod openmetrics;
pub mod processes;
pub mod removal;
pub mod text;

/// Looks up the names that `columns` print for `segments`, and no others:
/// processes and name services are slower than the segments themselves.
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
    // Scans every process: only for this column, and without it is unknown.
    if prints(Column::AttachedCommands)
        && let Ok(scan) = source.scan(None)
    {
        directory.attached = scan.commands(segments.iter());
    }
    let mut seen = HashSet::new();
    for segment in segments {
        for (wanted, uid) in [
            (prints(Column::Owner), segment.owner),
            (prints(Column::Creator), segment.creator),
        ] {
            if wanted && !directory.users.contains_key(&uid) {
                directory.users.insert(uid, names.user(uid).map(Into::into));
            }
        }
        for gid in [segment.group, segment.creator_group] {
            if (prints(Column::Group) || prints(Column::CreatorGroup))
                && !directory.groups.contains_key(&gid)
            {
                let name = names.group(gid).map(Into::into);
                directory.groups.insert(gid, name);
            }
        }
        for (wanted, pid) in [
            (
                prints(Column::CreatorCommand) || prints(Column::State),
                segment.creator_pid,
            ),
            (
                prints(Column::LastCommand) || prints(Column::State),
                segment.last_pid,
            ),
            (prints(Column::State), segment.counted_use().pid),
        ] {
            if wanted && pid > 0 && seen.insert(pid) {
                directory.processes.insert(pid, source.process(pid));
            }
        }
    }
    directory
}

/// Whether one of the columns is a time of day: finding the time zone out
/// takes longer than a short list.
fn prints_time(columns: &[Column]) -> bool {
    let times = [Column::ChangeTime, Column::AttachTime, Column::DetachTime];
    times.iter().any(|time| columns.contains(time))
}
