//! A handle to a segment.

use crate::error::{Cause, Error, Operation, Result, Target, explain};
use crate::{
    AttachOptions, Attachment, Key, OwnedSegment, Permissions, ReadOnly, ReadWrite, SegmentId,
    SegmentOptions, Stat, sys,
};

/// A handle to a segment: its identifier, and what can be done with it.
///
/// Making or dropping one changes nothing. The segment lives until somebody
/// removes it; [`remove_on_drop`](Self::remove_on_drop) makes that happen on drop.
///
/// ```
/// use shm::{Key, Segment};
///
/// let key = Key::random();
/// let segment = Segment::create_new(key, 4096)?;
///
/// let found = Segment::open(key)?;
/// assert_eq!(found.id(), segment.id());
///
/// segment.remove()?;
/// assert!(Segment::open(key).is_err());
/// # Ok::<(), shm::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Segment {
    id: SegmentId,
    /// The size asked for, where this handle is of the creation.
    created_size: Option<usize>,
}

impl PartialEq for Segment {
    /// Handles are equal when they are of the same segment.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Segment {}

impl Segment {
    pub(crate) const fn new(id: SegmentId, created_size: Option<usize>) -> Self {
        Self { id, created_size }
    }

    /// Opens the segment of a key, or creates it with this size and mode
    /// `0600`.
    ///
    /// # Errors
    ///
    /// As for [`SegmentOptions::open`].
    pub fn open_or_create(key: Key, size: usize) -> Result<Self> {
        SegmentOptions::new()
            .size(size)
            .open_or_create(true)
            .open(key)
    }

    /// Creates the segment of a key with this size and mode `0600`; it must not
    /// exist.
    ///
    /// # Errors
    ///
    /// As for [`SegmentOptions::open`].
    pub fn create_new(key: Key, size: usize) -> Result<Self> {
        SegmentOptions::new().size(size).create_new(true).open(key)
    }

    /// Opens the segment of a key, of whatever size.
    ///
    /// # Errors
    ///
    /// [`Cause::NotFound`] if no segment has the key; see
    /// [`SegmentOptions::open`].
    pub fn open(key: Key) -> Result<Self> {
        SegmentOptions::new().open(key)
    }

    /// Creates a private segment with this size and mode `0600`.
    ///
    /// # Errors
    ///
    /// As for [`SegmentOptions::private`].
    pub fn private(size: usize) -> Result<Self> {
        SegmentOptions::new().size(size).private()
    }

    /// The handle of an identifier that came from elsewhere.
    ///
    /// # Errors
    ///
    /// [`Cause::Gone`] if there is no such segment. One that may not be read is
    /// no error here: it may still be removed by its owner.
    pub fn from_id(id: SegmentId) -> Result<Self> {
        match sys::stat(id) {
            Err(errno) if errno.as_raw() != libc::EACCES => {
                Err(explain::control(Operation::Stat, id, errno))
            }
            _ => Ok(Self::new(id, None)),
        }
    }

    /// The identifier, to hand to others.
    #[must_use]
    pub const fn id(&self) -> SegmentId {
        self.id
    }

    /// What the kernel says of the segment now.
    ///
    /// # Errors
    ///
    /// [`Cause::PermissionDenied`] without the right to read, [`Cause::Gone`].
    pub fn stat(&self) -> Result<Stat> {
        sys::stat(self.id).map_err(|errno| explain::control(Operation::Stat, self.id, errno))
    }

    /// Attaches for reading and writing, where the system likes.
    ///
    /// # Errors
    ///
    /// [`Cause::PermissionDenied`] without the right to read *and* write,
    /// [`Cause::Gone`], [`Cause::AttachmentLimit`], [`Cause::OutOfMemory`].
    pub fn attach(&self) -> Result<Attachment<ReadWrite>> {
        self.attach_with(&AttachOptions::new())
    }

    /// Attaches for reading, where the system likes.
    ///
    /// # Errors
    ///
    /// As for [`attach`](Self::attach), with only the right to read needed.
    pub fn attach_read_only(&self) -> Result<Attachment<ReadOnly>> {
        self.attach_read_only_with(&AttachOptions::new())
    }

