//! Segments attached to this process, for the lifetime of the value.

use alloc::boxed::Box;
use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ptr::NonNull;

use crate::error::{Cause, Error, Result, explain};
use crate::{Access, ReadWrite, SegmentId, Stat, View, Writable, sys};

/// A segment attached to this process, from [`Segment::attach`](crate::Segment::attach)
/// and the like. Dropping it detaches.
///
/// The kernel keeps the segment and its size while it is attached, even if somebody
/// removes it meanwhile, so the bytes cannot disappear. A [view](Self::view) accesses
/// them.
///
/// It may be shared and sent between threads. After `fork(2)` both processes have it
/// attached, and each detaches its own.
///
/// ```
/// use shm::{ReadOnly, Segment};
///
/// let segment = Segment::private(100)?.remove_on_drop();
/// let writer = segment.attach()?;
/// let reader: shm::Attachment<ReadOnly> = segment.attach_read_only()?;
///
/// writer.view().write_all_at(0, b"seen")?;
/// assert!(reader.view().slice(..4)?.eq_bytes(b"seen"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Attachment<A: Access = ReadWrite> {
    base: NonNull<u8>,
    len: usize,
    stat: Stat,
    access: PhantomData<A>,
}

// SAFETY: an attachment is an address range that only this value unmaps; the
// bytes are reached by views, which allow every other access at the same time,
// and `shmdt` may be called by any thread.
unsafe impl<A: Access> Send for Attachment<A> {}
// SAFETY: likewise; `&Attachment` gives views and plain numbers only.
unsafe impl<A: Access> Sync for Attachment<A> {}

impl<A: Access> Attachment<A> {
    /// Takes ownership of what `shmat` has mapped.
    ///
    /// # Safety
    ///
    /// `base` must be what `shmat` returned, with access `A`, not owned by anything else;
    /// at least `len` bytes must be mapped there.
    pub(crate) unsafe fn new(base: NonNull<u8>, len: usize, stat: Stat) -> Self {
        Self {
            base,
            len,
            stat,
            access: PhantomData,
        }
    }

    /// Returns the address of the first byte.
    pub(crate) const fn base(&self) -> NonNull<u8> {
        self.base
    }

    /// Returns the same attachment after the system has moved it.
    pub(crate) fn moved_to(self, base: NonNull<u8>) -> Self {
        let mut moved = ManuallyDrop::new(self);
        moved.base = base;
        ManuallyDrop::into_inner(moved)
    }

    /// Returns the identifier of the segment.
    #[must_use]
    pub const fn id(&self) -> SegmentId {
        self.stat.id
    }

    /// Returns the number of bytes: the segment's size, but never more than is mapped,
    /// and never more than the handle that created it requested (FreeBSD 13 and later
    /// round the size up).
    ///
    /// Fewer bytes than the size are mapped if a privileged process has truncated the
    /// segment's memory (Linux; see [soundness](crate::soundness)).
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns false: a segment has at least one byte.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the segment's state just after this attachment was made, including this
    /// attachment. Makes no call; [`Segment::stat`](crate::Segment::stat) asks the
    /// kernel.
    #[must_use]
    pub const fn stat_when_attached(&self) -> &Stat {
        &self.stat
    }

    /// Returns the address of the first byte, for system calls and foreign functions.
    #[must_use]
    pub const fn as_ptr(&self) -> *const u8 {
        self.base.as_ptr()
    }

    /// [`as_ptr`](Self::as_ptr) as a number, for protocols and logs.
    #[must_use]
    pub fn addr(&self) -> usize {
        self.base.as_ptr().addr()
    }

