//! FreeBSD: `kern.ipc.shmsegs`, which shows the segments of the caller's jail
//! and of its child jails.

use core::ffi::CStr;
use core::mem::{offset_of, size_of};

use shm_sys::{ipc_perm, shmid_ds, shmid_kernel};

use super::{by_name, no_limits, not_decoded, not_listed, resizing, usage_of};
use crate::decode::freebsd as form;
use crate::error::Result;
use crate::list::Segments;
use crate::sys::page_size;
use crate::{Limit, Limits, SegmentId, Stat, Usage};

// The decoder's form is that of this target's header.
const _: () = {
    assert!(cfg!(target_endian = "little"));
    assert!(size_of::<shmid_kernel>() == form::STRIDE);
    assert!(offset_of!(shmid_kernel, u) == 0);
    assert!(offset_of!(shmid_ds, shm_perm) == 0);
    assert!(offset_of!(ipc_perm, cuid) == form::CUID);
    assert!(offset_of!(ipc_perm, cgid) == form::CGID);
    assert!(offset_of!(ipc_perm, uid) == form::UID);
    assert!(offset_of!(ipc_perm, gid) == form::GID);
    assert!(offset_of!(ipc_perm, mode) == form::MODE);
    assert!(offset_of!(ipc_perm, seq) == form::SEQ);
    assert!(offset_of!(ipc_perm, key) == form::KEY);
    assert!(offset_of!(shmid_ds, shm_segsz) == form::SEGSZ);
    assert!(offset_of!(shmid_ds, shm_lpid) == form::LPID);
    assert!(offset_of!(shmid_ds, shm_cpid) == form::CPID);
    assert!(offset_of!(shmid_ds, shm_nattch) == form::NATTCH);
    assert!(offset_of!(shmid_ds, shm_atime) == form::ATIME);
    assert!(offset_of!(shmid_ds, shm_dtime) == form::DTIME);
    assert!(offset_of!(shmid_ds, shm_ctime) == form::CTIME);
};

/// Returns every segment of the jail.
pub(crate) fn segments() -> Result<Segments> {
    // A boot-time setting: the table's length cannot change meanwhile.
    let slots = by_name::number(c"kern.ipc.shmmni").map_err(not_listed)?;
    let slots = usize::try_from(slots).unwrap_or(usize::MAX);
    // Leave room to notice records longer than the known ones.
    let expected = slots.saturating_mul(form::STRIDE);
    let bytes = resizing::read(
        || Ok(expected),
        |buffer| by_name::read(c"kern.ipc.shmsegs", buffer),
    )
    .map_err(not_listed)?;
    form::segments(&bytes, slots)
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

pub(crate) fn limits() -> Result<Limits> {
    let number = |name: &CStr| by_name::number(name).map_err(no_limits);
    Ok(Limits {
        max_size: Limit::from_raw(number(c"kern.ipc.shmmax")?),
        min_size: number(c"kern.ipc.shmmin")?,
        max_segments: Limit::from_raw(number(c"kern.ipc.shmmni")?),
        max_attachments: Limit::from_raw(number(c"kern.ipc.shmseg")?),
        max_pages: Limit::from_raw(number(c"kern.ipc.shmall")?),
        page_size: page_size() as u64,
    })
}

pub(crate) fn usage() -> Result<Usage> {
    segments().map(|segments| usage_of(&segments))
}
