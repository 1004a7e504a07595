//! How a segment is created or opened.

use core::ffi::c_int;

use crate::error::explain::Request;
use crate::error::{Cause, Errno, Error, Operation, Result, Target};
use crate::{Attachment, HugePages, Key, Mode, ReadWrite, Segment, sys};

/// How to create or open a segment: size, permissions, and whether it may or
/// must be new. Modelled on `OpenOptions` of `std::fs`.
///
/// ```
/// use shm::{Key, Mode, Opened, SegmentOptions};
///
/// let key = Key::random();
/// let options = SegmentOptions::new()
///     .size(8192)
///     .mode(Mode::OWNER_READ_WRITE | Mode::GROUP_READ)
///     .open_or_create(true);
///
/// let (segment, opened) = options.open_reporting(key)?;
/// let segment = segment.remove_on_drop();
/// assert_eq!(opened, Opened::Created);
///
/// let (same, opened) = options.open_reporting(key)?;
/// assert_eq!(opened, Opened::Existing);
/// assert_eq!(same.id(), segment.id());
/// # Ok::<(), shm::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentOptions {
    size: usize,
    mode: Mode,
    open_or_create: bool,
    create_new: bool,
    huge_pages: Option<HugePages>,
    no_reserve: bool,
}

/// What [`SegmentOptions::open_reporting`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Opened {
    /// It made the segment: this process is the one to initialise it.
    Created,
    /// The segment was there already. Its maker may still be initialising it.
    Existing,
}

