//! Other programs that a test needs.
#![allow(dead_code, unreachable_pub)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::process::{Child, Command, Stdio};

/// A program that ends with the test.
pub struct Running(Child);

impl Running {
    pub fn start(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::null()).spawn().unwrap())
    }

    /// Fails if it has ended by itself.
    #[track_caller]
    pub fn assert_runs(&mut self) {
        let ended = self.0.try_wait().unwrap();
        assert!(ended.is_none(), "it ended with {ended:?}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
