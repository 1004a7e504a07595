//! The data of the browser.
//!
//! Nothing here reads the system, draws, or reads the clock: every function gets its
//! input as arguments, so everything can be tested with literals. [`crate::source`]
//! provides the data; [`crate::ui`] and [`crate::output`] show it.

pub mod act;
pub mod bytes;
pub mod cells;
pub mod column;
pub mod command;
pub mod diff;
pub mod directory;
pub mod dry_run;
pub mod format;
pub mod history;
pub mod key;

pub mod log;
pub mod process_status;
pub mod query;
pub mod request;
pub mod scan;
pub mod segment;
pub mod series;
pub mod snapshot;
pub mod sort;
pub mod state;
pub mod structure;
pub mod threshold;
pub mod time;
pub mod totals;
