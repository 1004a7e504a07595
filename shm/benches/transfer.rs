//! Transfers the same bytes between processes through a segment, a pipe and a Unix
//! socket; alternates turns between two processes that wait for a word; and compares a
//! segment's life with Python's `sysv_ipc`.
//!
//! One operation is one transfer and its receipt: the other process, which is this
//! program started again, copies all bytes to its own memory before it answers with one
//! byte, or for the segment with a store. The receiver of the segment spins a little and
//! then sleeps, so that it does not disturb the other measurements; a pipe wakes it.
//!
//! `SHM_BENCH_PYTHON` names the interpreter that has `sysv_ipc`, else `python3`. The
//! names of the cases do not begin with `copy`: their ratios are of times.

mod harness;
#[path = "transfer/turns.rs"]
mod turns;

use std::error::Error;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};

use harness::{Harness, Size};
use shm::{Attachment, LoadOrdering, Segment, SegmentId, StoreOrdering};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The word with the current turn.
const TURN: usize = 0;
/// The word for a sleeping receiver.
const SLEEPS: usize = 4;
/// The bytes, on a separate cache line.
const DATA: usize = 64;
const OURS: u32 = 0;
const THEIRS: u32 = 1;

fn main() -> Outcome {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next();
    if first.as_deref() == Some("--turns") {
        return turns::answer(arguments.next().ok_or("no identifier")?.parse()?);
    }
    if first.as_deref() == Some("--receive") {
        let mut number = || -> Outcome<i64> {
            let text = arguments.next().ok_or("a number is missing")?;
            Ok(text.parse()?)
        };
        let (length, segment) = (usize::try_from(number()?)?, number()?);
        return match i32::try_from(segment)? {
            -1 => receive(length),
            id => receive_from_segment(length, SegmentId::from_raw(id)),
        };
    }
    let mut harness = Harness::start();
    for length in [64, 4 << 10, 64 << 10, 1 << 20, 16 << 20] {
        transfers(&mut harness, length)?;
    }
    turns::measure(&mut harness)?;
    python(&mut harness)?;
    harness.finish();
    Ok(())
}

fn transfers(harness: &mut Harness, length: usize) -> Outcome {
    let (pipe, socket) = (Stream::pipe(length)?, Stream::socket(length)?);
    let shared = Shared::new(length)?;
    let bytes = vec![7; length];
    let size = Size::Bytes(length);
    let through_segment = || shared.send(&bytes);
    harness.compare("segment_pipe", size, || pipe.send(&bytes), through_segment)?;
    harness.compare(
        "segment_socket",
        size,
        || socket.send(&bytes),
        through_segment,
    )
}

/// A process that ends with the value.
struct Receiver(Child);

impl Receiver {
    fn start(length: usize, segment: i32, input: Stdio, output: Stdio) -> io::Result<Self> {
        let (length, segment) = (length.to_string(), segment.to_string());
        Self::run(&["--receive", &length, &segment], input, output)
    }

    fn run(arguments: &[&str], input: Stdio, output: Stdio) -> io::Result<Self> {
        let child = Command::new(std::env::current_exe()?)
            .args(arguments)
            .stdin(input)
            .stdout(output)
            .spawn()?;
        Ok(Self(child))
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A pipe in each direction, or a socket for both.
struct Stream {
    _receiver: Receiver,
    there: File,
    back: File,
}

impl Stream {
    fn pipe(length: usize) -> Outcome<Self> {
        let mut receiver = Receiver::start(length, -1, Stdio::piped(), Stdio::piped())?;
        let there = receiver.0.stdin.take().ok_or("no pipe")?;
        let back = receiver.0.stdout.take().ok_or("no pipe")?;
        Ok(Self {
            _receiver: receiver,
            there: OwnedFd::from(there).into(),
            back: OwnedFd::from(back).into(),
        })
    }

    fn socket(length: usize) -> Outcome<Self> {
        let (near, far) = UnixStream::pair()?;
        let input = OwnedFd::from(far.try_clone()?);
        let receiver = Receiver::start(length, -1, input.into(), OwnedFd::from(far).into())?;
        Ok(Self {
            _receiver: receiver,
            back: OwnedFd::from(near.try_clone()?).into(),
            there: OwnedFd::from(near).into(),
        })
    }

    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        (&self.there).write_all(bytes)?;
        (&self.back).read_exact(&mut [0])
    }
}

fn receive(length: usize) -> Outcome {
    let (input, mut output) = (io::stdin(), io::stdout());
    let mut input = input.lock();
    let mut bytes = vec![0; length];
    // Until the sender exits.
    while input.read_exact(&mut bytes).is_ok() {
        std::hint::black_box(&bytes);
        output.write_all(&[1])?;
        output.flush()?;
    }
    Ok(())
}

struct Shared {
    _receiver: Receiver,
    bell: File,
    attachment: Attachment,
}

impl Shared {
    fn new(length: usize) -> Outcome<Self> {
        let segment = Segment::private(DATA + length)?.remove_on_drop();
        let attachment = segment.attach()?;
        let id = segment.id().as_raw();
        let mut receiver = Receiver::start(length, id, Stdio::piped(), Stdio::null())?;
        let bell = receiver.0.stdin.take().ok_or("no pipe")?;
        let shared = Self {
            _receiver: receiver,
            bell: OwnedFd::from(bell).into(),
            attachment,
        };
        // It has attached once it answers; then the last detach destroys the segment.
        shared.send(&vec![0; length])?;
        Ok(shared)
    }

