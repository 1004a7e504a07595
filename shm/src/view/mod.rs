//! Views: all the safe work on the bytes of an attachment.
//!
//! A view is a base address, a length and an access; its lifetime borrows the attachment,
//! and it is `Copy`. This file has the parts that need no `unsafe`; the primitives with
//! bounds checks are in [`raw`], atomics in [`atomic`].

mod atomic;
mod bytes;
mod chunks;
#[cfg(feature = "std")]
mod cursor;
mod error;
mod ordering;
mod raw;
mod typed;
#[cfg(feature = "zerocopy")]
mod zerocopy;

use core::fmt;
use core::marker::PhantomData;
use core::ops::{Bound, RangeBounds};
use core::ptr::NonNull;

pub(crate) use atomic::load_through;
pub use atomic::{AtomicValue, AtomicWord};
pub use chunks::Chunks;
#[cfg(feature = "std")]
pub use cursor::Cursor;
pub use error::AccessError;
pub use ordering::{LoadOrdering, StoreOrdering};

use crate::{Access, ReadOnly, ReadWrite, Writable};

/// The bytes of an [`Attachment`](crate::Attachment), or a part of them.
///
/// Every method checks bounds (and alignment where it matters) before it touches a byte
/// and returns an [`AccessError`] otherwise. No method returns a reference to the bytes,
/// because another process may change them at any moment; the exception are the
/// [atomics](Self::atomic), which are made for that.
///
/// Plain reads and writes may *tear*: of bytes that are written at the same time, some
/// may be old and some new. If you need more, use a lock, a sequence counter or a flag in
/// the segment, with the atomics; the crate's [guide](crate::guide) shows how.
///
/// ```
/// use shm::Segment;
///
/// let segment = Segment::private(4096)?.remove_on_drop();
/// let attachment = segment.attach()?;
/// let view = attachment.view();
///
/// view.write_all_at(100, b"hello")?;
/// let mut buffer = [0; 5];
/// view.slice(100..)?.read_exact_at(0, &mut buffer)?;
/// assert_eq!(&buffer, b"hello");
///
/// view.write(0, &42_u64)?;
/// assert_eq!(view.read::<u64>(0)?, 42);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct View<'a, A: Access = ReadWrite> {
    base: NonNull<u8>,
    len: usize,
    attachment: PhantomData<(&'a (), A)>,
}

impl<A: Access> Clone for View<'_, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A: Access> Copy for View<'_, A> {}

impl<A: Access> fmt::Debug for View<'_, A> {
    /// Prints address and length, never the contents.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View")
            .field("base", &self.base)
            .field("len", &self.len)
            .field("writable", &A::WRITABLE)
            .finish()
    }
}

impl<'a, A: Access> View<'a, A> {
    /// Returns the number of bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        self.len
    }

    /// Returns whether the view is empty (a whole attachment never is).
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }

    /// Returns the address of the first byte, for system calls and foreign functions.
    ///
    /// The bytes may be read through it, but not by plain Rust reads while anybody may
    /// write them; use the other methods for that.
    #[must_use]
    pub const fn as_ptr(self) -> *const u8 {
        self.base.as_ptr()
    }

    /// Returns the part of the view in a range of offsets.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] where the range ends beyond the view or
    /// before it starts.
    ///
    /// ```
    /// let segment = shm::Segment::private(100)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let view = attachment.view();
    /// assert_eq!(view.slice(10..20)?.len(), 10);
    /// assert_eq!(view.slice(100..)?.len(), 0);
    /// assert!(view.slice(..=100).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn slice(self, range: impl RangeBounds<usize>) -> Result<Self, AccessError> {
        let start = match range.start_bound() {
            Bound::Included(&start) => Some(start),
            Bound::Excluded(&before) => before.checked_add(1),
            Bound::Unbounded => Some(0),
        };
        let end = match range.end_bound() {
            Bound::Included(&last) => last.checked_add(1),
            Bound::Excluded(&end) => Some(end),
            Bound::Unbounded => Some(self.len),
        };
        match (start, end) {
            (Some(start), Some(end)) if start <= end => self.part(start, end - start),
            // A range that ends before it starts, or beyond every offset.
            (start, end) => Err(AccessError::OutOfBounds {
                offset: start.unwrap_or(usize::MAX),
                len: end.map_or(usize::MAX, |end| end.saturating_sub(start.unwrap_or(0))),
                size: self.len,
            }),
        }
    }

    /// Returns the bytes before an offset, and those from it on.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] where the offset is beyond the end.
    pub fn split_at(self, middle: usize) -> Result<(Self, Self), AccessError> {
        Ok((self.slice(..middle)?, self.slice(middle..)?))
    }
}

impl<'a, A: Access> View<'a, A> {
    /// Returns the same bytes without write access.
    #[must_use]
    pub const fn read_only(self) -> View<'a, ReadOnly> {
        View {
            base: self.base,
            len: self.len,
            attachment: PhantomData,
        }
    }
}

impl<A: Writable> View<'_, A> {
    /// [`as_ptr`](Self::as_ptr) for writing.
    #[must_use]
    pub const fn as_mut_ptr(self) -> *mut u8 {
        self.base.as_ptr()
    }
}
