//! An X server without a screen, for the X11 tests and their benchmark.
#![allow(unreachable_pub, reason = "each user takes it in as a module")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// How long the server may take to start.
const LIMIT: Duration = Duration::from_secs(60);

/// An X server for the lifetime of the value.
#[derive(Debug)]
pub struct Server {
    process: Child,
    display: String,
}

impl Server {
    /// Starts one with a screen of `WIDTHxHEIGHTxDEPTH`. It chooses its own number and
    /// prints it when it is ready.
    ///
    /// # Errors
    ///
    /// A message: Xvfb is not installed, or did not start.
    pub fn start(screen: &str) -> Result<Self, String> {
        let mut process = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", screen])
            .args(["-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("Xvfb: {error}"))?;
        let (sender, receiver) = channel();
        if let Some(output) = process.stdout.take() {
            std::thread::spawn(move || {
                let mut number = String::new();
                let _ = BufReader::new(output).read_line(&mut number);
                let _ = sender.send(number);
            });
        }
        let number = receiver.recv_timeout(LIMIT).unwrap_or_default();
        let server = Self {
            process,
            display: format!(":{}", number.trim()),
        };
        if number.trim().is_empty() {
            return Err("Xvfb did not start".to_owned());
        }
        Ok(server)
    }

    /// The value for `DISPLAY`.
    pub fn display(&self) -> &str {
        &self.display
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
