//! A ring of numbers between two processes: one pushes, the other pops, and either sleeps
//! while it has to wait.
//!
//! ```sh
//! cargo run --example ring_buffer
//! ```

use std::error::Error;
use std::process::Command;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::Duration;

use shm::{AccessError, Place, Segment, SegmentId, WaitError, Waited, Wake, field};

/// How many numbers fit: a power of two, so that the counters may wrap.
pub(crate) const CAPACITY: u32 = 16;

/// How many numbers were pushed and popped, and the last of them.
#[repr(C)]
pub(crate) struct Ring {
    pushed: Counter,
    popped: Counter,
    slots: [u64; CAPACITY as usize],
}

/// Written by one side only, on a cache line of its own.
#[repr(C, align(64))]
struct Counter {
    value: AtomicU32,
}

fn slot(ring: Place<'_, Ring>, count: u32) -> Result<Place<'_, u64>, AccessError> {
    let slots = ring.field(field!(Ring, slots)).elements();
    slots.at((count % CAPACITY) as usize)
}

/// Waits while a counter has a value; `false` if it still has it after the timeout.
fn moves(counter: Place<'_, AtomicU32>, value: u32, limit: Duration) -> Result<bool, WaitError> {
    while counter.atomic().load(Acquire) == value {
        if counter.wait(value, Some(limit))? == Waited::TimedOut {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Appends a number; `false` if the ring stays full for so long.
pub(crate) fn push(ring: Place<'_, Ring>, number: u64, limit: Duration) -> Result<bool, WaitError> {
    let pushed = ring.field(field!(Ring, pushed.value));
    let popped = ring.field(field!(Ring, popped.value));
    let count = pushed.atomic().load(Relaxed);
    if !moves(popped, count.wrapping_sub(CAPACITY), limit)? {
        return Ok(false);
    }
    slot(ring, count)?.set(number);
    pushed.atomic().store(count.wrapping_add(1), Release);
    pushed.wake(Wake::One)?;
    Ok(true)
}

/// Takes the oldest number; `None` if the ring stays empty for so long.
pub(crate) fn pop(ring: Place<'_, Ring>, limit: Duration) -> Result<Option<u64>, WaitError> {
    let pushed = ring.field(field!(Ring, pushed.value));
    let popped = ring.field(field!(Ring, popped.value));
    let count = popped.atomic().load(Relaxed);
    if !moves(pushed, count, limit)? {
        return Ok(None);
    }
    let number = slot(ring, count)?.get();
    popped.atomic().store(count.wrapping_add(1), Release);
    popped.wake(Wake::One)?;
    Ok(Some(number))
}

const LIMIT: Duration = Duration::from_secs(5);

fn main() -> Result<(), Box<dyn Error>> {
    const NUMBERS: u64 = 10_000;
    if let Some(id) = std::env::args().nth(1) {
        let segment = Segment::from_id(id.parse::<SegmentId>()?);
        let ring = segment.attach()?.into_place(0)?;
        for number in 0..NUMBERS {
            if !push(ring.place(), number, LIMIT)? {
                return Err("nobody pops".into());
            }
        }
        return Ok(());
    }
    let segment = Segment::private(size_of::<Ring>())?.remove_on_drop();
    let ring = segment.attach()?.into_place(0)?;
    let mut producer = Command::new(std::env::current_exe()?)
        .arg(segment.id().to_string())
        .spawn()?;
    let mut sum = 0;
    for _ in 0..NUMBERS {
        sum += pop(ring.place(), LIMIT)?.ok_or("nobody pushes")?;
    }
    println!(
        "{NUMBERS} numbers, whose sum is {sum}; {}",
        producer.wait()?
    );
    Ok(())
}
