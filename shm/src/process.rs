//! One process on the BSDs and macOS, by its number, without reading others. Linux shows
//! the same as text, under `/proc`.

use crate::decode::Malformed;
use crate::error::{Cause, Errno, Error, Operation, Result, Target};
use crate::{Timestamp, sys};

/// A process, from [`process()`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Process {
    /// Its number.
    pub pid: i32,
    /// The program's name, without its path; the kernel cuts it at 16 to 31
    /// bytes. Bytes that are not UTF-8 are replaced.
    pub name: String,
    /// Its arguments, as it presents them; empty if the kernel refuses them (another
    /// user's process on macOS) or there are none.
    pub arguments: Vec<String>,
    /// Its start, in seconds; `None` if the kernel does not report it.
    pub start_time: Option<Timestamp>,
    /// Its effective user.
    pub uid: u32,
    /// Whether it has exited and its parent has not waited for it. It no longer has
    /// anything attached.
    pub zombie: bool,
}

/// Returns the process with this number; `None` if there is
/// certainly no such process.
///
/// Uses the sysctl `kern.proc.pid` on FreeBSD and DragonFly, `KERN_PROC2` on NetBSD,
/// `KERN_PROC` on OpenBSD (under `pledge(2)` only with the promise `ps`), and
/// `proc_pidinfo` on macOS. Not available on Linux, where `/proc/PID/stat` has the data.
///
/// # Errors
///
/// The system hides processes from this one (a jail, `security.bsd.see_*` of FreeBSD,
/// `security.curtain` of NetBSD, `kern.ps_showallprocs` of DragonFly), so absence proves
/// nothing; or it refuses, or returns an unknown form.
///
/// ```
/// let own = std::process::id() as i32;
/// let process = shm::process(own)?.unwrap();
/// assert_eq!(process.pid, own);
/// assert!(!process.zombie);
/// # Ok::<(), shm::Error>(())
/// ```
pub fn process(pid: i32) -> Result<Option<Process>> {
    let failed = |errno: Errno| {
        let cause = Cause::System(errno.as_raw());
        Error::from_system(
            Operation::InspectProcess,
            Target::Process(pid),
            cause,
            errno,
        )
    };
    let refused =
        |cause: Cause| Error::refused(Operation::InspectProcess, Target::Process(pid), cause);
    let Some(record) = sys::process::record(pid).map_err(failed)? else {
        return match hides_processes() {
            true => Err(refused(HIDDEN)),
            false => Ok(None),
        };
    };
    let facts = sys::process::LAYOUT.decode(&record);
    let facts = facts.map_err(|malformed| refused(malformed.into()))?;
    if facts.pid != pid {
        return Err(refused(
            Malformed("the kernel's answer is about another process").into(),
        ));
    }
    Ok(Some(Process {
        pid,
        name: facts.name,
        arguments: match facts.zombie {
            true => Vec::new(),
            false => sys::process::arguments(pid),
        },
        start_time: facts.start.and_then(Timestamp::from_secs),
        uid: facts.uid,
        zombie: facts.zombie,
    }))
}

const HIDDEN: Cause = Cause::Unsupported {
    what: "this system hides processes from this one, and it may be one of those",
};

/// Process 1 always runs: if it is hidden, others are hidden too.
fn hides_processes() -> bool {
    !matches!(sys::process::record(1), Ok(Some(_))) || sys::process::hides_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_process_is_found_with_its_facts() {
        let own = sys::process_id();
        let found = process(own).unwrap().unwrap();
        assert_eq!((found.pid, found.uid), (own, sys::effective_uid()));
        assert!(!found.zombie && !found.name.is_empty());
        let program = std::env::args().next().unwrap();
        assert_eq!(found.arguments.first(), Some(&program));
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() as i64;
        let age = now - found.start_time.unwrap().as_secs();
        assert!((-2..24 * 3600).contains(&age), "started {age} s ago");
    }

    #[test]
    fn process_that_was_reaped_is_absent_or_hidden() {
        let program = std::env::current_exe().unwrap();
        let mut child = std::process::Command::new(program)
            .arg("--list")
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let pid = i32::try_from(child.id()).unwrap();
        child.wait().unwrap();
        match process(pid) {
            Ok(found) => assert_eq!(found, None),
            Err(error) => assert_eq!(*error.cause(), HIDDEN),
        }
    }
}
