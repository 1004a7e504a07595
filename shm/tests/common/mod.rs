//! What the integration tests share. Each test file uses a part of it.
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

/// A size that is no multiple of any page size.
pub const ODD_SIZE: usize = 10_001;

/// A private segment that goes with the value.
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

/// Says that a test could not be run here.
pub fn skipped(why: impl std::fmt::Display) {
    say("skipped", why);
}

/// Says that a test goes on without something.
pub fn partly(why: impl std::fmt::Display) {
    say("partly", why);
}

/// On a line of its own, with the test's name.
fn say(what: &str, why: impl std::fmt::Display) {
    // The harness calls a test's thread by the test's name.
    let name = std::env::var(NAME)
        .ok()
        .or_else(|| std::thread::current().name().map(str::to_owned));
    let name = name.as_deref().unwrap_or("?");
    past_the_harness(&format!("{what}: {why} [{name}]"));
}

/// The test that this process was started for by another one.
const NAME: &str = "SHM_TEST_NAME";

/// What a passing test prints the harness shows to nobody.
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

/// This program, to be started again for the test `name` alone: by what runs it,
/// if something does (`SHM_TEST_RUNNER`, which the stage *emulate* sets).
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

/// Fails if that test did; shows what it skipped.
pub fn passed_again(name: &str, output: &std::process::Output) {
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    // Indented, so that nobody takes its lines for this process's.
    let all = format!("{printed}{errors}").replace('\n', "\n    ");
    assert!(output.status.success(), "{name}:\n    {all}");
    assert!(
        printed.contains("1 passed"),
        "{name} is not the name of the test:\n    {all}"
    );
    let of_skips = |line: &&str| line.starts_with("skipped: ") || line.starts_with("partly: ");
    printed.lines().filter(of_skips).for_each(past_the_harness);
}

/// [`skipped`] for want of a program that could be installed. Where
/// `SHM_TEST_REQUIRE` is set, as `cargo xtask ci --require-all` does, the test
/// fails instead.
pub fn lacks(why: impl std::fmt::Display) {
    assert!(
        std::env::var_os("SHM_TEST_REQUIRE").is_none(),
        "SHM_TEST_REQUIRE is set, but {why}"
    );
    skipped(why);
}

/// The example's executable, which lies beside the tests'.
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

    /// Runs a test in an IPC namespace of its own, where it may list, fill
    /// tables and change limits.
    ///
    /// A privileged process enters one by a thread. Another one runs the test
    /// again (`name` is its name) under `unshare --map-root-user --ipc`, and
    /// where that is not allowed the test is skipped.
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

    /// Runs a closure as uid and gid 65534 without privileges, by a thread that
    /// gives them up. Only a privileged process can; for others it is skipped.
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
            // The bare system calls change this thread; the C library's
            // functions would change all of them.
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

    /// Free huge pages of the default size, for as long as the value lives.
    #[derive(Debug)]
    pub struct HugePool {
        before: String,
        /// Keeps other test processes from changing the pool meanwhile.
        _lock: std::fs::File,
    }

    impl HugePool {
        const PAGES: &'static str = "/proc/sys/vm/nr_hugepages";

        /// A pool with this many pages more, where this user may have them.
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
            // From here on the pool is put back, enough or not.
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
