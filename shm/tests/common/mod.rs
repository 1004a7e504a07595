//! Shared by the integration tests. Each test file uses a part of it.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

mod deadline;

use shm::{Attachment, OwnedSegment, Segment};

#[allow(unused_imports)]
pub use deadline::{Deadline, alarm_in, deadline, limit, limited, until};

/// A size that is not a multiple of any page size.
pub const ODD_SIZE: usize = 10_001;

/// A private segment that is removed on drop.
pub fn private(size: usize) -> OwnedSegment {
    Segment::private(size)
        .expect("a private segment")
        .remove_on_drop()
}

/// A private segment and an attachment of it.
pub fn attached(size: usize) -> (OwnedSegment, Attachment) {
    let segment = private(size);
    let attachment = segment.attach().expect("an attachment");
    (segment, attachment)
}

/// Reports that a test could not run here.
pub fn skipped(why: impl std::fmt::Display) {
    say("skipped", why);
}

/// Reports that a test runs without something.
pub fn partly(why: impl std::fmt::Display) {
    say("partly", why);
}

/// Prints it on a separate line, with the test's name.
fn say(what: &str, why: impl std::fmt::Display) {
    // The harness calls a test's thread by the test's name.
    let name = std::env::var(NAME)
        .ok()
        .or_else(|| std::thread::current().name().map(str::to_owned));
    let name = name.as_deref().unwrap_or("?");
    past_the_harness(&format!("{what}: {why} [{name}]"));
}

/// The test for which another process started this one.
const NAME: &str = "SHM_TEST_NAME";

/// The harness captures the output of passing tests.
fn past_the_harness(line: &str) {
    use std::io::Write;
    std::io::stdout()
        .write_all(format!("\n{line}\n").as_bytes())
        .expect("a place to print to");
}

/// Whether an emulator runs this program (the stage *emulate*).
pub fn is_emulated() -> bool {
    std::env::var_os("SHM_TEST_RUNNER").is_some()
}

/// The command that starts this program again for the test `name` alone: with the runner,
/// if there is one (`SHM_TEST_RUNNER`, set by the stage *emulate*).
pub fn again(name: &str) -> std::process::Command {
    use std::process::Command;
    let program = std::env::current_exe().unwrap();
    let mut command = match std::env::var_os("SHM_TEST_RUNNER") {
        Some(runner) => {
            let mut command = Command::new(runner);
            command.arg(program);
            command
        }
        None => Command::new(program),
    };
    command
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(NAME, name);
    limited(&mut command);
    command
}

/// `command` as the last arguments of `outer`, a program that runs others.
pub fn under(
    mut outer: std::process::Command,
    command: &std::process::Command,
) -> std::process::Command {
    outer.arg(command.get_program()).args(command.get_args());
    limited(&mut outer);
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    outer
}

/// Fails if that test failed; shows what it skipped.
pub fn passed_again(name: &str, output: &std::process::Output) {
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    // Indented, so that its lines are not taken for this process's.
    let all = format!("{printed}{errors}").replace('\n', "\n    ");
    assert!(output.status.success(), "{name}:\n    {all}");
    assert!(
        printed.contains("1 passed"),
        "{name} is not the name of the test:\n    {all}"
    );
    let of_skips = |line: &&str| line.starts_with("skipped: ") || line.starts_with("partly: ");
    printed.lines().filter(of_skips).for_each(past_the_harness);
}

/// [`skipped`] for lack of a program that could be installed. With `SHM_TEST_REQUIRE`, as
/// `cargo xtask ci --require-all` sets it, the test fails instead.
pub fn lacks(why: impl std::fmt::Display) {
    assert!(
        std::env::var_os("SHM_TEST_REQUIRE").is_none(),
        "SHM_TEST_REQUIRE is set, but {why}"
    );
    skipped(why);
}

/// The example's executable, beside the tests'.
pub fn example(name: &str) -> Option<std::path::PathBuf> {
    let tests = std::env::current_exe().unwrap();
    let path = tests.parent()?.parent()?.join("examples").join(name);
    if !path.exists() {
        lacks(format!("{} was not built", path.display()));
        return None;
    }
    Some(path)
}

#[cfg(target_os = "linux")]
#[allow(unused_imports)]
pub use linux::*;

#[cfg(target_os = "linux")]
mod linux {
    use std::os::fd::AsRawFd;
    use std::process::Command;
    use std::thread;

    use super::{again, deadline, lacks, passed_again, skipped, under};

