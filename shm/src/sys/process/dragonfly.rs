//! DragonFly: `kern.proc.pid` and `kern.proc.args`.

use core::ffi::c_int;
use core::mem::{offset_of, size_of};

use super::one;
use crate::decode::process::{self, Layout, Start, Zombie, arguments as form};
use crate::error::Errno;
use crate::sys::table::by_number;

pub(crate) const LAYOUT: &Layout = &process::layouts::DRAGONFLY;

// The decoder's form is that of libc's definition.
const _: () = {
    use libc::kinfo_proc;
    assert!(cfg!(target_endian = "little"));
    assert!(size_of::<kinfo_proc>() == LAYOUT.size);
    assert!(offset_of!(kinfo_proc, kp_pid) == LAYOUT.pid);
    assert!(offset_of!(kinfo_proc, kp_uid) == LAYOUT.uid);
    assert!(matches!(LAYOUT.start, Start::Wide(at) if at == offset_of!(kinfo_proc, kp_start)));
    assert!(offset_of!(kinfo_proc, kp_comm) == LAYOUT.name.at);
    let zombie = libc::procstat::SZOMB as u32;
    assert!(matches!(
        LAYOUT.zombie,
        Zombie::Word { at, value } if at == offset_of!(kinfo_proc, kp_stat) && value == zombie
    ));
};

pub(crate) fn record(pid: c_int) -> Result<Option<Vec<u8>>, Errno> {
    one(&[libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_PID, pid])
}

pub(crate) fn arguments(pid: c_int) -> Vec<String> {
    let mib = [libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_ARGS, pid];
    by_number::table(&mib).map_or_else(|_| Vec::new(), |bytes| form::strings(&bytes))
}

/// `kern.ps_showallprocs` hides all processes of other users, including process 1.
pub(crate) fn hides_some() -> bool {
    false
}
