//! Values in a view, by zerocopy's traits.
//!
//! The bounds of [`read`](View::read) and the like are bytemuck's: it is small, always
//! available, and its derives need few attributes. The methods that end in `_zc` have
//! zerocopy's. Two blanket implementations of one trait cannot coexist, and a wrapper
//! type would appear in every structure; so there are two sets of methods.

use zerocopy::{FromBytes, Immutable, IntoBytes};

use super::{AccessError, View};
use crate::{Access, Writable, copy};

impl<A: Access> View<'_, A> {
    /// Reads a value at an offset, as [`read`](Self::read) does, for a type that
    /// zerocopy can read from any bytes: also one with padding, arrays of it,
    /// and types that are not `Copy`.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] if its bytes do not lie within the view.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use shm::zerocopy::{FromBytes, Immutable, IntoBytes};
    ///
    /// #[derive(FromBytes, IntoBytes, Immutable, Debug, PartialEq)]
    /// #[zerocopy(crate = "shm::zerocopy")]
    /// #[repr(C)]
    /// struct Point {
    ///     x: f32,
    ///     y: f32,
    /// }
    ///
    /// let segment = shm::Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let view = attachment.view();
    /// view.write_zc(8, &Point { x: 1.0, y: 2.0 })?;
    /// let points: [Point; 4] = view.read_zc(0)?;
    /// assert_eq!(points[1], Point { x: 1.0, y: 2.0 });
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn read_zc<T: FromBytes>(self, offset: usize) -> Result<T, AccessError> {
        let place = self.place(offset, size_of::<T>())?;
        // SAFETY: the bytes of a `T` from there on are within the mapping.
        let value = unsafe { copy::load_value::<T, false>(place) };
        // SAFETY: every byte has been written, and the type allows any.
        Ok(unsafe { value.assume_init() })
    }

    /// Fills a slice with the values at an offset, as
    /// [`read_slice`](Self::read_slice) does, for a type that zerocopy can read
    /// from any bytes.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] if their bytes do not lie within the view;
    /// the slice is untouched then.
    pub fn read_slice_zc<T: FromBytes>(
        self,
        offset: usize,
        values: &mut [T],
    ) -> Result<(), AccessError> {
        // SAFETY: the type allows any bytes.
        unsafe { self.load_values(offset, values) }
    }
}

impl<A: Writable> View<'_, A> {
    /// Writes a value at an offset, as [`write`](Self::write) does, for a type whose
    /// bytes zerocopy knows to be initialized.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] if its bytes do not lie within the view;
    /// nothing is written then.
    #[inline]
    pub fn write_zc<T: IntoBytes + Immutable>(
        self,
        offset: usize,
        value: &T,
    ) -> Result<(), AccessError> {
        let place = self.place(offset, size_of::<T>())?;
        // SAFETY: the bytes of a `T` from there on are within the mapping, which
        // is writable; the type has no uninitialized bytes, and `Immutable`
        // means that nobody changes them meanwhile.
        unsafe { copy::store_value::<T, false>(place, value) };
        Ok(())
    }

    /// Writes the values of a slice at an offset, as [`write_slice`](Self::write_slice)
    /// does, for a type whose bytes zerocopy knows to be initialized.
    ///
    /// # Errors
    ///
    /// As for [`write_zc`](Self::write_zc).
    pub fn write_slice_zc<T: IntoBytes + Immutable>(
        self,
        offset: usize,
        values: &[T],
    ) -> Result<(), AccessError> {
        self.store_bytes(values.as_bytes(), offset)
    }
}
