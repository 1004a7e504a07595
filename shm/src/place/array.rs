//! Arrays in shared memory: places side by side.

use alloc::vec::Vec;
use core::any::type_name;
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::ptr::NonNull;

use bytemuck::{AnyBitPattern, NoUninit};

use super::{Marker, Place};
use crate::{Access, AccessError, ReadOnly, ReadWrite, View, Writable};

/// An array of `T` in shared memory, from [`View::array`] or
/// [`Place::elements`].
///
/// ```
/// use shm::{Segment, field};
///
/// #[repr(C)]
/// struct Slot {
///     key: u32,
///     value: f32,
/// }
///
/// let segment = Segment::private(4096)?.remove_on_drop();
/// let attachment = segment.attach()?;
/// let slots = attachment.view().array::<Slot>(64, 100)?;
/// for (index, slot) in slots.iter().enumerate() {
///     slot.field(field!(Slot, key)).set(index as u32);
/// }
/// let last = slots.get(99).ok_or("no such slot")?;
/// assert_eq!(last.field(field!(Slot, key)).get(), 99);
/// assert!(slots.get(100).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ArrayPlace<'a, T, A: Access = ReadWrite, const ALIGNED: bool = true> {
    base: NonNull<u8>,
    len: usize,
    marker: Marker<'a, T, A>,
}

// SAFETY: as for a place.
unsafe impl<T, A: Access, const ALIGNED: bool> Send for ArrayPlace<'_, T, A, ALIGNED> {}
// SAFETY: likewise.
unsafe impl<T, A: Access, const ALIGNED: bool> Sync for ArrayPlace<'_, T, A, ALIGNED> {}

impl<T, A: Access, const ALIGNED: bool> Clone for ArrayPlace<'_, T, A, ALIGNED> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, A: Access, const ALIGNED: bool> Copy for ArrayPlace<'_, T, A, ALIGNED> {}

impl<T, A: Access, const ALIGNED: bool> fmt::Debug for ArrayPlace<'_, T, A, ALIGNED> {
    /// Address, length and type, never the contents.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArrayPlace")
            .field("base", &self.base)
            .field("len", &self.len)
            .field("type", &type_name::<T>())
            .field("writable", &A::WRITABLE)
            .finish()
    }
}

impl<'a, A: Access> View<'a, A> {
    /// Lays an array of `len` elements over the bytes at an offset.
    ///
    /// # Errors
    ///
    /// As for [`at`](Self::at).
    #[inline]
    pub fn array<T>(self, offset: usize, len: usize) -> Result<ArrayPlace<'a, T, A>, AccessError> {
        // An array whose size overflows is out of bounds.
        let size = len.saturating_mul(size_of::<T>());
        let base = self.aligned_place::<T>(offset, size)?;
        Ok(ArrayPlace {
            base,
            len,
            marker: PhantomData,
        })
    }
}

impl<'a, T, A: Access, const ALIGNED: bool, const N: usize> Place<'a, [T; N], A, ALIGNED> {
    /// Returns the elements, to be used one by one.
    ///
    /// ```
    /// let segment = shm::Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let array = attachment.view().at::<[u16; 4]>(0)?;
    /// array.set([1, 2, 3, 4]);
    /// assert_eq!(array.elements().iter().map(|place| place.get()).sum::<u16>(), 10);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[inline]
    pub const fn elements(self) -> ArrayPlace<'a, T, A, ALIGNED> {
        ArrayPlace {
            base: self.base,
            len: N,
            marker: PhantomData,
        }
    }

    /// Copies the array out of the segment.
    ///
    /// [`get`](Self::get) requires `AnyBitPattern` of the array, which bytemuck
    /// implements only for arrays of types without padding. This method requires it of
    /// the elements.
    #[must_use]
    pub fn get_array(self) -> [T; N]
    where
        T: AnyBitPattern,
    {
        let mut values = [T::zeroed(); N];
        // Cannot fail: the lengths match.
        let _ = self.view().read_slice(0, &mut values);
        values
    }
}

impl<'a, T, A: Access, const ALIGNED: bool> ArrayPlace<'a, T, A, ALIGNED> {
    /// Returns the number of elements.
    #[must_use]
    pub const fn len(self) -> usize {
        self.len
    }

    /// Returns whether the array is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }

    /// Returns the address of the first element, as [`Place::as_ptr`] does.
    #[must_use]
    pub const fn as_ptr(self) -> *const T {
        self.base.as_ptr().cast()
    }

