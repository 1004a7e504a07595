//! A segment's life, create, attach, stat, detach, remove, against the calls of
//! the C library that a program needs for the same promises: the five, who the
//! creator is, and before the removal whether the identifier still names what
//! was created. `tests/syscalls.rs` counts the same calls.

mod harness;

use std::error::Error;
use std::hint::black_box;
use std::mem::MaybeUninit;

use harness::{Harness, Size};
use shm::Segment;

fn main() -> Result<(), Box<dyn Error>> {
    let mut harness = Harness::start();
    for size in [4 << 10, 1 << 20] {
        harness.compare(
            "lifecycle",
            Size::Bytes(size),
            || bare(black_box(size)),
            || ours(black_box(size)),
        )?;
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

/// The bare calls, and the answers checked as a careful C program does.
fn bare(size: usize) -> std::io::Result<()> {
    // SAFETY: numbers only.
    let id = unsafe { libc::shmget(libc::IPC_PRIVATE, size, libc::IPC_CREAT | 0o600) };
    check(id)?;
    // SAFETY: takes nothing.
    let pid = unsafe { libc::getpid() };
    // SAFETY: takes nothing.
    let uid = unsafe { libc::geteuid() };
    // SAFETY: at an address that the kernel chooses.
    let base = unsafe { libc::shmat(id, std::ptr::null(), 0) };
    if base.addr() == usize::MAX {
        return Err(std::io::Error::last_os_error());
    }
    let mut ds = MaybeUninit::<libc::shmid_ds>::uninit();
    // SAFETY: the command fills the structure.
    check(unsafe { libc::shmctl(id, libc::IPC_STAT, ds.as_mut_ptr()) })?;
    // SAFETY: just filled.
    black_box(unsafe { ds.assume_init_ref() }.shm_nattch);
    // SAFETY: attached above, used by nobody.
    check(unsafe { libc::shmdt(base) })?;
    // SAFETY: the command fills the structure.
    check(unsafe { libc::shmctl(id, libc::IPC_STAT, ds.as_mut_ptr()) })?;
    // SAFETY: just filled.
    let now = unsafe { ds.assume_init_ref() };
    if now.shm_cpid != pid || now.shm_perm.cuid != uid || now.shm_segsz != size {
        return Err(std::io::ErrorKind::NotFound.into());
    }
    // SAFETY: the command reads and writes nothing.
    check(unsafe { libc::shmctl(id, libc::IPC_RMID, std::ptr::null_mut()) })
}

fn check(answer: libc::c_int) -> std::io::Result<()> {
    if answer == -1 {
        return Err(std::io::Error::last_os_error());
    }
    Ok(())
}
