//! A handle to a segment.

use crate::error::{Cause, Error, Operation, Result, Target, explain};
use crate::identity::Identity;
use crate::{
    AttachOptions, Attachment, Key, Opened, OwnedSegment, Permissions, ReadOnly, ReadWrite,
    SegmentId, SegmentOptions, Stat, permissions, sys,
};

/// A handle to a segment: its identifier, and the operations on it.
///
/// Creating or dropping a handle changes nothing. The segment lives until it is removed;
/// [`remove_on_drop`](Self::remove_on_drop) removes it on drop.
///
/// # Which segment a handle changes
///
/// Kernels reuse identifiers, after a while for an unrelated segment. Therefore a handle
/// that [created](Self::create_new) its segment, or comes [from a listed
/// state](Self::from_stat), compares before [`remove`](Self::remove),
/// [`set_permissions`](Self::set_permissions), [`lock`](Self::lock) and
/// [`unlock`](Self::unlock), and leaves a segment alone that differs in key, size, or the
/// creator's process or user. Owner, mode and change time may differ. Between the
/// comparison and the change a window of one system call remains. Other handles,
/// [opened](Self::open) by key or made [of an identifier](Self::from_id), change whatever
/// has the identifier.
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
    /// The identity to compare before a change, where it is known.
    identity: Option<Identity>,
}

impl PartialEq for Segment {
    /// Handles are equal when they are of the same segment.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Segment {}

impl Segment {
    pub(crate) const fn new(id: SegmentId, identity: Option<Identity>) -> Self {
        Self { id, identity }
    }

    /// Returns the handle of the segment that this process has just created.
    pub(crate) fn created(id: SegmentId, key: Key, size: usize) -> Self {
        Self::new(id, Some(Identity::of_created(key, size)))
    }

    /// Opens the segment of a key, or creates it with this size and mode `0600`. The
    /// handle does not show which of the two it was; [`open_owned`](Self::open_owned)
    /// reports it.
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

    /// Opens the segment of a key, or creates it with this size and mode `0600`. A
    /// created segment is removed when the value is dropped, an existing one is not.
    ///
    /// # Errors
    ///
    /// As for [`SegmentOptions::open`].
    ///
    /// ```
    /// use shm::{Key, Opened, Segment};
    ///
    /// let key = Key::random();
    /// let first = Segment::open_owned(key, 4096)?;
    /// let second = Segment::open_owned(key, 4096)?;
    /// assert!(matches!(first, Opened::Created(_)));
    /// assert!(matches!(second, Opened::Existing(_)));
    /// drop(second);
    /// assert!(Segment::open(key).is_ok());
    /// drop(first);
    /// assert!(Segment::open(key).is_err());
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn open_owned(key: Key, size: usize) -> Result<Opened> {
        SegmentOptions::new()
            .size(size)
            .open_or_create(true)
            .open_owned(key)
    }

