//! Other people's programs that a test needs.
#![allow(dead_code, unreachable_pub)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::process::{Child, Command, Stdio};

pub use crate::namespace::skipped;

/// Whether all of these are installed. Says which is not and so that the test is
/// skipped; fails instead where skipping is not allowed (`SHM_TEST_REQUIRE`,
/// which CI sets).
pub fn installed(programs: &[(&str, &str)]) -> bool {
    for (program, package) in programs {
        let found = Command::new(program)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if found.is_err() {
            let missing = format!("{program} is missing (apt-get install {package})");
            let required = std::env::var_os("SHM_TEST_REQUIRE").is_some();
            assert!(!required, "{missing}");
            skipped(&missing);
            return false;
        }
    }
    true
}

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
