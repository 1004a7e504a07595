//! macOS. `shmid_ds` is packed to four bytes: its fields are copied, never
//! borrowed.

use core::ffi::c_int;

use shm_sys::shmid_ds;

use super::LimitNames;
use crate::decode::flags;
use crate::{Key, Mode, SegmentId, Stat, Timestamp};

pub(crate) use crate::decode::flags::bsd_bits as state_bits;

pub(crate) const LIMIT_NAMES: LimitNames = LimitNames {
    max_size: "kern.sysv.shmmax",
    max_segments: "kern.sysv.shmmni",
    max_attachments: "kern.sysv.shmseg",
    max_pages: "kern.sysv.shmall",
};

/// No lock and no unlock command works here: `mlock(2)` of an attachment does.
pub(crate) const LOCK_AND_UNLOCK: Option<(c_int, c_int)> = None;

/// Nothing of this exists here: the `shmat` flag for executable mappings, the
/// `shmget` flags for huge pages and for memory without reserve.
pub(crate) const EXECUTE: Option<c_int> = None;
pub(crate) const HUGE_PAGES: Option<(c_int, u32)> = None;
pub(crate) const NO_RESERVE: Option<c_int> = None;

/// Whether a segment can be attached by identifier after its removal; `None`
/// where a setting of the system decides.
pub(crate) const ATTACH_BY_ID_AFTER_REMOVAL: Option<bool> = Some(false);

/// Returns the unit of which attach addresses must be multiples.
pub(crate) fn address_granularity() -> usize {
    super::page_size()
}

/// Returns whether the calls can be made: a kernel without them answers `ENOSYS`.
pub(crate) fn is_registered() -> bool {
    true
}

pub(crate) fn stat_of(id: SegmentId, ds: &shmid_ds) -> Stat {
    let perm = ds.shm_perm;
    let mode = u32::from(perm.mode);
    Stat {
        id,
        key: Key::from_raw(perm._key),
        size: ds.shm_segsz as u64,
        mode: Mode::from_bits_truncate(mode),
        flags: flags::bsd(mode),
        owner_uid: perm.uid,
        owner_gid: perm.gid,
        creator_uid: perm.cuid,
        creator_gid: perm.cgid,
        creator_pid: ds.shm_cpid,
        last_pid: ds.shm_lpid,
        attached: u64::from(ds.shm_nattch),
        attach_time: Timestamp::from_secs(ds.shm_atime),
        detach_time: Timestamp::from_secs(ds.shm_dtime),
        change_time: Timestamp::from_secs(ds.shm_ctime),
        memory: None,
    }
}

/// Writes what `IPC_SET` takes.
pub(crate) fn set_permissions(ds: &mut shmid_ds, uid: u32, gid: u32, mode: Mode) {
    ds.shm_perm.uid = uid;
    ds.shm_perm.gid = gid;
    ds.shm_perm.mode = mode.bits() as _;
}
