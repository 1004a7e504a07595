//! The bytes of a segment as the browser shows them.

pub mod change;
pub mod class;
pub mod copy;
pub mod goto;
pub mod hits;
pub mod inspect;
pub mod map;
pub mod search;
pub mod window;
