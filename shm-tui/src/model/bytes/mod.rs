//! The bytes of a segment as the browser shows them.

pub mod change;
pub mod window;