    /// Returns the place of an element, or `None` beyond the last one.
    #[must_use]
    #[inline]
    pub const fn get(self, index: usize) -> Option<Place<'a, T, A, ALIGNED>> {
        if index >= self.len {
            return None;
        }
        // SAFETY: the element begins within the array, whose bytes lie within
        // the mapping.
        let base = unsafe { self.base.add(index * size_of::<T>()) };
        // SAFETY: and ends within it. A type's size is a multiple of its
        // alignment, so that an element is aligned as the array is.
        Some(unsafe { Place::new(base) })
    }

    /// Returns the place of an element, with an error beyond the last one, for functions
    /// that pass errors on.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`], in bytes, if there is no such element.
    ///
    /// ```
    /// let segment = shm::Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let array = attachment.view().array::<u32>(0, 4)?;
    /// array.at(3)?.set(7);
    /// assert!(array.at(4).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub const fn at(self, index: usize) -> Result<Place<'a, T, A, ALIGNED>, AccessError> {
        match self.get(index) {
            Some(place) => Ok(place),
            None => Err(AccessError::OutOfBounds {
                offset: index.saturating_mul(size_of::<T>()),
                len: size_of::<T>(),
                size: self.len * size_of::<T>(),
            }),
        }
    }

    /// Returns an iterator over the places of the elements.
    #[must_use]
    pub const fn iter(self) -> Places<'a, T, A, ALIGNED> {
        Places {
            array: self,
            front: 0,
            back: self.len,
        }
    }

    /// Returns the bytes of the array as a view.
    #[must_use]
    pub const fn view(self) -> View<'a, A> {
        // SAFETY: the bytes of an array lie within a view, whose length is at
        // most `isize::MAX`; so the product does not overflow.
        unsafe { View::from_raw_parts(self.base, self.len * size_of::<T>()) }
    }

    /// Returns the same array without write access.
    #[must_use]
    pub const fn read_only(self) -> ArrayPlace<'a, T, ReadOnly, ALIGNED> {
        ArrayPlace {
            base: self.base,
            len: self.len,
            marker: PhantomData,
        }
    }

    /// Copies all elements out of the segment.
    ///
    /// ```
    /// let segment = shm::Segment::private(64)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let floats = attachment.view().array::<f32>(0, 3)?;
    /// floats.write_slice(1, &[1.5, 2.5])?;
    /// assert_eq!(floats.to_vec(), [0.0, 1.5, 2.5]);
    /// assert!(floats.write_slice(2, &[1.5, 2.5]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_vec(self) -> Vec<T>
    where
        T: AnyBitPattern,
    {
        let mut values = alloc::vec![T::zeroed(); self.len];
        // Cannot fail: the lengths match.
        let _ = self.view().read_slice(0, &mut values);
        values
    }

    /// Fills a slice with the elements from an index on.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`], in bytes, if there are too few; then the slice is
    /// unchanged.
    pub fn read_slice(self, index: usize, values: &mut [T]) -> Result<(), AccessError>
    where
        T: AnyBitPattern,
    {
        let offset = index.saturating_mul(size_of::<T>());
        self.view().read_slice(offset, values)
    }

    /// Writes the values of a slice over the elements from an index on.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`], in bytes, if there are too few; then nothing is
    /// written.
    pub fn write_slice(self, index: usize, values: &[T]) -> Result<(), AccessError>
    where
        T: NoUninit,
        A: Writable,
    {
        let offset = index.saturating_mul(size_of::<T>());
        self.view().write_slice(offset, values)
    }
}

impl<T, A: Writable, const ALIGNED: bool> ArrayPlace<'_, T, A, ALIGNED> {
    /// Returns the address of the first element for writing.
    #[must_use]
    pub const fn as_mut_ptr(self) -> *mut T {
        self.base.as_ptr().cast()
    }
}

/// The places of an array's elements, from [`ArrayPlace::iter`].
#[derive(Debug, Clone)]
pub struct Places<'a, T, A: Access = ReadWrite, const ALIGNED: bool = true> {
    array: ArrayPlace<'a, T, A, ALIGNED>,
    /// The elements from `front` up to `back` (exclusive) remain.
    front: usize,
    back: usize,
}

impl<'a, T, A: Access, const ALIGNED: bool> Iterator for Places<'a, T, A, ALIGNED> {
    type Item = Place<'a, T, A, ALIGNED>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.front == self.back {
            return None;
        }
        let next = self.array.get(self.front);
        self.front += 1;
        next
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.back - self.front;
        (left, Some(left))
    }
}

impl<T, A: Access, const ALIGNED: bool> DoubleEndedIterator for Places<'_, T, A, ALIGNED> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        if self.front == self.back {
            return None;
        }
        self.back -= 1;
        self.array.get(self.back)
    }
}

impl<T, A: Access, const ALIGNED: bool> ExactSizeIterator for Places<'_, T, A, ALIGNED> {}
impl<T, A: Access, const ALIGNED: bool> FusedIterator for Places<'_, T, A, ALIGNED> {}

impl<'a, T, A: Access, const ALIGNED: bool> IntoIterator for ArrayPlace<'a, T, A, ALIGNED> {
    type Item = Place<'a, T, A, ALIGNED>;
    type IntoIter = Places<'a, T, A, ALIGNED>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
