//! Listing segments and finding the processes attached to them, on Linux,
//! against the shortest way by hand: a bare `SHM_STAT_ANY` loop, reading
//! `/proc/sysvipc/shm` and splitting it, `grep` and `lsof`.
//!
//! Runs in IPC namespaces of its own.

#[cfg(target_os = "linux")]
mod harness;

#[cfg(target_os = "linux")]
#[path = "list/linux.rs"]
mod linux;

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    linux::run()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("skipped: what it is compared with is Linux's");
}
