//! The view's primitives: a bounds check and one call of [`crate::copy`] each. Everything
//! safe on views is built from these.

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr::NonNull;

use super::{AccessError, View};
use crate::{Access, Writable, copy};

// SAFETY: a view gives access only by copies and atomics that allow every other
// access at the same time, from whichever thread.
unsafe impl<A: Access> Send for View<'_, A> {}
// SAFETY: likewise.
unsafe impl<A: Access> Sync for View<'_, A> {}

impl<'a, A: Access> View<'a, A> {
    /// Creates a view of `len` bytes at `base`: memory shared by another mechanism, such
    /// as a memfd, POSIX shared memory or a mapped file.
    ///
    /// # Safety
    ///
    /// For the lifetime `'a`, which the caller chooses,
    ///
    /// * the bytes are mapped and readable, with [`ReadWrite`](crate::ReadWrite)
    ///   writable, and the mapped object is never truncated;
    /// * `len` is at most `isize::MAX`;
    /// * this program accesses them only through views, places and atomics. No
    ///   reference to them exists, except to atomics.
    ///
    /// ```
    /// use shm::{ReadWrite, View};
    /// use std::ptr::NonNull;
    ///
    /// # struct Mapping(*mut u8);
    /// # impl Drop for Mapping {
    /// #     // SAFETY: the page that was mapped below.
    /// #     fn drop(&mut self) { unsafe { libc::munmap(self.0.cast(), 4096) }; }
    /// # }
    /// # let (access, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED | libc::MAP_ANON);
    /// # // SAFETY: a new mapping at an address of the kernel's choice.
    /// # let page = unsafe { libc::mmap(std::ptr::null_mut(), 4096, access, flags, -1, 0) };
    /// # assert_ne!(page, libc::MAP_FAILED);
    /// # let mapping = Mapping(page.cast());
    /// fn view(mapping: &Mapping) -> Option<View<'_, ReadWrite>> {
    ///     let base = NonNull::new(mapping.0)?;
    ///     // SAFETY: `Mapping` owns 4096 bytes of anonymous shared memory, which
    ///     // cannot be truncated, and hands them out in no other way.
    ///     Some(unsafe { View::from_raw_parts(base, 4096) })
    /// }
    ///
    /// let view = view(&mapping).ok_or("mapped at zero")?;
    /// view.write(8, &7_u64)?;
    /// assert_eq!(view.read::<u64>(8)?, 7);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const unsafe fn from_raw_parts(base: NonNull<u8>, len: usize) -> Self {
        Self {
            base,
            len,
            attachment: PhantomData,
        }
    }

    /// Returns the address of `len` bytes at `offset`, if they are within the view.
    #[inline]
    pub(super) fn place(self, offset: usize, len: usize) -> Result<NonNull<u8>, AccessError> {
        match self.len.checked_sub(offset) {
            // SAFETY: the offset is at most the view's length, so the result is
            // within the mapping or just behind it.
            Some(rest) if len <= rest => Ok(unsafe { self.base.add(offset) }),
            _ => Err(AccessError::OutOfBounds {
                offset,
                len,
                size: self.len,
            }),
        }
    }

    /// [`place`](Self::place), if its address is a multiple of `T`'s alignment.
    #[inline]
    pub(crate) fn aligned_place<T>(
        self,
        offset: usize,
        len: usize,
    ) -> Result<NonNull<u8>, AccessError> {
        let place = self.place(offset, len)?;
        if place.cast::<T>().is_aligned() {
            Ok(place)
        } else {
            Err(AccessError::Misaligned {
                offset,
                align: align_of::<T>(),
            })
        }
    }

    /// Returns the part of `len` bytes from `offset` on.
    pub(super) fn part(self, offset: usize, len: usize) -> Result<Self, AccessError> {
        let base = self.place(offset, len)?;
        Ok(Self { base, len, ..self })
    }

    /// Fills `buffer` with the bytes at `offset`.
    #[inline]
    pub(super) fn load_bytes(
        self,
        buffer: &mut [MaybeUninit<u8>],
        offset: usize,
    ) -> Result<(), AccessError> {
        let place = self.place(offset, buffer.len())?;
        // SAFETY: `place` has checked that as many bytes as the buffer has are
        // within the mapping.
        unsafe { copy::load(buffer, place) };
        Ok(())
    }

    /// [`load_bytes`](Self::load_bytes) over initialized bytes.
    #[inline]
    pub(super) fn load_over(self, buffer: &mut [u8], offset: usize) -> Result<(), AccessError> {
        let (data, len) = (buffer.as_mut_ptr(), buffer.len());
        // SAFETY: the same bytes; only initialized ones are ever written to
        // them, by `load_bytes`.
        let buffer = unsafe { core::slice::from_raw_parts_mut(data.cast(), len) };
        self.load_bytes(buffer, offset)
    }

    /// Overwrites values with the bytes at `offset`.
    ///
    /// # Safety
    ///
    /// Any bytes are a valid `T`.
    pub(super) unsafe fn load_values<T>(
        self,
        offset: usize,
        values: &mut [T],
    ) -> Result<(), AccessError> {
        let data = values.as_mut_ptr().cast::<MaybeUninit<u8>>();
        // SAFETY: the bytes of `values`, borrowed for the call; whatever is
        // written to them is valid for the type, by the caller's promise.
        let bytes = unsafe { core::slice::from_raw_parts_mut(data, size_of_val(values)) };
        self.load_bytes(bytes, offset)
    }

    /// Appends all the bytes to a vector with enough capacity.
    pub(super) fn load_onto(self, bytes: &mut Vec<u8>) {
        bytes.reserve(self.len);
        let Some(room) = bytes.spare_capacity_mut().get_mut(..self.len) else {
            return;
        };
        if self.load_bytes(room, 0).is_ok() {
            // SAFETY: that many bytes behind the old length have been written.
            unsafe { bytes.set_len(bytes.len() + self.len) };
        }
    }

    /// Copies the first `len` bytes over those of another view.
    pub(super) fn transfer_to<B: Writable>(
        self,
        target: View<'_, B>,
        len: usize,
    ) -> Result<(), AccessError> {
        let source = self.place(0, len)?;
        let target = target.place(0, len)?;
        // SAFETY: both have that many bytes, and the target is writable.
        unsafe { copy::transfer(target, source, len) };
        Ok(())
    }
}

impl<A: Writable> View<'_, A> {
    /// Overwrites the bytes at `offset`.
    #[inline]
    pub(super) fn store_bytes(self, bytes: &[u8], offset: usize) -> Result<(), AccessError> {
        let place = self.place(offset, bytes.len())?;
        // SAFETY: that many bytes from there on are within the mapping, which
        // is writable.
        unsafe { copy::store(place, bytes) };
        Ok(())
    }

    /// Sets every byte.
    pub(super) fn set_bytes(self, byte: u8) {
        // SAFETY: the whole view is mapped and writable.
        unsafe { copy::fill(self.base, byte, self.len) };
    }
}
