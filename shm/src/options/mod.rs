//! Creating and opening segments.

mod flags;
mod open;
mod opened;

pub use flags::UnknownFlags;
pub use opened::Opened;

use crate::{HugePages, Mode};

/// How to create or open a segment: size, permissions, and whether it may or
/// must be new. Modeled on `OpenOptions` of `std::fs`.
///
/// Setters take and return the options by value, so a chain of them and a variable both
/// work.
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
/// let first = options.open_owned(key)?;
/// assert!(matches!(first, Opened::Created(_)));
///
/// let second = options.open_owned(key)?;
/// assert!(matches!(second, Opened::Existing(_)));
/// assert_eq!(second.id(), first.id());
/// # Ok::<(), shm::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentOptions {
    size: usize,
    mode: Mode,
    require: Mode,
    open_or_create: bool,
    create_new: bool,
    huge_pages: Option<HugePages>,
    no_reserve: bool,
}

impl Default for SegmentOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl SegmentOptions {
    /// Opens existing segments of any size; new ones get mode `0600`.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            size: 0,
            mode: Mode::OWNER_READ_WRITE,
            require: Mode::NONE,
            open_or_create: false,
            create_new: false,
            huge_pages: None,
            no_reserve: false,
        }
    }

    /// Sets the size in bytes: of a new segment, and the minimum for an existing one. 0,
    /// the default, accepts an existing one of any size and cannot create.
    #[must_use]
    pub const fn size(mut self, bytes: usize) -> Self {
        self.size = bytes;
        self
    }

    /// Sets the permissions of a new segment. There is no umask.
    #[must_use]
    pub const fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Makes opening an existing segment fail with
    /// [`Cause::PermissionDenied`](crate::Cause::PermissionDenied) unless this process
    /// has the rights that these bits stand for: reading for any of `0444`, writing for
    /// any of `0222`. Without it, attaching checks the rights.
    ///
    /// The kernel compares, by its own rules: Linux, NetBSD, OpenBSD and DragonFly check
    /// the rights of the class of this process, macOS requires all these bits in the
    /// segment's mode, and FreeBSD was seen to check nothing. With
    /// [`open_or_create`](Self::open_or_create), the [mode](Self::mode) is compared
    /// instead.
    #[must_use]
    pub const fn require(mut self, rights: Mode) -> Self {
        self.require = rights;
        self
    }

    /// Creates the segment if no segment has the key.
    #[must_use]
    pub const fn open_or_create(mut self, create: bool) -> Self {
        self.open_or_create = create;
        self
    }

    /// Requires a new segment: opening fails with
    /// [`Cause::AlreadyExists`](crate::Cause::AlreadyExists) if it exists. Makes
    /// [`open_or_create`](Self::open_or_create) unnecessary.
    #[must_use]
    pub const fn create_new(mut self, create_new: bool) -> Self {
        self.create_new = create_new;
        self
    }

    /// Makes a new segment of huge pages (`SHM_HUGETLB`, Linux). It never falls back to
    /// small pages silently.
    #[must_use]
    pub const fn huge_pages(mut self, pages: HugePages) -> Self {
        self.huge_pages = Some(pages);
        self
    }

    /// Reserves no swap space (or huge pages) for a new segment (`SHM_NORESERVE`, Linux).
    /// With huge pages, touching a page when none is left is a SIGBUS.
    #[must_use]
    pub const fn no_reserve(mut self, no_reserve: bool) -> Self {
        self.no_reserve = no_reserve;
        self
    }

    const fn may_create(&self) -> bool {
        self.open_or_create || self.create_new
    }
}
