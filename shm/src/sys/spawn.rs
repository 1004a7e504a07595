//! Runs a program and reads its output, without a copy of this process.
//!
//! `fork(2)` gives the child every attachment of its parent, and the child's `exec`
//! detaches them: `nattch` rises and falls, and `shm_dtime` of everything that this
//! process has attached becomes now (seen on DragonFly 5.9; Linux does the same).
//! `posix_spawn(3)` shares the address space instead, on DragonFly by `vfork`. The
//! standard library's `Command` uses it only on some systems, and forks on DragonFly.

use std::ffi::{CStr, CString, OsString, c_char};
use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd, RawFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::Path;

use crate::error::Errno;
use crate::sys::last_errno;

/// The output and status of a program.
#[derive(Debug)]
pub(crate) struct Output {
    /// Whether it exited with code 0.
    pub(crate) success: bool,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

/// Runs `program` with these arguments, English messages and no input, and waits for its
/// end.
pub(crate) fn output(program: &Path, arguments: &[&str]) -> Result<Output, Errno> {
    let (out, out_end) = pipe()?;
    let (err, err_end) = pipe()?;
    let child = start(program, arguments, &out_end, &err_end);
    // Otherwise the pipes never end.
    drop((out_end, err_end));
    let child = child?;
    let read = read_both(File::from(out), File::from(err));
    let status = wait(child)?;
    let (stdout, stderr) = read?;
    Ok(Output {
        success: libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0,
        stdout,
        stderr,
    })
}

/// Returns the read and write ends; no other program inherits them.
fn pipe() -> Result<(OwnedFd, OwnedFd), Errno> {
    let mut ends: [RawFd; 2] = [-1; 2];
    // SAFETY: the call writes two descriptors into the array.
    if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) } == -1 {
        return Err(last_errno());
    }
    let [read, write] = ends;
    // SAFETY: the call has just made this descriptor, and nobody else has it.
    let read = unsafe { OwnedFd::from_raw_fd(read) };
    // SAFETY: as above.
    let write = unsafe { OwnedFd::from_raw_fd(write) };
    Ok((read, write))
}

/// Starts the program and returns its process number.
fn start(
    program: &Path,
    arguments: &[&str],
    out: &OwnedFd,
    err: &OwnedFd,
) -> Result<libc::pid_t, Errno> {
    let invalid = |_| Errno::from_raw(libc::EINVAL);
    let name = CString::new(program.as_os_str().as_bytes()).map_err(invalid)?;
    let arguments = arguments.iter().map(|text| CString::new(*text));
    let arguments: Vec<CString> = arguments.collect::<Result<_, _>>().map_err(invalid)?;
    let variables = variables(std::env::vars_os());
    let argv = pointers(std::iter::once(&name).chain(&arguments));
    let envp = pointers(variables.iter());

    let mut actions = Actions::new()?;
    actions.open_nothing_as(libc::STDIN_FILENO)?;
    actions.duplicate(out, libc::STDOUT_FILENO)?;
    actions.duplicate(err, libc::STDERR_FILENO)?;
    let mut child = 0;
    // SAFETY: the path is NUL-terminated, both lists end with a null pointer and
    // their strings live until the end of this function; the actions are
    // initialized; the child's number is ours to be written.
    let answer = unsafe {
        libc::posix_spawn(
            &raw mut child,
            name.as_ptr(),
            actions.as_ptr(),
            std::ptr::null(),
            argv.as_ptr(),
            envp.as_ptr(),
        )
    };
    match answer {
        0 => Ok(child),
        number => Err(Errno::from_raw(number)),
    }
}

/// Returns the environment of this process, changed for English messages.
fn variables(own: impl Iterator<Item = (OsString, OsString)>) -> Vec<CString> {
    own.filter(|(name, _)| name != "LC_ALL")
        .map(|(name, value)| [name.into_vec(), value.into_vec()].join(&b'='))
        .chain([b"LC_ALL=C".to_vec()])
        // The environment cannot contain a variable with a NUL byte.
        .filter_map(|variable| CString::new(variable).ok())
        .collect()
}

/// Pointers to the strings, terminated by a null pointer.
fn pointers<'a>(strings: impl Iterator<Item = &'a CString>) -> Vec<*mut c_char> {
    strings
        .map(|string| string.as_ptr().cast_mut())
        .chain([std::ptr::null_mut()])
        .collect()
}

/// The file actions of the child before its program starts.
struct Actions(libc::posix_spawn_file_actions_t);

impl Actions {
    fn new() -> Result<Self, Errno> {
        let mut actions = std::mem::MaybeUninit::uninit();
        // SAFETY: the call initializes what the pointer names, which is ours.
        let answer = unsafe { libc::posix_spawn_file_actions_init(actions.as_mut_ptr()) };
        done(answer)?;
        // SAFETY: the call above succeeded.
        Ok(Self(unsafe { actions.assume_init() }))
    }

    fn as_ptr(&self) -> *const libc::posix_spawn_file_actions_t {
        &raw const self.0
    }

    /// Gives the child an empty input.
    fn open_nothing_as(&mut self, number: RawFd) -> Result<(), Errno> {
        const NOTHING: &CStr = c"/dev/null";
        // SAFETY: the actions are initialized, and the path is NUL-terminated.
        done(unsafe {
            libc::posix_spawn_file_actions_addopen(
                &raw mut self.0,
                number,
                NOTHING.as_ptr(),
                libc::O_RDONLY,
                0,
            )
        })
    }

