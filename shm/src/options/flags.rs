//! Converts options from and to the flags of the C calls.

use core::ffi::c_int;

use crate::error::{Cause, Error, Operation, Result, Target};
use crate::{AttachOptions, HugePages, Key, Mode, SegmentOptions, sys};

/// Flags that this system lacks, or that have no meaning here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown flags: {0:#o}")]
pub struct UnknownFlags(
    /// The unknown bits.
    pub c_int,
);

/// The flags of this system's `shmget` that correspond to options.
#[derive(Debug, Clone, Copy)]
struct CreationFlags {
    huge_pages: Option<(c_int, u32)>,
    no_reserve: Option<c_int>,
}

/// The flags of this system's `shmat` that correspond to options.
#[derive(Debug, Clone, Copy)]
struct AttachFlags {
    execute: Option<c_int>,
}

impl SegmentOptions {
    /// Returns options for the flags of `shmget(2)`, for wrappers with an interface like
    /// C's. Set the size separately.
    ///
    /// `IPC_CREAT` is [`open_or_create`](Self::open_or_create), with `IPC_EXCL`
    /// [`create_new`](Self::create_new). The nine permission bits are the
    /// [mode](Self::mode) with `IPC_CREAT`, and the [required](Self::require) access
    /// without. `SHM_HUGETLB`, with or without a size, and `SHM_NORESERVE` are known on
    /// Linux.
    ///
    /// # Errors
    ///
    /// [`UnknownFlags`] for flags that this system lacks, which its `shmget` would ignore
    /// or misinterpret.
    ///
    /// ```
    /// use shm::{Mode, SegmentOptions, UnknownFlags};
    ///
    /// let options = SegmentOptions::from_flags(libc::IPC_CREAT | 0o640)?;
    /// let mode = Mode::from_bits(0o640).unwrap();
    /// assert_eq!(options, SegmentOptions::new().open_or_create(true).mode(mode));
    /// # Ok::<(), UnknownFlags>(())
    /// ```
    pub fn from_flags(flags: c_int) -> Result<Self, UnknownFlags> {
        let system = CreationFlags {
            huge_pages: sys::HUGE_PAGES,
            no_reserve: sys::NO_RESERVE,
        };
        Self::from_flags_of(system, flags)
    }

    fn from_flags_of(system: CreationFlags, flags: c_int) -> Result<Self, UnknownFlags> {
        let mut rest = Flags(flags);
        let mode = Mode::from_bits_truncate(rest.take_bits(0o777) as u32);
        let creates = rest.take(shm_sys::IPC_CREAT);
        let exclusive = rest.take(shm_sys::IPC_EXCL);
        let mut options = Self::new();
        if creates {
            options = options
                .mode(mode)
                .open_or_create(true)
                .create_new(exclusive);
        } else {
            options = options.require(mode);
        }
        if let Some((flag, shift)) = system.huge_pages {
            if rest.take(flag) {
                let log2 = (rest.take_bits(HUGE_MASK << shift) as u32) >> shift;
                let pages = HugePages::from_log2(log2 as u8).ok_or(UnknownFlags(flags))?;
                options = options.huge_pages(pages);
            }
        }
        if system.no_reserve.is_some_and(|flag| rest.take(flag)) {
            options = options.no_reserve(true);
        }
        rest.end().map(|()| options)
    }

    /// Returns the flags for opening, and for creating if that is allowed.
    pub(super) fn opening_flags(&self, key: Key) -> Result<c_int> {
        if self.open_or_create {
            self.creation_flags(key)
        } else {
            Ok(self.require.bits() as c_int)
        }
    }

    /// Returns the flags for a new segment; refuses those that the running system lacks:
    /// Linux ignores unknown ones, and on other systems the same bits have another
    /// meaning.
    pub(super) fn creation_flags(&self, key: Key) -> Result<c_int> {
        let refused = |cause| {
            let target = if key.is_private() {
                Target::Private
            } else {
                Target::Key(key)
            };
            Error::refused(Operation::Create, target, cause)
        };
        let unsupported = |what| refused(Cause::Unsupported { what });
        // A 64-bit kernel would create it for a 32-bit process.
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

impl AttachOptions {
    /// Returns options for the flags of `shmat(2)`, for wrappers with an interface like
    /// C's, and whether the attachment is to be writable, for
    /// [`Segment::attach_any`](crate::Segment::attach_any). Set the address separately.
    ///
    /// `SHM_RDONLY` and `SHM_RND` are known everywhere, `SHM_EXEC` on Linux.
    ///
    /// # Errors
    ///
    /// [`UnknownFlags`] for flags that this system lacks, and for `SHM_REMAP`, which is
    /// [`Segment::attach_replacing`](crate::Segment::attach_replacing).
    ///
    /// ```
    /// use shm::{AttachOptions, Segment};
    ///
    /// let segment = Segment::private(4096)?.remove_on_drop();
    /// let (options, writable) = AttachOptions::from_flags(shm_sys::SHM_RDONLY)?;
    /// assert!(!segment.attach_any(&options, writable)?.is_writable());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_flags(flags: c_int) -> Result<(Self, bool), UnknownFlags> {
        let system = AttachFlags {
            execute: sys::EXECUTE,
        };
        Self::from_flags_of(system, flags)
    }

    fn from_flags_of(system: AttachFlags, flags: c_int) -> Result<(Self, bool), UnknownFlags> {
        let mut rest = Flags(flags);
        let writable = !rest.take(shm_sys::SHM_RDONLY);
        let round = rest.take(shm_sys::SHM_RND);
        let execute = system.execute.is_some_and(|flag| rest.take(flag));
        rest.end()
            .map(|()| (Self::new().round(round).execute(execute), writable))
    }
}

/// Six bits hold the logarithm of the size (`SHM_HUGE_MASK`, `<linux/shm.h>`).
const HUGE_MASK: c_int = 0x3f;

/// Flags that are consumed one by one.
struct Flags(c_int);

impl Flags {
    /// Consumes all the bits of a flag, if all are set.
    const fn take(&mut self, flag: c_int) -> bool {
        let set = self.0 & flag == flag;
        if set {
            self.0 &= !flag;
        }
        set
    }

