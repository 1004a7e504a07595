//! The system's limits and usage: plain values. [`crate::sys`] reads them.

use core::fmt;

/// A limit of the system, or its absence.
///
/// Linux's defaults for `shmmax` and `shmall` mean "no limit"
/// (18446744073692774399): everything from 2⁶³ up is [`Unlimited`].
///
/// ```
/// use shm::Limit;
///
/// assert_eq!(Limit::from_raw(4096), Limit::AtMost(4096));
/// assert_eq!(Limit::from_raw(u64::MAX - (1 << 24)), Limit::Unlimited);
/// assert!(Limit::AtMost(10) < Limit::Unlimited);
/// assert!(Limit::AtMost(10).allows(10) && !Limit::AtMost(10).allows(11));
/// ```
///
/// [`Unlimited`]: Self::Unlimited
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Limit {
    /// At most this many.
    AtMost(u64),
    /// No limit that can be reached.
    Unlimited,
}

impl Limit {
    /// Returns the limit that a kernel expresses by this number.
    #[must_use]
    pub const fn from_raw(value: u64) -> Self {
        if value < 1 << 63 {
            Self::AtMost(value)
        } else {
            Self::Unlimited
        }
    }

    /// Returns whether `value` is within the limit.
    #[must_use]
    pub const fn allows(self, value: u64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::Unlimited => true,
        }
    }

    /// Returns the number, if there is one.
    #[must_use]
    pub const fn at_most(self) -> Option<u64> {
        match self {
            Self::AtMost(most) => Some(most),
            Self::Unlimited => None,
        }
    }

    /// Returns the limit in units `factor` times smaller (pages into bytes); an overflow
    /// gives [`Limit::Unlimited`].
    #[must_use]
    pub const fn times(self, factor: u64) -> Self {
        match self {
            Self::AtMost(most) => match most.checked_mul(factor) {
                Some(product) => Self::from_raw(product),
                None => Self::Unlimited,
            },
            Self::Unlimited => Self::Unlimited,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => fmt::Display::fmt(most, f),
            Self::Unlimited => f.pad("unlimited"),
        }
    }
}

/// The system's limits on segments, from [`limits()`](crate::limits()).
///
/// On Linux they are those of the caller's IPC namespace, which starts from
/// the kernel's defaults and not from its parent's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Limits {
    /// The largest segment, in bytes (SHMMAX).
    pub max_size: Limit,
    /// The smallest segment, in bytes (SHMMIN).
    pub min_size: u64,
    /// Maximum number of segments (SHMMNI).
    pub max_segments: Limit,
    /// Maximum number of attachments of one process (SHMSEG). Linux has no such limit.
    pub max_attachments: Limit,
    /// Maximum number of pages of all segments together (SHMALL).
    pub max_pages: Limit,
    /// The size of a page, in bytes.
    pub page_size: u64,
}

impl Limits {
    /// Returns the maximum size of all segments together: SHMALL in bytes.
    #[must_use]
    pub const fn max_total(&self) -> Limit {
        self.max_pages.times(self.page_size)
    }
}

/// The system's usage, from [`usage()`](crate::usage()).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Usage {
    /// The number of segments, including those marked for removal.
    pub segments: u64,
    /// Their pages together, each segment rounded up.
    pub pages: u64,
    /// Resident pages, if the system reports them (Linux).
    pub resident_pages: Option<u64>,
    /// Swapped pages, if the system reports them (Linux).
    pub swapped_pages: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_of_linux_do_not_overflow_into_a_small_limit() {
        let shmall = u64::MAX - (1 << 24);
        assert_eq!(Limit::from_raw(shmall).times(4096), Limit::Unlimited);
        assert_eq!(Limit::AtMost(1 << 60).times(4096), Limit::Unlimited);
        assert_eq!(
            Limit::AtMost(131_072).times(4096),
            Limit::AtMost(536_870_912)
        );
    }
}
