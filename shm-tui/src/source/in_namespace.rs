//! Runs work in an IPC namespace.
//!
//! Identifiers have no meaning outside their namespace, so work with them runs on a
//! thread that enters the namespace and ends with the work. An attachment made there
//! stays: mappings belong to the process, not to the thread.

use std::path::Path;

use super::SourceError;

/// Runs `work` in `namespace`, or in the current one without it.
pub(super) fn run<T: Send>(
    namespace: Option<&shm::Namespace>,
    work: impl FnOnce() -> Result<T, SourceError> + Send,
) -> Result<T, SourceError> {
    let Some(namespace) = namespace else {
        return work();
    };
    std::thread::scope(|scope| {
        let inside = scope.spawn(|| {
            system::enter(namespace)?;
            work()
        });
        match inside.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Moves this thread, and the threads it starts, into the namespace at `path`:
/// `/proc/PID/ns/ipc`, or a mount or link of it.
///
/// # Errors
///
/// If it is not an IPC namespace, or cannot be entered.
pub fn enter(path: &Path) -> Result<(), SourceError> {
    system::enter_path(path)
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs::File;
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::Path;

    use rustix::io::Errno;
    use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

    use super::SourceError;

    pub(super) fn enter(namespace: &shm::Namespace) -> Result<(), SourceError> {
        let inode = namespace.inode();
        let is_it = |door: &File| door.metadata().is_ok_and(|door| Some(door.ino()) == inode);
        // Its process may have exited, and the number been reused.
        let door = namespace
            .processes()
            .iter()
            .filter_map(|pid| File::open(format!("/proc/{pid}/ns/ipc")).ok())
            .find(is_it);
        let Some(door) = door else {
            return Err(SourceError::new(
                "this IPC namespace no longer exists, or cannot be entered",
            ));
        };
        let kind = LinkNameSpaceType::InterProcessCommunication;
        move_into_link_name_space(door.as_fd(), Some(kind))
            .map_err(|error| SourceError::new(format!("cannot enter this IPC namespace: {error}")))
    }

    pub(super) fn enter_path(path: &Path) -> Result<(), SourceError> {
        let name = path.display();
        let failed = |error: std::io::Error| {
            let hint = match error.raw_os_error().map(Errno::from_raw_os_error) {
                Some(Errno::PERM) => " (it takes CAP_SYS_ADMIN over the namespace)",
                Some(Errno::INVAL) => " (it is not an IPC namespace)",
                _ => "",
            };
            SourceError::new(format!(
                "cannot enter the IPC namespace {name}: {error}{hint}"
            ))
        };
        let door = File::open(path).map_err(failed)?;
        // Entering the current namespace needs no right.
        if shm::Namespace::own().inode() == door.metadata().ok().map(|door| door.ino()) {
            return Ok(());
        }
        let kind = LinkNameSpaceType::InterProcessCommunication;
        move_into_link_name_space(door.as_fd(), Some(kind)).map_err(|error| failed(error.into()))
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::SourceError;

    pub(super) fn enter(_: &shm::Namespace) -> Result<(), SourceError> {
        Err(SourceError::new("this system has no IPC namespaces"))
    }

    pub(super) fn enter_path(_: &std::path::Path) -> Result<(), SourceError> {
        Err(SourceError::new("this system has no IPC namespaces"))
    }
}
