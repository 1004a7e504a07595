//! The cases.

use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::AsRawFd;
use std::process::{Child, Command, Stdio};

use shm::{OwnedSegment, Segment};

use crate::harness::{Harness, Size};

const MANY: usize = 4_000;
const MOST: usize = 32_768;
/// An eighth of [`MOST`].
const EIGHTH: usize = MOST / 8;
const PROCESSES: usize = 500;

pub(super) fn run() -> Result<(), Box<dyn Error>> {
    let mut harness = Harness::start();
    if let Err(error) = enter_own_namespace() {
        harness.skip("segments", MANY, error);
        harness.finish();
        return Ok(());
    }
    let segments = make(MANY)?;
    listing(&mut harness)?;
    processes(&mut harness)?;
    drop(segments);
    linear(&mut harness)?;
    harness.finish();
    Ok(())
}

fn listing(harness: &mut Harness) -> Result<(), Box<dyn Error>> {
    let size = Size::Count(MANY);
    harness.compare("segments_stat", size, by_stat, ours)?;
    harness.compare("segments_proc", size, by_proc, ours_with_memory)?;
    harness.compare("segments_fast", size, by_proc, ours)
}

fn ours_with_memory() -> shm::Result<()> {
    black_box(shm::segments_with_memory()?);
    Ok(())
}

fn ours_of_processes() -> shm::Result<()> {
    black_box(shm::scan_processes()?);
    Ok(())
}

fn ours() -> shm::Result<()> {
    black_box(shm::segments()?);
    Ok(())
}

/// The bare loop: the highest slot from `IPC_INFO`, a `SHM_STAT_ANY` for every slot up to
/// it; results are counted and dropped.
fn by_stat() -> io::Result<()> {
    const IPC_INFO: libc::c_int = 3;
    const SHM_STAT_ANY: libc::c_int = 15;
    let mut info = MaybeUninit::<[libc::c_ulong; 16]>::uninit();
    // SAFETY: the command writes nine words.
    let highest = unsafe { libc::shmctl(0, IPC_INFO, info.as_mut_ptr().cast()) };
    let mut count = 0;
    for index in 0..=highest {
        let mut ds = MaybeUninit::<libc::shmid_ds>::uninit();
        // SAFETY: the command fills the structure.
        if unsafe { libc::shmctl(index, SHM_STAT_ANY, ds.as_mut_ptr()) } != -1 {
            count += 1;
        }
        black_box(&ds);
    }
    if count < MANY {
        return Err(io::Error::other("not all segments were found"));
    }
    Ok(())
}

/// The file as text, each line as words.
fn by_proc() -> io::Result<()> {
    let text = fs::read_to_string("/proc/sysvipc/shm")?;
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_ascii_whitespace().collect())
        .collect();
    black_box(lines);
    Ok(())
}

/// All processes, with 500 more, and every tenth of those with attachments.
fn processes(harness: &mut Harness) -> Result<(), Box<dyn Error>> {
    let segments = make(10)?;
    let attached: Vec<_> = segments
        .iter()
        .map(|segment| segment.attach())
        .collect::<Result<_, _>>()?;
    let mut alive = Vec::new();
    for number in 0..PROCESSES {
        alive.push(if number % 10 == 0 {
            Alive::fork()?
        } else {
            Alive::sleep()?
        });
    }
    drop(attached);
    let found = shm::scan_processes()?.attachments.len();
    if found != segments.len() * PROCESSES / 10 {
        return Err(format!("{found} attachments were found").into());
    }
    let size = Size::Count(PROCESSES);
    harness.compare(
        "processes_grep",
        size,
        || run_program("grep -l SYSV /proc/[0-9]*/maps"),
        ours_of_processes,
    )?;
    if Command::new("lsof").arg("-v").output().is_err() {
        harness.skip("processes_lsof", PROCESSES, "there is no lsof here");
        return Ok(());
    }
    harness.compare(
        "processes_lsof",
        size,
        || run_program("lsof"),
        ours_of_processes,
    )
}

/// Its output is dropped, and its status ignored.
fn run_program(line: &str) -> io::Result<()> {
    let mut command = Command::new("sh");
    command
        .args(["-c", line])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().map(drop)
}

/// The time per segment with eight times as many segments.
fn linear(harness: &mut Harness) -> Result<(), Box<dyn Error>> {
    let name = "segments_linear";
    enter_own_namespace()?;
    let few_here = File::open("/proc/thread-self/ns/ipc")?;
    let few = make(EIGHTH)?;
    enter_own_namespace()?;
    let many_here = File::open("/proc/thread-self/ns/ipc")?;
    if let Err(error) = fs::write("/proc/sys/kernel/shmmni", MOST.to_string()) {
        harness.skip(
            name,
            MOST,
            format_args!("shmmni cannot be written: {error}"),
        );
        return Ok(());
    }
    let many = make(MOST)?;
    harness.compare(
        name,
        Size::Count(MOST),
        || {
            enter(&few_here)?;
            for _ in 0..MOST / EIGHTH {
                ours().map_err(io::Error::from)?;
            }
            io::Result::Ok(())
        },
        || {
            enter(&many_here)?;
            ours().map_err(io::Error::from)
        },
    )?;
    enter(&many_here)?;
    drop(many);
    enter(&few_here)?;
    drop(few);
    Ok(())
}

fn make(count: usize) -> shm::Result<Vec<OwnedSegment>> {
    (0..count)
        .map(|_| Segment::private(4096).map(Segment::remove_on_drop))
        .collect()
}

/// A process that does nothing and is killed on drop.
enum Alive {
    Program(Child),
    Fork(libc::pid_t),
}

impl Alive {
    fn sleep() -> io::Result<Self> {
        Command::new("sleep").arg("1000").spawn().map(Self::Program)
    }

    fn fork() -> io::Result<Self> {
        // SAFETY: the child only waits.
        match unsafe { libc::fork() } {
            -1 => Err(io::Error::last_os_error()),
            0 => loop {
                // SAFETY: waits for a signal.
                unsafe { libc::pause() };
            },
            pid => Ok(Self::Fork(pid)),
        }
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        match self {
            Self::Program(child) => {
                // It may have exited; ignored.
                let _ = child.kill();
                let _ = child.wait();
            }
            Self::Fork(pid) => {
                // SAFETY: our own child, not waited for yet.
                unsafe { libc::kill(*pid, libc::SIGKILL) };
                // SAFETY: as above; no status is asked for.
                unsafe { libc::waitpid(*pid, std::ptr::null_mut(), 0) };
            }
        }
    }
}

/// A new IPC namespace; for an ordinary user inside a new user namespace.
fn enter_own_namespace() -> io::Result<()> {
    // SAFETY: takes flags.
    if unsafe { libc::unshare(libc::CLONE_NEWIPC) } != -1 {
        return Ok(());
    }
    // SAFETY: takes flags.
    match unsafe { libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWIPC) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

fn enter(namespace: &File) -> io::Result<()> {
    // SAFETY: takes an open descriptor and a flag.
    match unsafe { libc::setns(namespace.as_raw_fd(), libc::CLONE_NEWIPC) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}
