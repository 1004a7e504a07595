//! Systems where a mapping does not say of which segment it is.

use super::{ProcessScan, cannot};
use crate::error::{Cause, Result};

const REASON: &str = if cfg!(target_os = "macos") {
    "macOS does not tell of which segment a process's mapping is"
} else if cfg!(target_os = "dragonfly") {
    "DragonFly tells the mappings of a process to readers of kernel memory only"
} else {
    "this system's table of a process's mappings does not tell of which segment they are"
};

pub(super) fn scan() -> Result<ProcessScan> {
    Err(cannot(Cause::Unsupported { what: REASON }))
}