    /// Consumes those of these bits that are set.
    const fn take_bits(&mut self, mask: c_int) -> c_int {
        let set = self.0 & mask;
        self.0 &= !mask;
        set
    }

    const fn end(self) -> Result<(), UnknownFlags> {
        match self.0 {
            0 => Ok(()),
            rest => Err(UnknownFlags(rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shm_sys::{IPC_CREAT, IPC_EXCL, SHM_RDONLY, SHM_RND};

    /// `<linux/shm.h>`.
    const LINUX: CreationFlags = CreationFlags {
        huge_pages: Some((0o4000, 26)),
        no_reserve: Some(0o10000),
    };
    const OTHER: CreationFlags = CreationFlags {
        huge_pages: None,
        no_reserve: None,
    };

    fn mode(bits: u32) -> Mode {
        Mode::from_bits(bits).unwrap()
    }

    #[test]
    fn flags_of_shmget_become_options() {
        let new = SegmentOptions::new();
        let created = new.open_or_create(true).mode(mode(0o640));
        for (flags, options) in [
            (0, new.require(Mode::NONE)),
            (0o600, new.require(mode(0o600))),
            (IPC_EXCL | 0o400, new.require(mode(0o400))),
            (IPC_CREAT | 0o640, created),
            (IPC_CREAT | IPC_EXCL | 0o640, created.create_new(true)),
        ] {
            for system in [LINUX, OTHER] {
                let made = SegmentOptions::from_flags_of(system, flags);
                assert_eq!(made, Ok(options), "{flags:#o}");
            }
        }
    }

    #[test]
    fn flags_of_linux_are_unknown_elsewhere() {
        let huge = |log2: c_int| IPC_CREAT | 0o600 | 0o4000 | (log2 << 26);
        let created = SegmentOptions::new().open_or_create(true);
        for (flags, options) in [
            (huge(0), created.huge_pages(HugePages::DEFAULT)),
            (huge(21), created.huge_pages(HugePages::MIB_2)),
            // The size's top bit is the int's sign.
            (huge(34), created.huge_pages(HugePages::GIB_16)),
            (IPC_CREAT | 0o10600, created.no_reserve(true)),
        ] {
            let made = SegmentOptions::from_flags_of(LINUX, flags);
            assert_eq!(made, Ok(options), "{flags:#o}");
            let made = SegmentOptions::from_flags_of(OTHER, flags);
            assert_eq!(made, Err(UnknownFlags(flags & !(IPC_CREAT | 0o777))));
        }
        // A size without the flag, and an undefined bit.
        for flags in [21 << 26, 0o1_000_000] {
            let made = SegmentOptions::from_flags_of(LINUX, flags);
            assert_eq!(made, Err(UnknownFlags(flags)));
        }
    }

    #[test]
    fn flags_of_shmat_become_options() {
        let new = AttachOptions::new();
        let linux = AttachFlags {
            execute: Some(0o100_000),
        };
        let other = AttachFlags { execute: None };
        for (flags, options, writable) in [
            (0, new, true),
            (SHM_RDONLY, new, false),
            (SHM_RND, new.round(true), true),
            (SHM_RDONLY | SHM_RND, new.round(true), false),
        ] {
            for system in [linux, other] {
                let made = AttachOptions::from_flags_of(system, flags);
                assert_eq!(made, Ok((options, writable)), "{flags:#o}");
            }
        }
        let executes = AttachOptions::from_flags_of(linux, 0o100_000);
        assert_eq!(executes, Ok((new.execute(true), true)));
        let executes = AttachOptions::from_flags_of(other, 0o100_000);
        assert_eq!(executes, Err(UnknownFlags(0o100_000)));
        let remap = AttachOptions::from_flags_of(linux, 0o40000);
        assert_eq!(remap, Err(UnknownFlags(0o40000)));
    }

    /// What the running system has is in `sys`.
    #[test]
    fn flags_are_those_of_the_running_system() {
        let mode = Mode::from_bits(0o640).unwrap();
        let created = SegmentOptions::new().open_or_create(true).mode(mode);
        assert_eq!(SegmentOptions::from_flags(IPC_CREAT | 0o640), Ok(created));
        let (options, writable) = AttachOptions::from_flags(SHM_RDONLY | SHM_RND).unwrap();
        assert_eq!(
            (options, writable),
            (AttachOptions::new().round(true), false)
        );
        assert!(AttachOptions::from_flags(0).unwrap().1);
        let unknown = c_int::MIN;
        assert!(AttachOptions::from_flags(unknown).is_err());

        let flags = |options: SegmentOptions| options.creation_flags(Key::PRIVATE).ok();
        assert_eq!(flags(created), Some(IPC_CREAT | 0o640));
        let unreserved = sys::NO_RESERVE.map(|flag| flag | IPC_CREAT | 0o640);
        assert_eq!(flags(created.no_reserve(true)), unreserved);
    }

    #[test]
    #[cfg(target_os = "linux")]
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