impl Default for SegmentOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl SegmentOptions {
    /// Opens what exists, of whatever size; what is created gets mode `0600`.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            size: 0,
            mode: Mode::OWNER_READ_WRITE,
            open_or_create: false,
            create_new: false,
            huge_pages: None,
            no_reserve: false,
        }
    }

    /// The size in bytes: of a new segment, and the least that an existing one
    /// must have. 0, the default, takes an existing one of any size and cannot
    /// create.
    #[must_use]
    pub const fn size(mut self, bytes: usize) -> Self {
        self.size = bytes;
        self
    }

    /// The permissions of a new segment. There is no umask.
    #[must_use]
    pub const fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Whether to create the segment if no segment has the key.
    #[must_use]
    pub const fn open_or_create(mut self, create: bool) -> Self {
        self.open_or_create = create;
        self
    }

    /// Whether the segment must be new: opening fails with
    /// [`Cause::AlreadyExists`] if it exists. Makes
    /// [`open_or_create`](Self::open_or_create) unnecessary.
    #[must_use]
    pub const fn create_new(mut self, create_new: bool) -> Self {
        self.create_new = create_new;
        self
    }

    /// Makes a new segment of huge pages (`SHM_HUGETLB`, Linux). There is no
    /// silent fall back to small ones.
    #[must_use]
    pub const fn huge_pages(mut self, pages: HugePages) -> Self {
        self.huge_pages = Some(pages);
        self
    }

    /// Sets no swap space (or huge pages) aside for a new segment
    /// (`SHM_NORESERVE`, Linux). With huge pages, touching a page when none is
    /// left is a SIGBUS.
    #[must_use]
    pub const fn no_reserve(mut self, no_reserve: bool) -> Self {
        self.no_reserve = no_reserve;
        self
    }

    /// Opens or creates the segment of a key.
    ///
    /// An existing segment is opened without asking for any right; rights are
    /// checked on attaching. (macOS and the BSDs but FreeBSD check the
    /// [mode](Self::mode) against an existing segment where
    /// [`open_or_create`](Self::open_or_create) is set, and so does Linux.)
    ///
    /// # Errors
    ///
    /// [`Cause::NotFound`], [`Cause::AlreadyExists`], [`Cause::TooLarge`],
    /// [`Cause::TooSmall`], [`Cause::SizeMismatch`], [`Cause::SegmentLimit`],
    /// [`Cause::TotalLimit`], [`Cause::PermissionDenied`] and what else the
    /// system finds.
    pub fn open(&self, key: Key) -> Result<Segment> {
        if key.is_private() && !self.may_create() {
            let what = "the private key names no existing segment";
            let cause = Cause::InvalidArgument { what };
            return Err(Error::refused(Operation::Open, Target::Key(key), cause));
        }
        let mut flags = if self.may_create() {
            self.creation_flags(key)?
        } else {
            0
        };
        if self.create_new {
            flags |= shm_sys::IPC_EXCL;
        }
        let id = sys::get(key, self.size, flags).map_err(|e| self.request(key).explain(e))?;
        // A plain `IPC_CREAT` does not tell whether the segment is new.
        let new = self.create_new || key.is_private();
        Ok(Segment::new(id, new.then_some(self.size)))
    }

    /// Opens or creates the segment of a key and says which of the two it was,
    /// also when others do the same at the same time: of all who create, one is
    /// told [`Opened::Created`].
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn open_reporting(&self, key: Key) -> Result<(Segment, Opened)> {
        if self.create_new || key.is_private() {
            return self.open(key).map(|segment| (segment, Opened::Created));
        }
        if !self.open_or_create {
            return self.open(key).map(|segment| (segment, Opened::Existing));
        }
        let exclusive = self.creation_flags(key)? | shm_sys::IPC_EXCL;
        let failed = |errno| self.request(key).explain(errno);
        // Between the two calls somebody may remove the segment: then it is
        // ours to create after all. Each round needs another removal by others.
        for _ in 0..MOST_ROUNDS {
            let refused = match sys::get(key, self.size, exclusive) {
                Ok(id) => return Ok((Segment::new(id, Some(self.size)), Opened::Created)),
                Err(errno) => errno,
            };
            if !may_hide_existence(refused) {
                return Err(failed(refused));
            }
            match sys::get(key, self.size, 0) {
                Ok(id) => return Ok((Segment::new(id, None), Opened::Existing)),
                Err(errno) if errno.as_raw() != libc::ENOENT => return Err(failed(errno)),
                // Nothing exists, so the refusal was about something else.
                Err(_) if refused.as_raw() != libc::EEXIST => return Err(failed(refused)),
                Err(_) => {}
            }
        }
        Err(failed(Errno::from_raw(libc::ENOENT)))
    }

    /// Creates a private segment: one without a key, for this process and those
    /// that are told its identifier.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open), as far as it is about size, limits and
    /// memory.
    pub fn private(&self) -> Result<Segment> {
        let key = Key::PRIVATE;
        let flags = self.creation_flags(key)?;
        let request = Request {
            creates: true,
            ..self.request(key)
        };
        let id = sys::get(key, self.size, flags).map_err(|e| request.explain(e))?;
        Ok(Segment::new(id, Some(self.size)))
    }

    /// [`open_reporting`](Self::open_reporting) and attaches; a segment that
    /// was created and cannot be attached is removed again, so that a failure
    /// leaves nothing behind. One that existed is left alone.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open) and
    /// [`Segment::attach`](crate::Segment::attach).
    ///
    /// ```
    /// use shm::{Key, SegmentOptions};
    ///
    /// let options = SegmentOptions::new().size(100);
    /// let (segment, attachment, _) = options.open_or_create(true).open_attached(Key::random())?;
    /// let segment = segment.remove_on_drop();
    /// assert_eq!(attachment.id(), segment.id());
    /// # Ok::<(), shm::Error>(())
    /// ```
    pub fn open_attached(&self, key: Key) -> Result<(Segment, Attachment<ReadWrite>, Opened)> {
        let (segment, opened) = self.open_reporting(key)?;
        match segment.attach() {
            Ok(attachment) => Ok((segment, attachment, opened)),
            Err(error) => {
                if opened == Opened::Created {
                    // The first error is the one to report.
                    let _ = segment.remove();
                }
                Err(error)
            }
        }
    }

    const fn may_create(&self) -> bool {
        self.open_or_create || self.create_new
    }

    fn request(&self, key: Key) -> Request {
        Request {
            key,
            size: self.size,
            creates: self.may_create(),
            huge_pages: self.huge_pages.is_some(),
        }
    }

    /// The flags for a new segment, with those refused that the running system
    /// lacks: Linux ignores what it does not know, and on others the same bits
    /// mean something else.
    fn creation_flags(&self, key: Key) -> Result<c_int> {
        let refused = |cause| {
            let target = if key.is_private() {
                Target::Private
            } else {
                Target::Key(key)
            };
            Error::refused(Operation::Create, target, cause)
        };
        let unsupported = |what| refused(Cause::Unsupported { what });
        // A 64-bit kernel would make it for a 32-bit process.
        if isize::try_from(self.size).is_err() {
            let size = self.size as u64;
            return Err(refused(Cause::NotAddressable { size }));
        }
        let mut flags = shm_sys::IPC_CREAT | self.mode.bits() as c_int;
        if let Some(pages) = self.huge_pages {
            let (flag, shift) =
                sys::HUGE_PAGES.ok_or_else(|| unsupported("this system has no huge pages"))?;
            // The top bits of an int: 16 GiB pages set the sign.
            flags |= flag | (u32::from(pages.log2()) << shift) as c_int;
        }
        if self.no_reserve {
            flags |= sys::NO_RESERVE
                .ok_or_else(|| unsupported("this system always reserves memory for segments"))?;
        }
        Ok(flags)
    }
}

/// More removals by others between two calls of ours than ever happen by
/// chance.
const MOST_ROUNDS: usize = 1000;

/// Whether exclusive creation may have failed because the segment exists.
/// OpenBSD and macOS check its permissions and size before they say so.
const fn may_hide_existence(errno: Errno) -> bool {
    matches!(errno.as_raw(), libc::EEXIST | libc::EACCES | libc::EINVAL)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn huge_page_flags_are_those_of_the_header() {
        let flags = |pages| {
            SegmentOptions::new()
                .huge_pages(pages)
                .creation_flags(Key::PRIVATE)
        };
        let size = |pages| flags(pages).unwrap() & !(shm_sys::SHM_HUGETLB | 0o1777);
        assert_eq!(size(HugePages::MIB_2), shm_sys::SHM_HUGE_2MB);
        assert_eq!(size(HugePages::GIB_1), shm_sys::SHM_HUGE_1GB);
        assert_eq!(size(HugePages::GIB_16), shm_sys::SHM_HUGE_16GB);
        assert_eq!(size(HugePages::DEFAULT), 0);
    }
}
