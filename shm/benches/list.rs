//! Lists segments and finds attached processes on Linux, compared with the shortest code
//! by hand: a bare `SHM_STAT_ANY` loop, reading and splitting `/proc/sysvipc/shm`, `grep`
//! and `lsof`.
//!
//! Runs in new IPC namespaces.

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
