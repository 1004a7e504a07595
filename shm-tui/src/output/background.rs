//! Writes on a background thread, and lets the caller stop waiting: the caller checks
//! from time to time whether it may still wait.
//!
//! A stalled reader blocks a write, and would block a caller that has a segment attached.
//! The bytes are copied before the thread gets them, so the segment can be released at
//! any time.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// How often a waiting caller checks whether it may continue.
const CHECK: Duration = Duration::from_millis(250);

/// A writer whose writes fail as soon as the caller must not wait any longer. The written
/// bytes are complete after [`Last::wait`].
pub struct Background<'a> {
    jobs: Sender<Vec<u8>>,
    results: Receiver<io::Result<()>>,
    /// Whether the thread is still writing.
    busy: bool,
    may_wait: Box<dyn FnMut() -> bool + 'a>,
}

impl std::fmt::Debug for Background<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Background")
            .field("busy", &self.busy)
            .finish_non_exhaustive()
    }
}

impl<'a> Background<'a> {
    /// Writes to `out` on a new thread. The thread ends when the writer is dropped,
    /// unless it is blocked in a write.
    ///
    /// # Errors
    ///
    /// If no thread can be started.
    pub fn new(
        mut out: impl Write + Send + 'static,
        may_wait: impl FnMut() -> bool + 'a,
    ) -> io::Result<Self> {
        let (jobs, received) = channel::<Vec<u8>>();
        let (answers, results) = channel();
        thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                for bytes in received {
                    let written = out.write_all(&bytes).and_then(|()| out.flush());
                    if answers.send(written).is_err() {
                        return;
                    }
                }
            })?;
        Ok(Self {
            jobs,
            results,
            busy: false,
            may_wait: Box::new(may_wait),
        })
    }

    /// Returns the last write, which may be incomplete.
    #[must_use]
    pub fn last(self) -> Last {
        Last(self.busy.then_some(self.results))
    }

    fn wait(&mut self) -> io::Result<()> {
        while self.busy {
            match self.results.recv_timeout(CHECK) {
                Ok(result) => {
                    self.busy = false;
                    result?;
                }
                Err(RecvTimeoutError::Disconnected) => return Err(ended()),
                Err(RecvTimeoutError::Timeout) if (self.may_wait)() => {}
                Err(RecvTimeoutError::Timeout) => {
                    return Err(io::Error::new(
                        io::ErrorKind::TimedOut,
                        "the reader of the output stalled",
                    ));
                }
            }
        }
        Ok(())
    }
}

/// A write that may be incomplete.
#[derive(Debug)]
pub struct Last(Option<Receiver<io::Result<()>>>);

impl Last {
    /// Waits for it without a limit.
    ///
    /// # Errors
    ///
    /// The error of the write.
    pub fn wait(self) -> io::Result<()> {
        let Some(results) = self.0 else {
            return Ok(());
        };
        results.recv().unwrap_or_else(|_| Err(ended()))
    }
}

fn ended() -> io::Error {
    io::Error::other("the writing thread has ended")
}

impl Write for Background<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        self.wait()?;
        self.jobs.send(bytes.to_vec()).map_err(|_| ended())?;
        self.busy = true;
        Ok(bytes.len())
    }

    /// Does not wait; [`Last::wait`] does.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;
    use std::os::unix::net::UnixStream;

    #[test]
    fn bytes_arrive_in_order_and_errors_with_the_next_write() {
        let (mut reader, writer) = UnixStream::pair().unwrap();
        let all: Vec<u8> = (0..1_000_000_u32).map(|n| (n % 251) as u8).collect();
        let expected = all.clone();
        let reading = thread::spawn(move || {
            let mut bytes = vec![0; expected.len()];
            reader.read_exact(&mut bytes).unwrap();
            assert!(bytes == expected, "other bytes than were written");
        });
        let mut out = Background::new(writer, || true).unwrap();
        for part in all.chunks(7_001) {
            out.write_all(part).unwrap();
        }
        out.flush().unwrap();
        reading.join().unwrap();
        // Nobody reads now.
        let _ = out.write(b"x");
        assert_eq!(
            out.write(b"y").unwrap_err().kind(),
            io::ErrorKind::BrokenPipe
        );
    }

    #[test]
    fn a_write_that_blocks_ends_when_the_caller_must_not_wait() {
        let (reader, writer) = UnixStream::pair().unwrap();
        let mut asked = 0;
        let may_wait = || {
            asked += 1;
            asked < 2
        };
        let mut out = Background::new(writer, may_wait).unwrap();
        let result = (0..100).try_for_each(|_| out.write_all(&[7; 1 << 20]));
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::TimedOut);
        drop(out);
        assert_eq!(asked, 2);
        drop(reader);
    }

    #[test]
    fn the_last_write_is_waited_for() {
        let (mut reader, writer) = UnixStream::pair().unwrap();
        let mut out = Background::new(writer, || false).unwrap();
        out.write_all(&[7; 4 << 20]).unwrap();
        let reading = thread::spawn(move || {
            thread::sleep(Duration::from_millis(100));
            let mut bytes = vec![0; 4 << 20];
            reader.read_exact(&mut bytes).unwrap();
        });
        out.last().wait().unwrap();
        reading.join().unwrap();
    }
}