    /// Creates a segment with a new [random key](Key::random), this size and mode `0600`,
    /// and returns the key to pass to others.
    ///
    /// # Errors
    ///
    /// As for [`SegmentOptions::create_random`].
    #[cfg(feature = "std")]
    pub fn create_random(size: usize) -> Result<(Self, Key)> {
        SegmentOptions::new().size(size).create_random()
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

    /// Opens the segment of a key if there is one.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open), without [`Cause::NotFound`].
    ///
    /// ```
    /// use shm::{Key, Segment};
    ///
    /// assert_eq!(Segment::find(Key::random())?, None);
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn find(key: Key) -> Result<Option<Self>> {
        match Self::open(key) {
            Ok(segment) => Ok(Some(segment)),
            Err(error) if matches!(error.cause(), Cause::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Creates a private segment with this size and mode `0600`.
    ///
    /// # Errors
    ///
    /// As for [`SegmentOptions::private`].
    pub fn private(size: usize) -> Result<Self> {
        SegmentOptions::new().size(size).private()
    }

    /// Returns a handle of an identifier from elsewhere. Makes no call: using it shows
    /// whether there is such a segment, and [`open_id`](Self::open_id) checks.
    ///
    /// ```
    /// use shm::{Cause, Segment, SegmentId};
    ///
    /// let handle = Segment::from_id(SegmentId::from_raw(-1));
    /// assert!(matches!(handle.stat().unwrap_err().cause(), Cause::Gone));
    /// ```
    #[must_use]
    pub const fn from_id(id: SegmentId) -> Self {
        Self::new(id, None)
    }

    /// Opens a segment by an identifier from elsewhere.
    ///
    /// # Errors
    ///
    /// [`Cause::Gone`] if there is no such segment. A segment that this process
    /// may not read is not an error: its owner may still remove it.
    pub fn open_id(id: SegmentId) -> Result<Self> {
        match sys::stat(id) {
            Err(errno) if errno.as_raw() != libc::EACCES => {
                Err(explain::control(Operation::Stat, id, errno))
            }
            _ => Ok(Self::from_id(id)),
        }
    }

    /// Returns a handle of a listed segment, which changes only that one: if another
    /// segment has its identifier by then, removing, locking and changing it fail with
    /// [`Cause::Replaced`].
    ///
    /// ```
    /// use shm::{Cause, Segment};
    ///
    /// let segment = Segment::private(4096)?.remove_on_drop();
    /// let mut listed = segment.stat()?;
    /// listed.size = 8192;
    /// let error = Segment::from_stat(&listed).remove().unwrap_err();
    /// assert!(matches!(error.cause(), Cause::Replaced));
    /// listed.size = 4096;
    /// Segment::from_stat(&listed).remove()?;
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use]
    pub const fn from_stat(listed: &Stat) -> Self {
        Self::new(listed.id, Some(Identity::of_reported(listed)))
    }

    /// Returns the identifier, to pass to others.
    #[must_use]
    pub const fn id(&self) -> SegmentId {
        self.id
    }

    /// Returns the segment's current state, as `IPC_STAT` reports it.
    ///
    /// # Errors
    ///
    /// [`Cause::PermissionDenied`] without the right to read, [`Cause::Gone`].
    pub fn stat(&self) -> Result<Stat> {
        sys::stat(self.id).map_err(|errno| explain::control(Operation::Stat, self.id, errno))
    }

    /// Attaches for reading and writing, at an address of the system's choice.
    ///
    /// # Errors
    ///
    /// [`Cause::PermissionDenied`] without the right to read *and* write,
    /// [`Cause::Gone`], [`Cause::AttachmentLimit`], [`Cause::OutOfMemory`].
    pub fn attach(&self) -> Result<Attachment<ReadWrite>> {
        self.attach_with(&AttachOptions::new())
    }

    /// Attaches for reading, at an address of the system's choice.
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
        options.attach(self.id, self.created_size())
    }

    /// [`attach_read_only`](Self::attach_read_only) with options.
    ///
    /// # Errors
    ///
    /// As for [`attach_with`](Self::attach_with).
    pub fn attach_read_only_with(&self, options: &AttachOptions) -> Result<Attachment<ReadOnly>> {
        options.attach(self.id, self.created_size())
    }

    /// Attaches at the options' address, in place of the `len` bytes mapped there (Linux,
    /// and FreeBSD if its kernel has `SHM_REMAP` as a separate flag).
    ///
    /// The segment is attached elsewhere first and compared with `len`, because the
    /// identifier may be reused for a larger segment. Then the attachment is moved to the
    /// place; a smaller segment replaces only its own length.
    ///
    /// # Errors
    ///
    /// As for [`attach_with`](Self::attach_with), and [`Cause::SizeMismatch`] if more
    /// than `len` bytes, rounded up to whole pages, would be replaced (huge pages count
    /// whole). [`Cause::BadAddress`] if the replacement itself failed; then the previous
    /// mapping may be gone.
    ///
    /// # Safety
    ///
    /// Nothing that is in use may lie in the `len` bytes from the address on,
    /// rounded up to whole pages: no heap, no stack, no code, no other attachment.
    pub unsafe fn attach_replacing(
        &self,
        options: &AttachOptions,
        len: usize,
    ) -> Result<Attachment> {
        // SAFETY: the caller's promise is the one that is asked for.
        unsafe { options.attach_replacing(self.id, self.created_size(), len) }
    }

    /// [`attach_replacing`](Self::attach_replacing), for reading.
    ///
    /// # Errors
    ///
    /// As for [`attach_replacing`](Self::attach_replacing).
    ///
    /// # Safety
    ///
    /// As for [`attach_replacing`](Self::attach_replacing).
    pub unsafe fn attach_read_only_replacing(
        &self,
        options: &AttachOptions,
        len: usize,
    ) -> Result<Attachment<ReadOnly>> {
        // SAFETY: the caller's promise is the one that is asked for.
        unsafe { options.attach_replacing(self.id, self.created_size(), len) }
    }

    /// Changes owner, group or permissions. Unset fields keep their values.
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
        let operation = Operation::SetPermissions;
        let now = permissions::current(operation, self.id)?;
        self.compare(operation, &now)?;
        permissions.apply(self.id, &now)
    }

    /// Keeps the segment in memory (`SHM_LOCK`: Linux, NetBSD). Untouched pages are
    /// locked when they are touched.
    ///
    /// # Errors
    ///
    /// [`Cause::LockLimit`], [`Cause::NotOwner`], [`Cause::LockDenied`] (NetBSD, for all
    /// but the superuser), [`Cause::Gone`], and [`Cause::Unsupported`] if the system has
    /// no such command.
    pub fn lock(&self) -> Result<()> {
        self.lock_or_unlock(Operation::Lock)
    }

    /// Allows the segment to be swapped out again (`SHM_UNLOCK`: Linux, NetBSD).
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
        self.check(operation)?;
        sys::lock_or_unlock(self.id, command)
            .map_err(|errno| explain::control(operation, self.id, errno))
    }

