//! NetBSD: `KERN_PROC2` and `KERN_PROC_ARGS`.

use core::ffi::c_int;
use core::mem::{offset_of, size_of};

use super::one;
use crate::decode::process::{self, Layout, Start, Zombie, arguments as form};
use crate::error::Errno;
use crate::sys::table::by_number;

pub(crate) const LAYOUT: &Layout = &process::layouts::NETBSD;

// The decoder's form is that of this target's header.
const _: () = {
    use libc::kinfo_proc2;
    assert!(cfg!(target_endian = "little"));
    // The kernel returns as many bytes as requested.
    assert!(size_of::<kinfo_proc2>() >= LAYOUT.size);
    assert!(offset_of!(kinfo_proc2, p_pid) == LAYOUT.pid);
    assert!(offset_of!(kinfo_proc2, p_uid) == LAYOUT.uid);
    assert!(matches!(
        LAYOUT.start,
        Start::NarrowIf { at, valid }
            if at == offset_of!(kinfo_proc2, p_ustart_sec) && valid == offset_of!(kinfo_proc2, p_uvalid)
    ));
    assert!(offset_of!(kinfo_proc2, p_comm) == LAYOUT.name.at);
    assert!(matches!(
        LAYOUT.zombie,
        Zombie::Word { at, .. } if at == offset_of!(kinfo_proc2, p_realstat)
    ));
};

pub(crate) fn record(pid: c_int) -> Result<Option<Vec<u8>>, Errno> {
    one(&[
        libc::CTL_KERN,
        libc::KERN_PROC2,
        libc::KERN_PROC_PID,
        pid,
        LAYOUT.size as c_int,
        1,
    ])
}

pub(crate) fn arguments(pid: c_int) -> Vec<String> {
    let mib = [
        libc::CTL_KERN,
        libc::KERN_PROC_ARGS,
        pid,
        libc::KERN_PROC_ARGV,
    ];
    by_number::table(&mib).map_or_else(|_| Vec::new(), |bytes| form::strings(&bytes))
}

/// `security.curtain` hides all processes of other users, including process 1.
pub(crate) fn hides_some() -> bool {
    false
}
