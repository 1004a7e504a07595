//! From an error number to its cause.
//!
//! Runs only after a call has failed, and asks the system again: for the
//! existing segment, the limits, the usage. Each figure may have changed since
//! the failure, so a cause is named only where the figures prove it; what is
//! left is [`Cause::System`].

use core::ffi::c_int;

use super::{Cause, Errno, Error, Holder, Operation, Target};
use crate::{Key, Limit, SegmentId, list, sys};

const NO_SUPPORT: &str = "this kernel has no System V shared memory, or a jail or sandbox hides it";

/// What `shmget` was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request {
    pub(crate) key: Key,
    pub(crate) size: usize,
    /// Whether the call could have made a segment.
    pub(crate) creates: bool,
    pub(crate) huge_pages: bool,
}

impl Request {
    /// The error for this request after `shmget` failed with `errno`.
    pub(crate) fn explain(self, errno: Errno) -> Error {
        let operation = if self.creates {
            Operation::Create
        } else {
            Operation::Open
        };
        let target = if self.key.is_private() {
            Target::Private
        } else {
            Target::Key(self.key)
        };
        Error::from_system(operation, target, self.cause(errno), errno)
    }

    fn cause(self, errno: Errno) -> Cause {
        let found = match errno.as_raw() {
            libc::ENOENT => Some(Cause::NotFound),
            libc::EEXIST => Some(Cause::AlreadyExists),
            libc::EACCES => Some(denied(self.existing())),
            libc::EINVAL => self.invalid(),
            libc::ENOSPC => self.no_space(),
            libc::ENOMEM if self.huge_pages => Some(Cause::NoHugePages),
            libc::ENOMEM => Some(self.over_total().unwrap_or(Cause::OutOfMemory)),
            libc::EPERM if self.huge_pages => Some(Cause::HugePagesDenied),
            _ => None,
        };
        found.unwrap_or_else(|| general(errno))
    }

    /// Who holds the key at present.
    fn existing(self) -> Option<crate::Stat> {
        if self.key.is_private() {
            None
        } else {
            list::find_key(self.key)
        }
    }

    /// EINVAL: larger than the existing segment, or outside SHMMIN..=SHMMAX,
    /// or a size of huge pages that the system does not have.
    fn invalid(self) -> Option<Cause> {
        let requested = self.size as u64;
        if let Some(existing) = self.existing() {
            let too_small = existing.size < requested;
            return too_small.then_some(Cause::SizeMismatch {
                requested,
                actual: existing.size,
            });
        }
        let limits = sys::limits().ok()?;
        match limits.max_size {
            Limit::AtMost(max) if requested > max => Some(Cause::TooLarge { requested, max }),
            _ if requested < limits.min_size => Some(Cause::TooSmall {
                requested,
                min: limits.min_size,
            }),
            _ if self.huge_pages => Some(Cause::NoHugePages),
            // Unlimited by intent, and yet a bound of the address space.
            Limit::Unlimited if self.size > isize::MAX as usize => {
                Some(Cause::NotAddressable { size: requested })
            }
            _ => None,
        }
    }

    /// ENOSPC: SHMMNI, and on Linux SHMALL too.
    fn no_space(self) -> Option<Cause> {
        let limits = sys::limits().ok()?;
        let usage = sys::usage().ok()?;
        if !limits.max_segments.allows(usage.segments + 1) {
            return Some(Cause::SegmentLimit {
                in_use: usage.segments,
                max: limits.max_segments,
            });
        }
        self.over_total()
    }

    fn over_total(self) -> Option<Cause> {
        let limits = sys::limits().ok()?;
        let usage = sys::usage().ok()?;
        let requested = (self.size as u64).div_ceil(limits.page_size.max(1));
        match limits.max_pages {
            Limit::AtMost(max) if usage.pages.saturating_add(requested) > max => {
                Some(Cause::TotalLimit {
                    requested,
                    in_use: usage.pages,
                    max,
                    page_size: limits.page_size,
                })
            }
            _ => None,
        }
    }
}

