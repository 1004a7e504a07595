//! A ring of numbers between two processes: one pushes, the other pops, and either
//! sleeps while there is nothing to do.
//!
//! ```sh
//! cargo run --example ring_buffer
//! ```

use std::error::Error;
use std::process::Command;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::Duration;

use shm::{Segment, SegmentId, View, WaitError, Waited, Wake};

/// How many numbers were pushed and popped: each written by one side only, on cache lines
/// of their own.
const PUSHED: usize = 0;
const POPPED: usize = 64;
const SLOTS: usize = 128;
/// A power of two, so that the counters may wrap.
pub(crate) const CAPACITY: u32 = 16;
pub(crate) const SIZE: usize = SLOTS + CAPACITY as usize * size_of::<u64>();

fn slot(counter: u32) -> usize {
    SLOTS + (counter % CAPACITY) as usize * size_of::<u64>()
}

/// Waits while a counter has a value; `false` if it still has it after the timeout.
fn moves(view: View<'_>, counter: usize, value: u32, limit: Duration) -> Result<bool, WaitError> {
    while view.atomic::<u32>(counter)?.load(Acquire) == value {
        if view.wait(counter, value, Some(limit))? == Waited::TimedOut {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Appends a number; `false` if the ring stays full for so long.
pub(crate) fn push(view: View<'_>, number: u64, limit: Duration) -> Result<bool, WaitError> {
    let pushed = view.atomic::<u32>(PUSHED)?.load(Relaxed);
    if !moves(view, POPPED, pushed.wrapping_sub(CAPACITY), limit)? {
        return Ok(false);
    }
    view.write(slot(pushed), &number)?;
    view.atomic::<u32>(PUSHED)?
        .store(pushed.wrapping_add(1), Release);
    view.wake(PUSHED, Wake::One)?;
    Ok(true)
}

/// Takes the oldest number; `None` if the ring stays empty for so long.
pub(crate) fn pop(view: View<'_>, limit: Duration) -> Result<Option<u64>, WaitError> {
    let popped = view.atomic::<u32>(POPPED)?.load(Relaxed);
    if !moves(view, PUSHED, popped, limit)? {
        return Ok(None);
    }
    let number = view.read(slot(popped))?;
    view.atomic::<u32>(POPPED)?
        .store(popped.wrapping_add(1), Release);
    view.wake(POPPED, Wake::One)?;
    Ok(Some(number))
}

const LIMIT: Duration = Duration::from_secs(5);

fn main() -> Result<(), Box<dyn Error>> {
    const NUMBERS: u64 = 10_000;
    if let Some(id) = std::env::args().nth(1) {
        let attachment = Segment::from_id(id.parse::<SegmentId>()?).attach()?;
        for number in 0..NUMBERS {
            if !push(attachment.view(), number, LIMIT)? {
                return Err("nobody pops".into());
            }
        }
        return Ok(());
    }
    let segment = Segment::private(SIZE)?.remove_on_drop();
    let attachment = segment.attach()?;
    let mut producer = Command::new(std::env::current_exe()?)
        .arg(segment.id().to_string())
        .spawn()?;
    let mut sum = 0;
    for _ in 0..NUMBERS {
        sum += pop(attachment.view(), LIMIT)?.ok_or("nobody pushes")?;
    }
    println!(
        "{NUMBERS} numbers, whose sum is {sum}; {}",
        producer.wait()?
    );
    Ok(())
}
