//! The `shm-tui` program.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    shm_tui::run()
}