    /// Marks the segment for removal: the kernel destroys it at the last detach, or at
    /// once if it is not attached. Its key is free immediately.
    ///
    /// Attached processes keep the bytes. Whether others can still attach by identifier
    /// depends on the system, see the [table](crate::differences).
    ///
    /// # Errors
    ///
    /// [`Cause::NotOwner`] unless this process is the owner, the creator or privileged
    /// (the right to write does not matter), [`Cause::Gone`]; [`Cause::Gone`] or
    /// [`Cause::Replaced`] if another segment has the identifier by now, [as described
    /// above](#which-segment-a-handle-changes).
    pub fn remove(&self) -> Result<()> {
        self.check(Operation::Remove)?;
        sys::remove(self.id).map_err(|errno| explain::control(Operation::Remove, self.id, errno))
    }

    /// Returns a value that removes the segment on drop, **even if another program
    /// created it**.
    ///
    /// For an existing segment, it removes the one that has the identifier now; the
    /// kernel is asked once for its identity.
    ///
    /// ```
    /// use shm::{Key, Segment};
    ///
    /// let (left_behind, key) = Segment::create_random(4096)?;
    /// drop(left_behind);
    /// drop(Segment::open(key)?.remove_on_drop());
    /// assert_eq!(Segment::find(key)?, None);
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[must_use = "the segment is removed when the value is dropped"]
    pub fn remove_on_drop(mut self) -> OwnedSegment {
        if self.identity.is_none() {
            let now = permissions::current(Operation::Stat, self.id);
            let identity = now.map_or(Identity::gone(), |now| Identity::of_reported(&now));
            self.identity = Some(identity);
        }
        OwnedSegment::new(self)
    }

    /// Returns the requested size, if this handle created the segment.
    fn created_size(&self) -> Option<usize> {
        self.identity.and_then(Identity::created_size)
    }

    /// Fails if another segment has the identifier by now.
    fn check(&self, operation: Operation) -> Result<()> {
        if self.identity.is_none() {
            return Ok(());
        }
        permissions::current(operation, self.id).and_then(|now| self.compare(operation, &now))
    }

    fn compare(&self, operation: Operation, now: &Stat) -> Result<()> {
        let checked = self
            .identity
            .map_or(Ok(()), |identity| identity.check(now, sys::page_size()));
        checked.map_err(|cause| Error::refused(operation, Target::Segment(self.id), cause))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_equal_by_their_identifier_alone() {
        let handle = |id| Segment::from_id(SegmentId::from_raw(id));
        assert_eq!(handle(1), handle(1));
        assert_ne!(handle(1), handle(2));
        let created = Segment::created(SegmentId::from_raw(1), Key::PRIVATE, 100);
        assert_eq!(created, handle(1));
    }

    #[test]
    fn a_handle_of_the_creation_knows_the_size_asked_for() {
        let id = SegmentId::from_raw(1);
        let created = Segment::created(id, Key::PRIVATE, 100);
        assert_eq!(created.created_size(), Some(100));
        assert_eq!(Segment::from_id(id).created_size(), None);
    }

    #[test]
    fn no_segment_is_found_by_a_key_that_names_none() {
        // A refusal that is not the absence of a segment.
        let error = Segment::find(Key::PRIVATE).unwrap_err();
        assert!(
            matches!(error.cause(), Cause::InvalidArgument { .. }),
            "{error}"
        );
    }
}
