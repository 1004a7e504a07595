//! The user of this program, and its privileges on segments of others: for dry runs.

use rustix::process::{geteuid, getrlimit};

use crate::model::dry_run::Caller;

/// Returns the current state of this process. Privileges also count in an entered
/// namespace, because entering required them in its user namespace.
pub(super) fn caller() -> Caller {
    let uid = geteuid().as_raw();
    let (admin, lock) = privileges(uid == 0);
    Caller {
        uid,
        admin,
        lock,
        lock_bytes: getrlimit(rustix::process::Resource::Memlock).current,
    }
}

/// Root in a container often lacks both, so the capabilities are checked.
#[cfg(target_os = "linux")]
fn privileges(is_root: bool) -> (bool, bool) {
    use rustix::thread::{CapabilitySet, capabilities};

    match capabilities(None) {
        Ok(sets) => (
            sets.effective.contains(CapabilitySet::SYS_ADMIN),
            sets.effective.contains(CapabilitySet::IPC_LOCK),
        ),
        Err(_) => (is_root, is_root),
    }
}

#[cfg(not(target_os = "linux"))]
fn privileges(is_root: bool) -> (bool, bool) {
    (is_root, is_root)
}