    /// Keeps the segment attached until the process ends, and returns a view with that
    /// lifetime: for statics, for long-lived threads, and for callbacks of foreign code.
    ///
    /// ```
    /// let segment = shm::Segment::private(4096)?.remove_on_drop();
    /// let view: shm::View<'static> = segment.attach()?.leak();
    /// let writer = std::thread::spawn(move || view.write_all_at(0, b"hello"));
    /// writer.join().unwrap()?;
    /// assert!(view.slice(..5)?.eq_bytes(b"hello"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use = "use the view to access the bytes"]
    pub fn leak(self) -> View<'static, A> {
        let attachment = ManuallyDrop::new(self);
        // SAFETY: mapped with this access, and never detached from now on.
        unsafe { View::from_raw_parts(attachment.base, attachment.len) }
    }

    /// Returns a view of the bytes.
    #[must_use]
    pub const fn view(&self) -> View<'_, A> {
        // SAFETY: mapped, with this access, until `self` is dropped, which the
        // view's lifetime outlasts; safe code reaches the bytes only by views.
        unsafe { View::from_raw_parts(self.base, self.len) }
    }

    /// Returns all the bytes as a slice.
    ///
    /// # Safety
    ///
    /// While the slice lives, nobody may write to the segment: no other process, no other
    /// attachment of this one, no view. Nothing enforces that; the programs must
    /// guarantee it. Rust assumes that bytes behind a slice do not change, and code that
    /// reads changing ones this way was seen to be compiled into endless loops and reads
    /// of mixed contents.
    ///
    /// ```
    /// let segment = shm::Segment::private(4)?.remove_on_drop();
    /// let attachment = segment.attach_read_only()?;
    /// // SAFETY: the segment is private, and nobody else knows its identifier.
    /// let bytes = unsafe { attachment.as_slice() };
    /// assert_eq!(bytes, [0; 4]);
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use]
    pub unsafe fn as_slice(&self) -> &[u8] {
        // SAFETY: mapped and readable until `self` is dropped; unchanged by the
        // caller's promise; the length is at most `isize::MAX`.
        unsafe { core::slice::from_raw_parts(self.base.as_ptr(), self.len) }
    }

    /// Detaches and returns whether it worked, unlike dropping.
    ///
    /// # Errors
    ///
    /// [`DetachError`]. Detaching fails only if code outside this crate unmapped or
    /// detached the range ([`Cause::NotAttached`](crate::Cause::NotAttached)), or a
    /// system call filter refuses; then the error returns the attachment.
    pub fn detach(self) -> Result<(), DetachError<A>> {
        // Dropping must not detach again.
        let attachment = ManuallyDrop::new(self);
        // SAFETY: mapped by `shmat`; `self` was given up, so no view is left.
        match unsafe { sys::detach(attachment.base) } {
            Ok(()) => Ok(()),
            Err(errno) => {
                let error = explain::detach(attachment.base.as_ptr().addr(), errno);
                // The range is no longer attached, and something else may be mapped there
                // by now, so it must not be detached again.
                let is_there = !matches!(error.cause(), Cause::NotAttached);
                let attachment = is_there.then(|| Box::new(ManuallyDrop::into_inner(attachment)));
                Err(DetachError { attachment, error })
            }
        }
    }
}

impl<A: Writable> Attachment<A> {
    /// [`as_ptr`](Self::as_ptr) for writing.
    #[must_use]
    pub const fn as_mut_ptr(&self) -> *mut u8 {
        self.base.as_ptr()
    }

    /// Returns all the bytes as a mutable slice.
    ///
    /// # Safety
    ///
    /// As for [`as_slice`](Self::as_slice), and nobody may read them either.
    #[must_use]
    pub unsafe fn as_mut_slice(&mut self) -> &mut [u8] {
        // SAFETY: mapped and writable until `self` is dropped; used by nobody
        // else by the caller's promise; the length is at most `isize::MAX`.
        unsafe { core::slice::from_raw_parts_mut(self.base.as_ptr(), self.len) }
    }
}

impl<A: Access> Drop for Attachment<A> {
    fn drop(&mut self) {
        // A failure means that the range is no longer attached; there is
        // nobody to tell and nothing left to do.
        // SAFETY: mapped by `shmat`, and views cannot outlive `self`.
        let _ = unsafe { sys::detach(self.base) };
    }
}

impl<A: Access> fmt::Debug for Attachment<A> {
    /// Prints identifier, address and length, never the contents.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment")
            .field("id", &self.id())
            .field("base", &self.base)
            .field("len", &self.len)
            .field("writable", &A::WRITABLE)
            .finish()
    }
}

/// A failed detach, with the attachment if it still exists.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct DetachError<A: Access> {
    attachment: Option<Box<Attachment<A>>>,
    #[source]
    error: Error,
}

impl<A: Access> DetachError<A> {
    /// Returns the reason.
    #[must_use]
    pub const fn error(&self) -> &Error {
        &self.error
    }

    /// Returns the attachment, to keep or to detach later; `None` if nothing is attached
    /// there any more ([`Cause::NotAttached`]).
    #[must_use]
    pub fn into_attachment(self) -> Option<Attachment<A>> {
        self.attachment.map(|attachment| *attachment)
    }

    /// Returns the error alone. An attachment that still exists is dropped, which tries
    /// to detach it again.
    #[must_use]
    pub fn into_error(self) -> Error {
        self.error
    }
}

impl<A: Access> From<DetachError<A>> for Error {
    /// As [`DetachError::into_error`].
    fn from(failed: DetachError<A>) -> Self {
        failed.error
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cause, Operation, ReadOnly, Segment, Target};

    #[test]
    fn a_failed_detach_gives_back_what_is_still_attached() {
        let segment = Segment::private(4096).unwrap().remove_on_drop();
        let failed = |attachment| DetachError::<ReadOnly> {
            attachment,
            error: Error::refused(Operation::Detach, Target::Address(0), Cause::System(1)),
        };
        let attachment = segment.attach_read_only().unwrap();
        let base = attachment.as_ptr();
        let error = failed(Some(Box::new(attachment)));
        assert_eq!(error.into_attachment().unwrap().as_ptr(), base);
        assert!(failed(None).into_attachment().is_none());
        assert_eq!(segment.stat().unwrap().attached, 0);
    }
}
