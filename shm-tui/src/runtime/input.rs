//! Reads the terminal on a thread of its own.
//!
//! The descriptor is waited for here and not in crossterm, whose own wait never
//! returns once the terminal is gone and burns a whole core meanwhile.

use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use ratatui::crossterm::event;
use rustix::event::{PollFd, PollFlags, poll};

use super::Event;

/// Starts the thread; it ends with the terminal, or with the receiver.
///
/// # Errors
///
/// If the system gives no thread.
pub(super) fn spawn(events: Sender<Event>) -> std::io::Result<()> {
    thread::Builder::new()
        .name("input".to_owned())
        .spawn(move || while forward(&events) {})?;
    Ok(())
}

/// Waits for the terminal and passes on what it says; false when that is over.
fn forward(events: &Sender<Event>) -> bool {
    let terminal = rustix::stdio::stdin();
    let mut ready = [PollFd::new(&terminal, PollFlags::IN)];
    let failed = !matches!(poll(&mut ready, None), Ok(_) | Err(rustix::io::Errno::INTR));
    let over = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
    if failed || ready[0].revents().intersects(over) {
        // Whoever receives this ends the program; there is nothing to read.
        let _ = events.send(Event::TerminalGone);
        return false;
    }
    while matches!(event::poll(Duration::ZERO), Ok(true)) {
        let Ok(event) = event::read() else {
            return false;
        };
        if events.send(Event::Terminal(event)).is_err() {
            return false;
        }
    }
    true
}
