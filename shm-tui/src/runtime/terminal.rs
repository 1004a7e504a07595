//! The terminal: taken over, drawn on, and given back as it was.
//!
//! [`restore`] may be called from any thread, at any time and more than once;
//! it neither blocks nor fails, because it runs when a signal or a panic ends
//! the program and when the terminal may not exist any more. It therefore
//! writes to the file descriptor itself: a lock or a buffer could be held by
//! the thread that was interrupted.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, EnableMouseCapture,
};
use ratatui::crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType as ClearAll, EndSynchronizedUpdate,
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::crossterm::{Command, cursor, style};
use ratatui::layout::{Position, Size};
use rustix::event::{PollFd, PollFlags, Timespec};

/// Whether the terminal is ours at the moment.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// How long a terminal that takes no bytes is waited for.
const PATIENCE: Duration = Duration::from_millis(500);

/// Takes the terminal over.
///
/// # Errors
///
/// If there is none, or it refuses.
pub(super) fn take(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut bytes = Vec::new();
    push(&mut bytes, &EnterAlternateScreen);
    clear(&mut bytes);
    push(&mut bytes, &EnableBracketedPaste);
    push(&mut bytes, &EnableFocusChange);
    push(&mut bytes, &cursor::Hide);
    if mouse {
        push(&mut bytes, &EnableMouseCapture);
    }
    write_all(&bytes, None)
}

/// Gives the terminal back; does nothing if it is not ours.
pub(super) fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut bytes = Vec::new();
    push(&mut bytes, &EndSynchronizedUpdate);
    push(&mut bytes, &DisableMouseCapture);
    push(&mut bytes, &DisableFocusChange);
    push(&mut bytes, &DisableBracketedPaste);
    push(&mut bytes, &style::SetAttribute(style::Attribute::Reset));
    clear(&mut bytes);
    push(&mut bytes, &LeaveAlternateScreen);
    push(&mut bytes, &cursor::Show);
    // A terminal that is gone needs no restoring: nothing can be done.
    let _ = write_all(&bytes, Some(PATIENCE));
    let _ = disable_raw_mode();
}

/// A terminal without an alternate screen, such as DragonFly's console, shows
/// what was there before; with one, only that screen is cleared.
fn clear(bytes: &mut Vec<u8>) {
    push(bytes, &Clear(ClearAll::All));
    push(bytes, &cursor::MoveTo(0, 0));
}

fn push(bytes: &mut Vec<u8>, command: &impl Command) {
    let mut text = String::new();
    if command.write_ansi(&mut text).is_ok() {
        bytes.extend_from_slice(text.as_bytes());
    }
}

/// Writes to the terminal, waiting for it at most as long as said.
fn write_all(mut bytes: &[u8], patience: Option<Duration>) -> io::Result<()> {
    let out = rustix::stdio::stdout();
    let end = patience.map(|patience| Instant::now() + patience);
    while !bytes.is_empty() {
        if let Some(end) = end {
            let left = end.saturating_duration_since(Instant::now());
            let wait = Timespec::try_from(left).map_err(io::Error::other)?;
            let mut ready = [PollFd::new(&out, PollFlags::OUT)];
            if rustix::event::poll(&mut ready, Some(&wait))? == 0 {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        match rustix::io::write(out, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Sends a control sequence. Only the thread that draws may, between two frames.
///
/// # Errors
///
/// If the terminal takes no bytes.
pub(super) fn send(sequence: &str) -> io::Result<()> {
    write_all(sequence.as_bytes(), None)
}

/// Bytes of one frame on their way.
#[derive(Clone, Debug, Default)]
struct Pending(Rc<RefCell<Vec<u8>>>);

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A backend that writes a frame in one piece, as one synchronized update
/// (mode 2026), and nothing at all for a frame without differences.
#[derive(Debug)]
pub(super) struct Screen {
    inner: CrosstermBackend<Pending>,
    pending: Pending,
}

impl Screen {
    /// The screen of the terminal that was taken.
    #[must_use]
    pub(super) fn new() -> Self {
        let pending = Pending::default();
        Self {
            inner: CrosstermBackend::new(pending.clone()),
            pending,
        }
    }
}

impl Default for Screen {
    fn default() -> Self {
        Self::new()
    }
}

impl Backend for Screen {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        // The inner backend resets colors even when there is nothing to draw.
        let mut content = content.peekable();
        match content.peek() {
            Some(_) => self.inner.draw(content),
            None => Ok(()),
        }
    }

    // The browser draws its cursors itself; the terminal's stays hidden.
    fn hide_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        let body = std::mem::take(&mut *self.pending.0.borrow_mut());
        if body.is_empty() {
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(body.len() + 16);
        push(&mut bytes, &BeginSynchronizedUpdate);
        bytes.extend_from_slice(&body);
        push(&mut bytes, &EndSynchronizedUpdate);
        write_all(&bytes, None)
    }
}

/// The size of the terminal in cells.
///
/// # Errors
///
/// If it does not tell.
pub(super) fn size() -> io::Result<Size> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout())?;
    Ok(Size {
        width: size.ws_col,
        height: size.ws_row,
    })
}
