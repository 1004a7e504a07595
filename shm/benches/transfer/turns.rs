//! Alternates turns with another process: waiting for a word, compared with one byte
//! through a pipe and through a Unix socket. Neither side spins; each turn puts one
//! process to sleep and wakes the other.

use std::os::unix::process::parent_id;
use std::process::Stdio;
use std::time::Duration;

use shm::{Attachment, LoadOrdering, Segment, SegmentId, StoreOrdering, View, Waited, Wake};

use super::harness::{Harness, Size};
use super::{OURS, Outcome, Receiver, Stream, THEIRS, TURN};

pub(super) fn measure(harness: &mut Harness) -> Outcome {
    let turns = match Turns::new() {
        Ok(turns) => turns,
        Err(why) => {
            harness.skip("turn_pipe", 1, why);
            return Ok(());
        }
    };
    let (pipe, socket) = (Stream::pipe(1)?, Stream::socket(1)?);
    let size = Size::Bytes(1);
    harness.compare("turn_pipe", size, || pipe.send(&[7]), || turns.take())?;
    harness.compare("turn_socket", size, || socket.send(&[7]), || turns.take())
}

struct Turns {
    _other: Receiver,
    attachment: Attachment,
}

impl Turns {
    fn new() -> Outcome<Self> {
        let segment = Segment::private(64)?.remove_on_drop();
        let attachment = segment.attach()?;
        let id = segment.id().to_string();
        let other = Receiver::run(&["--turns", &id], Stdio::null(), Stdio::null())?;
        let turns = Self {
            _other: other,
            attachment,
        };
        // It has attached once it answers; then the segment goes with both.
        turns.take()?;
        Ok(turns)
    }

    /// There and back.
    fn take(&self) -> Outcome {
        let view = self.attachment.view();
        give(view, THEIRS)?;
        while view.load::<u32>(TURN, LoadOrdering::Acquire)? == THEIRS {
            if view.wait(TURN, THEIRS, Some(Duration::from_secs(10)))? == Waited::TimedOut {
                return Err("the other process does not answer".into());
            }
        }
        Ok(())
    }
}

/// The other process.
pub(super) fn answer(id: SegmentId) -> Outcome {
    let attachment = Segment::from_id(id).attach()?;
    let (view, parent) = (attachment.view(), parent_id());
    loop {
        while view.load::<u32>(TURN, LoadOrdering::Acquire)? == OURS {
            let waited = view.wait(TURN, OURS, Some(Duration::from_secs(1)))?;
            if waited == Waited::TimedOut && parent_id() != parent {
                return Ok(());
            }
        }
        give(view, OURS)?;
    }
}

fn give(view: View<'_>, turn: u32) -> Outcome {
    view.store(TURN, turn, StoreOrdering::Release)?;
    Ok(view.wake(TURN, Wake::One)?)
}
