// Made by `cargo xtask bindings` from the headers in ziglang 0.17.1.
// Not to be edited: the same command checks it. Used by
//   x86_64-unknown-netbsd
//   aarch64-unknown-netbsd

pub use libc::{gid_t, key_t, mode_t, pid_t, uid_t};

pub const IPC_R: libc::c_int = 256;
pub const IPC_W: libc::c_int = 128;
pub const IPC_M: libc::c_int = 4096;
pub const IPC_CREAT: libc::c_int = 512;
pub const IPC_EXCL: libc::c_int = 1024;
pub const IPC_NOWAIT: libc::c_int = 2048;
pub const IPC_RMID: libc::c_int = 0;
pub const IPC_SET: libc::c_int = 1;
pub const IPC_STAT: libc::c_int = 2;
pub const SHM_RDONLY: libc::c_int = 4096;
pub const SHM_RND: libc::c_int = 8192;
pub const SHM_LOCK: libc::c_int = 3;
pub const SHM_UNLOCK: libc::c_int = 4;
pub const SHM_R: libc::c_int = 256;
pub const SHM_W: libc::c_int = 128;
pub const CTL_KERN: libc::c_int = 1;
pub const KERN_SYSVIPC: libc::c_int = 82;
pub const KERN_SYSVIPC_INFO: libc::c_int = 1;
pub const KERN_SYSVIPC_MSG: libc::c_int = 2;
pub const KERN_SYSVIPC_SEM: libc::c_int = 3;
pub const KERN_SYSVIPC_SHM: libc::c_int = 4;
pub const KERN_SYSVIPC_SHMMAX: libc::c_int = 5;
pub const KERN_SYSVIPC_SHMMNI: libc::c_int = 6;
pub const KERN_SYSVIPC_SHMSEG: libc::c_int = 7;
pub const KERN_SYSVIPC_SHMMAXPGS: libc::c_int = 8;
pub const KERN_SYSVIPC_SHMUSEPHYS: libc::c_int = 9;
pub const KERN_SYSVIPC_MSG_INFO: libc::c_int = 4;
pub const KERN_SYSVIPC_SEM_INFO: libc::c_int = 5;
pub const KERN_SYSVIPC_SHM_INFO: libc::c_int = 6;
pub const _SHM_RMLINGER: libc::c_int = 16384;
pub const SHMSEG_FREE: libc::c_int = 512;
pub const SHMSEG_REMOVED: libc::c_int = 1024;
pub const SHMSEG_ALLOCATED: libc::c_int = 2048;
pub const SHMSEG_WANTED: libc::c_int = 4096;
pub const SHMSEG_RMLINGER: libc::c_int = 8192;
pub const SHMSEG_WIRED: libc::c_int = 16384;
pub type __int32_t = libc::c_int;
pub type __uint32_t = libc::c_uint;
pub type __int64_t = libc::c_long;
pub type time_t = __int64_t;
#[repr(C)]
#[derive(Debug, Default, Copy, Clone)]
pub struct ipc_perm {
    pub uid: uid_t,
    pub gid: gid_t,
    pub cuid: uid_t,
    pub cgid: gid_t,
    pub mode: mode_t,
    pub _seq: libc::c_ushort,
    pub _key: key_t,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of ipc_perm"][::core::mem::size_of::<ipc_perm>() - 32usize];
    ["Alignment of ipc_perm"][::core::mem::align_of::<ipc_perm>() - 8usize];
    ["Offset of field: ipc_perm::uid"][::core::mem::offset_of!(ipc_perm, uid) - 0usize];
    ["Offset of field: ipc_perm::gid"][::core::mem::offset_of!(ipc_perm, gid) - 4usize];
    [
        "Offset of field: ipc_perm::cuid",
    ][::core::mem::offset_of!(ipc_perm, cuid) - 8usize];
    [
        "Offset of field: ipc_perm::cgid",
    ][::core::mem::offset_of!(ipc_perm, cgid) - 12usize];
    [
        "Offset of field: ipc_perm::mode",
    ][::core::mem::offset_of!(ipc_perm, mode) - 16usize];
    [
        "Offset of field: ipc_perm::_seq",
    ][::core::mem::offset_of!(ipc_perm, _seq) - 20usize];
    [
        "Offset of field: ipc_perm::_key",
    ][::core::mem::offset_of!(ipc_perm, _key) - 24usize];
};
#[repr(C)]
#[derive(Debug, Default, Copy, Clone)]
pub struct ipc_perm_sysctl {
    pub _key: u64,
    pub uid: uid_t,
    pub gid: gid_t,
    pub cuid: uid_t,
    pub cgid: gid_t,
    pub mode: mode_t,
    pub _seq: i16,
    pub pad: i16,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of ipc_perm_sysctl"][::core::mem::size_of::<ipc_perm_sysctl>() - 32usize];
    [
        "Alignment of ipc_perm_sysctl",
    ][::core::mem::align_of::<ipc_perm_sysctl>() - 8usize];
    [
        "Offset of field: ipc_perm_sysctl::_key",
    ][::core::mem::offset_of!(ipc_perm_sysctl, _key) - 0usize];
    [
        "Offset of field: ipc_perm_sysctl::uid",
    ][::core::mem::offset_of!(ipc_perm_sysctl, uid) - 8usize];
    [
        "Offset of field: ipc_perm_sysctl::gid",
    ][::core::mem::offset_of!(ipc_perm_sysctl, gid) - 12usize];
    [
        "Offset of field: ipc_perm_sysctl::cuid",
    ][::core::mem::offset_of!(ipc_perm_sysctl, cuid) - 16usize];
    [
        "Offset of field: ipc_perm_sysctl::cgid",
    ][::core::mem::offset_of!(ipc_perm_sysctl, cgid) - 20usize];
    [
        "Offset of field: ipc_perm_sysctl::mode",
    ][::core::mem::offset_of!(ipc_perm_sysctl, mode) - 24usize];
    [
        "Offset of field: ipc_perm_sysctl::_seq",
    ][::core::mem::offset_of!(ipc_perm_sysctl, _seq) - 28usize];
    [
        "Offset of field: ipc_perm_sysctl::pad",
    ][::core::mem::offset_of!(ipc_perm_sysctl, pad) - 30usize];
};
unsafe extern "C" {
    pub fn ftok(arg1: *const libc::c_char, arg2: libc::c_int) -> key_t;
}
pub type shmatt_t = libc::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct shmid_ds {
    pub shm_perm: ipc_perm,
    pub shm_segsz: usize,
    pub shm_lpid: pid_t,
    pub shm_cpid: pid_t,
    pub shm_nattch: shmatt_t,
    pub shm_atime: time_t,
    pub shm_dtime: time_t,
    pub shm_ctime: time_t,
    pub _shm_internal: *mut libc::c_void,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of shmid_ds"][::core::mem::size_of::<shmid_ds>() - 88usize];
    ["Alignment of shmid_ds"][::core::mem::align_of::<shmid_ds>() - 8usize];
    [
        "Offset of field: shmid_ds::shm_perm",
    ][::core::mem::offset_of!(shmid_ds, shm_perm) - 0usize];
    [
        "Offset of field: shmid_ds::shm_segsz",
    ][::core::mem::offset_of!(shmid_ds, shm_segsz) - 32usize];
    [
        "Offset of field: shmid_ds::shm_lpid",
    ][::core::mem::offset_of!(shmid_ds, shm_lpid) - 40usize];
    [
        "Offset of field: shmid_ds::shm_cpid",
    ][::core::mem::offset_of!(shmid_ds, shm_cpid) - 44usize];
    [
        "Offset of field: shmid_ds::shm_nattch",
    ][::core::mem::offset_of!(shmid_ds, shm_nattch) - 48usize];
    [
        "Offset of field: shmid_ds::shm_atime",
    ][::core::mem::offset_of!(shmid_ds, shm_atime) - 56usize];
    [
        "Offset of field: shmid_ds::shm_dtime",
    ][::core::mem::offset_of!(shmid_ds, shm_dtime) - 64usize];
    [
        "Offset of field: shmid_ds::shm_ctime",
    ][::core::mem::offset_of!(shmid_ds, shm_ctime) - 72usize];
    [
        "Offset of field: shmid_ds::_shm_internal",
    ][::core::mem::offset_of!(shmid_ds, _shm_internal) - 80usize];
};
impl Default for shmid_ds {
    fn default() -> Self {
        let mut s = ::core::mem::MaybeUninit::<Self>::uninit();
        unsafe {
            ::core::ptr::write_bytes(s.as_mut_ptr(), 0, 1);
            s.assume_init()
        }
    }
}
#[repr(C)]
#[derive(Debug, Default, Copy, Clone)]
pub struct shminfo {
    pub shmmax: u64,
    pub shmmin: u32,
    pub shmmni: u32,
    pub shmseg: u32,
    pub shmall: u32,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of shminfo"][::core::mem::size_of::<shminfo>() - 24usize];
    ["Alignment of shminfo"][::core::mem::align_of::<shminfo>() - 8usize];
    [
        "Offset of field: shminfo::shmmax",
    ][::core::mem::offset_of!(shminfo, shmmax) - 0usize];
    [
        "Offset of field: shminfo::shmmin",
    ][::core::mem::offset_of!(shminfo, shmmin) - 8usize];
    [
        "Offset of field: shminfo::shmmni",
    ][::core::mem::offset_of!(shminfo, shmmni) - 12usize];
    [
        "Offset of field: shminfo::shmseg",
    ][::core::mem::offset_of!(shminfo, shmseg) - 16usize];
    [
        "Offset of field: shminfo::shmall",
    ][::core::mem::offset_of!(shminfo, shmall) - 20usize];
};
#[repr(C)]
#[derive(Debug, Default, Copy, Clone)]
pub struct shmid_ds_sysctl {
    pub shm_perm: ipc_perm_sysctl,
    pub shm_segsz: u64,
    pub shm_lpid: pid_t,
    pub shm_cpid: pid_t,
    pub shm_atime: time_t,
    pub shm_dtime: time_t,
    pub shm_ctime: time_t,
    pub shm_nattch: u32,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of shmid_ds_sysctl"][::core::mem::size_of::<shmid_ds_sysctl>() - 80usize];
    [
        "Alignment of shmid_ds_sysctl",
    ][::core::mem::align_of::<shmid_ds_sysctl>() - 8usize];
    [
        "Offset of field: shmid_ds_sysctl::shm_perm",
    ][::core::mem::offset_of!(shmid_ds_sysctl, shm_perm) - 0usize];
    [
        "Offset of field: shmid_ds_sysctl::shm_segsz",
    ][::core::mem::offset_of!(shmid_ds_sysctl, shm_segsz) - 32usize];
    [
        "Offset of field: shmid_ds_sysctl::shm_lpid",
    ][::core::mem::offset_of!(shmid_ds_sysctl, shm_lpid) - 40usize];
    [
        "Offset of field: shmid_ds_sysctl::shm_cpid",
    ][::core::mem::offset_of!(shmid_ds_sysctl, shm_cpid) - 44usize];
    [
        "Offset of field: shmid_ds_sysctl::shm_atime",
    ][::core::mem::offset_of!(shmid_ds_sysctl, shm_atime) - 48usize];
    [
        "Offset of field: shmid_ds_sysctl::shm_dtime",
    ][::core::mem::offset_of!(shmid_ds_sysctl, shm_dtime) - 56usize];
    [
        "Offset of field: shmid_ds_sysctl::shm_ctime",
    ][::core::mem::offset_of!(shmid_ds_sysctl, shm_ctime) - 64usize];
    [
        "Offset of field: shmid_ds_sysctl::shm_nattch",
    ][::core::mem::offset_of!(shmid_ds_sysctl, shm_nattch) - 72usize];
};
#[repr(C)]
#[derive(Debug, Default, Copy, Clone)]
pub struct shm_sysctl_info {
    pub shminfo: shminfo,
    pub shmids: [shmid_ds_sysctl; 1usize],
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of shm_sysctl_info"][::core::mem::size_of::<shm_sysctl_info>() - 104usize];
    [
        "Alignment of shm_sysctl_info",
    ][::core::mem::align_of::<shm_sysctl_info>() - 8usize];
    [
        "Offset of field: shm_sysctl_info::shminfo",
    ][::core::mem::offset_of!(shm_sysctl_info, shminfo) - 0usize];
    [
        "Offset of field: shm_sysctl_info::shmids",
    ][::core::mem::offset_of!(shm_sysctl_info, shmids) - 24usize];
};
unsafe extern "C" {
    pub fn shmat(
        arg1: libc::c_int,
        arg2: *const libc::c_void,
        arg3: libc::c_int,
    ) -> *mut libc::c_void;
}
unsafe extern "C" {
    #[link_name = "\u{1}__shmctl50"]
    pub fn shmctl(
        arg1: libc::c_int,
        arg2: libc::c_int,
        arg3: *mut shmid_ds,
    ) -> libc::c_int;
}
unsafe extern "C" {
    pub fn shmdt(arg1: *const libc::c_void) -> libc::c_int;
}
unsafe extern "C" {
    pub fn shmget(arg1: key_t, arg2: usize, arg3: libc::c_int) -> libc::c_int;
}
pub const IPC_PRIVATE: key_t = 0;
pub const SHMLBA_PAGES: libc::c_int = 1;
pub const SHMLBA_BYTES: libc::c_int = 0;

/// Multiple that attach addresses are rounded to: asks for the page size, as
/// the header's macro of this name does.
#[must_use]
pub fn SHMLBA() -> libc::c_int {
    crate::shmlba()
}
