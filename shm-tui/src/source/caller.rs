//! Who this program runs as, and what the system lets it do to segments of
//! others: for dry runs.

use rustix::process::{geteuid, getrlimit};

use crate::model::dry_run::Caller;

/// This process as it is now. In a namespace that was entered the privileges
/// count too: entering took one over its user namespace.
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

/// A container's root often lacks both, so the capabilities are asked for.
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
