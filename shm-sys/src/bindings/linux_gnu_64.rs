// Made by `cargo xtask bindings` from the headers in ziglang 0.17.1.
// Not to be edited: the same command checks it. Used by
//   x86_64-unknown-linux-gnu
//   aarch64-unknown-linux-gnu
//   riscv64gc-unknown-linux-gnu
//   s390x-unknown-linux-gnu
//   loongarch64-unknown-linux-gnu

pub use libc::{gid_t, key_t, mode_t, pid_t, uid_t};

pub const IPC_CREAT: libc::c_int = 512;
pub const IPC_EXCL: libc::c_int = 1024;
pub const IPC_NOWAIT: libc::c_int = 2048;
pub const IPC_RMID: libc::c_int = 0;
pub const IPC_SET: libc::c_int = 1;
pub const IPC_STAT: libc::c_int = 2;
pub const IPC_INFO: libc::c_int = 3;
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
pub const SHM_HUGE_16KB: libc::c_int = 939524096;
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
pub type time_t = libc::c_long;
pub type __syscall_ulong_t = libc::c_ulong;
#[repr(C)]
#[derive(Debug, Default, Copy, Clone)]
pub struct ipc_perm {
    pub __key: key_t,
    pub uid: uid_t,
    pub gid: gid_t,
    pub cuid: uid_t,
    pub cgid: gid_t,
    pub mode: mode_t,
    pub __seq: libc::c_ushort,
    pub __pad2: libc::c_ushort,
    pub __glibc_reserved1: __syscall_ulong_t,
    pub __glibc_reserved2: __syscall_ulong_t,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of ipc_perm"][::core::mem::size_of::<ipc_perm>() - 48usize];
    ["Alignment of ipc_perm"][::core::mem::align_of::<ipc_perm>() - 8usize];
    [
        "Offset of field: ipc_perm::__key",
    ][::core::mem::offset_of!(ipc_perm, __key) - 0usize];
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
    [
        "Offset of field: ipc_perm::__seq",
    ][::core::mem::offset_of!(ipc_perm, __seq) - 24usize];
    [
        "Offset of field: ipc_perm::__pad2",
    ][::core::mem::offset_of!(ipc_perm, __pad2) - 26usize];
    [
        "Offset of field: ipc_perm::__glibc_reserved1",
    ][::core::mem::offset_of!(ipc_perm, __glibc_reserved1) - 32usize];
    [
        "Offset of field: ipc_perm::__glibc_reserved2",
    ][::core::mem::offset_of!(ipc_perm, __glibc_reserved2) - 40usize];
};
unsafe extern "C" {
    pub fn ftok(__pathname: *const libc::c_char, __proj_id: libc::c_int) -> key_t;
}
pub type shmatt_t = __syscall_ulong_t;
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
    pub shm_nattch: shmatt_t,
    pub __glibc_reserved5: __syscall_ulong_t,
    pub __glibc_reserved6: __syscall_ulong_t,
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
        "Offset of field: shmid_ds::__glibc_reserved5",
    ][::core::mem::offset_of!(shmid_ds, __glibc_reserved5) - 96usize];
    [
        "Offset of field: shmid_ds::__glibc_reserved6",
    ][::core::mem::offset_of!(shmid_ds, __glibc_reserved6) - 104usize];
};
#[repr(C)]
#[derive(Debug, Default, Copy, Clone)]
pub struct shminfo {
    pub shmmax: __syscall_ulong_t,
    pub shmmin: __syscall_ulong_t,
    pub shmmni: __syscall_ulong_t,
    pub shmseg: __syscall_ulong_t,
    pub shmall: __syscall_ulong_t,
    pub __glibc_reserved1: __syscall_ulong_t,
    pub __glibc_reserved2: __syscall_ulong_t,
    pub __glibc_reserved3: __syscall_ulong_t,
    pub __glibc_reserved4: __syscall_ulong_t,
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
        "Offset of field: shminfo::__glibc_reserved1",
    ][::core::mem::offset_of!(shminfo, __glibc_reserved1) - 40usize];
    [
        "Offset of field: shminfo::__glibc_reserved2",
    ][::core::mem::offset_of!(shminfo, __glibc_reserved2) - 48usize];
    [
        "Offset of field: shminfo::__glibc_reserved3",
    ][::core::mem::offset_of!(shminfo, __glibc_reserved3) - 56usize];
    [
        "Offset of field: shminfo::__glibc_reserved4",
    ][::core::mem::offset_of!(shminfo, __glibc_reserved4) - 64usize];
};
#[repr(C)]
#[derive(Debug, Default, Copy, Clone)]
pub struct shm_info {
    pub used_ids: libc::c_int,
    pub shm_tot: __syscall_ulong_t,
    pub shm_rss: __syscall_ulong_t,
    pub shm_swp: __syscall_ulong_t,
    pub swap_attempts: __syscall_ulong_t,
    pub swap_successes: __syscall_ulong_t,
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
    pub fn shmctl(
        __shmid: libc::c_int,
        __cmd: libc::c_int,
        __buf: *mut shmid_ds,
    ) -> libc::c_int;
}
unsafe extern "C" {
    pub fn shmget(__key: key_t, __size: usize, __shmflg: libc::c_int) -> libc::c_int;
}
unsafe extern "C" {
    pub fn shmat(
        __shmid: libc::c_int,
        __shmaddr: *const libc::c_void,
        __shmflg: libc::c_int,
    ) -> *mut libc::c_void;
}
unsafe extern "C" {
    pub fn shmdt(__shmaddr: *const libc::c_void) -> libc::c_int;
}
pub const IPC_PRIVATE: key_t = 0;
pub const SHMLBA_PAGES: libc::c_int = 1;
pub const SHMLBA_BYTES: libc::c_int = 0;
pub const SHM_HUGE_16GB: libc::c_int = -2013265920;

/// Multiple that attach addresses are rounded to: asks for the page size, as
/// the header's macro of this name does.
#[must_use]
pub fn SHMLBA() -> libc::c_int {
    crate::shmlba()
}
