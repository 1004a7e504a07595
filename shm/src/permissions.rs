//! A change of owner, group or mode.

use crate::error::{Operation, Result, explain};
use crate::{Mode, SegmentId, Stat, list, sys};

/// The changes of a segment's owner, group and mode.
///
/// Unset fields keep their values. See
/// [`Segment::set_permissions`](crate::Segment::set_permissions).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Permissions {
    uid: Option<u32>,
    gid: Option<u32>,
    mode: Option<Mode>,
}

impl Permissions {
    /// Changes nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            uid: None,
            gid: None,
            mode: None,
        }
    }

    /// Sets the owner. The creator stays the same, and keeps the right to change and
    /// remove the segment.
    #[must_use]
    pub const fn owner(self, uid: u32) -> Self {
        Self {
            uid: Some(uid),
            ..self
        }
    }

    /// Sets the group.
    #[must_use]
    pub const fn group(self, gid: u32) -> Self {
        Self {
            gid: Some(gid),
            ..self
        }
    }

    /// Sets the permission bits.
    #[must_use]
    pub const fn mode(self, mode: Mode) -> Self {
        Self {
            mode: Some(mode),
            ..self
        }
    }

    /// Writes the set fields, and the current values `now` of the others.
    pub(crate) fn apply(&self, id: SegmentId, now: &Stat) -> Result<()> {
        // The kernels take these three fields from the structure and nothing else.
        let mut ds = sys::zeroed_shmid_ds();
        sys::set_permissions(
            &mut ds,
            self.uid.unwrap_or(now.owner_uid),
            self.gid.unwrap_or(now.owner_gid),
            self.mode.unwrap_or(now.mode),
        );
        sys::set(id, &mut ds)
            .map_err(|errno| explain::control(Operation::SetPermissions, id, errno))
    }
}

/// Returns the segment's current values. An owner without the right to read may still
/// change and remove it, so if `IPC_STAT` is refused, the system's table is read.
pub(crate) fn current(operation: Operation, id: SegmentId) -> Result<Stat> {
    sys::stat(id).or_else(|errno| match errno.as_raw() {
        libc::EACCES => list::find(id).ok_or_else(|| explain::control(operation, id, errno)),
        _ => Err(explain::control(operation, id, errno)),
    })
}
