//! macOS: `proc_pidinfo(PROC_PIDTBSDINFO)` and the sysctl `KERN_PROCARGS2`.

use core::ffi::c_int;
use core::mem::{offset_of, size_of};

use crate::decode::process::{self, Layout, Start, Zombie, arguments as form};
use crate::error::Errno;
use crate::sys::mappings::pid_info;
use crate::sys::table::by_number;

pub(crate) const LAYOUT: &Layout = &process::layouts::MACOS;

// The decoder's form is that of this target's header.
const _: () = {
    use libc::proc_bsdinfo;
    assert!(cfg!(target_endian = "little"));
    assert!(size_of::<proc_bsdinfo>() == LAYOUT.size);
    assert!(offset_of!(proc_bsdinfo, pbi_pid) == LAYOUT.pid);
    assert!(offset_of!(proc_bsdinfo, pbi_uid) == LAYOUT.uid);
    assert!(matches!(
        LAYOUT.start,
        Start::Wide(at) if at == offset_of!(proc_bsdinfo, pbi_start_tvsec)
    ));
    assert!(offset_of!(proc_bsdinfo, pbi_comm) == LAYOUT.name.at);
    let zombie = libc::SZOMB;
    assert!(matches!(
        LAYOUT.zombie,
        Zombie::Word { at, value }
            if at == offset_of!(proc_bsdinfo, pbi_status) && value == zombie
    ));
};

pub(crate) fn record(pid: c_int) -> Result<Option<Vec<u8>>, Errno> {
    let mut record = vec![0; LAYOUT.size];
    // With an argument of 1, zombies are found too.
    match pid_info(pid, libc::PROC_PIDTBSDINFO, 1, &mut record) {
        Ok(length) => {
            record.truncate(length);
            Ok(Some(record))
        }
        Err(errno) if errno == Errno::from_raw(libc::ESRCH) => Ok(None),
        Err(errno) => Err(errno),
    }
}

/// Returns the arguments; the kernel refuses those of other users' processes.
pub(crate) fn arguments(pid: c_int) -> Vec<String> {
    let mib = [libc::CTL_KERN, libc::KERN_PROCARGS2, pid];
    by_number::table(&mib).map_or_else(|_| Vec::new(), |bytes| form::counted(&bytes))
}

/// Returns false: a sandbox refuses with an error, and hides nothing.
pub(crate) fn hides_some() -> bool {
    false
}
