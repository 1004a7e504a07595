//! DragonFly BSD.

use core::ffi::c_int;

use super::LimitNames;
use super::table::by_name;
use crate::decode::flags;

pub(crate) use crate::decode::flags::bsd_bits as state_bits;

pub(crate) const LIMIT_NAMES: LimitNames = LimitNames {
    max_size: "kern.ipc.shmmax",
    max_segments: "kern.ipc.shmmni",
    max_attachments: "kern.ipc.shmseg",
    max_pages: "kern.ipc.shmall",
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
pub(crate) const ATTACH_BY_ID_AFTER_REMOVAL: Option<bool> = None;

/// Returns the unit of which attach addresses must be multiples.
pub(crate) fn address_granularity() -> usize {
    super::page_size()
}

/// Returns whether the kernel has the system calls, so that making them cannot end the
/// process by `SIGSYS`.
pub(crate) fn is_registered() -> bool {
    // The setting exists as long as the kernel has them.
    by_name::number(c"kern.ipc.shmmni").is_ok()
}

super::bsd::shmid_ds_functions! { key: key, flags: flags::bsd, attached: u32 }
