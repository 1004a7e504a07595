//! NetBSD: `KERN_PROC2` and `vm.proc.map`.

use core::ffi::c_int;
use core::mem::{offset_of, size_of};

use crate::decode::netbsd_vm as form;
use crate::decode::process::layouts::NETBSD;
use crate::error::Errno;
use crate::sys::table::by_number;

// The decoder's form is that of this target's header.
const _: () = {
    use libc::kinfo_vmentry;
    assert!(cfg!(target_endian = "little"));
    assert!(size_of::<kinfo_vmentry>() == form::STRIDE);
    assert!(offset_of!(kinfo_vmentry, kve_start) == form::START);
    assert!(offset_of!(kinfo_vmentry, kve_end) == form::END);
    assert!(offset_of!(kinfo_vmentry, kve_offset) == form::OFFSET);
    assert!(offset_of!(kinfo_vmentry, kve_type) == form::TYPE);
    assert!(offset_of!(kinfo_vmentry, kve_count) == form::COUNT);
    assert!(offset_of!(kinfo_vmentry, kve_protection) == form::PROTECTION);
    assert!(offset_of!(kinfo_vmentry, kve_ref_count) == form::REF_COUNT);
    assert!(offset_of!(kinfo_vmentry, kve_inheritance) == form::INHERITANCE);
};

/// Returns the numbers of all visible processes.
pub(crate) fn processes() -> Result<Vec<c_int>, Errno> {
    let size = NETBSD.size as c_int;
    let mib = [
        libc::CTL_KERN,
        libc::KERN_PROC2,
        libc::KERN_PROC_ALL,
        0,
        size,
        c_int::MAX,
    ];
    let table = by_number::table(&mib)?;
    NETBSD
        .pids(&table)
        .map_err(|_| Errno::from_raw(libc::EINVAL))
}

/// Returns the table of a process's mappings.
pub(crate) fn vm_map(pid: c_int) -> Result<Vec<u8>, Errno> {
    let size = form::STRIDE as c_int;
    by_number::table(&[libc::CTL_VM, libc::VM_PROC, libc::VM_PROC_MAP, pid, size])
}