    /// [`attach`](Self::attach) with options.
    ///
    /// # Errors
    ///
    /// As for [`attach`](Self::attach), and [`Cause::BadAddress`],
    /// [`Cause::Unsupported`].
    pub fn attach_with(&self, options: &AttachOptions) -> Result<Attachment<ReadWrite>> {
        options.attach(self.id, self.created_size)
    }

    /// [`attach_read_only`](Self::attach_read_only) with options.
    ///
    /// # Errors
    ///
    /// As for [`attach_with`](Self::attach_with).
    pub fn attach_read_only_with(&self, options: &AttachOptions) -> Result<Attachment<ReadOnly>> {
        options.attach(self.id, self.created_size)
    }

    /// Attaches at an address in place of whatever is mapped there
    /// (`SHM_REMAP`: Linux, and FreeBSD from 14 on).
    ///
    /// # Errors
    ///
    /// As for [`attach_with`](Self::attach_with).
    ///
    /// # Safety
    ///
    /// Nothing that is in use may lie in the range of the segment's size,
    /// rounded up to whole pages, from the options' address on: no heap, no
    /// stack, no code, no other attachment.
    pub unsafe fn attach_replacing(&self, options: &AttachOptions) -> Result<Attachment> {
        // SAFETY: the caller's promise is the one that is asked for.
        unsafe { options.attach_replacing(self.id, self.created_size) }
    }

    /// Changes owner, group or permissions: those that are given, the others
    /// stay.
    ///
    /// # Errors
    ///
    /// [`Cause::NotOwner`] unless this process is the owner, the creator or
    /// privileged, [`Cause::Gone`].
    ///
    /// ```
    /// use shm::{Mode, Permissions, Segment};
    ///
    /// let segment = Segment::private(4096)?.remove_on_drop();
    /// let before = segment.stat()?;
    /// let mode = Mode::OWNER_READ_WRITE | Mode::GROUP_READ;
    /// segment.set_permissions(&Permissions::new().mode(mode))?;
    /// assert_eq!(segment.stat()?.mode, mode);
    /// assert_eq!(segment.stat()?.owner_uid, before.owner_uid);
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn set_permissions(&self, permissions: &Permissions) -> Result<()> {
        permissions.apply(self.id)
    }

    /// Keeps the segment in memory (`SHM_LOCK`: Linux, NetBSD). Pages not yet
    /// touched come in when they are.
    ///
    /// # Errors
    ///
    /// [`Cause::LockLimit`], [`Cause::NotOwner`], [`Cause::Gone`], and
    /// [`Cause::Unsupported`] where the system has no such command.
    pub fn lock(&self) -> Result<()> {
        self.lock_or_unlock(Operation::Lock)
    }

    /// Lets the segment be swapped out again (`SHM_UNLOCK`: Linux, NetBSD).
    ///
    /// # Errors
    ///
    /// As for [`lock`](Self::lock).
    pub fn unlock(&self) -> Result<()> {
        self.lock_or_unlock(Operation::Unlock)
    }

    fn lock_or_unlock(&self, operation: Operation) -> Result<()> {
        let Some((lock, unlock)) = sys::LOCK_AND_UNLOCK else {
            let what = "this system cannot lock segments; mlock(2) of an attachment works";
            let cause = Cause::Unsupported { what };
            return Err(Error::refused(operation, Target::Segment(self.id), cause));
        };
        let command = if operation == Operation::Lock {
            lock
        } else {
            unlock
        };
        sys::lock_or_unlock(self.id, command)
            .map_err(|errno| explain::control(operation, self.id, errno))
    }

    /// Marks the segment for removal: it goes at the last detach, at once if
    /// nobody is attached. Its key is free immediately.
    ///
    /// Who is attached keeps the bytes. Whether others can still attach by
    /// identifier differs by system, see the [table](crate::differences).
    ///
    /// # Errors
    ///
    /// [`Cause::NotOwner`] unless this process is the owner, the creator or
    /// privileged (the right to write does not matter), [`Cause::Gone`].
    pub fn remove(&self) -> Result<()> {
        sys::remove(self.id).map_err(|errno| explain::control(Operation::Remove, self.id, errno))
    }

    /// The same handle, which removes the segment when it is dropped.
    #[must_use]
    pub fn remove_on_drop(self) -> OwnedSegment {
        OwnedSegment::new(self)
    }
}
