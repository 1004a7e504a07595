//! Linux: namespaces from `/proc/PID/ns/ipc`, entered with `setns(2)`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Error as IoError, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::panic;
use std::thread;

use super::{Namespace, Namespaces};
use crate::error::{Cause, Error, Operation, Result, Target};
use crate::processes::{self, ProcessScan};
use crate::sys;

/// Returns the namespaces of all processes that this process can inspect.
pub(super) fn all() -> Result<Namespaces> {
    let mut found = BTreeMap::<u64, Vec<i32>>::new();
    let mut unreadable = 0;
    for pid in processes::numbers()? {
        match processes::namespace_of(pid) {
            Ok(inode) => found.entry(inode).or_default().push(pid),
            Err(error) if sys::mappings::has_ended(&error) => {}
            Err(_) => unreadable += 1,
        }
    }
    // That of this thread, which may have left its process's.
    if let Some(own) = processes::own_namespace()? {
        found.entry(own).or_default();
    }
    let namespace = |(inode, processes)| Namespace {
        inode: Some(inode),
        processes,
    };
    Ok(Namespaces {
        list: found.into_iter().map(namespace).collect(),
        unreadable,
        invisible: processes::others_are_invisible(),
    })
}

pub(super) fn of_process(pid: i32) -> Result<Namespace> {
    let inode = processes::namespace_of(pid).map_err(|error| {
        let cause = match error.kind() {
            ErrorKind::NotFound => Cause::NamespaceGone,
            ErrorKind::PermissionDenied => Cause::NamespaceDenied,
            _ => system(&error),
        };
        Error::refused(Operation::EnterNamespace, Target::NamespaceOf(pid), cause)
    })?;
    Ok(Namespace {
        inode: Some(inode),
        processes: vec![pid],
    })
}

pub(super) fn own_inode() -> Option<u64> {
    processes::own_namespace().ok().flatten()
}

pub(super) fn scan(inode: Option<u64>) -> Result<ProcessScan> {
    processes::scan_namespace(inode)
}

/// Runs `work` in the namespace, on a thread that enters it and ends.
///
/// Uses a new thread because a thread cannot always leave a namespace again: the way back
/// needs a right over the old one.
pub(super) fn enter<T: Send>(
    inode: u64,
    processes: &[i32],
    work: impl FnOnce() -> Result<T> + Send,
) -> Result<T> {
    let door = open(inode, processes)?;
    thread::scope(|scope| {
        let inside = || {
            sys::mappings::enter_ipc_namespace(&door).map_err(|errno| {
                let cause = match errno.as_raw() {
                    libc::EPERM | libc::EACCES => Cause::NamespaceDenied,
                    number => Cause::System(number),
                };
                Error::from_system(
                    Operation::EnterNamespace,
                    Target::Namespace(inode),
                    cause,
                    errno,
                )
            })?;
            work()
        };
        let thread = thread::Builder::new().name("ipc-namespace".into());
        let spawned = thread
            .spawn_scoped(scope, inside)
            .map_err(|error| failed(inode, system(&error)))?;
        spawned
            .join()
            .unwrap_or_else(|payload| panic::resume_unwind(payload))
    })
}

/// Returns the namespace's file, from a process in it: one of those that were seen in it,
/// or any.
fn open(inode: u64, seen: &[i32]) -> Result<File> {
    let mut denied = false;
    for &pid in seen {
        match File::open(format!("/proc/{pid}/ns/ipc")) {
            Ok(file) if is(&file, inode) => return Ok(file),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => denied = true,
            _ => {}
        }
    }
    let file = |pid: i32| File::open(format!("/proc/{pid}/ns/ipc")).ok();
    if let Some(door) = processes::numbers()?
        .filter_map(file)
        .find(|file| is(file, inode))
    {
        return Ok(door);
    }
    let cause = if denied {
        Cause::NamespaceDenied
    } else {
        Cause::NamespaceGone
    };
    Err(failed(inode, cause))
}

/// Process numbers are reused, so the file's inode decides which namespace it is.
fn is(file: &File, inode: u64) -> bool {
    file.metadata()
        .is_ok_and(|metadata| metadata.ino() == inode)
}

fn failed(inode: u64, cause: Cause) -> Error {
    Error::refused(Operation::EnterNamespace, Target::Namespace(inode), cause)
}

fn system(error: &IoError) -> Cause {
    Cause::System(error.raw_os_error().unwrap_or(libc::EIO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linux_process_that_is_in_another_namespace_by_now_is_no_way_in() {
        let own = own_inode().unwrap();
        let here = sys::process_id();
        assert!(is(&open(own, &[here]).unwrap(), own));
        // No process is in it, whatever was seen before.
        let error = open(1, &[here]).unwrap_err();
        assert!(
            matches!(error.cause(), Cause::NamespaceGone | Cause::NamespaceDenied),
            "{error}"
        );
    }
}
