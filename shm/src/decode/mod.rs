//! Decoders: pure functions from a kernel's bytes to typed values.
//!
//! They do no I/O, and are compiled and tested on every host, whichever system's form
//! they decode; [`crate::sys`] reads the bytes. None trusts its input: an unexpected form
//! is [`Malformed`], and nothing reads past the end.
#![allow(
    clippy::unnecessary_cast,
    clippy::useless_conversion,
    reason = "keys have 32 bits on some systems and 64 on others"
)]
#![allow(
    dead_code,
    reason = "each system uses its own; all are tested on every host"
)]

pub(crate) mod dragonfly;
pub(crate) mod flags;
pub(crate) mod freebsd;
pub(crate) mod freebsd_objects;
pub(crate) mod freebsd_vm;
#[cfg(fuzzing)]
pub mod fuzzing;
pub(crate) mod macos;
pub(crate) mod macos_regions;
pub(crate) mod maps;
pub(crate) mod netbsd;
pub(crate) mod netbsd_vm;
pub(crate) mod openbsd;
pub(crate) mod process;
pub(crate) mod procfs_map;
pub(crate) mod record;
pub(crate) mod stacks;
pub(crate) mod sysvipc;

#[cfg(test)]
pub(crate) mod testing;

pub(crate) use record::{Malformed, Record, with_lengths};
