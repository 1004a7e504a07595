//! The calls that tell the mappings of other processes, on the systems that
//! say of which segment they are.

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(target_os = "freebsd", path = "freebsd.rs")]
mod system;

pub(crate) use system::*;
