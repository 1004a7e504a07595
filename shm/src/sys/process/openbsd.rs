//! OpenBSD: `KERN_PROC` and `KERN_PROC_ARGS`. Under `pledge(2)` both need the
//! promise `ps`.

use core::ffi::c_int;
use core::mem::{offset_of, size_of};

use super::one;
use crate::decode::process::{self, Layout, Start, Zombie, arguments as form};
use crate::error::Errno;
use crate::sys::table::by_number;

pub(crate) const LAYOUT: &Layout = &process::layouts::OPENBSD;

/// `KERN_PROC` of `sys/sysctl.h`, which libc lacks.
const KERN_PROC: c_int = 66;

// The decoder's form is that of this target's header.
const _: () = {
    use libc::kinfo_proc;
    assert!(cfg!(target_endian = "little"));
    assert!(offset_of!(kinfo_proc, p_pid) == LAYOUT.pid);
    assert!(offset_of!(kinfo_proc, p_uid) == LAYOUT.uid);
    assert!(matches!(
        LAYOUT.start,
        Start::WideIf { at, valid }
            if at == offset_of!(kinfo_proc, p_ustart_sec) && valid == offset_of!(kinfo_proc, p_uvalid)
    ));
    assert!(offset_of!(kinfo_proc, p_comm) == LAYOUT.name.at);
    assert!(matches!(
        LAYOUT.zombie,
        Zombie::Bit { at, .. } if at == offset_of!(kinfo_proc, p_psflags)
    ));
    // The kernel returns as many bytes as requested.
    assert!(size_of::<kinfo_proc>() >= LAYOUT.size);
};

pub(crate) fn record(pid: c_int) -> Result<Option<Vec<u8>>, Errno> {
    one(&[
        libc::CTL_KERN,
        KERN_PROC,
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
    let Ok(bytes) = by_number::table(&mib) else {
        return Vec::new();
    };
    // The kernel wrote pointers into this very buffer.
    form::pointers(&bytes, bytes.as_ptr().addr() as u64)
}

/// Returns false: nothing hides processes.
pub(crate) fn hides_some() -> bool {
    false
}
