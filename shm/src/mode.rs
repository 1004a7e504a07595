//! Permission bits, without state flags.
//!
//! Kernels store state (marked for removal, locked, allocated) in the upper bits of the
//! same field; those are [`StatFlags`](crate::StatFlags).

use core::fmt;
use core::ops::{BitAnd, BitOr};
use core::str::FromStr;

/// The permission bits of a segment: the nine bits of `chmod(1)`.
///
/// The execute bits exist, but only Linux's `SHM_EXEC` checks them.
///
/// ```
/// use shm::Mode;
///
/// let mode = Mode::OWNER_READ_WRITE | Mode::GROUP_READ;
/// assert_eq!(mode.bits(), 0o640);
/// assert_eq!(mode.to_string(), "0640");
/// assert_eq!("640".parse(), Ok(mode));
/// assert_eq!(Mode::from_bits(0o1640), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "u32", into = "u32"))]
pub struct Mode(u16);

impl Mode {
    /// No right for anybody but a privileged process (`0000`).
    pub const NONE: Self = Self(0);
    /// The owner may read (`0400`).
    pub const OWNER_READ: Self = Self(0o400);
    /// The owner may read and write (`0600`): the default of new segments.
    pub const OWNER_READ_WRITE: Self = Self(0o600);
    /// The group may read (`0040`).
    pub const GROUP_READ: Self = Self(0o040);
    /// The group may read and write (`0060`).
    pub const GROUP_READ_WRITE: Self = Self(0o060);
    /// Everybody else may read (`0004`).
    pub const OTHER_READ: Self = Self(0o004);
    /// Everybody else may read and write (`0006`).
    pub const OTHER_READ_WRITE: Self = Self(0o006);
    /// Everybody may read and write (`0666`).
    pub const ALL_READ_WRITE: Self = Self(0o666);

    const MASK: u32 = 0o777;

    /// Returns the mode with these bits, or `None` where bits beyond `0o777` are set.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Option<Self> {
        if bits & !Self::MASK == 0 {
            Some(Self::from_bits_truncate(bits))
        } else {
            None
        }
    }

    /// Returns the mode with the low nine of these bits; the others are dropped.
    #[must_use]
    pub const fn from_bits_truncate(bits: u32) -> Self {
        // Nine bits fit sixteen.
        Self((bits & Self::MASK) as u16)
    }

    /// Returns the nine bits.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0 as u32
    }

    /// Returns whether every bit of `other` is set here.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Mode {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Mode {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl fmt::Display for Mode {
    /// Writes four octal digits, as `ipcs(1)` and `stat(1)` do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04o}", self.0)
    }
}

impl fmt::Debug for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mode({self})")
    }
}

/// The text or number is not a mode: octal digits up to `777` are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mode: expected octal permission bits from 0 to 777")]
pub struct InvalidMode;

impl FromStr for Mode {
    type Err = InvalidMode;

    /// Parses octal digits, with or without a leading `0` or `0o`.
    fn from_str(text: &str) -> Result<Self, InvalidMode> {
        let digits = text.strip_prefix("0o").unwrap_or(text);
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidMode);
        }
        u32::from_str_radix(digits, 8)
            .map_err(|_| InvalidMode)?
            .try_into()
    }
}

impl TryFrom<u32> for Mode {
    type Error = InvalidMode;

    fn try_from(bits: u32) -> Result<Self, InvalidMode> {
        Self::from_bits(bits).ok_or(InvalidMode)
    }
}

impl From<Mode> for u32 {
    fn from(mode: Mode) -> Self {
        mode.bits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_survives_display_and_parsing() {
        for bits in 0..=0o777 {
            let mode = Mode::from_bits(bits).unwrap();
            assert_eq!(mode.to_string().parse(), Ok(mode));
            assert_eq!(Mode::try_from(u32::from(mode)), Ok(mode));
        }
    }

    #[test]
    fn state_bits_are_no_mode() {
        assert_eq!(Mode::from_bits(0o1000), None);
        assert_eq!(Mode::from_bits_truncate(0o3640).bits(), 0o640);
        for text in ["", "8", "1777", "-1", "+7", "rw", "0x7"] {
            assert_eq!(text.parse::<Mode>(), Err(InvalidMode), "{text:?}");
        }
    }
}
