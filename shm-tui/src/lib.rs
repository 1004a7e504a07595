//! An interactive terminal browser for live System V shared memory segments.
//!
//! The program is a library so that tests and benchmarks can use it; `main.rs` only
//! calls [`run`]. To read it, follow the data:
//!
//! 1. [`source`]: reads segments, bytes, names and processes;
//! 2. [`model`]: compares, sorts, filters and formats them;
//! 3. [`app`]: the state, and `update`, the only function that changes it;
//! 4. [`ui`]: `view`, which draws the state;
//! 5. [`runtime`]: threads, terminal and signals, and the gate for effects;
//! 6. [`output`]: formats the same data for scripts;
//! 7. [`cli`], [`environment`], [`config`] and [`commands`]: start a run.

#![forbid(unsafe_code)]

pub mod app;
pub mod cli;
pub mod commands;
pub mod config;
pub mod environment;
pub mod model;
pub mod output;
pub mod runtime;
pub mod source;
pub mod theme;
pub mod ui;

pub use commands::run;
