//! The causes that this crate distinguishes, each with a message that names the figures
//! and the remedy.

use core::fmt;

use crate::sys::LIMIT_NAMES;
use crate::{Limit, Mode, Stat};

/// Where else an identifier may come from, on systems with separate sets of segments.
const ELSEWHERE: &str = if cfg!(target_os = "linux") {
    ", or the identifier belongs to another IPC namespace"
} else if cfg!(any(target_os = "freebsd", target_os = "dragonfly")) {
    ", or the identifier belongs to another jail"
} else {
    ""
};

/// Why an operation failed.
///
/// New causes may be added: match with a `_` arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// No segment has this key.
    #[error("no segment has this key")]
    NotFound,

    /// The segment no longer exists, or never did.
    #[error("there is no such segment (it may have been removed{ELSEWHERE})")]
    Gone,

    /// A segment with this key exists, and a new one was requested.
    #[error("a segment with this key already exists")]
    AlreadyExists,

    /// The permission bits deny this process access.
    #[error("permission denied{}", OwnershipNote(holder, *you))]
    PermissionDenied {
        /// The owner of the segment, where it could be read.
        holder: Option<Ownership>,
        /// The effective user id of this process.
        you: u32,
    },

    /// Only the owner, the creator or a privileged process may do this.
    #[error("only its owner, its creator or a privileged process may{}", OwnershipNote(holder, *you))]
    NotOwner {
        /// The owner of the segment, where it could be read.
        holder: Option<Ownership>,
        /// The effective user id of this process.
        you: u32,
    },

    /// The size exceeds SHMMAX.
    #[error("{requested} bytes exceed the limit of one segment ({max}; see {})", LIMIT_NAMES.max_size)]
    TooLarge {
        /// The requested size, in bytes.
        requested: u64,
        /// SHMMAX, in bytes.
        max: u64,
    },

    /// The size is below SHMMIN; a size of zero is always too small.
    #[error("{requested} bytes are below the minimum of a segment ({min})")]
    TooSmall {
        /// The requested size, in bytes.
        requested: u64,
        /// SHMMIN, in bytes.
        min: u64,
    },

    /// The existing segment is smaller than requested.
    #[error("it exists with {actual} bytes, fewer than the {requested} requested")]
    SizeMismatch {
        /// The requested size, in bytes.
        requested: u64,
        /// The size of the existing segment, in bytes.
        actual: u64,
    },

    /// The limit on the number of segments is reached: SHMMNI.
    #[error(
        "the system has no free identifier: {in_use} of at most {max} segments exist (see {}; \
         remove unused ones)",
        LIMIT_NAMES.max_segments
    )]
    SegmentLimit {
        /// How many segments there are.
        in_use: u64,
        /// SHMMNI.
        max: Limit,
    },

    /// All segments together would exceed SHMALL pages.
    #[error(
        "{requested} more pages of {page_size} bytes exceed the limit of all segments together ({in_use} of {max} in use; \
         see {})",
        LIMIT_NAMES.max_pages
    )]
    TotalLimit {
        /// The number of pages of the new segment.
        requested: u64,
        /// The number of pages in use.
        in_use: u64,
        /// SHMALL, in pages.
        max: u64,
        /// The size of a page, in bytes.
        page_size: u64,
    },

    /// This process has reached its limit of attachments: SHMSEG.
    #[error("this process has reached its limit of attachments ({max}; see {})", LIMIT_NAMES.max_attachments)]
    AttachmentLimit {
        /// SHMSEG.
        max: Limit,
    },

    /// The segment exceeds the memory that this process may lock.
    #[error(
        "locking it would exceed the memory that this process may lock (see `ulimit -l`, RLIMIT_MEMLOCK)"
    )]
    LockLimit,

    /// Only the superuser may lock segments here (NetBSD).
    #[error(
        "on this system only the superuser may lock and unlock segments; mlock(2) of an attachment \
         works"
    )]
    LockDenied,

    /// Out of memory or address space.
    #[error("not enough memory or address space")]
    OutOfMemory,

    /// There are not enough free huge pages.
    #[error("not enough free huge pages of that size (see /sys/kernel/mm/hugepages)")]
    NoHugePages,

    /// The system has no huge pages of this size, free or not.
    #[error("this system has no huge pages of that size (see /sys/kernel/mm/hugepages)")]
    NoSuchPageSize,

    /// This process may not use huge pages.
    #[error(
        "this process may not use huge pages (it needs CAP_IPC_LOCK, or its group in \
         vm.hugetlb_shm_group)"
    )]
    HugePagesDenied,

    /// The segment cannot be attached at this address.
    #[error("it cannot be attached at address {address:#x}: {problem}")]
    BadAddress {
        /// The address, after rounding if requested.
        address: usize,
        /// The reason.
        problem: &'static str,
    },

    /// Nothing is attached at the address.
    #[error("no attachment starts at this address")]
    NotAttached,

    /// The running system does not support this.
    #[error("{what}")]
    Unsupported {
        /// The missing feature, as a sentence.
        what: &'static str,
    },

    /// The segment is larger than this process can address.
    #[error("its {size} bytes exceed the address space of this process")]
    NotAddressable {
        /// The segment's size, in bytes.
        size: u64,
    },

    /// The segment exists, and the system attaches nothing of it, for a reason that it
    /// does not report (Linux).
    #[error(
        "it exists, but the system does not attach it: its memory was truncated to nothing, or a security module or a system call filter refuses"
    )]
    Unattachable,

    /// The length of the mapping cannot be determined (Linux).
    #[error(
        "its mapped length is unknown: mremap(2) does not show it here, and \
         /proc/self/maps cannot be read"
    )]
    UnknownLength,

    /// The argument cannot be passed to the system.
    #[error("{what}")]
    InvalidArgument {
        /// The reason, as a sentence.
        what: &'static str,
    },

    /// The system returned a form that this crate does not know.
    #[error("the system returned an unknown form: {what}")]
    UnknownForm {
        /// The unexpected part.
        what: &'static str,
    },

    /// The identifier names another segment than the listed one, or the segment was
    /// changed since.
    #[error("it differs from the listed one: changed, or another segment by now (list again)")]
    Replaced,

    /// This process may not enter the IPC namespace.
    #[error(
        "permission denied (it needs CAP_SYS_ADMIN over that IPC namespace and over your own, and the right to inspect a process in it)"
    )]
    NamespaceDenied,

    /// The IPC namespace can no longer be entered, because no process is in it.
    #[error("it no longer has any processes")]
    NamespaceGone,

    /// The system returned this error number, and the cause is unknown.
    #[error("{}", Described(*.0))]
    System(i32),
}

