//! The real program in a pseudo-terminal, and its screen.
#![allow(dead_code, unreachable_pub)]
// Helpers of tests: what fails here fails the test.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// More than any machine needs, less than a person waits.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A program in a pseudo-terminal.
pub struct Pty {
    pub child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    input: Option<Box<dyn Write + Send>>,
    screen: Arc<Mutex<Seen>>,
    deaf: Arc<AtomicBool>,
}

/// What came out of it.
pub struct Seen {
    pub parser: vt100::Parser,
    pub bytes: Vec<u8>,
}

impl Pty {
    /// The browser with these arguments.
    pub fn browser(arguments: &[&str], width: u16, height: u16) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_shm-tui"));
        command.args(arguments);
        Self::run(command, width, height)
    }

    pub fn run(mut command: CommandBuilder, width: u16, height: u16) -> Self {
        let size = PtySize {
            rows: height,
            cols: width,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        // Not the home directory, which may be closed to this user.
        command.cwd(std::env::current_dir().unwrap());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env_remove("LC_ALL");
        command.env_remove("NO_COLOR");
        // Nobody's own configuration.
        command.env("XDG_CONFIG_HOME", "/nonexistent");
        // A trace would scroll what matters off the screen.
        command.env("RUST_BACKTRACE", "0");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let screen = Arc::new(Mutex::new(Seen {
            parser: vt100::Parser::new(cells(height), cells(width), 0),
            bytes: Vec::new(),
        }));
        let mut output = pair.master.try_clone_reader().unwrap();
        let sink = Arc::clone(&screen);
        let deaf = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&deaf);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut buffer) {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                let mut seen = sink.lock().unwrap();
                seen.parser.process(&buffer[..count]);
                seen.bytes.extend_from_slice(&buffer[..count]);
            }
        });
        Self {
            child,
            input: Some(pair.master.take_writer().unwrap()),
            master: Some(pair.master),
            screen,
            deaf,
        }
    }

    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        self.screen.lock().unwrap()
    }

    pub fn text(&self) -> String {
        self.seen().parser.screen().contents()
    }

    pub fn send(&mut self, keys: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(keys.as_bytes()).unwrap();
        input.flush().unwrap();
    }

    pub fn resize(&self, width: u16, height: u16) {
        let (lines, columns) = (cells(height), cells(width));
        self.seen().parser.screen_mut().set_size(lines, columns);
        let size = PtySize {
            rows: height,
            cols: width,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.as_ref().unwrap().resize(size).unwrap();
    }

    /// Waits until the screen shows `text`.
    #[track_caller]
    pub fn expect(&self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.text().contains(text) {
            assert!(
                Instant::now() < end,
                "no {text:?} on the screen:\n{}",
                self.text()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The terminal goes away, as when its window is closed. The thread that
    /// reads holds a part of it: a frame wakes it up, and it lets go.
    pub fn hang_up(&mut self) {
        self.deaf.store(true, Ordering::SeqCst);
        self.send("?");
        self.input = None;
        self.master = None;
    }

    /// The exit code; fails if the program does not end.
    #[track_caller]
    pub fn code(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // The rest of the output may still be on its way.
                std::thread::sleep(Duration::from_millis(50));
                return status.exit_code();
            }
            assert!(Instant::now() < end, "it does not end:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn pid(&self) -> i32 {
        self.child.process_id().unwrap().try_into().unwrap()
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_raw(self.pid()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Whether the terminal is as a shell wants it: no alternate screen, a
    /// visible cursor, no mouse reports, no paste brackets.
    #[track_caller]
    pub fn assert_restored(&self) {
        let seen = self.seen();
        let screen = seen.parser.screen();
        assert!(!screen.alternate_screen(), "alternate screen");
        assert!(!screen.hide_cursor(), "hidden cursor");
        assert!(!screen.bracketed_paste(), "paste brackets");
        let mouse = screen.mouse_protocol_mode();
        assert_eq!(mouse, vt100::MouseProtocolMode::None);
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
