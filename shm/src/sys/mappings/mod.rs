//! The calls that read the mappings of other processes, one file per system. DragonFly
//! has only procfs, for which std's calls suffice; OpenBSD has nothing.

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(target_os = "freebsd", path = "freebsd.rs")]
#[cfg_attr(target_os = "netbsd", path = "netbsd.rs")]
#[cfg_attr(target_os = "macos", path = "macos.rs")]
#[cfg(not(any(target_os = "dragonfly", target_os = "openbsd")))]
mod system;

#[cfg(any(target_os = "freebsd", target_os = "dragonfly", test))]
pub(crate) mod procfs;

#[cfg(not(any(target_os = "dragonfly", target_os = "openbsd")))]
pub(crate) use system::*;