/// The owner and the mode of a segment: the part of its state that explains a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Ownership {
    /// The owner.
    pub owner_uid: u32,
    /// The creator.
    pub creator_uid: u32,
    /// The permission bits.
    pub mode: Mode,
}

impl From<&Stat> for Ownership {
    fn from(stat: &Stat) -> Self {
        Self {
            owner_uid: stat.owner_uid,
            creator_uid: stat.creator_uid,
            mode: stat.mode,
        }
    }
}

/// ` (owner uid 26, mode 0600; you are uid 1000)`
struct OwnershipNote<'a>(&'a Option<Ownership>, u32);

impl fmt::Display for OwnershipNote<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(holder, you) = self;
        match holder {
            None => write!(f, " (you are uid {you})"),
            Some(Ownership {
                owner_uid,
                creator_uid,
                mode,
            }) if owner_uid == creator_uid => {
                write!(
                    f,
                    " (owner uid {owner_uid}, mode {mode}; you are uid {you})"
                )
            }
            Some(Ownership {
                owner_uid,
                creator_uid,
                mode,
            }) => write!(
                f,
                " (owner uid {owner_uid}, creator uid {creator_uid}, mode {mode}; you are uid {you})"
            ),
        }
    }
}

/// The system's own message for an error number.
pub(crate) struct Described(pub(crate) i32);

impl fmt::Display for Described {
    #[cfg(feature = "std")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        std::io::Error::from_raw_os_error(self.0).fmt(f)
    }

    #[cfg(not(feature = "std"))]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "os error {}", self.0)
    }
}

#[cfg(feature = "std")]
impl Cause {
    /// Returns the kind for `std`; the system's number decides if the cause does not.
    pub(super) fn kind(self, errno: Option<super::Errno>) -> std::io::ErrorKind {
        use std::io::ErrorKind;
        match self {
            Self::NotFound | Self::Gone | Self::Replaced | Self::NamespaceGone => {
                ErrorKind::NotFound
            }
            Self::AlreadyExists => ErrorKind::AlreadyExists,
            Self::PermissionDenied { .. }
            | Self::NotOwner { .. }
            | Self::HugePagesDenied
            | Self::LockDenied
            | Self::NamespaceDenied => ErrorKind::PermissionDenied,
            Self::TooLarge { .. }
            | Self::TooSmall { .. }
            | Self::SizeMismatch { .. }
            | Self::BadAddress { .. }
            | Self::NoSuchPageSize
            | Self::NotAttached
            | Self::InvalidArgument { .. } => ErrorKind::InvalidInput,
            Self::SegmentLimit { .. } | Self::TotalLimit { .. } | Self::AttachmentLimit { .. } => {
                ErrorKind::QuotaExceeded
            }
            Self::LockLimit
            | Self::OutOfMemory
            | Self::NoHugePages
            | Self::NotAddressable { .. } => ErrorKind::OutOfMemory,
            Self::Unsupported { .. } | Self::UnknownLength | Self::Unattachable => {
                ErrorKind::Unsupported
            }
            Self::UnknownForm { .. } => ErrorKind::InvalidData,
            Self::System(number) => {
                let number = errno.map_or(number, super::Errno::as_raw);
                std::io::Error::from_raw_os_error(number).kind()
            }
        }
    }
}
