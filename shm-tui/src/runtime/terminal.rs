//! Takes the terminal over, draws on it, and restores it.
//!
//! [`restore`] may be called from any thread, at any time and more than once. It neither
//! blocks nor fails, because it runs when a signal or a panic ends the program and when
//! the terminal may be gone. Therefore it writes to the file descriptor directly: the
//! interrupted thread could hold a lock or a buffer.

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

/// Whether the program has the terminal now.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// How long to wait for a terminal that accepts no bytes.
const PATIENCE: Duration = Duration::from_millis(500);

/// Takes over the terminal.
///
/// # Errors
///
/// If there is no terminal, or it refuses.
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

/// Asks the terminal to report the mouse, or to select text with it. Only the
/// thread that draws may, between two frames.
///
/// # Errors
///
/// If the terminal takes no bytes.
pub(super) fn listen_to_mouse(on: bool) -> io::Result<()> {
    let mut bytes = Vec::new();
    match on {
        true => push(&mut bytes, &EnableMouseCapture),
        false => push(&mut bytes, &DisableMouseCapture),
    }
    write_all(&bytes, None)
}

/// Restores the terminal; does nothing if the program does not have it.
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
    // Ignored: a terminal that is gone needs no restoring.
    let _ = write_all(&bytes, Some(PATIENCE));
    let _ = disable_raw_mode();
}

/// Clears the screen. A terminal without an alternate screen, such as DragonFly's
/// console, would show what was there before.
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

/// Writes to the terminal, and waits for it at most this long.
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

/// Sends a control sequence. Only the drawing thread may call it, between two frames.
///
/// # Errors
///
/// If the terminal accepts no bytes.
pub(super) fn send(sequence: &str) -> io::Result<()> {
    write_all(sequence.as_bytes(), None)
}

/// The bytes of one frame.
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

/// A backend that writes a frame at once, as one synchronized update (mode 2026), and
/// nothing for a frame without differences.
#[derive(Debug)]
pub(super) struct Screen {
    inner: CrosstermBackend<Pending>,
    pending: Pending,
    /// Where the terminal's own cursor is shown, which it is in plain mode only.
    cursor: Option<Position>,
}

impl Screen {
    /// The screen of the terminal.
    #[must_use]
    pub(super) fn new() -> Self {
        let pending = Pending::default();
        Self {
            inner: CrosstermBackend::new(pending.clone()),
            pending,
            cursor: None,
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

    // The browser draws its cursors itself. Screen readers follow the terminal's,
    // which a frame of the plain mode shows.
    fn hide_cursor(&mut self) -> io::Result<()> {
        match self.cursor.take() {
            Some(_) => self.inner.hide_cursor(),
            None => Ok(()),
        }
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        // Cells that are drawn move it.
        let is_there = self.cursor == Some(position) && self.pending.0.borrow().is_empty();
        if is_there {
            return Ok(());
        }
        self.cursor = Some(position);
        self.inner.set_cursor_position(position)?;
        self.inner.show_cursor()
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

/// Returns the size of the terminal in cells.
///
/// # Errors
///
/// If the terminal does not report it.
pub(super) fn size() -> io::Result<Size> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout())?;
    Ok(Size {
        width: size.ws_col,
        height: size.ws_row,
    })
}
