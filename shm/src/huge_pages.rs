//! The sizes of huge pages.

/// The size of huge pages (Linux).
///
/// The available sizes depend on processor and kernel: `/sys/kernel/mm/hugepages` lists
/// them.
///
/// ```
/// use shm::HugePages;
///
/// assert_eq!(HugePages::of_size(2 << 20), Some(HugePages::MIB_2));
/// assert_eq!(HugePages::of_size(3 << 20), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "u64", into = "u64"))]
pub struct HugePages {
    /// The logarithm of the size, 0 for the system's default.
    log2: u8,
}

impl HugePages {
    /// Returns the size's logarithm, shifted to its place in `shmget`'s flags.
    pub(crate) const fn log2(self) -> u8 {
        self.log2
    }

    /// The system's default size (`Hugepagesize` of `/proc/meminfo`).
    pub const DEFAULT: Self = Self { log2: 0 };
    /// 64 KiB.
    pub const KIB_64: Self = Self { log2: 16 };
    /// 512 KiB.
    pub const KIB_512: Self = Self { log2: 19 };
    /// 1 MiB.
    pub const MIB_1: Self = Self { log2: 20 };
    /// 2 MiB.
    pub const MIB_2: Self = Self { log2: 21 };
    /// 8 MiB.
    pub const MIB_8: Self = Self { log2: 23 };
    /// 16 MiB.
    pub const MIB_16: Self = Self { log2: 24 };
    /// 32 MiB.
    pub const MIB_32: Self = Self { log2: 25 };
    /// 256 MiB.
    pub const MIB_256: Self = Self { log2: 28 };
    /// 512 MiB.
    pub const MIB_512: Self = Self { log2: 29 };
    /// 1 GiB.
    pub const GIB_1: Self = Self { log2: 30 };
    /// 2 GiB.
    pub const GIB_2: Self = Self { log2: 31 };
    /// 16 GiB.
    pub const GIB_16: Self = Self { log2: 34 };

    /// Pages of this many bytes, if that is a power of two above 1.
    #[must_use]
    pub const fn of_size(bytes: u64) -> Option<Self> {
        if bytes.is_power_of_two() && bytes > 1 {
            // Below 64, so it fits both a byte and the flag's six bits.
            Some(Self {
                log2: bytes.trailing_zeros() as u8,
            })
        } else {
            None
        }
    }
}

impl HugePages {
    /// Pages of 2 to the power of `log2` bytes, 0 for the system's default: the value
    /// that C programs shift by `SHM_HUGE_SHIFT`. The flag has six bits.
    ///
    /// ```
    /// use shm::HugePages;
    ///
    /// assert_eq!(HugePages::from_log2(21), Some(HugePages::MIB_2));
    /// assert_eq!(HugePages::from_log2(0), Some(HugePages::DEFAULT));
    /// assert_eq!(HugePages::from_log2(64), None);
    /// ```
    #[must_use]
    pub const fn from_log2(log2: u8) -> Option<Self> {
        if log2 < 64 { Some(Self { log2 }) } else { None }
    }
}

impl From<HugePages> for u64 {
    /// Returns the size in bytes, 0 for the system's default.
    fn from(pages: HugePages) -> Self {
        match pages.log2 {
            0 => 0,
            log2 => 1 << log2,
        }
    }
}

/// Not the size of a page: powers of two above 1 are sizes, and 0 is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the size of a page: expected a power of two, or 0 for the default")]
pub struct InvalidPageSize;

impl TryFrom<u64> for HugePages {
    type Error = InvalidPageSize;

    fn try_from(bytes: u64) -> Result<Self, InvalidPageSize> {
        match bytes {
            0 => Ok(Self::DEFAULT),
            bytes => Self::of_size(bytes).ok_or(InvalidPageSize),
        }
    }
}
