//! Values at places, by zerocopy's traits.

use alloc::vec::Vec;

use zerocopy::{FromBytes, Immutable, IntoBytes};

use super::{ArrayPlace, Place};
use crate::{Access, AccessError, Writable, copy};

impl<T, A: Access, const ALIGNED: bool> Place<'_, T, A, ALIGNED> {
    /// Copies the value out of the segment, as [`get`](Self::get) does, for a
    /// type that zerocopy can read from any bytes: also one with padding, and
    /// arrays of it.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use shm::zerocopy::FromBytes;
    ///
    /// #[derive(FromBytes)]
    /// #[zerocopy(crate = "shm::zerocopy")]
    /// #[repr(C)]
    /// struct Padded {
    ///     small: u8,
    ///     large: u32,
    /// }
    ///
    /// let segment = shm::Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// attachment.view().write(12, &7_u32)?;
    /// let array: [Padded; 3] = attachment.view().at::<[Padded; 3]>(0)?.get_zc();
    /// assert_eq!(array[1].large, 7);
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn get_zc(self) -> T
    where
        T: FromBytes,
    {
        // SAFETY: a place lies in readable shared memory, and is aligned if it
        // says so.
        let value = unsafe { copy::load_value::<T, ALIGNED>(self.base) };
        // SAFETY: every byte has been written, and the type allows any.
        unsafe { value.assume_init() }
    }

    /// Copies a value into the segment, as [`set`](Self::set) does, for a type whose
    /// bytes zerocopy knows to be initialized.
    #[inline]
    pub fn set_zc(self, value: T)
    where
        T: IntoBytes + Immutable,
        A: Writable,
    {
        // SAFETY: a place lies in shared memory, writable by `A`, and is
        // aligned if it says so; the type has no uninitialized bytes.
        unsafe { copy::store_value::<T, ALIGNED>(self.base, &value) }
    }
}

impl<T, A: Access, const ALIGNED: bool> ArrayPlace<'_, T, A, ALIGNED> {
    /// Copies all elements out of the segment, as [`to_vec`](Self::to_vec) does,
    /// for a type that zerocopy can read from any bytes.
    #[must_use]
    pub fn to_vec_zc(self) -> Vec<T>
    where
        T: FromBytes,
    {
        self.iter().map(Place::get_zc).collect()
    }

    /// Writes the values of a slice over the elements from an index on, as
    /// [`write_slice`](Self::write_slice) does, for a type whose bytes zerocopy knows to
    /// be initialized.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`], in bytes, if there are not as many; nothing
    /// is written then.
    pub fn write_slice_zc(self, index: usize, values: &[T]) -> Result<(), AccessError>
    where
        T: IntoBytes + Immutable,
        A: Writable,
    {
        let offset = index.saturating_mul(size_of::<T>());
        self.view().write_slice_zc(offset, values)
    }
}
