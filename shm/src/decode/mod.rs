//! Decoders: pure functions from what a kernel returned to typed values.
//!
//! They do no I/O and are compiled and tested on every host, whichever
//! system's form they decode; who reads the bytes is [`crate::sys`].

pub(crate) mod flags;
