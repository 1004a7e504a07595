//! What the browser knows, as plain data.
//!
//! Nothing here reads the system, draws, or asks for the time: every function
//! gets what it needs as arguments, so all of it can be tested with literals.
//! Data comes in through [`crate::source`] and is looked at by [`crate::ui`]
//! and [`crate::output`].

pub mod act;
pub mod bytes;
pub mod column;
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
pub mod snapshot;
pub mod sort;
pub mod state;
pub mod structure;
pub mod threshold;
pub mod time;
