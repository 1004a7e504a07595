//! Linux, with glibc or musl.

use core::ffi::c_int;

use shm_sys::{ipc_perm, shmid_ds};

use super::LimitNames;
use crate::decode::flags;
use crate::{Key, Mode, SegmentId, Stat, Timestamp};

pub(crate) use crate::decode::flags::linux_bits as state_bits;

pub(crate) const LIMIT_NAMES: LimitNames = LimitNames {
    max_size: "kernel.shmmax",
    max_segments: "kernel.shmmni",
    max_attachments: "kernel.shmmni",
    max_pages: "kernel.shmall",
};

/// `SHM_LOCK` and `SHM_UNLOCK`.
pub(crate) const LOCK_AND_UNLOCK: Option<(c_int, c_int)> =
    Some((shm_sys::SHM_LOCK, shm_sys::SHM_UNLOCK));

/// The `shmat` flag for an executable mapping.
pub(crate) const EXECUTE: Option<c_int> = Some(shm_sys::SHM_EXEC);

/// The `shmget` flag for huge pages and the bit from which their size's
/// logarithm is written.
pub(crate) const HUGE_PAGES: Option<(c_int, u32)> =
    Some((shm_sys::SHM_HUGETLB, shm_sys::SHM_HUGE_SHIFT as u32));

/// The `shmget` flag that sets no swap space aside.
pub(crate) const NO_RESERVE: Option<c_int> = Some(shm_sys::SHM_NORESERVE);

/// Whether a segment can be attached by identifier after its removal; `None`
/// where a setting of the system decides.
pub(crate) const ATTACH_BY_ID_AFTER_REMOVAL: Option<bool> = Some(true);

/// Returns the unit of which attach addresses must be multiples: the kernel's,
/// which on some architectures is more than a page and more than the C
/// library says (`arch/*/include/asm/shmparam.h`).
pub(crate) fn address_granularity() -> usize {
    let page = super::page_size();
    if cfg!(any(target_arch = "arm", target_arch = "csky")) {
        4 * page
    } else if cfg!(any(target_arch = "mips", target_arch = "mips64")) {
        0x40000
    } else if cfg!(any(target_arch = "loongarch64", target_arch = "sparc64")) {
        0x10000
    } else {
        page
    }
}

/// Returns whether the calls can be made: a kernel without them answers `ENOSYS`.
pub(crate) fn is_registered() -> bool {
    true
}

#[allow(
    clippy::unnecessary_cast,
    reason = "a C long has 32 bits on some machines"
)]
pub(crate) fn stat_of(id: SegmentId, ds: &shmid_ds) -> Stat {
    let perm = &ds.shm_perm;
    // The field has 32 bits in new headers and 16 in older ones; only the low 16 are
    // used.
    let mode = u32::from(perm.mode as u16);
    Stat {
        id,
        key: Key::from_raw(key_of(perm)),
        size: ds.shm_segsz as u64,
        mode: Mode::from_bits_truncate(mode),
        flags: flags::linux(mode),
        owner_uid: perm.uid,
        owner_gid: perm.gid,
        creator_uid: perm.cuid,
        creator_gid: perm.cgid,
        creator_pid: ds.shm_cpid,
        last_pid: ds.shm_lpid,
        attached: ds.shm_nattch as u64,
        attach_time: Timestamp::from_secs(times::attach(ds)),
        detach_time: Timestamp::from_secs(times::detach(ds)),
        change_time: Timestamp::from_secs(times::change(ds)),
        memory: None,
    }
}

/// Writes what `IPC_SET` takes.
pub(crate) fn set_permissions(ds: &mut shmid_ds, uid: u32, gid: u32, mode: Mode) {
    ds.shm_perm.uid = uid;
    ds.shm_perm.gid = gid;
    ds.shm_perm.mode = mode.bits() as _;
}

#[cfg(target_env = "musl")]
fn key_of(perm: &ipc_perm) -> crate::RawKey {
    perm.key
}

#[cfg(not(target_env = "musl"))]
fn key_of(perm: &ipc_perm) -> crate::RawKey {
    perm.__key
}

/// The times, as the C library's structure has them.
#[cfg(not(all(target_env = "gnu", target_pointer_width = "32")))]
mod times {
    use shm_sys::shmid_ds;

    pub(super) fn attach(ds: &shmid_ds) -> i64 {
        ds.shm_atime
    }

    pub(super) fn detach(ds: &shmid_ds) -> i64 {
        ds.shm_dtime
    }

    pub(super) fn change(ds: &shmid_ds) -> i64 {
        ds.shm_ctime
    }
}

/// The times of 32-bit glibc with its 32-bit `time_t`: the kernel stores the upper halves
/// separately, so that they do not end in 2038.
#[cfg(all(target_env = "gnu", target_pointer_width = "32"))]
mod times {
    use shm_sys::shmid_ds;

    fn joined(low: impl Into<i64>, high: impl Into<i64>) -> i64 {
        (high.into() << 32) | (low.into() & 0xffff_ffff)
    }

    pub(super) fn attach(ds: &shmid_ds) -> i64 {
        joined(ds.shm_atime, ds.__shm_atime_high)
    }

    pub(super) fn detach(ds: &shmid_ds) -> i64 {
        joined(ds.shm_dtime, ds.__shm_dtime_high)
    }

    pub(super) fn change(ds: &shmid_ds) -> i64 {
        joined(ds.shm_ctime, ds.__shm_ctime_high)
    }
}
