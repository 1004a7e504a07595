//! NetBSD.

use core::ffi::c_int;

use super::LimitNames;
use super::table::by_number;
use crate::decode::flags;

pub(crate) use crate::decode::flags::netbsd_bits as state_bits;

pub(crate) const LIMIT_NAMES: LimitNames = LimitNames {
    max_size: "kern.ipc.shmmax",
    max_segments: "kern.ipc.shmmni",
    max_attachments: "kern.ipc.shmseg",
    max_pages: "kern.ipc.shmmaxpgs",
};

/// `SHM_LOCK` and `SHM_UNLOCK`, for the superuser.
pub(crate) const LOCK_AND_UNLOCK: Option<(c_int, c_int)> =
    Some((shm_sys::SHM_LOCK, shm_sys::SHM_UNLOCK));

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

/// Returns whether the kernel has the system calls, so that making them cannot end the
/// process by `SIGSYS`.
pub(crate) fn is_registered() -> bool {
    /// `KERN_SYSVIPC_SHM` of `sys/sysctl.h`: whether the kernel has them.
    const KERN_SYSVIPC_SHM: c_int = 4;
    let mut has = [0; size_of::<c_int>()];
    let mib = [libc::CTL_KERN, libc::KERN_SYSVIPC, KERN_SYSVIPC_SHM];
    by_number::read(&mib, &mut has).is_ok() && c_int::from_ne_bytes(has) != 0
}

super::bsd::shmid_ds_functions! { key: _key, flags: flags::netbsd, attached: u32 }
