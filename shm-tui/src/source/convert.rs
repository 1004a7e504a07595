//! Converts values of the library `shm` to those of the model.

use std::collections::HashMap;

use super::SourceError;
use crate::model::segment::{Flags, Id, Key, Memory, Segment};

/// How often this program has each segment attached.
pub(super) type Own = HashMap<Id, u64>;

/// Returns the library's sentence as an error of the source.
pub(super) fn failed(error: shm::Error) -> SourceError {
    SourceError::new(error.to_string())
}

/// Returns the segment, with the attachments of this process counted apart.
pub(super) fn segment(stat: &shm::Stat, own: &Own) -> Segment {
    let id = stat.id.as_raw();
    let own_attached = own.get(&id).copied().unwrap_or(0).min(stat.attached);
    Segment {
        id,
        key: Key(stat.key.bits()),
        size: stat.size,
        // Permission bits are nine.
        mode: u16::try_from(stat.mode.bits()).unwrap_or(0),
        flags: Flags {
            removed: stat.flags.marked_for_removal(),
            locked: stat.flags.locked(),
            huge: stat.flags.huge_pages(),
            no_reserve: false,
            lingers: stat.flags.contains(shm::StatFlags::LINGERS),
            removal_unknown: stat.flags.removal_unknown(),
        },
        owner: stat.owner_uid,
        group: stat.owner_gid,
        creator: stat.creator_uid,
        creator_group: stat.creator_gid,
        creator_pid: stat.creator_pid,
        last_pid: stat.last_pid,
        attached: stat.attached - own_attached,
        own_attached,
        attach_time: stat.attach_time.map(shm::Timestamp::as_secs),
        detach_time: stat.detach_time.map(shm::Timestamp::as_secs),
        change_time: stat.change_time.map(shm::Timestamp::as_secs),
        before_view: None,
        memory: stat.memory.map(|memory| Memory {
            resident: memory.resident,
            swapped: memory.swapped,
        }),
    }
}