/// The error for a failed `shmat`; `address` is the one asked for.
pub(crate) fn attach(id: SegmentId, address: Option<usize>, errno: Errno) -> Error {
    let bad_address = |problem| address.map(|address| Cause::BadAddress { address, problem });
    let exists = || list::find(id).is_some();
    let found = match errno.as_raw() {
        libc::EACCES => Some(denied(list::find(id))),
        libc::EINVAL if address.is_some() && exists() => {
            bad_address("something is mapped there, or the system does not allow it")
        }
        libc::EINVAL if cfg!(target_os = "linux") && exists() => Some(Cause::Unattachable),
        libc::EINVAL | libc::EIDRM => Some(Cause::Gone),
        libc::ENOMEM if address.is_some() && cfg!(not(target_os = "linux")) => {
            bad_address("something is mapped there, or it is outside the address space")
        }
        libc::ENOMEM => Some(Cause::OutOfMemory),
        libc::EMFILE => sys::limits().ok().map(|limits| Cause::AttachmentLimit {
            max: limits.max_attachments,
        }),
        _ => None,
    };
    let cause = found.unwrap_or_else(|| general(errno));
    Error::from_system(Operation::Attach, Target::Segment(id), cause, errno)
}

/// The error for a failed `shmctl`.
pub(crate) fn control(operation: Operation, id: SegmentId, errno: Errno) -> Error {
    let locks = matches!(operation, Operation::Lock);
    let changes = !matches!(operation, Operation::Stat);
    let sets = matches!(operation, Operation::SetPermissions);
    let found = match errno.as_raw() {
        // Linux refuses a number that the process's user namespace does not map.
        libc::EINVAL if sets && list::find(id).is_some() => Some(Cause::InvalidArgument {
            what: "the owner or group is none that this system or user namespace knows",
        }),
        libc::EINVAL | libc::EIDRM => Some(Cause::Gone),
        // FreeBSD answers EACCES where the others answer EPERM.
        libc::EPERM if locks && may_change(id) => Some(Cause::LockLimit),
        libc::EPERM => Some(not_owner(id)),
        libc::EACCES if changes => Some(not_owner(id)),
        libc::EACCES => Some(denied(list::find(id))),
        libc::ENOMEM if locks => Some(Cause::LockLimit),
        _ => None,
    };
    let cause = found.unwrap_or_else(|| general(errno));
    Error::from_system(operation, Target::Segment(id), cause, errno)
}

/// The error for a failed `shmdt`.
pub(crate) fn detach(address: usize, errno: Errno) -> Error {
    let cause = match errno.as_raw() {
        libc::EINVAL => Cause::NotAttached,
        _ => general(errno),
    };
    Error::from_system(Operation::Detach, Target::Address(address), cause, errno)
}

/// Whether this process is the owner or creator, so that a refusal has
/// another reason.
fn may_change(id: SegmentId) -> bool {
    let you = sys::effective_uid();
    list::find(id).is_some_and(|stat| stat.owner_uid == you || stat.creator_uid == you)
}

fn denied(stat: Option<crate::Stat>) -> Cause {
    let holder = stat.as_ref().map(Holder::from);
    Cause::PermissionDenied {
        holder,
        you: sys::effective_uid(),
    }
}

fn not_owner(id: SegmentId) -> Cause {
    let holder = list::find(id).as_ref().map(Holder::from);
    Cause::NotOwner {
        holder,
        you: sys::effective_uid(),
    }
}

/// What an error number means whatever was tried.
pub(crate) fn general(errno: Errno) -> Cause {
    const ENOSYS: c_int = libc::ENOSYS;
    match errno.as_raw() {
        ENOSYS => Cause::Unsupported { what: NO_SUPPORT },
        number => Cause::System(number),
    }
}
