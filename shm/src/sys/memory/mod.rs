//! The mappings of this process around attachments: the length of an attachment, suitable
//! addresses, and replacing mappings. One file per system, each with the same functions.

#[cfg_attr(target_os = "linux", path = "linux/mod.rs")]
#[cfg_attr(target_os = "freebsd", path = "freebsd.rs")]
#[cfg_attr(target_os = "dragonfly", path = "dragonfly.rs")]
#[cfg_attr(
    any(target_os = "macos", target_os = "netbsd", target_os = "openbsd"),
    path = "plain.rs"
)]
mod system;

#[cfg(not(target_os = "linux"))]
mod fixed;
#[cfg(any(target_os = "freebsd", all(test, target_os = "linux")))]
mod probe;

pub(crate) use system::*;
