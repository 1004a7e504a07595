//! Typed places: a structure laid over shared bytes, reached field by field.
//!
//! A [`Place`] is an address and a type. Size and alignment are checked once,
//! when the place is made; everything after that is infallible. No reference to
//! the bytes exists: values are copied in and out, or are atomics.
//!
//! [`field`] has the offsets, [`array`] arrays, [`atomic`] atomics, [`owned`] a place
//! with its attachment, [`wait`] waiting and waking, [`zerocopy`] the values of
//! zerocopy's traits.

mod array;
mod atomic;
mod field;
mod owned;
mod wait;
#[cfg(feature = "zerocopy")]
mod zerocopy;

use core::any::type_name;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

use bytemuck::{AnyBitPattern, NoUninit};

pub use array::{ArrayPlace, Places};
pub use atomic::{AlignedPlace, AtomicField};
pub use field::Field;
#[doc(hidden)]
pub use field::is_aligned;
pub use owned::{IntoPlaceError, OwnedPlace};

use crate::{Access, AccessError, ReadOnly, ReadWrite, View, Writable, copy};

/// The place of a `T` in shared memory, from [`View::at`].
///
/// A place lies within its view, so every access to it succeeds. `T` needs no trait; each
/// method states the traits of the values that it copies. Make a structure `#[repr(C)]`,
/// so that all programs agree on its layout, and access its fields with
/// [`field`](Self::field).
///
/// `ALIGNED` says that the address is a multiple of `T`'s alignment. It is
/// `false` only for fields of packed structures.
///
/// Copies may *tear*, like those of a [`View`]: use [`atomic`](Self::atomic) or
/// [`load`](Self::load) where that matters.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use shm::{Place, Segment, field};
///
/// #[repr(C)]
/// struct Status {
///     state: AtomicU32,
///     name: [u8; 12],
///     count: u64,
/// }
///
/// let segment = Segment::private(4096)?.remove_on_drop();
/// let attachment = segment.attach()?;
/// let status: Place<Status> = attachment.view().at(64)?;
///
/// status.field(field!(Status, count)).set(7);
/// status.field(field!(Status, state)).atomic().store(1, Ordering::Release);
/// assert_eq!(status.field(field!(Status, count)).get(), 7);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A value of the wrong type does not compile:
///
/// ```compile_fail
/// # #[repr(C)]
/// # struct Status { state: u32, count: u64 }
/// # fn wrong(status: shm::Place<Status>) {
/// status.field(shm::field!(Status, count)).set(7_u32);
/// # }
/// ```
pub struct Place<'a, T, A: Access = ReadWrite, const ALIGNED: bool = true> {
    base: NonNull<u8>,
    marker: Marker<'a, T, A>,
}

/// Borrows the attachment, with its access; holds no `T`.
type Marker<'a, T, A> = PhantomData<(&'a (), A, fn() -> T)>;

// SAFETY: a place gives access only by copies and atomics that allow every
// other access at the same time, from whichever thread; no `T` exists in it.
unsafe impl<T, A: Access, const ALIGNED: bool> Send for Place<'_, T, A, ALIGNED> {}
// SAFETY: likewise.
unsafe impl<T, A: Access, const ALIGNED: bool> Sync for Place<'_, T, A, ALIGNED> {}

impl<T, A: Access, const ALIGNED: bool> Clone for Place<'_, T, A, ALIGNED> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, A: Access, const ALIGNED: bool> Copy for Place<'_, T, A, ALIGNED> {}

impl<T, A: Access, const ALIGNED: bool> fmt::Debug for Place<'_, T, A, ALIGNED> {
    /// Address and type, never the contents.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place")
            .field("base", &self.base)
            .field("type", &type_name::<T>())
            .field("writable", &A::WRITABLE)
            .finish()
    }
}

impl<'a, A: Access> View<'a, A> {
    /// Lays a type over the bytes at an offset.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] if its bytes do not lie within the view,
    /// [`AccessError::Misaligned`] if its address is not a multiple of the
    /// type's alignment. An attachment starts at a multiple of the page size.
    ///
    /// ```
    /// use shm::{ReadOnly, Place, Segment};
    ///
    /// let segment = Segment::private(100)?.remove_on_drop();
    /// let attachment = segment.attach_read_only()?;
    /// let total: Place<u64, ReadOnly> = attachment.view().at(8)?;
    /// assert_eq!(total.get(), 0);
    /// assert!(attachment.view().at::<u64>(4).is_err());
    /// assert!(attachment.view().at::<[u64; 100]>(0).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn at<T>(self, offset: usize) -> Result<Place<'a, T, A>, AccessError> {
        let base = self.aligned_place::<T>(offset, size_of::<T>())?;
        // SAFETY: `aligned_place` has checked bounds and alignment.
        Ok(unsafe { Place::new(base) })
    }
}

impl<'a, T, A: Access, const ALIGNED: bool> Place<'a, T, A, ALIGNED> {
    /// Creates the place of a `T` at an address.
    ///
    /// # Safety
    ///
    /// The bytes of a `T` from there on satisfy the conditions of
    /// [`View::from_raw_parts`] for `'a` and `A`; with `ALIGNED` the address is a
    /// multiple of `T`'s alignment.
    #[inline]
    const unsafe fn new(base: NonNull<u8>) -> Self {
        Self {
            base,
            marker: PhantomData,
        }
    }

    /// Returns the address, for system calls and foreign functions.
    ///
    /// The bytes may be read through it, but not by plain Rust reads while
    /// anybody may write them.
    #[must_use]
    pub const fn as_ptr(self) -> *const T {
        self.base.as_ptr().cast()
    }

    /// Returns the bytes of the place as a view.
    #[must_use]
    pub const fn view(self) -> View<'a, A> {
        // SAFETY: the invariant of a place; no type is larger than `isize::MAX`.
        unsafe { View::from_raw_parts(self.base, size_of::<T>()) }
    }

    /// Returns the same place without write access.
    #[must_use]
    pub const fn read_only(self) -> Place<'a, T, ReadOnly, ALIGNED> {
        // SAFETY: the invariant of this place, and reading is part of it.
        unsafe { Place::new(self.base) }
    }

    /// Copies the value out of the segment.
    ///
    /// The type must accept any bytes ([`AnyBitPattern`]), since anybody may
    /// have written them.
    #[must_use]
    #[inline]
    pub fn get(self) -> T
    where
        T: AnyBitPattern,
    {
        // SAFETY: a place lies in readable shared memory, and is aligned if it
        // says so.
        let value = unsafe { copy::load_value::<T, ALIGNED>(self.base) };
        // SAFETY: every byte has been written, and the type allows any.
        unsafe { value.assume_init() }
    }

    /// Copies a value into the segment.
    ///
    /// The type must have no padding ([`NoUninit`]), which would carry bytes of
    /// this process's memory to others. A structure with padding is written
    /// field by field.
    #[inline]
    pub fn set(self, value: T)
    where
        T: NoUninit,
        A: Writable,
    {
        // SAFETY: a place lies in shared memory, writable by `A`, and is
        // aligned if it says so; the type has no uninitialized bytes.
        unsafe { copy::store_value::<T, ALIGNED>(self.base, &value) }
    }
}

impl<T, A: Writable, const ALIGNED: bool> Place<'_, T, A, ALIGNED> {
    /// Returns the address for writing.
    #[must_use]
    pub const fn as_mut_ptr(self) -> *mut T {
        self.base.as_ptr().cast()
    }
}
