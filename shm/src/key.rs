//! Keys, by which unrelated processes find a segment.

use core::fmt;
use core::str::FromStr;

/// The system's own key type: 32 bits on Linux and macOS, a C `long` on
/// FreeBSD, NetBSD, OpenBSD and DragonFly.
pub type RawKey = libc::key_t;

/// The key of a segment: a number that programs agree on beforehand.
///
/// Create one [from a path](Key::from_path) as `ftok(3)` does, [at random](Key::random),
/// or [from a number](Key::from_raw) that a protocol defines. [`Key::PRIVATE`] names no
/// segment: creating with it makes a new one every time, and a segment with it is private
/// or marked for removal.
///
/// Displayed as `ipcs(1)` does, `0x%08x`; parsed from decimal (`-` allowed),
/// hexadecimal with `0x`, or octal with `0`. A hexadecimal or octal number is
/// the bit pattern of the key: `0xffffffff` is -1 where keys have 32 bits and
/// 4294967295 where they have 64.
///
/// ```
/// use shm::Key;
///
/// let key: Key = "0x5eed0001".parse()?;
/// assert_eq!(key, Key::from_raw(0x5eed_0001));
/// assert_eq!(key.to_string(), "0x5eed0001");
/// assert_eq!("0".parse::<Key>()?, Key::PRIVATE);
/// # Ok::<(), shm::ParseKeyError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Key(RawKey);

impl Key {
    /// `IPC_PRIVATE`: no key.
    pub const PRIVATE: Self = Self(shm_sys::IPC_PRIVATE);

    /// Returns the key with this number.
    #[must_use]
    pub const fn from_raw(key: RawKey) -> Self {
        Self(key)
    }

    /// Returns the number.
    #[must_use]
    pub const fn as_raw(self) -> RawKey {
        self.0
    }

    /// Returns the key with this bit pattern; `None` if it is wider than the system's
    /// keys.
    ///
    /// ```
    /// use shm::Key;
    ///
    /// let key = Key::from_bits(0xdead_beef).unwrap();
    /// assert_eq!(key.bits(), 0xdead_beef);
    /// assert_eq!(Key::from_bits(1 << 32).is_some(), shm::RawKey::BITS == 64);
    /// ```
    #[must_use]
    pub const fn from_bits(bits: u64) -> Option<Self> {
        let key = Self(bits as RawKey);
        if key.bits() == bits { Some(key) } else { None }
    }

    /// Returns the bit pattern, the unsigned number that `ipcs` prints in hexadecimal:
    /// 4294967295 for -1 where keys have 32 bits, `u64::MAX` where they have 64.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0 as u64 & MASK
    }

    /// Returns whether this is [`Key::PRIVATE`].
    #[must_use]
    pub const fn is_private(self) -> bool {
        self.0 == Self::PRIVATE.0
    }

    /// Returns the key that this system's `ftok(3)` derives from an existing file and a
    /// project number, so that C programs which do the same get the same key.
    ///
    /// `ftok` uses 16 bits of the file's inode number and 8 bits of its device:
    /// **different files eventually give the same key**, and a file that is deleted and
    /// created again gives another one. The project number is a letter by convention.
    /// POSIX does not define 0; the C libraries accept it, which gives a key with a top
    /// byte of 0. Use [`SegmentOptions::create_new`](crate::SegmentOptions::create_new)
    /// to detect collisions, or [`Key::random`] if the key can be handed over.
    ///
    /// # Errors
    ///
    /// The path has a NUL byte, or the file cannot be inspected (it does not
    /// exist, or a directory on the way may not be searched).
    ///
    /// ```
    /// use shm::Key;
    ///
    /// let key = Key::from_path(std::env::current_exe()?, b'A')?;
    /// assert_eq!(key, Key::from_path(std::env::current_exe()?, b'A')?);
    /// assert!(Key::from_path("/no/such/file", b'A').is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "std")]
    pub fn from_path(path: impl AsRef<std::path::Path>, project: u8) -> Result<Self, crate::Error> {
        crate::sys::ftok(path.as_ref(), project)
    }

    /// Returns the result of `ftok`, if it is a key. -1 may be a key too, for a file
    /// whose numbers end in ones; it is a failure only if the file cannot be inspected.
    #[cfg(feature = "std")]
    pub(crate) fn of_ftok(answer: RawKey, can_inspect: impl FnOnce() -> bool) -> Option<Self> {
        (answer != -1 || can_inspect()).then_some(Self(answer))
    }

    /// Returns a random key, never [`Key::PRIVATE`].
    ///
    /// It is not secret, only unlikely to be in use; create with
    /// [`create_new`](crate::SegmentOptions::create_new) and draw another one if it is.
    ///
    /// ```
    /// assert_ne!(shm::Key::random(), shm::Key::random());
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub fn random() -> Self {
        use std::hash::{BuildHasher, RandomState};
        // Seeded from the system's random source and different for every
        // `RandomState`; 31 bits are positive under every system's key type.
        let drawn = RandomState::new().hash_one(std::process::id());
        let positive = (drawn & 0x7fff_ffff) as RawKey;
        Self(if positive == Self::PRIVATE.0 {
            1
        } else {
            positive
        })
    }
}

