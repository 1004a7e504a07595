//! A place with its attachment, without a lifetime.

use alloc::boxed::Box;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

use super::Place;
use crate::{Access, AccessError, Attachment, ReadWrite};

/// The place of a `T` together with its attachment, from
/// [`Attachment::into_place`].
///
/// It has no lifetime, so it can be a field of a structure, live in a `static` or an
/// `Arc`, and move to other threads. Dropping it detaches.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use shm::{OwnedPlace, Segment};
///
/// let segment = Segment::private(4096)?.remove_on_drop();
/// let counter: OwnedPlace<AtomicU32> = segment.attach()?.into_place(64)?;
/// let counter = Arc::new(counter);
/// let other = Arc::clone(&counter);
/// std::thread::spawn(move || other.place().atomic().fetch_add(1, Ordering::Relaxed))
///     .join()
///     .map_err(|_| "the thread panicked")?;
/// assert_eq!(counter.place().atomic().load(Ordering::Relaxed), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct OwnedPlace<T, A: Access = ReadWrite> {
    attachment: Attachment<A>,
    /// The address of a `T` within the attachment, aligned for it.
    base: Base,
    marker: PhantomData<fn() -> T>,
}

/// An address in the attachment beside it.
#[derive(Debug, Clone, Copy)]
struct Base(NonNull<u8>);

// SAFETY: a bare address, which is used through `Place` only.
unsafe impl Send for Base {}
// SAFETY: likewise.
unsafe impl Sync for Base {}

impl<A: Access> Attachment<A> {
    /// Lays a type over the bytes at an offset and keeps the attachment.
    ///
    /// # Errors
    ///
    /// [`IntoPlaceError`], which returns the attachment, for the reasons of
    /// [`View::at`](crate::View::at).
    pub fn into_place<T>(self, offset: usize) -> Result<OwnedPlace<T, A>, IntoPlaceError<A>> {
        match self.view().at::<T>(offset).map(|place| Base(place.base)) {
            Ok(base) => Ok(OwnedPlace {
                attachment: self,
                base,
                marker: PhantomData,
            }),
            Err(error) => Err(IntoPlaceError {
                attachment: Box::new(self),
                error,
            }),
        }
    }
}

impl<T, A: Access> OwnedPlace<T, A> {
    /// Returns the place.
    #[must_use]
    #[inline]
    pub const fn place(&self) -> Place<'_, T, A> {
        // SAFETY: `into_place` has checked bounds and alignment, and the
        // attachment is mapped for as long as this value lives.
        unsafe { Place::new(self.base.0) }
    }

    /// Returns the attachment.
    #[must_use]
    pub const fn attachment(&self) -> &Attachment<A> {
        &self.attachment
    }

    /// Returns the attachment alone.
    #[must_use]
    pub fn into_attachment(self) -> Attachment<A> {
        self.attachment
    }
}

impl<T, A: Access> fmt::Debug for OwnedPlace<T, A> {
    /// Prints attachment and place, never the contents.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedPlace")
            .field("attachment", &self.attachment)
            .field("place", &self.place())
            .finish()
    }
}

/// A refused [`Attachment::into_place`], with the attachment.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct IntoPlaceError<A: Access> {
    attachment: Box<Attachment<A>>,
    #[source]
    error: AccessError,
}

impl<A: Access> IntoPlaceError<A> {
    /// Returns the reason.
    #[must_use]
    pub const fn error(&self) -> AccessError {
        self.error
    }

    /// Returns the attachment.
    #[must_use]
    pub fn into_attachment(self) -> Attachment<A> {
        *self.attachment
    }
}
