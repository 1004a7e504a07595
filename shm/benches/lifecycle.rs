//! A segment's life against the bare calls of the C library.
//!
//! `lifecycle` compares with the calls that the same promises need: create, who the
//! creator is, attach, stat, on Linux the `mremap(2)` that shows how much is mapped,
//! detach, before the removal whether the identifier still names what was created,
//! and remove. `tests/syscalls.rs` counts the same calls. `lifecycle_five` compares
//! with the five calls that do without: a C program that makes them accesses memory
//! that it does not have if a privileged process has truncated the segment, and
//! removes another's segment if the identifier was reused.

mod harness;

use std::error::Error;
use std::hint::black_box;
use std::mem::MaybeUninit;

use harness::{Harness, Size};
use shm::Segment;

fn main() -> Result<(), Box<dyn Error>> {
    let mut harness = Harness::start();
    for size in [4 << 10, 1 << 20] {
        let ours = || ours(black_box(size));
        let needed = || needed(black_box(size));
        harness.compare("lifecycle", Size::Bytes(size), needed, ours)?;
        let five = || five(black_box(size));
        harness.compare("lifecycle_five", Size::Bytes(size), five, ours)?;
    }
    harness.finish();
    Ok(())
}

/// What the crate does, with every answer checked and the attachment typed.
fn ours(size: usize) -> shm::Result<()> {
    let segment = Segment::private(size)?;
    let attachment = segment.attach()?;
    // The stat that attaching has made anyway.
    black_box(attachment.stat_when_attached().attached);
    attachment.detach()?;
    segment.remove()
}

/// The calls that the promises need, and the answers checked as a careful C
/// program does.
#[allow(clippy::unnecessary_cast, reason = "sizes are a C int on some systems")]
fn needed(size: usize) -> std::io::Result<()> {
    let id = create(size)?;
    // SAFETY: takes nothing.
    let pid = unsafe { libc::getpid() };
    // SAFETY: takes nothing.
    let uid = unsafe { libc::geteuid() };
    let base = attach(id)?;
    let ds = stat(id)?;
    black_box(ds.shm_nattch);
    is_mapped(base, ds.shm_segsz as usize)?;
    detach(base)?;
    let now = stat(id)?;
    if now.shm_cpid != pid || now.shm_perm.cuid != uid || now.shm_segsz as usize != size {
        return Err(std::io::ErrorKind::NotFound.into());
    }
    remove(id)
}

/// Five calls, and the answers checked.
fn five(size: usize) -> std::io::Result<()> {
    let id = create(size)?;
    let base = attach(id)?;
    black_box(stat(id)?.shm_nattch);
    detach(base)?;
    remove(id)
}

fn create(size: usize) -> std::io::Result<libc::c_int> {
    // SAFETY: numbers only.
    let id = unsafe { libc::shmget(libc::IPC_PRIVATE, size, libc::IPC_CREAT | 0o600) };
    check(id).map(|()| id)
}

fn attach(id: libc::c_int) -> std::io::Result<*mut libc::c_void> {
    // SAFETY: at an address that the kernel chooses.
    let base = unsafe { libc::shmat(id, std::ptr::null(), 0) };
    if base.addr() == usize::MAX {
        return Err(std::io::Error::last_os_error());
    }
    Ok(base)
}

fn stat(id: libc::c_int) -> std::io::Result<libc::shmid_ds> {
    let mut ds = MaybeUninit::<libc::shmid_ds>::uninit();
    // SAFETY: the command fills the structure.
    check(unsafe { libc::shmctl(id, libc::IPC_STAT, ds.as_mut_ptr()) })?;
    // SAFETY: just filled.
    Ok(unsafe { ds.assume_init() })
}

fn detach(base: *mut libc::c_void) -> std::io::Result<()> {
    // SAFETY: attached by the caller, and used by nobody.
    check(unsafe { libc::shmdt(base) })
}

fn remove(id: libc::c_int) -> std::io::Result<()> {
    // SAFETY: the command reads and writes nothing.
    check(unsafe { libc::shmctl(id, libc::IPC_RMID, std::ptr::null_mut()) })
}

fn check(answer: libc::c_int) -> std::io::Result<()> {
    if answer == -1 {
        return Err(std::io::Error::last_os_error());
    }
    Ok(())
}

/// Whether so much is mapped in one piece: `mremap` compares the old length with
/// the mapping's before it finds that it cannot grow over the stack.
#[cfg(target_os = "linux")]
fn is_mapped(base: *mut libc::c_void, len: usize) -> std::io::Result<()> {
    // SAFETY: takes a number.
    let stack = unsafe { libc::getauxval(libc::AT_RANDOM) } as usize;
    let new_len = stack - base.addr();
    // SAFETY: longer than before, so nothing is cut; it cannot move, nor grow
    // over the stack.
    let answer = unsafe { libc::mremap(base, len, new_len, 0) };
    let error = std::io::Error::last_os_error();
    if answer == libc::MAP_FAILED && error.raw_os_error() == Some(libc::ENOMEM) {
        return Ok(());
    }
    Err(error)
}

#[cfg(not(target_os = "linux"))]
fn is_mapped(_base: *mut libc::c_void, _len: usize) -> std::io::Result<()> {
    Ok(())
}
