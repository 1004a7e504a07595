// Made by `cargo xtask bindings` from the headers in ziglang 0.17.1.
// Not to be edited: the same command checks it. Used by
//   aarch64-apple-darwin

pub use libc::{gid_t, key_t, mode_t, pid_t, uid_t};

pub const IPC_CREAT: libc::c_int = 512;
pub const IPC_EXCL: libc::c_int = 1024;
pub const IPC_NOWAIT: libc::c_int = 2048;
pub const IPC_RMID: libc::c_int = 0;
pub const IPC_SET: libc::c_int = 1;
pub const IPC_STAT: libc::c_int = 2;
pub const IPC_R: libc::c_int = 256;
pub const IPC_W: libc::c_int = 128;
pub const IPC_M: libc::c_int = 4096;
pub const SHM_RDONLY: libc::c_int = 4096;
pub const SHM_RND: libc::c_int = 8192;
pub const SHMLBA: libc::c_int = 16384;
pub const SHM_R: libc::c_int = 256;
pub const SHM_W: libc::c_int = 128;
pub const IPCS_MAGIC: libc::c_int = 1;
pub const IPCS_SHM_CONF: libc::c_int = 1;
pub const IPCS_SHM_ITER: libc::c_int = 2;
pub const IPCS_SHM_SYSCTL: &::core::ffi::CStr = c"kern.sysv.ipcs.shm";
pub const SHMSEG_FREE: libc::c_int = 512;
pub const SHMSEG_REMOVED: libc::c_int = 1024;
pub const SHMSEG_ALLOCATED: libc::c_int = 2048;
pub const SHMSEG_WANTED: libc::c_int = 4096;
pub type __uint16_t = libc::c_ushort;
pub type __int32_t = libc::c_int;
pub type __uint32_t = libc::c_uint;
pub type __darwin_time_t = libc::c_long;
pub type time_t = __darwin_time_t;
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
    ["Size of ipc_perm"][::core::mem::size_of::<ipc_perm>() - 24usize];
    ["Alignment of ipc_perm"][::core::mem::align_of::<ipc_perm>() - 4usize];
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
    ][::core::mem::offset_of!(ipc_perm, _seq) - 18usize];
    [
        "Offset of field: ipc_perm::_key",
    ][::core::mem::offset_of!(ipc_perm, _key) - 20usize];
};
unsafe extern "C" {
    pub fn ftok(arg1: *const libc::c_char, arg2: libc::c_int) -> key_t;
}
pub type shmatt_t = libc::c_ushort;
#[repr(C, packed(4))]
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
    pub shm_internal: *mut libc::c_void,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of shmid_ds"][::core::mem::size_of::<shmid_ds>() - 76usize];
    ["Alignment of shmid_ds"][::core::mem::align_of::<shmid_ds>() - 4usize];
    [
        "Offset of field: shmid_ds::shm_perm",
    ][::core::mem::offset_of!(shmid_ds, shm_perm) - 0usize];
    [
        "Offset of field: shmid_ds::shm_segsz",
    ][::core::mem::offset_of!(shmid_ds, shm_segsz) - 24usize];
    [
        "Offset of field: shmid_ds::shm_lpid",
    ][::core::mem::offset_of!(shmid_ds, shm_lpid) - 32usize];
    [
        "Offset of field: shmid_ds::shm_cpid",
    ][::core::mem::offset_of!(shmid_ds, shm_cpid) - 36usize];
    [
        "Offset of field: shmid_ds::shm_nattch",
    ][::core::mem::offset_of!(shmid_ds, shm_nattch) - 40usize];
    [
        "Offset of field: shmid_ds::shm_atime",
    ][::core::mem::offset_of!(shmid_ds, shm_atime) - 44usize];
    [
        "Offset of field: shmid_ds::shm_dtime",
    ][::core::mem::offset_of!(shmid_ds, shm_dtime) - 52usize];
    [
        "Offset of field: shmid_ds::shm_ctime",
    ][::core::mem::offset_of!(shmid_ds, shm_ctime) - 60usize];
    [
        "Offset of field: shmid_ds::shm_internal",
    ][::core::mem::offset_of!(shmid_ds, shm_internal) - 68usize];
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
unsafe extern "C" {
    pub fn shmat(
        arg1: libc::c_int,
        arg2: *const libc::c_void,
        arg3: libc::c_int,
    ) -> *mut libc::c_void;
}
unsafe extern "C" {
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
pub const SHMLBA_PAGES: libc::c_int = 0;
pub const SHMLBA_BYTES: libc::c_int = 16384;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct IPCS_command {
    pub ipcs_magic: libc::c_int,
    pub ipcs_op: libc::c_int,
    pub ipcs_cursor: libc::c_int,
    pub ipcs_datalen: libc::c_int,
    pub ipcs_data: *mut libc::c_void,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of IPCS_command"][::core::mem::size_of::<IPCS_command>() - 24usize];
    ["Alignment of IPCS_command"][::core::mem::align_of::<IPCS_command>() - 8usize];
    [
        "Offset of field: IPCS_command::ipcs_magic",
    ][::core::mem::offset_of!(IPCS_command, ipcs_magic) - 0usize];
    [
        "Offset of field: IPCS_command::ipcs_op",
    ][::core::mem::offset_of!(IPCS_command, ipcs_op) - 4usize];
    [
        "Offset of field: IPCS_command::ipcs_cursor",
    ][::core::mem::offset_of!(IPCS_command, ipcs_cursor) - 8usize];
    [
        "Offset of field: IPCS_command::ipcs_datalen",
    ][::core::mem::offset_of!(IPCS_command, ipcs_datalen) - 12usize];
    [
        "Offset of field: IPCS_command::ipcs_data",
    ][::core::mem::offset_of!(IPCS_command, ipcs_data) - 16usize];
};
impl Default for IPCS_command {
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
    pub shmmax: i64,
    pub shmmin: i64,
    pub shmmni: i64,
    pub shmseg: i64,
    pub shmall: i64,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of shminfo"][::core::mem::size_of::<shminfo>() - 40usize];
    ["Alignment of shminfo"][::core::mem::align_of::<shminfo>() - 8usize];
    [
        "Offset of field: shminfo::shmmax",
    ][::core::mem::offset_of!(shminfo, shmmax) - 0usize];
    [
        "Offset of field: shminfo::shmmin",
    ][::core::mem::offset_of!(shminfo, shmmin) - 8usize];
    [
        "Offset of field: shminfo::shmmni",
    ][::core::mem::offset_of!(shminfo, shmmni) - 16usize];
    [
        "Offset of field: shminfo::shmseg",
    ][::core::mem::offset_of!(shminfo, shmseg) - 24usize];
    [
        "Offset of field: shminfo::shmall",
    ][::core::mem::offset_of!(shminfo, shmall) - 32usize];
};
