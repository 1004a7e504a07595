//! FreeBSD: `kern.proc.pid` and `kern.proc.args`.

use core::ffi::c_int;
use core::mem::{offset_of, size_of};

use super::one;
use crate::decode::process::{self, Layout, Start, Zombie, arguments as form};
use crate::error::Errno;
use crate::sys::effective_uid;
use crate::sys::table::{by_name, by_number};

pub(crate) const LAYOUT: &Layout = &process::layouts::FREEBSD;

// The decoder's form is that of this target's header.
const _: () = {
    use libc::kinfo_proc;
    assert!(cfg!(target_endian = "little"));
    assert!(size_of::<kinfo_proc>() == LAYOUT.size);
    assert!(offset_of!(kinfo_proc, ki_pid) == LAYOUT.pid);
    assert!(offset_of!(kinfo_proc, ki_uid) == LAYOUT.uid);
    assert!(matches!(LAYOUT.start, Start::Wide(at) if at == offset_of!(kinfo_proc, ki_start)));
    assert!(offset_of!(kinfo_proc, ki_comm) == LAYOUT.name.at);
    let zombie = libc::SZOMB as u8;
    assert!(matches!(
        LAYOUT.zombie,
        Zombie::Byte { at, value } if at == offset_of!(kinfo_proc, ki_stat) && value == zombie
    ));
};

pub(crate) fn record(pid: c_int) -> Result<Option<Vec<u8>>, Errno> {
    one(&[libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_PID, pid])
}

pub(crate) fn arguments(pid: c_int) -> Vec<String> {
    let mib = [libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_ARGS, pid];
    by_number::table(&mib).map_or_else(|_| Vec::new(), |bytes| form::strings(&bytes))
}

/// Returns true: an administrator may hide processes of other users, other groups and
/// other jails, separately.
pub(crate) fn hides_some() -> bool {
    let shows = [
        c"security.bsd.see_other_uids",
        c"security.bsd.see_other_gids",
        c"security.bsd.see_jail_proc",
    ];
    effective_uid() != 0 && shows.iter().any(|name| by_name::number(name) == Ok(0))
}
