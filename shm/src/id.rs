//! The number by which a kernel knows a segment.

use core::ffi::c_int;
use core::fmt;
use core::num::ParseIntError;
use core::str::FromStr;

/// The identifier of a segment, as `shmget(2)` returns it.
///
/// It means something only within one IPC namespace (Linux) or jail
/// (FreeBSD), and only as long as the segment lives: kernels give identifiers
/// out again. Zero is a valid identifier: it is the first one of a fresh Linux
/// namespace.
///
/// This is also the number that the X11 protocol's MIT-SHM extension wants
/// (`shmid` of `ShmAttach`, a `u32` with the same bits): the examples `x11_screenshot` and `x11_put_image`
/// take a picture and animate a window that way.
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
    /// Takes an identifier that came from elsewhere: another process, a file,
    /// the X11 protocol. Whether such a segment exists is found out on use.
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
    /// Returns the same 32 bits, as the X11 protocol wants them.
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
    /// Returns the identifier with these bits, from the X11 protocol. Kernels give out
    /// none above `i32::MAX`; using one is [`Cause::Gone`](crate::Cause::Gone).
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
