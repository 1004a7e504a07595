//! OpenBSD. Sizes are a C `int`, attachment counts a signed `short`.

use core::ffi::c_int;

use super::LimitNames;
use super::table::by_number;
use crate::decode::flags;

pub(crate) use crate::decode::flags::openbsd_bits as state_bits;

pub(crate) const LIMIT_NAMES: LimitNames = LimitNames {
    max_size: "kern.shminfo.shmmax",
    max_segments: "kern.shminfo.shmmni",
    max_attachments: "kern.shminfo.shmseg",
    max_pages: "kern.shminfo.shmall",
};

/// `SHM_LOCK` is in the header, but the kernel answers EINVAL: `mlock(2)` of an attachment does.
pub(crate) const LOCK_AND_UNLOCK: Option<(c_int, c_int)> = None;

/// Nothing of this exists here: the `shmat` flag for executable mappings, the
/// `shmget` flags for huge pages and for memory without reserve.
pub(crate) const EXECUTE: Option<c_int> = None;
pub(crate) const HUGE_PAGES: Option<(c_int, u32)> = None;
pub(crate) const NO_RESERVE: Option<c_int> = None;

/// Whether a segment can be attached by identifier after its removal; `None`
/// where a setting of the system decides.
pub(crate) const ATTACH_BY_ID_AFTER_REMOVAL: Option<bool> = Some(true);

/// Returns the unit of which attach addresses must be multiples.
pub(crate) fn address_granularity() -> usize {
    super::page_size()
}

/// Returns whether the kernel has the system calls, so that making them cannot end the
/// process by `SIGSYS`.
pub(crate) fn is_registered() -> bool {
    let mut has = [0; size_of::<c_int>()];
    let mib = [libc::CTL_KERN, libc::KERN_SYSVSHM];
    by_number::read(&mib, &mut has).is_ok() && c_int::from_ne_bytes(has) != 0
}

// The count is a signed short; beyond 32767 the kernel's own counter is negative too.
super::bsd::shmid_ds_functions! { key: key, flags: flags::openbsd, attached: u16 }
