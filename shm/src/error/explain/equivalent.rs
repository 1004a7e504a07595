//! The error number for failures that this crate detects before it calls the system: the
//! inverse of the same tables.
//!
//! Wrappers with an interface like C's must return one. It is the number that the omitted
//! call would return on that system; where no call has one (a namespace), it is the
//! number that POSIX defines for the cause.

use core::ffi::c_int;

use super::Failure;
use super::systems::System;
use crate::error::{Cause, Operation};

/// Returns the number for this cause, if there is one.
pub(super) fn errno(system: &System, operation: Operation, cause: &Cause) -> Option<c_int> {
    let makes = matches!(operation, Operation::Create | Operation::Open);
    let failure = match cause {
        // Over SHMMAX, and without the address space.
        Cause::NotAddressable { .. } if makes => Failure::Invalid,
        Cause::NotAddressable { .. } => system.address_outside,
        Cause::SizeMismatch { .. } | Cause::TooLarge { .. } | Cause::TooSmall { .. } => {
            Failure::Invalid
        }
        // The addresses that this crate refuses are below SHMLBA, or not multiples of it.
        Cause::BadAddress { .. } => Failure::Invalid,
        // A stale identifier, and nothing attached.
        Cause::Gone | Cause::Replaced | Cause::NotAttached => Failure::Invalid,
        // Unknown commands and flags.
        Cause::Unsupported { .. } | Cause::InvalidArgument { .. } | Cause::NoSuchPageSize => {
            Failure::Invalid
        }
        Cause::NotFound => Failure::NotFound,
        Cause::AlreadyExists => Failure::Exists,
        Cause::PermissionDenied { .. } => Failure::Denied,
        Cause::NotOwner { .. } => system.not_owner,
        Cause::HugePagesDenied | Cause::NamespaceDenied => Failure::NotPermitted,
        Cause::SegmentLimit { .. } => Failure::NoSpace,
        Cause::TotalLimit { .. } => system.over_total,
        Cause::AttachmentLimit { .. } => Failure::TooMany,
        Cause::LockLimit | Cause::OutOfMemory | Cause::NoHugePages => Failure::NoMemory,
        Cause::NamespaceGone => return Some(libc::ESRCH),
        Cause::System(number) => return Some(*number),
        _ => return None,
    };
    failure.errno()
}

#[cfg(test)]
mod tests {
    use super::super::systems::{DRAGONFLY, FREEBSD, LINUX, MACOS, NETBSD, OPENBSD};
    use super::*;

    const ALL: [System; 6] = [LINUX, FREEBSD, NETBSD, OPENBSD, DRAGONFLY, MACOS];

    #[test]
    fn what_the_crate_finds_itself_has_the_number_of_the_call() {
        let address = Cause::BadAddress {
            address: 100,
            problem: "it is below SHMLBA",
        };
        let size = Cause::NotAddressable { size: u64::MAX };
        let lock = Cause::Unsupported { what: "" };
        for (cause, operation, number) in [
            (address, Operation::Attach, libc::EINVAL),
            (size, Operation::Create, libc::EINVAL),
            (size, Operation::Attach, libc::ENOMEM),
            (Cause::Gone, Operation::Remove, libc::EINVAL),
            (Cause::Replaced, Operation::SetPermissions, libc::EINVAL),
            (lock, Operation::Lock, libc::EINVAL),
            (Cause::AlreadyExists, Operation::Create, libc::EEXIST),
            (Cause::System(5), Operation::Stat, 5),
        ] {
            for system in &ALL {
                assert_eq!(errno(system, operation, &cause), Some(number), "{cause:?}");
            }
        }
    }

    #[test]
    fn numbers_that_differ_are_those_of_the_systems_tables() {
        let total = Cause::TotalLimit {
            requested: 1,
            in_use: 1,
            max: 1,
            page_size: 4096,
        };
        let owner = Cause::NotOwner {
            holder: None,
            you: 1,
        };
        for (system, total_number, owner_number) in [
            (LINUX, libc::ENOSPC, libc::EPERM),
            (FREEBSD, libc::ENOMEM, libc::EACCES),
            (NETBSD, libc::ENOMEM, libc::EPERM),
        ] {
            let of = |operation, cause| errno(&system, operation, cause);
            assert_eq!(of(Operation::Create, &total), Some(total_number));
            assert_eq!(of(Operation::Remove, &owner), Some(owner_number));
        }
    }

    #[test]
    fn an_unknown_form_has_no_number() {
        let unknown = Cause::UnknownForm { what: "" };
        assert_eq!(errno(&LINUX, Operation::List, &unknown), None);
    }
}
