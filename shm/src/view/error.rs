//! Why an access to the bytes was refused.

use core::sync::atomic::Ordering;

/// An offset or alignment that does not fit: found before a byte is touched.
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
        /// Where the access would have begun, in bytes from the view's start.
        offset: usize,
        /// How many bytes it wanted.
        len: usize,
        /// How many bytes the view has.
        size: usize,
    },
    /// The address of an atomic is no multiple of its alignment.
    #[error("offset {offset} is not aligned to {align} bytes in memory")]
    Misaligned {
        /// The offset in bytes from the view's start.
        offset: usize,
        /// The alignment that was needed, in bytes.
        align: usize,
    },
    /// A text without a NUL byte where one had to be.
    #[error("no NUL byte within {len} bytes from offset {offset}")]
    Unterminated {
        /// The offset of the text, in bytes from the view's start.
        offset: usize,
        /// How many bytes were read.
        len: usize,
    },
    /// An ordering that this operation cannot have.
    #[error("a {operation} cannot have the ordering {ordering:?}")]
    InvalidOrdering {
        /// `"load"` or `"store"`.
        operation: &'static str,
        /// The ordering that was asked for.
        ordering: Ordering,
    },
}

#[cfg(feature = "std")]
impl From<AccessError> for std::io::Error {
    fn from(error: AccessError) -> Self {
        Self::new(std::io::ErrorKind::InvalidInput, error)
    }
}
