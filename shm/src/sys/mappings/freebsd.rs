//! FreeBSD: `kern.proc.proc`, `kern.proc.vmmap` and `vm.objects`.

use core::ffi::c_int;
use core::mem::{offset_of, size_of};

use crate::decode::freebsd_vm as form;
use crate::error::Errno;
use crate::sys::table::{by_name, by_number};

// The decoder's form is that of this target's header.
const _: () = {
    use libc::kinfo_vmentry;
    assert!(cfg!(target_endian = "little"));
    assert!(offset_of!(kinfo_vmentry, kve_structsize) == form::STRUCTSIZE);
    assert!(offset_of!(kinfo_vmentry, kve_start) == form::START);
    assert!(offset_of!(kinfo_vmentry, kve_end) == form::END);
    assert!(offset_of!(kinfo_vmentry, kve_offset) == form::OFFSET);
    assert!(offset_of!(kinfo_vmentry, kve_vn_fileid) == form::VN_FILEID);
    assert!(offset_of!(kinfo_vmentry, kve_flags) == form::FLAGS);
    assert!(offset_of!(kinfo_vmentry, kve_protection) == form::PROTECTION);
    assert!(offset_of!(kinfo_vmentry, kve_path) == form::PATH);
};

/// Returns the numbers of all visible processes.
pub(crate) fn processes() -> Result<Vec<c_int>, Errno> {
    let table = by_number::table(&[libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_PROC])?;
    // Records state their length; in a record of another length the number would be
    // elsewhere.
    let records = table.chunks_exact(size_of::<libc::kinfo_proc>());
    let at = offset_of!(libc::kinfo_proc, ki_pid);
    let number = |record: &[u8]| {
        let bytes = record.get(at..)?.first_chunk::<4>()?;
        Some(c_int::from_ne_bytes(*bytes))
    };
    Ok(records.filter_map(number).collect())
}

/// Returns the table of a process's mappings.
pub(crate) fn vmmap(pid: c_int) -> Result<Vec<u8>, Errno> {
    by_number::table(&[libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_VMMAP, pid])
}

/// Returns the table of the system's VM objects.
pub(crate) fn vm_objects() -> Result<Vec<u8>, Errno> {
    by_name::table(c"vm.objects")
}
