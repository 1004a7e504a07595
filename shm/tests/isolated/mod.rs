//! Runs tests of the system's view on Linux in a new IPC namespace: the test executable
//! starts itself again for one test, in new namespaces. Needs no other program.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io;
use std::os::unix::process::CommandExt;

use crate::common::{self, skipped};

/// Set in the process that runs the test.
const MARK: &str = "SHM_TEST_ISOLATED";

/// Runs a test in a new IPC namespace and mount namespace; `name` is the
/// test's. If this user may not create them, the test is reported as skipped.
pub fn run(name: &str, test: impl FnOnce()) {
    let _deadline = common::deadline();
    if std::env::var_os(MARK).is_some() {
        return test();
    }
    let mut again = common::again(name);
    again.env(MARK, "1");
    let ids = own_ids();
    // SAFETY: what runs between fork and exec makes system calls only.
    unsafe { again.pre_exec(move || isolate(&ids)) };
    let output = match again.output() {
        Ok(output) => output,
        Err(error) if error.raw_os_error() == Some(libc::ENOEXEC) => {
            return skipped("an emulator runs this program, and cannot start it again");
        }
        Err(error) if error.raw_os_error() == Some(libc::EPERM) => {
            return skipped("this user can make no IPC namespace");
        }
        Err(error) if error.raw_os_error() == Some(libc::EINVAL) => {
            return skipped("the root directory is no mount, as in a chroot");
        }
        Err(error) => panic!("{error}"),
    };
    common::passed_again(name, &output);
}

/// The only user and group that a new user namespace maps to root: this process's.
fn own_ids() -> [String; 2] {
    // SAFETY: cannot fail and touches no memory.
    let uid = unsafe { libc::geteuid() };
    // SAFETY: as above.
    let gid = unsafe { libc::getegid() };
    [uid, gid].map(|id| format!("0 {id} 1"))
}

/// Enters new namespaces; as an ordinary user inside a new user namespace, as its root.
fn isolate([uid, gid]: &[String; 2]) -> io::Result<()> {
    let denied = || io::Error::from_raw_os_error(libc::EPERM);
    let spaces = libc::CLONE_NEWIPC | libc::CLONE_NEWNS;
    // SAFETY: takes flags.
    if unsafe { libc::unshare(spaces) } == -1 {
        // SAFETY: takes flags.
        if unsafe { libc::unshare(spaces | libc::CLONE_NEWUSER) } == -1 {
            return Err(denied());
        }
        fs::write("/proc/self/setgroups", "deny").map_err(|_| denied())?;
        fs::write("/proc/self/uid_map", uid).map_err(|_| denied())?;
        fs::write("/proc/self/gid_map", gid).map_err(|_| denied())?;
    }
    // Mounts made here stay here.
    let (none, root) = (c"none".as_ptr(), c"/".as_ptr());
    let private = libc::MS_REC | libc::MS_PRIVATE;
    // SAFETY: NUL-terminated strings that outlive the call.
    match unsafe { libc::mount(none, root, std::ptr::null(), private, std::ptr::null()) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Mounts a file system in this mount namespace.
pub fn mount(kind: &str, at: &str, options: &str) -> io::Result<()> {
    let [kind, at, options] = [kind, at, options].map(|text| std::ffi::CString::new(text).unwrap());
    // SAFETY: NUL-terminated strings that outlive the call.
    let answer = unsafe {
        libc::mount(
            kind.as_ptr(),
            at.as_ptr(),
            kind.as_ptr(),
            0,
            options.as_ptr().cast(),
        )
    };
    if answer == -1 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

/// A child that inherits this process's attachments, does nothing, and is killed and
/// waited for on drop.
#[derive(Debug)]
pub struct Child(pub libc::pid_t);

impl Child {
    /// Forks; `work` runs in the child and may only make system calls.
    pub fn fork(work: impl FnOnce()) -> Self {
        let limit = common::limit();
        // SAFETY: the child has this thread alone. What it does is `work`, which
        // is system calls at every caller, and waiting: nothing that another
        // thread could have left half done. It never returns, not by a panic
        // either.
        match unsafe { libc::fork() } {
            -1 => panic!("fork: {}", io::Error::last_os_error()),
            0 => {
                // Its parent may wait for it.
                common::alarm_in(limit);
                if std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_err() {
                    std::process::abort();
                }
                loop {
                    // SAFETY: waits for a signal.
                    unsafe { libc::pause() };
                }
            }
            pid => Self(pid),
        }
    }
}

/// Moves to a new IPC namespace, creates a segment there and attaches it; makes only
/// system calls.
pub fn settle(key: libc::key_t, size: usize, mode: libc::c_int) {
    // SAFETY: takes flags.
    unsafe { libc::unshare(libc::CLONE_NEWIPC) };
    // SAFETY: takes numbers.
    let id = unsafe { libc::shmget(key, size, libc::IPC_CREAT | mode) };
    // SAFETY: at an address that the kernel chooses.
    unsafe { libc::shmat(id, std::ptr::null(), 0) };
}

impl Drop for Child {
    fn drop(&mut self) {
        // SAFETY: our own child, not waited for yet.
        unsafe { libc::kill(self.0, libc::SIGKILL) };
        // SAFETY: as above; no status is asked for.
        unsafe { libc::waitpid(self.0, std::ptr::null_mut(), 0) };
    }
}
