//! macOS: `kern.sysv.ipcs.shm`, a request that is written and answered in place, one
//! segment per call (`sysv_shm.c` of XNU; the system's own `ipcs` uses it too).

use core::ffi::{CStr, c_int, c_void};
use core::mem::{offset_of, size_of};

use shm_sys::{IPCS_command, ipc_perm, shmid_ds};

use super::{by_name, no_limits, not_listed, scan, usage_of};
use crate::decode::macos as form;
use crate::error::{Errno, Error, Operation, Result, Target};
use crate::list::Segments;
use crate::sys::{last_errno, page_size};
use crate::{Limit, Limits, SegmentId, Stat, Usage};

// The decoder's form is that of this target's header.
const _: () = {
    assert!(cfg!(target_endian = "little"));
    assert!(size_of::<shmid_ds>() == form::STRIDE);
    assert!(offset_of!(shmid_ds, shm_perm) == 0);
    assert!(offset_of!(ipc_perm, uid) == form::UID);
    assert!(offset_of!(ipc_perm, gid) == form::GID);
    assert!(offset_of!(ipc_perm, cuid) == form::CUID);
    assert!(offset_of!(ipc_perm, cgid) == form::CGID);
    assert!(offset_of!(ipc_perm, mode) == form::MODE);
    assert!(offset_of!(ipc_perm, _seq) == form::SEQ);
    assert!(offset_of!(ipc_perm, _key) == form::KEY);
    assert!(offset_of!(shmid_ds, shm_segsz) == form::SEGSZ);
    assert!(offset_of!(shmid_ds, shm_lpid) == form::LPID);
    assert!(offset_of!(shmid_ds, shm_cpid) == form::CPID);
    assert!(offset_of!(shmid_ds, shm_nattch) == form::NATTCH);
    assert!(offset_of!(shmid_ds, shm_atime) == form::ATIME);
    assert!(offset_of!(shmid_ds, shm_dtime) == form::DTIME);
    assert!(offset_of!(shmid_ds, shm_ctime) == form::CTIME);
};

/// Returns every segment.
pub(crate) fn segments() -> Result<Segments> {
    let mut malformed = None;
    let walked = scan::by_cursor(|cursor| {
        let (record, after) = ask(cursor)?;
        let slot = usize::try_from(after - 1).unwrap_or(0);
        form::segment(&record, slot)
            .map(|stat| (stat, after))
            .map_err(|found| {
                malformed = Some(found);
                Errno::from_raw(libc::EINVAL)
            })
    });
    match malformed {
        None => walked.map(Segments::from).map_err(not_listed),
        Some(what) => Err(Error::refused(
            Operation::List,
            Target::Segments,
            what.into(),
        )),
    }
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
        max_size: Limit::from_raw(number(c"kern.sysv.shmmax")?),
        min_size: number(c"kern.sysv.shmmin")?,
        max_segments: Limit::from_raw(number(c"kern.sysv.shmmni")?),
        max_attachments: Limit::from_raw(number(c"kern.sysv.shmseg")?),
        max_pages: Limit::from_raw(number(c"kern.sysv.shmall")?),
        page_size: page_size() as u64,
    })
}

pub(crate) fn usage() -> Result<Usage> {
    segments().map(|segments| usage_of(&segments))
}

/// Returns the first segment in a slot from `cursor` on, and the cursor after it.
fn ask(cursor: c_int) -> Result<([u8; form::STRIDE], c_int), Errno> {
    let mut record = [0; form::STRIDE];
    // Created for every call, because the kernel's answer overwrites the pointer.
    let mut request = IPCS_command {
        ipcs_magic: shm_sys::IPCS_MAGIC,
        ipcs_op: shm_sys::IPCS_SHM_ITER,
        ipcs_cursor: cursor,
        ipcs_datalen: form::STRIDE as c_int,
        ipcs_data: record.as_mut_ptr().cast::<c_void>(),
    };
    let request = &raw mut request;
    let mut length = size_of::<IPCS_command>();
    // SAFETY: the name outlives the call. The kernel reads one request and
    // writes it back, in place as its own `ipcs` does; through it, `datalen`
    // bytes to the record, which is as long and outlives the call too.
    let answer = unsafe {
        libc::sysctlbyname(
            shm_sys::IPCS_SHM_SYSCTL.as_ptr(),
            request.cast::<c_void>(),
            &raw mut length,
            request.cast::<c_void>(),
            size_of::<IPCS_command>(),
        )
    };
    if answer != 0 {
        return Err(last_errno());
    }
    // SAFETY: the request is a local that outlives the read.
    let after = unsafe { (*request).ipcs_cursor };
    Ok((record, after))
}
