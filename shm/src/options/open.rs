//! Creates and opens segments by the options, and interprets the errors.

use core::ffi::c_int;

use crate::error::explain::Request;
use crate::error::{Cause, Errno, Error, Operation, Result, Target};
use crate::{
    Attachment, Key, Opened, ReadOnly, ReadWrite, Segment, SegmentId, SegmentOptions, sys,
};

impl SegmentOptions {
    /// Opens or creates the segment of a key.
    ///
    /// Opening an existing segment checks no rights, unless [`require`](Self::require) is
    /// set; attaching checks them. (All systems but FreeBSD compare the
    /// [mode](Self::mode) with an existing segment if
    /// [`open_or_create`](Self::open_or_create) is set.)
    ///
    /// # Errors
    ///
    /// [`Cause::NotFound`], [`Cause::AlreadyExists`], [`Cause::TooLarge`],
    /// [`Cause::TooSmall`], [`Cause::SizeMismatch`], [`Cause::SegmentLimit`],
    /// [`Cause::TotalLimit`], [`Cause::PermissionDenied`] and other errors of the system.
    pub fn open(&self, key: Key) -> Result<Segment> {
        if self.create_new {
            return self.create_exclusively(key);
        }
        if key.is_private() {
            self.refuse_private_unless_creating(key)?;
            return self.private();
        }
        let id = sys::get(key, self.size, self.opening_flags(key)?)
            .map_err(|errno| self.request(key).explain(errno))?;
        // A plain `IPC_CREAT` does not report whether the segment is new.
        Ok(Segment::from_id(id))
    }

    /// Opens or creates the segment of a key and reports which of the two it was, even if
    /// others do the same at the same time: exactly one creator gets [`Opened::Created`].
    /// A created segment is removed when the value is dropped.
    ///
    /// It creates only with [`open_or_create`](Self::open_or_create) or
    /// [`create_new`](Self::create_new), as [`open`](Self::open) does;
    /// [`Segment::open_owned`] sets the first.
    ///
    /// ```
    /// use shm::{Key, Opened, SegmentOptions};
    ///
    /// let key = Key::random();
    /// let options = SegmentOptions::new().size(4096);
    /// assert!(options.open_owned(key).is_err(), "nothing to open");
    /// let first = options.open_or_create(true).open_owned(key)?;
    /// let second = options.open_or_create(true).open_owned(key)?;
    /// assert!(matches!((&first, &second), (Opened::Created(_), Opened::Existing(_))));
    /// # Ok::<(), shm::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn open_owned(&self, key: Key) -> Result<Opened> {
        let created = |segment: Segment| Opened::Created(segment.remove_on_drop());
        if self.create_new || key.is_private() {
            return self.open(key).map(created);
        }
        if !self.open_or_create {
            return self.open(key).map(Opened::Existing);
        }
        let exclusive = self.creation_flags(key)? | shm_sys::IPC_EXCL;
        let found = create_or_find(
            || sys::get(key, self.size, exclusive),
            || sys::get(key, self.size, self.require.bits() as c_int),
        );
        match found.map_err(|errno| self.request(key).explain(errno))? {
            Found::Created(id) => Ok(created(Segment::created(id, key, self.size))),
            Found::Existing(id) => Ok(Opened::Existing(Segment::from_id(id))),
        }
    }

    /// Creates a private segment: one without a key, for this process and those that get
    /// its identifier.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open), as far as they concern size, limits and memory.
    pub fn private(&self) -> Result<Segment> {
        let key = Key::PRIVATE;
        let flags = self.creation_flags(key)?;
        let request = Request {
            creates: true,
            ..self.request(key)
        };
        let id = sys::get(key, self.size, flags).map_err(|errno| request.explain(errno))?;
        Ok(Segment::created(id, key, self.size))
    }

    /// Creates a segment with a new [random key](Key::random) and returns both.
    /// A key that is taken is drawn again.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open), without [`Cause::AlreadyExists`].
    ///
    /// ```
    /// use shm::{Segment, SegmentOptions};
    ///
    /// let (segment, key) = SegmentOptions::new().size(4096).create_random()?;
    /// let segment = segment.remove_on_drop();
    /// assert_eq!(Segment::open(key)?.id(), segment.id());
    /// # Ok::<(), shm::Error>(())
    /// ```
    #[cfg(feature = "std")]
    pub fn create_random(&self) -> Result<(Segment, Key)> {
        with_free_key(|key| self.create_exclusively(key))
    }

    /// Opens as [`open_owned`](Self::open_owned) and attaches. If a created segment
    /// cannot be attached it is removed again, so that a failure leaves nothing behind.
    /// An existing one is left alone.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open) and
    /// [`Segment::attach`](crate::Segment::attach).
    ///
    /// ```
    /// use shm::{Key, SegmentOptions};
    ///
    /// let options = SegmentOptions::new().size(100).open_or_create(true);
    /// let (opened, attachment) = options.open_attached(Key::random())?;
    /// assert!(opened.is_created());
    /// assert_eq!(attachment.id(), opened.id());
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn open_attached(&self, key: Key) -> Result<(Opened, Attachment<ReadWrite>)> {
        self.open_owned(key)?.attached(Opened::attach)
    }

    /// Opens as [`open_attached`](Self::open_attached) and attaches for reading.
    ///
    /// # Errors
    ///
    /// As for [`open_attached`](Self::open_attached), with only the right to
    /// read needed.
    ///
    /// ```
    /// use shm::{Segment, SegmentOptions};
    ///
    /// let (segment, key) = Segment::create_random(100)?;
    /// let _segment = segment.remove_on_drop();
    /// let (_, reader) = SegmentOptions::new().open_attached_read_only(key)?;
    /// assert_eq!(reader.view().read::<u8>(0)?, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open_attached_read_only(&self, key: Key) -> Result<(Opened, Attachment<ReadOnly>)> {
        self.open_owned(key)?.attached(Opened::attach_read_only)
    }

    /// Creates the segment of a key, which must not exist.
    fn create_exclusively(&self, key: Key) -> Result<Segment> {
        if key.is_private() {
            return self.private();
        }
        let flags = self.creation_flags(key)? | shm_sys::IPC_EXCL;
        match sys::get(key, self.size, flags) {
            Ok(id) => Ok(Segment::created(id, key, self.size)),
            Err(errno) => {
                // Without size and mode, only the existence counts.
                let exists = || sys::get(key, 0, 0).map(drop);
                let request = Request {
                    creates: true,
                    ..self.request(key)
                };
                Err(if implies_existence(errno, exists) {
                    let (operation, target) = (Operation::Create, Target::Key(key));
                    Error::from_system(operation, target, Cause::AlreadyExists, errno)
                } else {
                    request.explain(errno)
                })
            }
        }
    }

    fn refuse_private_unless_creating(&self, key: Key) -> Result<()> {
        if self.may_create() {
            return Ok(());
        }
        let what = "Key::PRIVATE names no segment; SegmentOptions::private and \
                    Segment::private create one, and Segment::open_id opens it by identifier";
        let cause = Cause::InvalidArgument { what };
        Err(Error::refused(Operation::Open, Target::Key(key), cause))
    }

    fn request(&self, key: Key) -> Request {
        Request {
            key,
            size: self.size,
            creates: self.may_create(),
            huge_pages: self.huge_pages.is_some(),
            required_mode: if self.may_create() {
                self.mode | self.require
            } else {
                self.require
            },
        }
    }
}

