//! Kernels without `SHM_STAT_ANY` (before 4.17), simulated by a system call filter: then
//! the list comes from `/proc`, and without that from `SHM_STAT`, which shows the
//! readable segments and reports that there are more. (On POWER one system call, `ipc`,
//! does the work of all, and the filter does not support it.)
#![cfg(all(
    target_os = "linux",
    feature = "std",
    target_pointer_width = "64",
    target_endian = "little",
    not(target_arch = "powerpc64")
))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;
mod isolated;

use std::io;

use shm::{Mode, SegmentOptions};

/// `SHM_STAT_ANY` of `<linux/shm.h>`.
const SHM_STAT_ANY: u32 = 15;

/// No command has this number: it stands for every command.
const EVERY_COMMAND: u32 = 0xff;

/// Makes `shmctl(SHM_STAT_ANY)` fail with this error from now on.
fn without_stat_any(errno: libc::c_int) -> io::Result<()> {
    without(SHM_STAT_ANY, errno)
}

/// Makes one command of `shmctl`, or every one, fail with this error from now
/// on.
fn without(command: u32, errno: libc::c_int) -> io::Result<()> {
    let mask = match command {
        EVERY_COMMAND => 0,
        _ => 0xff,
    };
    let step = |code: u32, yes: u8, no: u8, value: u32| libc::sock_filter {
        code: code as u16,
        jt: yes,
        jf: no,
        k: value,
    };
    let load = libc::BPF_LD | libc::BPF_W | libc::BPF_ABS;
    let equal = libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K;
    let answer = libc::BPF_RET | libc::BPF_K;
    let mut program = [
        // The number of the call, then the low half of its second argument,
        // without the bit that some architectures add.
        step(load, 0, 0, 0),
        step(equal, 0, 4, libc::SYS_shmctl as u32),
        step(load, 0, 0, 24),
        step(libc::BPF_ALU | libc::BPF_AND | libc::BPF_K, 0, 0, mask),
        step(equal, 0, 1, command & mask),
        step(answer, 0, 0, libc::SECCOMP_RET_ERRNO | errno as u32),
        step(answer, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog {
        len: program.len() as u16,
        filter: program.as_mut_ptr(),
    };
    // SAFETY: takes numbers.
    if unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) } == -1 {
        return Err(io::Error::last_os_error());
    }
    let mode = libc::SECCOMP_MODE_FILTER;
    // SAFETY: a program of as many steps as it says, copied by the call.
    match unsafe { libc::prctl(libc::PR_SET_SECCOMP, mode, &raw const program) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

#[test]
fn linux_without_stat_any_the_list_comes_from_proc_and_then_from_stat() {
    let name = "linux_without_stat_any_the_list_comes_from_proc_and_then_from_stat";
    isolated::run(name, || {
        let _readable: Vec<_> = (1..=5).map(common::private).collect();
        let closed = SegmentOptions::new();
        let _closed = closed
            .size(7)
            .mode(Mode::NONE)
            .private()
            .unwrap()
            .remove_on_drop();
        let _removed = common::attached(9);
        let before = shm::segments().unwrap();
        if let Err(error) = without_stat_any(libc::EINVAL) {
            return common::skipped(format_args!("no filter on system calls: {error}"));
        }
        let by_proc = shm::segments().unwrap();
        assert!(
            by_proc.iter().all(|stat| stat.memory.is_some()),
            "it was /proc"
        );
        let without_memory = by_proc.into_iter().map(|mut stat| {
            stat.memory = None;
            stat
        });
        assert!(without_memory.eq(before.iter().cloned()));

        if let Err(error) = isolated::mount("tmpfs", "/proc/sysvipc", "") {
            return common::skipped(format_args!("cannot hide /proc/sysvipc: {error}"));
        }
        assert_eq!(shm::segments().unwrap(), before, "root may read all");
        let Some(theirs) = common::as_nobody(shm::segments) else {
            return;
        };
        let theirs = theirs.unwrap();
        assert_eq!((theirs.len(), theirs.unreadable), (0, before.len()));
    });
}

#[test]
fn linux_refusals_of_a_security_module_are_made_up_for_by_proc() {
    let name = "linux_refusals_of_a_security_module_are_made_up_for_by_proc";
    isolated::run(name, || {
        let _segments: Vec<_> = (1..=5).map(common::private).collect();
        if let Err(error) = without_stat_any(libc::EACCES) {
            return common::skipped(format_args!("no filter on system calls: {error}"));
        }
        let listed = shm::segments().unwrap();
        assert_eq!((listed.len(), listed.unreadable), (5, 0));
        if let Err(error) = isolated::mount("tmpfs", "/proc/sysvipc", "") {
            return common::skipped(format_args!("cannot hide /proc/sysvipc: {error}"));
        }
        let listed = shm::segments().unwrap();
        assert_eq!(
            (listed.len(), listed.unreadable),
            (5, 0),
            "SHM_STAT shows them"
        );
    });
}

#[test]
fn linux_filtered_calls_are_made_up_for_by_proc_and_without_it_said() {
    let name = "linux_filtered_calls_are_made_up_for_by_proc_and_without_it_said";
    isolated::run(name, || {
        let _segments: Vec<_> = (1..=5).map(common::private).collect();
        let (before, limits) = (shm::segments().unwrap(), shm::limits().unwrap());
        let pages = shm::usage().unwrap().pages;
        if let Err(error) = without(EVERY_COMMAND, libc::ENOSYS) {
            return common::skipped(format_args!("no filter on system calls: {error}"));
        }
        let listed = shm::segments().unwrap();
        assert_eq!(listed, shm::segments_with_memory().unwrap());
        let ids = |list: &shm::Segments| list.iter().map(|stat| stat.id).collect::<Vec<_>>();
        assert_eq!(ids(&listed), ids(&before));
        assert_eq!(shm::limits().unwrap(), limits);
        let usage = shm::usage().unwrap();
        assert_eq!((usage.segments, usage.pages), (5, pages));
        if let Err(error) = isolated::mount("tmpfs", "/proc/sysvipc", "") {
            return common::skipped(format_args!("cannot hide /proc/sysvipc: {error}"));
        }
        let error = shm::segments().unwrap_err();
        assert!(
            matches!(error.cause(), shm::Cause::Unsupported { .. }),
            "{error}"
        );
        assert_eq!(error.raw_os_error(), Some(libc::ENOSYS));
        assert_eq!(shm::usage().unwrap_err().raw_os_error(), Some(libc::ENOSYS));
    });
}
