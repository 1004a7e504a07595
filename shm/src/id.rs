//! Identifiers of segments.

use core::ffi::c_int;
use core::fmt;
use core::num::ParseIntError;
use core::str::FromStr;

/// The identifier of a segment, as `shmget(2)` returns it.
///
/// It is valid only within one IPC namespace (Linux) or jail (FreeBSD), and only while
/// the segment exists: kernels reuse identifiers. Zero is valid: it is the first
/// identifier of a fresh Linux namespace.
///
/// The X11 protocol's MIT-SHM extension uses this number too (`shmid` of `ShmAttach`, a
/// `u32` with the same bits): see the examples `x11_screenshot` and `x11_put_image`.
///
/// ```
/// use shm::SegmentId;
///
/// let id: SegmentId = "32769".parse()?;
/// assert_eq!(id.as_raw(), 32769);
/// assert_eq!(id.to_string(), "32769");
/// # Ok::<(), std::num::ParseIntError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct SegmentId(c_int);

impl SegmentId {
    /// Returns the identifier with a number from elsewhere: another process, a file, the
    /// X11 protocol. Using it shows whether such a segment exists.
    #[must_use]
    pub const fn from_raw(id: c_int) -> Self {
        Self(id)
    }

    /// Returns the number itself, for other programs and protocols.
    #[must_use]
    pub const fn as_raw(self) -> c_int {
        self.0
    }
}

impl From<SegmentId> for u32 {
    /// Returns the same 32 bits, for the X11 protocol.
    ///
    /// ```
    /// use shm::SegmentId;
    ///
    /// let id = SegmentId::from_raw(32769);
    /// assert_eq!(u32::from(id), 32769);
    /// assert_eq!(SegmentId::from(32769_u32), id);
    /// ```
    fn from(id: SegmentId) -> Self {
        id.0 as Self
    }
}

impl From<u32> for SegmentId {
    /// Returns the identifier with these bits, from the X11 protocol. Kernels use none
    /// above `i32::MAX`; using one fails with [`Cause::Gone`](crate::Cause::Gone).
    fn from(bits: u32) -> Self {
        Self(bits as c_int)
    }
}

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for SegmentId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}
