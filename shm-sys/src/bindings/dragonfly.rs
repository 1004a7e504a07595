// Made by `cargo xtask bindings` from declarations transcribed from DragonFly 6 sys/shm.h, sys/ipc.h, which is in no package.
// Not to be edited: the same command checks it. Used by
//   x86_64-unknown-dragonfly

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
pub const SHMLBA: libc::c_int = 4096;
pub const SHM_R: libc::c_int = 256;
pub const SHM_W: libc::c_int = 128;
pub const SHMSEG_FREE: libc::c_int = 512;
pub const SHMSEG_REMOVED: libc::c_int = 1024;
pub const SHMSEG_ALLOCATED: libc::c_int = 2048;
pub const SHMSEG_WANTED: libc::c_int = 4096;
pub type time_t = libc::c_long;
#[repr(C)]
#[derive(Debug, Default, Copy, Clone)]
pub struct ipc_perm {
    pub cuid: uid_t,
    pub cgid: gid_t,
    pub uid: uid_t,
    pub gid: gid_t,
    pub mode: mode_t,
    pub seq: libc::c_ushort,
    pub key: key_t,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of ipc_perm"][::core::mem::size_of::<ipc_perm>() - 32usize];
    ["Alignment of ipc_perm"][::core::mem::align_of::<ipc_perm>() - 8usize];
    [
        "Offset of field: ipc_perm::cuid",
    ][::core::mem::offset_of!(ipc_perm, cuid) - 0usize];
    [
        "Offset of field: ipc_perm::cgid",
    ][::core::mem::offset_of!(ipc_perm, cgid) - 4usize];
    ["Offset of field: ipc_perm::uid"][::core::mem::offset_of!(ipc_perm, uid) - 8usize];
    ["Offset of field: ipc_perm::gid"][::core::mem::offset_of!(ipc_perm, gid) - 12usize];
    [
        "Offset of field: ipc_perm::mode",
    ][::core::mem::offset_of!(ipc_perm, mode) - 16usize];
    ["Offset of field: ipc_perm::seq"][::core::mem::offset_of!(ipc_perm, seq) - 18usize];
    ["Offset of field: ipc_perm::key"][::core::mem::offset_of!(ipc_perm, key) - 24usize];
};
unsafe extern "C" {
    pub fn ftok(path: *const libc::c_char, id: libc::c_int) -> key_t;
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
    pub shm_internal: *mut libc::c_void,
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
        "Offset of field: shmid_ds::shm_internal",
    ][::core::mem::offset_of!(shmid_ds, shm_internal) - 80usize];
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
    pub shmmax: libc::c_long,
    pub shmmin: libc::c_long,
    pub shmmni: libc::c_long,
    pub shmseg: libc::c_long,
    pub shmall: libc::c_long,
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
unsafe extern "C" {
    pub fn shmget(key: key_t, size: usize, flags: libc::c_int) -> libc::c_int;
}
unsafe extern "C" {
    pub fn shmat(
        id: libc::c_int,
        address: *const libc::c_void,
        flags: libc::c_int,
    ) -> *mut libc::c_void;
}
unsafe extern "C" {
    pub fn shmdt(address: *const libc::c_void) -> libc::c_int;
}
unsafe extern "C" {
    pub fn shmctl(
        id: libc::c_int,
        command: libc::c_int,
        buffer: *mut shmid_ds,
    ) -> libc::c_int;
}
pub const IPC_PRIVATE: key_t = 0;
pub const SHMLBA_PAGES: libc::c_int = 0;
pub const SHMLBA_BYTES: libc::c_int = 4096;