/// More removals by others between two calls than ever happen by chance.
const MOST_ROUNDS: usize = 1000;

/// What [`create_or_find`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Created(SegmentId),
    Existing(SegmentId),
}

/// Creates exclusively, or opens what exists, until one of them works.
///
/// Somebody may remove the segment between the two calls; then this process creates it
/// after all. Each round needs another removal by others.
fn create_or_find(
    mut create: impl FnMut() -> Result<SegmentId, Errno>,
    mut find: impl FnMut() -> Result<SegmentId, Errno>,
) -> Result<Found, Errno> {
    for _ in 0..MOST_ROUNDS {
        let refused = match create() {
            Ok(id) => return Ok(Found::Created(id)),
            Err(errno) => errno,
        };
        if !may_hide_existence(refused) {
            return Err(refused);
        }
        match find() {
            Ok(id) => return Ok(Found::Existing(id)),
            Err(errno) if errno.as_raw() != libc::ENOENT => return Err(errno),
            // Nothing exists, so the refusal had another reason.
            Err(_) if refused.as_raw() != libc::EEXIST => return Err(refused),
            Err(_) => {}
        }
    }
    Err(Errno::from_raw(libc::ENOENT))
}

/// Creates something with a random key, and draws another one if that is taken.
#[cfg(feature = "std")]
fn with_free_key<T>(mut create: impl FnMut(Key) -> Result<T>) -> Result<(T, Key)> {
    let mut draws = MOST_ROUNDS;
    loop {
        let key = Key::random();
        match create(key) {
            Err(error) if draws > 0 && matches!(error.cause(), Cause::AlreadyExists) => {
                draws -= 1;
            }
            result => return result.map(|made| (made, key)),
        }
    }
}

/// Returns whether exclusive creation may have failed because the segment exists. OpenBSD
/// and macOS check its permissions and size first.
const fn may_hide_existence(errno: Errno) -> bool {
    matches!(errno.as_raw(), libc::EEXIST | libc::EACCES | libc::EINVAL)
}

/// Returns whether exclusive creation failed because the segment exists: `errno` is its
/// error, and `opened` the result of `shmget` with the same key and neither size nor
/// mode, called only if it decides.
///
/// Seen on existing keys: EEXIST on Linux, FreeBSD, NetBSD and DragonFly. macOS returns
/// EINVAL if the request exceeds its size, and EACCES if it lacks requested mode bits;
/// OpenBSD returns EACCES to a user who may not open it. For a size out of bounds and an
/// absent key, all return EINVAL.
fn implies_existence(errno: Errno, opened: impl FnOnce() -> Result<(), Errno>) -> bool {
    if errno.as_raw() == libc::EEXIST {
        return true;
    }
    may_hide_existence(errno)
        && match opened() {
            Ok(()) => true,
            // It exists, and even opening it is refused.
            Err(refused) => refused.as_raw() == libc::EACCES,
        }
}

#[cfg(test)]
mod tests;
