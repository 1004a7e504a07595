// Made by `cargo xtask bindings` from the headers in ziglang 0.17.1.
// Not to be edited: the same command checks it. Used by
//   x86_64-unknown-linux-musl
//   aarch64-unknown-linux-musl
//   riscv64gc-unknown-linux-musl
//   s390x-unknown-linux-musl
//   loongarch64-unknown-linux-musl

pub use libc::{gid_t, key_t, mode_t, pid_t, uid_t};

pub const IPC_STAT: libc::c_int = 2;
pub const IPC_CREAT: libc::c_int = 512;
pub const IPC_EXCL: libc::c_int = 1024;
pub const IPC_NOWAIT: libc::c_int = 2048;
pub const IPC_RMID: libc::c_int = 0;
pub const IPC_SET: libc::c_int = 1;
pub const IPC_INFO: libc::c_int = 3;
pub const SHMLBA: libc::c_int = 4096;
pub const SHM_R: libc::c_int = 256;
pub const SHM_W: libc::c_int = 128;
pub const SHM_RDONLY: libc::c_int = 4096;
pub const SHM_RND: libc::c_int = 8192;
pub const SHM_REMAP: libc::c_int = 16384;
pub const SHM_EXEC: libc::c_int = 32768;
pub const SHM_LOCK: libc::c_int = 11;
pub const SHM_UNLOCK: libc::c_int = 12;
pub const SHM_STAT: libc::c_int = 13;
pub const SHM_INFO: libc::c_int = 14;
pub const SHM_STAT_ANY: libc::c_int = 15;
pub const SHM_DEST: libc::c_int = 512;
pub const SHM_LOCKED: libc::c_int = 1024;
pub const SHM_HUGETLB: libc::c_int = 2048;
pub const SHM_NORESERVE: libc::c_int = 4096;
pub const SHM_HUGE_SHIFT: libc::c_int = 26;
pub const SHM_HUGE_MASK: libc::c_int = 63;
pub const SHM_HUGE_64KB: libc::c_int = 1073741824;
pub const SHM_HUGE_512KB: libc::c_int = 1275068416;
pub const SHM_HUGE_1MB: libc::c_int = 1342177280;
pub const SHM_HUGE_2MB: libc::c_int = 1409286144;
pub const SHM_HUGE_8MB: libc::c_int = 1543503872;
pub const SHM_HUGE_16MB: libc::c_int = 1610612736;
pub const SHM_HUGE_32MB: libc::c_int = 1677721600;
pub const SHM_HUGE_256MB: libc::c_int = 1879048192;
pub const SHM_HUGE_512MB: libc::c_int = 1946157056;
pub const SHM_HUGE_1GB: libc::c_int = 2013265920;
pub const SHM_HUGE_2GB: libc::c_int = 2080374784;
pub const SHM_HUGE_16KB: libc::c_int = 939524096;
pub type time_t = libc::c_long;
#[repr(C)]
#[derive(Debug, Default, Copy, Clone)]
pub struct ipc_perm {
    pub key: key_t,
    pub uid: uid_t,
    pub gid: gid_t,
    pub cuid: uid_t,
    pub cgid: gid_t,
    pub mode: mode_t,
    pub seq: libc::c_int,
    pub __pad1: libc::c_long,
    pub __pad2: libc::c_long,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of ipc_perm"][::core::mem::size_of::<ipc_perm>() - 48usize];
    ["Alignment of ipc_perm"][::core::mem::align_of::<ipc_perm>() - 8usize];
    ["Offset of field: ipc_perm::key"][::core::mem::offset_of!(ipc_perm, key) - 0usize];
    ["Offset of field: ipc_perm::uid"][::core::mem::offset_of!(ipc_perm, uid) - 4usize];
    ["Offset of field: ipc_perm::gid"][::core::mem::offset_of!(ipc_perm, gid) - 8usize];
    [
        "Offset of field: ipc_perm::cuid",
    ][::core::mem::offset_of!(ipc_perm, cuid) - 12usize];
    [
        "Offset of field: ipc_perm::cgid",
    ][::core::mem::offset_of!(ipc_perm, cgid) - 16usize];
    [
        "Offset of field: ipc_perm::mode",
    ][::core::mem::offset_of!(ipc_perm, mode) - 20usize];
    ["Offset of field: ipc_perm::seq"][::core::mem::offset_of!(ipc_perm, seq) - 24usize];
    [
        "Offset of field: ipc_perm::__pad1",
    ][::core::mem::offset_of!(ipc_perm, __pad1) - 32usize];
    [
        "Offset of field: ipc_perm::__pad2",
    ][::core::mem::offset_of!(ipc_perm, __pad2) - 40usize];
};
unsafe extern "C" {
    pub fn ftok(arg1: *const libc::c_char, arg2: libc::c_int) -> key_t;
}
#[repr(C)]
#[derive(Debug, Default, Copy, Clone)]
pub struct shmid_ds {
    pub shm_perm: ipc_perm,
    pub shm_segsz: usize,
    pub shm_atime: time_t,
    pub shm_dtime: time_t,
    pub shm_ctime: time_t,
    pub shm_cpid: pid_t,
    pub shm_lpid: pid_t,
    pub shm_nattch: libc::c_ulong,
    pub __pad1: libc::c_ulong,
    pub __pad2: libc::c_ulong,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of shmid_ds"][::core::mem::size_of::<shmid_ds>() - 112usize];
    ["Alignment of shmid_ds"][::core::mem::align_of::<shmid_ds>() - 8usize];
    [
        "Offset of field: shmid_ds::shm_perm",
    ][::core::mem::offset_of!(shmid_ds, shm_perm) - 0usize];
    [
        "Offset of field: shmid_ds::shm_segsz",
    ][::core::mem::offset_of!(shmid_ds, shm_segsz) - 48usize];
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
        "Offset of field: shmid_ds::shm_cpid",
    ][::core::mem::offset_of!(shmid_ds, shm_cpid) - 80usize];
    [
        "Offset of field: shmid_ds::shm_lpid",
    ][::core::mem::offset_of!(shmid_ds, shm_lpid) - 84usize];
    [
        "Offset of field: shmid_ds::shm_nattch",
    ][::core::mem::offset_of!(shmid_ds, shm_nattch) - 88usize];
    [
        "Offset of field: shmid_ds::__pad1",
    ][::core::mem::offset_of!(shmid_ds, __pad1) - 96usize];
    [
        "Offset of field: shmid_ds::__pad2",
    ][::core::mem::offset_of!(shmid_ds, __pad2) - 104usize];
};
#[repr(C)]
#[derive(Debug, Default, Copy, Clone)]
pub struct shminfo {
    pub shmmax: libc::c_ulong,
    pub shmmin: libc::c_ulong,
    pub shmmni: libc::c_ulong,
    pub shmseg: libc::c_ulong,
    pub shmall: libc::c_ulong,
    pub __unused: [libc::c_ulong; 4usize],
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of shminfo"][::core::mem::size_of::<shminfo>() - 72usize];
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
    [
        "Offset of field: shminfo::__unused",
    ][::core::mem::offset_of!(shminfo, __unused) - 40usize];
};
#[repr(C)]
#[derive(Debug, Default, Copy, Clone)]
pub struct shm_info {
    pub used_ids: libc::c_int,
    pub shm_tot: libc::c_ulong,
    pub shm_rss: libc::c_ulong,
    pub shm_swp: libc::c_ulong,
    pub swap_attempts: libc::c_ulong,
    pub swap_successes: libc::c_ulong,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of shm_info"][::core::mem::size_of::<shm_info>() - 48usize];
    ["Alignment of shm_info"][::core::mem::align_of::<shm_info>() - 8usize];
    [
        "Offset of field: shm_info::used_ids",
    ][::core::mem::offset_of!(shm_info, used_ids) - 0usize];
    [
        "Offset of field: shm_info::shm_tot",
    ][::core::mem::offset_of!(shm_info, shm_tot) - 8usize];
    [
        "Offset of field: shm_info::shm_rss",
    ][::core::mem::offset_of!(shm_info, shm_rss) - 16usize];
    [
        "Offset of field: shm_info::shm_swp",
    ][::core::mem::offset_of!(shm_info, shm_swp) - 24usize];
    [
        "Offset of field: shm_info::swap_attempts",
    ][::core::mem::offset_of!(shm_info, swap_attempts) - 32usize];
    [
        "Offset of field: shm_info::swap_successes",
    ][::core::mem::offset_of!(shm_info, swap_successes) - 40usize];
};
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
pub const SHMLBA_BYTES: libc::c_int = 4096;
pub const SHM_HUGE_16GB: libc::c_int = -2013265920;
