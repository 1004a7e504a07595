//! Reads and writes bytes.

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::mem::MaybeUninit;
use core::num::NonZeroUsize;

use super::{AccessError, View};
use crate::{Access, Writable};

/// How many bytes are compared at once: private copies are compared, never the segment in
/// place, where every access could see other bytes.
const COMPARED: usize = 4096;

/// How many bytes of a string are read at once.
const PIECE: NonZeroUsize = NonZeroUsize::MIN.saturating_add(255);

impl<A: Access> View<'_, A> {
    /// Reads into a buffer from an offset on and returns the number of bytes read: fewer
    /// than the buffer has if the view ends before, 0 at or beyond its end. As in every
    /// method of a view, the offset comes first (`FileExt` of `std` has it last).
    ///
    /// ```
    /// let segment = shm::Segment::private(10)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let mut buffer = [0; 8];
    /// assert_eq!(attachment.view().read_at(4, &mut buffer), 6);
    /// assert_eq!(attachment.view().read_at(10, &mut buffer), 0);
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use = "fewer bytes may have been read"]
    pub fn read_at(self, offset: usize, buffer: &mut [u8]) -> usize {
        let n = buffer.len().min(self.len().saturating_sub(offset));
        match buffer.get_mut(..n).map(|part| self.load_over(part, offset)) {
            Some(Ok(())) => n,
            _ => 0,
        }
    }

    /// Fills a buffer from an offset on.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] if the view ends before; then the buffer is
    /// unchanged.
    #[inline]
    pub fn read_exact_at(self, offset: usize, buffer: &mut [u8]) -> Result<(), AccessError> {
        self.load_over(buffer, offset)
    }

    /// [`read_exact_at`](Self::read_exact_at) into memory that need not be
    /// initialized; afterwards all of it is.
    ///
    /// # Errors
    ///
    /// As for [`read_exact_at`](Self::read_exact_at).
    pub fn read_to_uninit(
        self,
        offset: usize,
        buffer: &mut [MaybeUninit<u8>],
    ) -> Result<(), AccessError> {
        self.load_bytes(buffer, offset)
    }

    /// Reads a string terminated by NUL, as C programs write it, of at most `max` bytes
    /// including the NUL.
    ///
    /// Every byte is read once, and no byte beyond the string needs to exist.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] if the offset lies beyond the end, and
    /// [`AccessError::Unterminated`] without a NUL among the `max` bytes or those up to
    /// the end of the view. `strncpy(3)` leaves a string that fills its field without a
    /// NUL: read such a field whole, as an array.
    ///
    /// ```
    /// let segment = shm::Segment::private(100)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let view = attachment.view();
    /// view.write_all_at(8, b"a name\0 and more")?;
    /// assert_eq!(view.read_c_str(8, 64)?.as_c_str(), c"a name");
    /// assert!(view.read_c_str(8, 6).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_c_str(self, offset: usize, max: usize) -> Result<CString, AccessError> {
        let text = self.slice(offset..)?;
        let text = text.slice(..text.len().min(max))?;
        let mut bytes = Vec::new();
        for piece in text.chunks(PIECE) {
            let before = bytes.len();
            piece.load_onto(&mut bytes);
            // Search only the new bytes: others may write a NUL into those read before.
            if let Some(nul) = bytes.iter().skip(before).position(|byte| *byte == 0) {
                bytes.truncate(before + nul + 1);
                break;
            }
        }
        let len = text.len();
        CString::from_vec_with_nul(bytes).map_err(|_| AccessError::Unterminated { offset, len })
    }

    /// Returns a copy of all the bytes.
    #[must_use]
    pub fn to_vec(self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.load_onto(&mut bytes);
        bytes
    }

    /// Returns whether the view has exactly these bytes.
    ///
    /// Every byte is read once; of bytes that change meanwhile, some may be compared
    /// before and some after the change.
    #[must_use]
    pub fn eq_bytes(self, bytes: &[u8]) -> bool {
        let mut copy = [0; COMPARED];
        self.len() == bytes.len()
            && bytes.chunks(COMPARED).enumerate().all(|(index, expected)| {
                let Some(copy) = copy.get_mut(..expected.len()) else {
                    return false;
                };
                self.load_over(copy, index * COMPARED).is_ok() && copy == expected
            })
    }

    /// Copies to another view, which may overlap this one, and returns the number of
    /// bytes: the length of the shorter. If both views belong to one attachment,
    /// overlapping bytes are copied as they were; through two attachments of one segment
    /// they may arrive in pieces.
    ///
    /// ```
    /// let segment = shm::Segment::private(8)?.remove_on_drop();
    /// let attachment = segment.attach()?;
    /// let view = attachment.view();
    /// view.write_all_at(0, b"abcdefgh")?;
    /// assert_eq!(view.copy_to(view.slice(2..)?), 6);
    /// assert_eq!(view.to_vec(), b"ababcdef");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use = "fewer bytes may have been copied"]
    pub fn copy_to<B: Writable>(self, target: View<'_, B>) -> usize {
        let n = self.len().min(target.len());
        self.transfer_to(target, n).map_or(0, |()| n)
    }
}

impl<A: Writable> View<'_, A> {
    /// Writes from an offset on and returns the number of bytes written: fewer than given
    /// if the view ends before, 0 at or beyond its end.
    #[must_use = "fewer bytes may have been written"]
    pub fn write_at(self, offset: usize, bytes: &[u8]) -> usize {
        let n = bytes.len().min(self.len().saturating_sub(offset));
        match bytes.get(..n).map(|part| self.store_bytes(part, offset)) {
            Some(Ok(())) => n,
            _ => 0,
        }
    }

    /// Writes all the bytes at an offset.
    ///
    /// # Errors
    ///
    /// [`AccessError::OutOfBounds`] if the view ends before; then nothing is written.
    #[inline]
    pub fn write_all_at(self, offset: usize, bytes: &[u8]) -> Result<(), AccessError> {
        self.store_bytes(bytes, offset)
    }

    /// Sets every byte of the view.
    pub fn fill(self, byte: u8) {
        self.set_bytes(byte);
    }
}
