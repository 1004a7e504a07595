//! NetBSD: `kern.ipc.sysvipc_info` with the number of shared memory.

use core::ffi::c_int;
use core::mem::{offset_of, size_of};

use shm_sys::{ipc_perm_sysctl, shm_sysctl_info, shmid_ds_sysctl, shminfo};

use super::{by_number, no_limits, not_decoded, not_listed, usage_of};
use crate::decode::netbsd as form;
use crate::error::{Error, Operation, Result, Target};
use crate::list::Segments;
use crate::sys::page_size;
use crate::{Limits, SegmentId, Stat, Usage};

// The decoder's form is that of this target's header.
const _: () = {
    assert!(cfg!(target_endian = "little"));
    assert!(size_of::<shminfo>() == form::HEADER);
    assert!(offset_of!(shm_sysctl_info, shmids) == form::HEADER);
    assert!(size_of::<shmid_ds_sysctl>() == form::STRIDE);
    assert!(offset_of!(shminfo, shmmax) == form::SHMMAX);
    assert!(offset_of!(shminfo, shmmin) == form::SHMMIN);
    assert!(offset_of!(shminfo, shmmni) == form::SHMMNI);
    assert!(offset_of!(shminfo, shmseg) == form::SHMSEG);
    assert!(offset_of!(shminfo, shmall) == form::SHMALL);
    assert!(offset_of!(shmid_ds_sysctl, shm_perm) == 0);
    assert!(offset_of!(ipc_perm_sysctl, _key) == form::KEY);
    assert!(offset_of!(ipc_perm_sysctl, uid) == form::UID);
    assert!(offset_of!(ipc_perm_sysctl, gid) == form::GID);
    assert!(offset_of!(ipc_perm_sysctl, cuid) == form::CUID);
    assert!(offset_of!(ipc_perm_sysctl, cgid) == form::CGID);
    assert!(offset_of!(ipc_perm_sysctl, mode) == form::MODE);
    assert!(offset_of!(ipc_perm_sysctl, _seq) == form::SEQ);
    assert!(offset_of!(shmid_ds_sysctl, shm_segsz) == form::SEGSZ);
    assert!(offset_of!(shmid_ds_sysctl, shm_lpid) == form::LPID);
    assert!(offset_of!(shmid_ds_sysctl, shm_cpid) == form::CPID);
    assert!(offset_of!(shmid_ds_sysctl, shm_atime) == form::ATIME);
    assert!(offset_of!(shmid_ds_sysctl, shm_dtime) == form::DTIME);
    assert!(offset_of!(shmid_ds_sysctl, shm_ctime) == form::CTIME);
    assert!(offset_of!(shmid_ds_sysctl, shm_nattch) == form::NATTCH);
};

const TABLE: [c_int; 4] = [
    shm_sys::CTL_KERN,
    shm_sys::KERN_SYSVIPC,
    shm_sys::KERN_SYSVIPC_INFO,
    shm_sys::KERN_SYSVIPC_SHM_INFO,
];

/// Returns every segment.
pub(crate) fn segments() -> Result<Segments> {
    let bytes = by_number::table(&TABLE).map_err(not_listed)?;
    form::segments(&bytes)
        .map(Segments::from)
        .map_err(not_decoded)
}

/// Returns the same: the kernel has no memory figures of segments.
pub(crate) fn segments_with_memory() -> Result<Segments> {
    segments()
}

pub(crate) fn find(id: SegmentId) -> Option<Stat> {
    segments().ok()?.into_iter().find(|stat| stat.id == id)
}

/// Returns the table's header, the only place with SHMMIN; into so small a buffer the
/// kernel writes nothing else.
pub(crate) fn limits() -> Result<Limits> {
    let mut header = [0; form::HEADER];
    by_number::read(&TABLE, &mut header).map_err(no_limits)?;
    form::limits(&header, page_size() as u64).map_err(|malformed| {
        Error::refused(Operation::ReadLimits, Target::Limits, malformed.into())
    })
}

pub(crate) fn usage() -> Result<Usage> {
    segments().map(|segments| usage_of(&segments))
}
