//! Exchanges attachments with foreign code.

use core::ptr::NonNull;

use crate::error::{Cause, Error, Operation, Result, Target};
use crate::{Access, Attachment, SegmentId, attach, sys};

impl<A: Access> Attachment<A> {
    /// Gives the attachment away as identifier and address, for foreign code that
    /// detaches it, or for [`from_raw`](Self::from_raw). Makes no call, and the segment
    /// stays attached.
    ///
    /// ```
    /// use shm::{Attachment, ReadWrite, Segment};
    ///
    /// let segment = Segment::private(4096)?.remove_on_drop();
    /// let (id, base) = segment.attach()?.into_raw();
    /// assert_eq!(segment.stat()?.attached, 1);
    /// // SAFETY: just given away, with this access.
    /// let attachment = unsafe { Attachment::<ReadWrite>::from_raw(id, base) }?;
    /// drop(attachment);
    /// assert_eq!(segment.stat()?.attached, 0);
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use = "whoever has the address detaches it"]
    pub const fn into_raw(self) -> (SegmentId, NonNull<u8>) {
        let given = (self.id(), self.base());
        core::mem::forget(self);
        given
    }

    /// Takes ownership of an attachment that foreign code has made with `shmat(2)`. Its
    /// length is determined as for any other: it is the segment's size, but never more
    /// than is mapped. (FreeBSD 13 and later round the size up to pages.)
    ///
    /// # Errors
    ///
    /// As for the state and the length of a new attachment; and
    /// [`Cause::InvalidArgument`] where `/proc/self/maps` shows no attachment of
    /// the segment at the address (Linux). The range stays attached and the
    /// caller's.
    ///
    /// # Safety
    ///
    /// * `base` is what `shmat` returned for the segment `id`, or what
    ///   [`into_raw`](Self::into_raw) returned; it has not been detached since, and all
    ///   of it is still mapped with access `A`.
    /// * Nothing else detaches it, and there are no references to its bytes except to
    ///   atomics.
    pub unsafe fn from_raw(id: SegmentId, base: NonNull<u8>) -> Result<Self> {
        let size = sys::stat(id).map_or(0, |stat| stat.size);
        if size > 0 && sys::memory::extent(base, id, size).is_none() {
            let what = "no attachment of this segment is visible at the address";
            let cause = Cause::InvalidArgument { what };
            return Err(Error::refused(
                Operation::Attach,
                Target::Segment(id),
                cause,
            ));
        }
        // SAFETY: the caller's promise.
        let (len, stat) = unsafe { attach::measured(id, base) }?;
        // SAFETY: the caller's promise, and so much is mapped.
        Ok(unsafe { Self::new(base, len, stat) })
    }
}
