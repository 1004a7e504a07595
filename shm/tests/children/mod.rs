//! Child processes of tests, by `fork(2)`.
//!
//! A child of a test runs in a copy of a process that had several threads, so
//! it should do little, must not panic, and ends by [`exit`]. One that waits in vain is
//! ended by the kernel.
#![allow(dead_code, unreachable_pub, clippy::panic)]

/// A child process. Dropping it, as a failing test does, kills it.
#[derive(Debug)]
pub struct Child {
    pid: libc::pid_t,
    ended: bool,
}

/// Keeps other tests of the file from running: a child inherits their attachments too,
/// and keeps them until it ends.
pub fn alone() -> std::sync::MutexGuard<'static, ()> {
    static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    // A failed test has left nothing half done.
    ALONE
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Forks; returns `None` in the child.
pub fn fork() -> Option<Child> {
    let limit = crate::common::limit();
    // SAFETY: the copy does no more than the tests' few lines, see above.
    match unsafe { libc::fork() } {
        -1 => panic!("cannot fork: {}", std::io::Error::last_os_error()),
        0 => {
            crate::common::alarm_in(limit);
            None
        }
        pid => Some(Child { pid, ended: false }),
    }
}

/// Ends a child at once, without running exit handlers.
pub fn exit(well: bool) -> ! {
    // SAFETY: ends the process.
    unsafe { libc::_exit(i32::from(!well)) }
}

impl Child {
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// Waits for its end and returns whether it succeeded.
    pub fn ends_well(mut self) -> bool {
        let status = self.wait();
        libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0
    }

    /// `kill -9` at any moment, and waits until it has ended.
    pub fn kill(mut self) {
        self.kill_and_wait();
    }

    fn kill_and_wait(&mut self) {
        // SAFETY: a child that was not waited for, so the number is its own.
        unsafe { libc::kill(self.pid, libc::SIGKILL) };
        self.wait();
    }

    fn wait(&mut self) -> i32 {
        let mut status = 0;
        loop {
            // SAFETY: writes one int.
            let pid = unsafe { libc::waitpid(self.pid, &raw mut status, 0) };
            if pid == self.pid {
                self.ended = true;
                return status;
            }
            let error = std::io::Error::last_os_error();
            if error.kind() != std::io::ErrorKind::Interrupted {
                panic!("cannot wait for {}: {error}", self.pid);
            }
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if !self.ended {
            self.kill_and_wait();
        }
    }
}
