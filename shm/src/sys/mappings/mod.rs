//! The calls that show the mappings of other processes, one file a system.

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(target_os = "freebsd", path = "freebsd.rs")]
#[cfg_attr(target_os = "dragonfly", path = "dragonfly.rs")]
#[cfg_attr(target_os = "netbsd", path = "netbsd.rs")]
#[cfg_attr(target_os = "macos", path = "macos.rs")]
mod system;

#[cfg(any(target_os = "freebsd", target_os = "dragonfly", test))]
pub(crate) mod procfs;

pub(crate) use system::*;
