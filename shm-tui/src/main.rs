//! The `shm-tui` program.
#![forbid(unsafe_code)]

fn main() {}
