//! Reads the terminal on its own thread.
//!
//! One level-triggered poll waits for the terminal, SIGWINCH and the end of the thread,
//! and this module reads the bytes. crossterm's event source is not used: its poll is
//! edge-triggered, so another poll in front of it loses the edge of bytes that a resize
//! left unread, and it spins once the terminal is gone (crossterm 0.29,
//! `event/source/unix/mio.rs`).

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use signal_hook::SigId;
use signal_hook::consts::SIGWINCH;
use signal_hook::low_level;

use super::Event;
use decode::Decoder;

mod decode;

/// Bytes read at once: several screens of typing.
const BUFFER: usize = 4096;

/// The thread that reads the terminal. Dropping it ends the thread, so that later input
/// is left to the shell.
#[derive(Debug)]
pub(super) struct Input {
    stop: UnixStream,
    resizes: SigId,
    thread: Option<JoinHandle<()>>,
}

impl Input {
    /// Starts the thread; it also ends with the terminal, or with the receiver.
    ///
    /// # Errors
    ///
    /// If the system provides no thread, pipe or signal handler.
    pub(super) fn start(events: Sender<Event>) -> io::Result<Self> {
        let (resized, signal) = UnixStream::pair()?;
        resized.set_nonblocking(true)?;
        let (stopped, stop) = UnixStream::pair()?;
        let resizes = low_level::pipe::register(SIGWINCH, signal)?;
        let mut reader = Reader {
            events,
            resized,
            stopped,
            decoder: Decoder::default(),
        };
        let thread = thread::Builder::new()
            .name("input".to_owned())
            .spawn(move || while reader.forward() {})?;
        Ok(Self {
            stop,
            resizes,
            thread: Some(thread),
        })
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        low_level::unregister(self.resizes);
        // The thread sees the end of the stream.
        let _ = self.stop.shutdown(std::net::Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            // It blocks nowhere else, so it ends at once.
            let _ = thread.join();
        }
    }
}

struct Reader {
    events: Sender<Event>,
    /// Becomes readable after each SIGWINCH.
    resized: UnixStream,
    /// Becomes readable at the end of the program.
    stopped: UnixStream,
    decoder: Decoder,
}

impl Reader {
    /// Waits once and sends what arrived; returns false at the end.
    fn forward(&mut self) -> bool {
        let terminal = rustix::stdio::stdin();
        let mut ready = [
            PollFd::new(&terminal, PollFlags::IN),
            PollFd::new(&self.resized, PollFlags::IN),
            PollFd::new(&self.stopped, PollFlags::IN),
        ];
        let patience = self.decoder.patience();
        let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
        let arrived = match poll(&mut ready, patience.as_ref()) {
            Ok(count) => count,
            Err(Errno::INTR) => return true,
            Err(_) => return self.terminal_is_gone(),
        };
        let [terminal, resized, stopped] = ready.map(|one| one.revents());
        if !stopped.is_empty() {
            return false;
        }
        if terminal.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return self.terminal_is_gone();
        }
        if !resized.is_empty() && !self.resize() {
            return false;
        }
        if terminal.contains(PollFlags::IN) {
            return self.read();
        }
        // Nothing followed: a lone escape is a key.
        arrived > 0 || self.send_all(Decoder::give_up)
    }

    /// Sends one resize event, however many signals arrived.
    fn resize(&mut self) -> bool {
        let mut signals = [0; 64];
        while matches!(rustix::io::read(&self.resized, &mut signals), Ok(1..)) {}
        self.events.send(Event::Resized).is_ok()
    }

    fn read(&mut self) -> bool {
        let mut bytes = [0; BUFFER];
        match rustix::io::read(rustix::stdio::stdin(), &mut bytes) {
            Ok(0) => self.terminal_is_gone(),
            Ok(count) => {
                let bytes = bytes.get(..count).unwrap_or_default();
                self.send_all(|decoder| decoder.feed(bytes))
            }
            // Another process may have read the byte, or made the descriptor nonblocking.
            Err(Errno::INTR | Errno::AGAIN) => true,
            Err(_) => self.terminal_is_gone(),
        }
    }

    fn send_all(
        &mut self,
        decode: impl FnOnce(&mut Decoder) -> Vec<ratatui::crossterm::event::Event>,
    ) -> bool {
        let mut events = decode(&mut self.decoder).into_iter();
        events.all(|event| self.events.send(Event::Terminal(event)).is_ok())
    }

    /// The receiver ends the program; there is nothing to read.
    fn terminal_is_gone(&self) -> bool {
        let _ = self.events.send(Event::TerminalGone);
        false
    }
}
