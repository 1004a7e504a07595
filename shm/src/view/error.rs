//! Why an access to the bytes was refused.

use core::sync::atomic::Ordering;

/// An unsuitable offset, alignment or ordering, detected before any byte is touched.
///
/// ```
/// use shm::{AccessError, Segment};
///
/// let segment = Segment::private(100)?.remove_on_drop();
/// let attachment = segment.attach()?;
/// let error = attachment.view().read::<u32>(98).unwrap_err();
/// assert_eq!(error, AccessError::OutOfBounds { offset: 98, len: 4, size: 100 });
/// assert_eq!(error.to_string(), "4 bytes at offset 98 are not within 100 bytes");
/// # Ok::<(), shm::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum AccessError {
    /// The bytes are not all within the view.
    #[error("{len} bytes at offset {offset} are not within {size} bytes")]
    OutOfBounds {
        /// The offset of the access, in bytes from the view's start.
        offset: usize,
        /// The length of the access, in bytes.
        len: usize,
        /// The length of the view, in bytes.
        size: usize,
    },
    /// The address of an atomic is not a multiple of its alignment.
    #[error("offset {offset} is not aligned to {align} bytes in memory")]
    Misaligned {
        /// The offset in bytes from the view's start.
        offset: usize,
        /// The required alignment, in bytes.
        align: usize,
    },
    /// A string without a terminating NUL.
    #[error("no NUL byte within {len} bytes from offset {offset}")]
    Unterminated {
        /// The offset of the string, in bytes from the view's start.
        offset: usize,
        /// How many bytes were read.
        len: usize,
    },
    /// An ordering that this operation does not support.
    #[error("a {operation} cannot have the ordering {ordering:?}")]
    InvalidOrdering {
        /// `"load"` or `"store"`.
        operation: &'static str,
        /// The requested ordering.
        ordering: Ordering,
    },
}

#[cfg(feature = "std")]
impl From<AccessError> for std::io::Error {
    fn from(error: AccessError) -> Self {
        Self::new(std::io::ErrorKind::InvalidInput, error)
    }
}
