//! The kernel's times: whole seconds, and zero for "never".

use core::fmt;

/// A time in a segment's state: whole seconds since 1970-01-01 00:00:00 UTC.
///
/// A zero in the kernel's structure means "never" and is `None` in [`Stat`](crate::Stat).
///
/// ```
/// use shm::Timestamp;
/// use std::time::{Duration, UNIX_EPOCH};
///
/// let time = Timestamp::from_secs(1_700_000_000).unwrap();
/// assert_eq!(time.as_secs(), 1_700_000_000);
/// assert_eq!(time.to_system_time(), Some(UNIX_EPOCH + Duration::from_secs(1_700_000_000)));
/// assert_eq!(Timestamp::from_secs(0), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Timestamp(core::num::NonZeroI64);

impl Timestamp {
    /// Returns the time this many seconds after the epoch; `None` for zero, which kernels
    /// use for "never".
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Option<Self> {
        match core::num::NonZeroI64::new(seconds) {
            Some(seconds) => Some(Self(seconds)),
            None => None,
        }
    }

    /// Returns the seconds since the epoch.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0.get()
    }

    /// Returns the same time as `std`'s type; `None` if this system's clock type cannot
    /// represent it (a corrupt record).
    #[cfg(feature = "std")]
    #[must_use]
    pub fn to_system_time(self) -> Option<std::time::SystemTime> {
        use std::time::{Duration, UNIX_EPOCH};
        let distance = Duration::from_secs(self.as_secs().unsigned_abs());
        if self.as_secs() >= 0 {
            UNIX_EPOCH.checked_add(distance)
        } else {
            UNIX_EPOCH.checked_sub(distance)
        }
    }
}

impl fmt::Display for Timestamp {
    /// Formats the seconds since the epoch in decimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn a_timestamp_prints_its_seconds() {
        let printed = |seconds| Timestamp::from_secs(seconds).map(|time| time.to_string());
        assert_eq!(printed(1_700_000_000).as_deref(), Some("1700000000"));
        assert_eq!(printed(-1).as_deref(), Some("-1"));
        assert_eq!(printed(0), None);
    }
}
