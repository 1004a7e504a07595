//! Handles signals on their own thread.
//!
//! Terminating signals restore the terminal and exit with 128 plus the number, as shells
//! expect, without waiting for the drawing thread: it may be stuck in a write to a
//! terminal that accepts no bytes.

use std::process;
use std::sync::mpsc::Sender;
use std::thread;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use super::{Event, terminal};

/// Starts the thread; it ends with the program.
///
/// # Errors
///
/// If the system cannot start a thread or install a handler.
pub(super) fn spawn(events: Sender<Event>) -> std::io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGCONT])?;
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for signal in signals.forever() {
                let event = match signal {
                    SIGTSTP => Event::Stop,
                    SIGCONT => Event::Continued,
                    _ => {
                        terminal::restore();
                        crate::output::dump::remove_partial();
                        process::exit(128 + signal);
                    }
                };
                if events.send(event).is_err() {
                    return;
                }
            }
        })?;
    Ok(())
}

/// Stops the whole job, as Ctrl-Z would, until it is continued: a parent such as `cargo
/// run` must stop too, or the shell would not come back.
///
/// # Errors
///
/// If the system refuses.
pub(super) fn stop() -> std::io::Result<()> {
    rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?;
    Ok(())
}

/// Returns whether a shell waits for this job: without one nobody would continue it.
#[must_use]
pub(super) fn can_stop() -> bool {
    let own = rustix::process::getpid();
    rustix::process::getsid(None).is_ok_and(|session| session != own)
}
