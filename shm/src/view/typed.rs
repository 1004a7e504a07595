//! Copies plain values out of and into a view.

use bytemuck::{AnyBitPattern, NoUninit};

use super::{AccessError, View};
use crate::{Access, Writable, copy};

impl<A: Access> View<'_, A> {
    /// Reads a value at an offset, which need not be aligned.
    ///
    /// The type must accept any bytes ([`AnyBitPattern`]: integers, floats, arrays and
    /// `#[repr(C)]` structures of them), because anybody may have written them. A value
    /// that is written meanwhile may tear; use [`load`](Self::load) where that matters.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] where its bytes are not within the view.
    #[inline]
    pub fn read<T: AnyBitPattern>(self, offset: usize) -> Result<T, AccessError> {
        let place = self.place(offset, size_of::<T>())?;
        // SAFETY: the bytes of a `T` from there on are within the mapping.
        let value = unsafe { copy::load_value::<T, false>(place) };
        // SAFETY: all bytes have been written, and the type allows any.
        Ok(unsafe { value.assume_init() })
    }

    /// Fills a slice with the values at an offset.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] where their bytes are not within the view;
    /// the slice is untouched then.
    pub fn read_slice<T: AnyBitPattern>(
        self,
        offset: usize,
        values: &mut [T],
    ) -> Result<(), AccessError> {
        // SAFETY: the type allows any bytes.
        unsafe { self.load_values(offset, values) }
    }
}

impl<A: Writable> View<'_, A> {
    /// Writes a value at an offset, which need not be aligned.
    ///
    /// The type must have no padding ([`NoUninit`]), which would carry bytes of
    /// this process's memory to others.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] where its bytes are not within the view;
    /// nothing is written then.
    #[inline]
    pub fn write<T: NoUninit>(self, offset: usize, value: &T) -> Result<(), AccessError> {
        let place = self.place(offset, size_of::<T>())?;
        // SAFETY: the bytes of a `T` from there on are within the mapping, which
        // is writable; the type has no uninitialized bytes.
        unsafe { copy::store_value::<T, false>(place, value) };
        Ok(())
    }

    /// Writes the values of a slice at an offset.
    ///
    /// # Errors
    ///
    /// As for [`write`](Self::write).
    ///
    /// ```
    /// let segment = shm::Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let view = attachment.view();
    /// view.write_slice(3, &[1.5_f32, 2.5])?;
    /// let mut floats = [0.0_f32; 2];
    /// view.read_slice(3, &mut floats)?;
    /// assert_eq!(floats, [1.5, 2.5]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn write_slice<T: NoUninit>(self, offset: usize, values: &[T]) -> Result<(), AccessError> {
        self.store_bytes(bytemuck::cast_slice(values), offset)
    }
}
