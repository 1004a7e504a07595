//! The bindings on the running kernel: each requested value comes back in the field of
//! that name.

#![allow(clippy::unwrap_used)]

use std::ptr;

/// Removes its segment on drop.
struct Segment(libc::c_int);

impl Segment {
    fn create(size: usize, flags: libc::c_int) -> Self {
        // SAFETY: `shmget` takes no pointers.
        let id = unsafe { shm_sys::shmget(shm_sys::IPC_PRIVATE, size, shm_sys::IPC_CREAT | flags) };
        assert!(id >= 0, "shmget: {}", std::io::Error::last_os_error());
        Self(id)
    }

    fn stat(&self) -> shm_sys::shmid_ds {
        let mut stat = shm_sys::shmid_ds::default();
        // SAFETY: `stat` is a complete, writable shmid_ds.
        let result = unsafe { shm_sys::shmctl(self.0, shm_sys::IPC_STAT, &raw mut stat) };
        assert_eq!(result, 0, "shmctl: {}", std::io::Error::last_os_error());
        stat
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        // SAFETY: IPC_RMID reads no buffer.
        unsafe { shm_sys::shmctl(self.0, shm_sys::IPC_RMID, ptr::null_mut()) };
    }
}

fn now() -> i64 {
    std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap()
        .as_secs()
        .try_into()
        .unwrap()
}

/// Widens numbers to compare them on all systems.
#[allow(clippy::unnecessary_fallible_conversions, clippy::useless_conversion)]
fn wide(number: impl TryInto<i64>) -> i64 {
    number.try_into().ok().unwrap()
}

#[test]
fn every_field_of_a_new_segment_is_what_was_asked_for() {
    let before = now();
    let size = 3 * usize::try_from(shm_sys::shmlba()).unwrap();
    let segment = Segment::create(size, 0o640);
    let stat = segment.stat();
    // SAFETY: no preconditions.
    let uid = unsafe { libc::getuid() };
    // SAFETY: no preconditions.
    let gid = unsafe { libc::getgid() };
    // SAFETY: no preconditions.
    let pid = unsafe { libc::getpid() };

    let perm = stat.shm_perm;
    assert_eq!((perm.uid, perm.cuid), (uid, uid));
    assert_eq!((perm.gid, perm.cgid), (gid, gid));
    assert_eq!(wide(perm.mode) & 0o777, 0o640);
    assert_eq!({ stat.shm_segsz } as usize, size);
    assert_eq!({ stat.shm_cpid }, pid);
    assert_eq!({ stat.shm_lpid }, 0);
    assert_eq!({ stat.shm_nattch }, 0);
    assert_eq!(({ stat.shm_atime }, { stat.shm_dtime }), (0, 0));
    assert!((before..=now()).contains(&wide(stat.shm_ctime)));
}

#[test]
fn attaching_and_detaching_show_in_the_fields_for_them() {
    let before = now();
    let segment = Segment::create(1, 0o600);
    // SAFETY: the kernel chooses a free address.
    let address = unsafe { shm_sys::shmat(segment.0, ptr::null(), shm_sys::SHM_RDONLY) };
    assert_ne!(
        address.addr(),
        usize::MAX,
        "shmat: {}",
        std::io::Error::last_os_error()
    );
    let attached = segment.stat();
    // SAFETY: `address` is what `shmat` returned, and nothing refers to it.
    assert_eq!(unsafe { shm_sys::shmdt(address) }, 0);
    let detached = segment.stat();

    // SAFETY: no preconditions.
    assert_eq!({ attached.shm_lpid }, unsafe { libc::getpid() });
    assert_eq!(({ attached.shm_nattch }, { detached.shm_nattch }), (1, 0));
    assert_eq!({ attached.shm_dtime }, 0);
    assert!((before..=now()).contains(&wide(attached.shm_atime)));
    assert!((before..=now()).contains(&wide(detached.shm_dtime)));
}

#[test]
fn set_changes_owner_and_mode_fields() {
    let segment = Segment::create(1, 0o600);
    let mut wanted = segment.stat();
    wanted.shm_perm.mode = 0o404;
    // SAFETY: `wanted` is a complete shmid_ds.
    let result = unsafe { shm_sys::shmctl(segment.0, shm_sys::IPC_SET, &raw mut wanted) };
    assert_eq!(result, 0);
    let stat = segment.stat();
    assert_eq!(wide(stat.shm_perm.mode) & 0o777, 0o404);
    assert_eq!({ stat.shm_perm }.uid, { wanted.shm_perm }.uid);
}

#[test]
fn the_rounding_multiple_is_a_multiple_of_the_page() {
    // SAFETY: no preconditions.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    assert_eq!(i64::from(shm_sys::shmlba()) % wide(page), 0);
}

/// Sizes must not pass through 32 signed bits. (On 32 bits nobody could attach it, and
/// musl's `shmget` converts it to `SIZE_MAX`.)
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
#[test]
fn a_size_of_3_gib_reaches_the_kernel_uncut() {
    let size = 3 << 30;
    let segment = Segment::create(size, 0o600 | shm_sys::SHM_NORESERVE);
    assert_eq!(segment.stat().shm_segsz, size);
}
