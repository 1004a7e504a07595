//! A segment's life, create, attach, stat, detach, remove, against the same
//! five calls of the C library.

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

/// The five calls, and the answers checked as a careful C program does.
fn bare(size: usize) -> std::io::Result<()> {
    // SAFETY: numbers only.
    let id = unsafe { libc::shmget(libc::IPC_PRIVATE, size, libc::IPC_CREAT | 0o600) };
    check(id)?;
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
    // SAFETY: the command reads and writes nothing.
    check(unsafe { libc::shmctl(id, libc::IPC_RMID, std::ptr::null_mut()) })
}

fn check(answer: libc::c_int) -> std::io::Result<()> {
    if answer == -1 {
        return Err(std::io::Error::last_os_error());
    }
    Ok(())
}