    /// Runs a test in a new IPC namespace, where it may list, fill tables and change
    /// limits.
    ///
    /// A privileged process enters one on a thread. Otherwise the test runs again (`name`
    /// is its name) under `unshare --map-root-user --ipc`, and if that is not allowed,
    /// the test is skipped.
    pub fn in_own_namespace(name: &str, test: impl FnOnce() + Send + 'static) {
        let _deadline = deadline();
        if std::env::var_os("SHM_TEST_IN_NAMESPACE").is_some() {
            return test();
        }
        let entered = thread::spawn(|| {
            // SAFETY: concerns this thread only, and touches no memory.
            if unsafe { libc::unshare(libc::CLONE_NEWIPC) } == -1 {
                return false;
            }
            test();
            true
        });
        match entered.join() {
            Ok(true) => {}
            Ok(false) => again_under_unshare(name),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    fn again_under_unshare(name: &str) {
        let unshare = ["--map-root-user", "--ipc", "--"];
        match Command::new("unshare").args(unshare).arg("true").output() {
            Err(error) => return lacks(format_args!("unshare cannot be run: {error}")),
            Ok(output) if output.status.success() => {}
            Ok(_) => return skipped("this user can make no IPC namespace"),
        }
        let mut command = Command::new("unshare");
        command.args(unshare).env("SHM_TEST_IN_NAMESPACE", "1");
        passed_again(name, &under(command, &again(name)).output().unwrap());
    }

    /// Runs a closure as uid and gid 65534 without privileges, on a thread that drops
    /// them. Only a privileged process can; others skip it.
    pub fn as_nobody<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        const NOBODY: libc::c_long = 65534;
        #[cfg(any(target_arch = "x86", target_arch = "arm"))]
        const CALLS: [libc::c_long; 2] = [libc::SYS_setresgid32, libc::SYS_setresuid32];
        #[cfg(not(any(target_arch = "x86", target_arch = "arm")))]
        const CALLS: [libc::c_long; 2] = [libc::SYS_setresgid, libc::SYS_setresuid];

        let _deadline = deadline();
        let worker = thread::spawn(move || {
            // SAFETY: takes nothing.
            if unsafe { libc::geteuid() } != 0 {
                return None;
            }
            // The bare system calls change this thread; the C library's functions would
            // change all threads.
            for call in CALLS {
                // SAFETY: takes three numbers.
                if unsafe { libc::syscall(call, NOBODY, NOBODY, NOBODY) } == -1 {
                    return None;
                }
            }
            Some(work())
        });
        match worker.join() {
            Ok(None) => {
                skipped("only a privileged process can become another user");
                None
            }
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    /// Free huge pages of the default size, for the lifetime of the value.
    #[derive(Debug)]
    pub struct HugePool {
        before: String,
        /// Keeps other test processes from changing the pool meanwhile.
        _lock: std::fs::File,
    }

    impl HugePool {
        const PAGES: &'static str = "/proc/sys/vm/nr_hugepages";

        /// A pool with this many more pages, if this user may enlarge it.
        pub fn with(pages: usize) -> Option<Self> {
            let pool = Self::grown(pages);
            if pool.is_none() {
                skipped("this user or machine cannot have huge pages");
            }
            pool
        }

        fn grown(pages: usize) -> Option<Self> {
            let path = std::env::temp_dir().join("shm-test-huge-pages.lock");
            let lock = std::fs::File::create(path).ok()?;
            // SAFETY: takes an open file and a number.
            let locked = unsafe { libc::flock(lock.as_raw_fd(), libc::LOCK_EX) };
            if locked != 0 {
                return None;
            }
            let before = std::fs::read_to_string(Self::PAGES).ok()?;
            let had: usize = before.trim().parse().ok()?;
            std::fs::write(Self::PAGES, (had + pages).to_string()).ok()?;
            // From here on the pool is restored, whether it suffices or not.
            let pool = Self {
                before,
                _lock: lock,
            };
            let has: usize = std::fs::read_to_string(Self::PAGES)
                .ok()?
                .trim()
                .parse()
                .ok()?;
            (has >= had + pages).then_some(pool)
        }
    }

    impl Drop for HugePool {
        fn drop(&mut self) {
            let _ = std::fs::write(Self::PAGES, &self.before);
        }
    }

    /// Sets a limit of this thread's IPC namespace.
    pub fn set_limit(name: &str, value: u64) {
        std::fs::write(format!("/proc/sys/kernel/{name}"), value.to_string())
            .unwrap_or_else(|error| panic!("{name} = {value}: {error}"));
    }
}