impl fmt::Display for Key {
    /// `0x` and eight hexadecimal digits, or as many as a 64-bit key needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#010x}", self.0)
    }
}

/// The text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a key: expected a decimal, 0x-hexadecimal or 0-octal number of {} bits",
    RawKey::BITS
)]
pub struct ParseKeyError;

impl FromStr for Key {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        let pattern = |digits: &str, radix| {
            // `from_str_radix` accepts a sign; a bit pattern has none.
            if digits.starts_with('+') {
                return None;
            }
            u64::from_str_radix(digits, radix)
                .ok()
                .and_then(Self::from_bits)
        };
        let key = if let Some(digits) = text.strip_prefix("0x").or(text.strip_prefix("0X")) {
            pattern(digits, 16)
        } else if let Some(digits) = text.strip_prefix('0').filter(|rest| !rest.is_empty()) {
            pattern(digits, 8)
        } else {
            text.parse().ok().map(Self)
        };
        key.ok_or(ParseKeyError)
    }
}

/// The width of a key in bits.
const MASK: u64 = u64::MAX >> (u64::BITS - RawKey::BITS);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_notations_name_the_same_key() {
        for text in ["4660", "0x1234", "0X1234", "011064"] {
            assert_eq!(text.parse(), Ok(Key(0x1234)), "{text}");
        }
    }

    #[test]
    fn a_pattern_with_the_top_bit_is_a_negative_key() {
        let top = format!("{:#x}", RawKey::MIN);
        assert_eq!(top.parse(), Ok(Key(RawKey::MIN)));
        assert_eq!(Key(-1).to_string().parse(), Ok(Key(-1)));
        assert_eq!("-1".parse(), Ok(Key(-1)));
    }

    #[test]
    fn bits_are_as_many_as_a_key_has() {
        assert_eq!(Key(-1).bits(), u64::MAX >> (64 - RawKey::BITS));
        assert_eq!(Key(RawKey::MIN).bits(), 1 << (RawKey::BITS - 1));
        for key in [
            Key(0),
            Key(0x51),
            Key(-5),
            Key(RawKey::MAX),
            Key(RawKey::MIN),
        ] {
            assert_eq!(Key::from_bits(key.bits()), Some(key));
        }
        assert_eq!(Key::from_bits(u64::MAX).is_some(), RawKey::BITS == 64);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "0x",
            "key",
            "0x+1",
            "08",
            "1.5",
            "0x1ffffffffffffffff",
            " 1",
        ] {
            assert_eq!(text.parse::<Key>(), Err(ParseKeyError), "{text:?}");
        }
    }

    #[test]
    #[cfg(feature = "std")]
    fn minus_one_is_a_failure_only_without_the_file() {
        assert_eq!(Key::of_ftok(-1, || true), Some(Key(-1)));
        assert_eq!(Key::of_ftok(-1, || false), None);
        for answer in [0, 1, -2, RawKey::MIN] {
            assert_eq!(Key::of_ftok(answer, || false), Some(Key(answer)));
        }
    }

    #[test]
    fn display_pads_to_eight_digits() {
        assert_eq!(Key::PRIVATE.to_string(), "0x00000000");
        assert_eq!(Key(0xabc).to_string(), "0x00000abc");
    }
}