    fn send(&self, bytes: &[u8]) -> Outcome {
        let view = self.attachment.view();
        view.write_all_at(DATA, bytes)?;
        view.store::<u32>(TURN, THEIRS, StoreOrdering::SeqCst)?;
        if view.load::<u32>(SLEEPS, LoadOrdering::SeqCst)? != 0 {
            view.store::<u32>(SLEEPS, 0, StoreOrdering::SeqCst)?;
            (&self.bell).write_all(&[1])?;
        }
        // Both may be on one processor.
        while !comes(&self.attachment, OURS)? {
            std::thread::yield_now();
        }
        Ok(())
    }
}

fn receive_from_segment(length: usize, id: SegmentId) -> Outcome {
    let attachment = Segment::open_id(id)?.attach()?;
    let mut bytes = vec![0; length];
    let view = attachment.view();
    let mut bell = io::stdin().lock();
    loop {
        let mut patience = 20;
        while !comes(&attachment, THEIRS)? {
            if patience > 0 {
                patience -= 1;
                std::thread::yield_now();
                continue;
            }
            view.store::<u32>(SLEEPS, 1, StoreOrdering::SeqCst)?;
            // It may have arrived before the sender could know.
            if view.load::<u32>(TURN, LoadOrdering::SeqCst)? != THEIRS && bell.read(&mut [0])? == 0
            {
                return Ok(());
            }
        }
        view.read_exact_at(DATA, &mut bytes)?;
        std::hint::black_box(&bytes);
        view.store::<u32>(TURN, OURS, StoreOrdering::SeqCst)?;
    }
}

/// Returns whether it becomes somebody's turn soon: within a microsecond or two.
fn comes(attachment: &Attachment, turn: u32) -> Outcome<bool> {
    let view = attachment.view();
    for _ in 0..50 {
        if view.load::<u32>(TURN, LoadOrdering::SeqCst)? == turn {
            return Ok(true);
        }
        std::hint::spin_loop();
    }
    Ok(false)
}

/// Segment lives per operation, so that the cost of the request is negligible.
const LIVES: usize = 100;

/// Creates, attaches, writes a page, detaches and removes, on each request.
const SCRIPT: &str = "
import sys, sysv_ipc
page = b'x' * 4096
while sys.stdin.buffer.read(1):
    for _ in range(int(sys.argv[1])):
        memory = sysv_ipc.SharedMemory(None, sysv_ipc.IPC_CREX, size=4096)
        memory.write(page)
        memory.detach()
        memory.remove()
    sys.stdout.buffer.write(b'.')
    sys.stdout.buffer.flush()
";

fn python(harness: &mut Harness) -> Outcome {
    let python = std::env::var("SHM_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_it = Command::new(&python)
        .args(["-c", "import sysv_ipc"])
        .stderr(Stdio::null())
        .status();
    if !has_it.is_ok_and(|status| status.success()) {
        harness.skip("life_python", 4096, format!("{python} has no sysv_ipc"));
        return Ok(());
    }
    let mut child = Command::new(python)
        .args(["-c", SCRIPT, &LIVES.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let there = child.stdin.take().ok_or("no pipe")?;
    let back = child.stdout.take().ok_or("no pipe")?;
    let stream = Stream {
        _receiver: Receiver(child),
        there: OwnedFd::from(there).into(),
        back: OwnedFd::from(back).into(),
    };
    let page = [b'x'; 4096];
    harness.compare(
        "life_python",
        Size::Bytes(page.len()),
        || stream.send(b"."),
        || lives(&page),
    )
}

fn lives(page: &[u8]) -> Outcome {
    for _ in 0..LIVES {
        let segment = Segment::private(page.len())?;
        let attachment = segment.attach()?;
        attachment.view().write_all_at(0, page)?;
        attachment.detach()?;
        segment.remove()?;
    }
    Ok(())
}