    /// Gives the child a descriptor of this process under another number.
    fn duplicate(&mut self, descriptor: &OwnedFd, number: RawFd) -> Result<(), Errno> {
        // SAFETY: the actions are initialized; the other arguments are numbers,
        // which the child checks.
        done(unsafe {
            libc::posix_spawn_file_actions_adddup2(&raw mut self.0, descriptor.as_raw_fd(), number)
        })
    }
}

impl Drop for Actions {
    fn drop(&mut self) {
        // SAFETY: the actions are initialized and no longer used.
        unsafe { libc::posix_spawn_file_actions_destroy(&raw mut self.0) };
    }
}

/// Converts the error number that these functions return.
fn done(answer: i32) -> Result<(), Errno> {
    match answer {
        0 => Ok(()),
        number => Err(Errno::from_raw(number)),
    }
}

/// Reads both to their ends, as data arrives: a program that has filled one pipe waits
/// until somebody reads it.
fn read_both(mut out: File, mut err: File) -> Result<(Vec<u8>, Vec<u8>), Errno> {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let wait_for = |file: &File| libc::pollfd {
        fd: file.as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    };
    let mut wanted = [wait_for(&out), wait_for(&err)];
    // A negative descriptor marks an ended pipe, and is skipped.
    while wanted.iter().any(|wanted| wanted.fd >= 0) {
        // SAFETY: the call reads and writes as many elements as are said.
        if unsafe { libc::poll(wanted.as_mut_ptr(), 2, -1) } == -1 {
            match last_errno() {
                errno if errno.as_raw() == libc::EINTR => continue,
                errno => return Err(errno),
            }
        }
        let [of_out, of_err] = &mut wanted;
        read_some(of_out, &mut out, &mut stdout)?;
        read_some(of_err, &mut err, &mut stderr)?;
    }
    Ok((stdout, stderr))
}

/// Reads the available data, and records the end.
fn read_some(asked: &mut libc::pollfd, file: &mut File, bytes: &mut Vec<u8>) -> Result<(), Errno> {
    if asked.fd < 0 || asked.revents == 0 {
        return Ok(());
    }
    let mut piece = [0; 4096];
    match file.read(&mut piece) {
        Ok(0) => asked.fd = -1,
        Ok(length) => bytes.extend(piece.iter().take(length)),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
        Err(error) => return Err(Errno::from_raw(error.raw_os_error().unwrap_or(libc::EIO))),
    }
    Ok(())
}

/// Waits for the end of a child.
fn wait(child: libc::pid_t) -> Result<i32, Errno> {
    let mut status = 0;
    loop {
        // SAFETY: the call writes the status, which is ours.
        if unsafe { libc::waitpid(child, &raw mut status, 0) } != -1 {
            return Ok(status);
        }
        match last_errno() {
            errno if errno.as_raw() == libc::EINTR => {}
            // If the process ignores SIGCHLD the exit code is lost, and the output has to
            // suffice.
            errno if errno.as_raw() == libc::ECHILD => return Ok(0),
            errno => return Err(errno),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Segment;

    fn shell(script: &str) -> Output {
        output(Path::new("/bin/sh"), &["-c", script]).unwrap()
    }

    #[test]
    fn output_errors_and_the_code_of_a_program_are_kept_apart() {
        let output = shell("echo out; echo err >&2; exit 3");
        assert_eq!(output.stdout, b"out\n");
        assert_eq!(output.stderr, b"err\n");
        assert!(!output.success);
        assert!(shell("exit 0").success);
        assert!(!shell("kill -9 $$").success);
        // There is nothing to read, and nobody is asked.
        assert_eq!(shell("cat; echo $LC_ALL").stdout, b"C\n");
    }

    #[test]
    fn more_than_a_pipe_holds_is_read_from_both() {
        let script = "i=0; while [ $i -lt 3000 ]; do \
                      echo 0123456789012345678901234567890123456789; \
                      echo 0123456789012345678901234567890123456789 >&2; i=$((i + 1)); done";
        let output = shell(script);
        assert_eq!(
            (output.stdout.len(), output.stderr.len()),
            (123_000, 123_000)
        );
    }

    #[test]
    fn a_program_that_is_missing_is_said_to_be() {
        let error = output(Path::new("/no/such/program"), &[]).unwrap_err();
        assert_eq!(error.as_raw(), libc::ENOENT);
    }

    #[test]
    fn running_a_program_leaves_attachments_alone() {
        if std::env::var_os("SHM_TEST_RUNNER").is_some() {
            println!("skipped: qemu carries out vfork as fork");
            return;
        }
        let segment = Segment::private(100).unwrap().remove_on_drop();
        let _attachment = segment.attach().unwrap();
        let before = segment.stat().unwrap();
        assert!(shell("exit 0").success);
        let after = segment.stat().unwrap();
        assert_eq!(after.detach_time, None);
        assert_eq!(after, before);
        // A fork does this, and a spawn must not.
        forked();
        let deadline = std::time::Instant::now() + Duration::from_secs(10);
        while segment.stat().unwrap().detach_time.is_none() {
            assert!(std::time::Instant::now() < deadline);
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Runs a program as `Command` does where it forks.
    fn forked() {
        use std::os::unix::process::CommandExt as _;
        let mut command = std::process::Command::new("/bin/sh");
        command.args(["-c", "exit 0"]);
        // SAFETY: the closure does nothing at all; that there is one makes
        // `Command` fork.
        unsafe { command.pre_exec(|| Ok(())) };
        assert!(command.status().unwrap().success());
    }
}
