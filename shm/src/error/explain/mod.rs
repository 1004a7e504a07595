//! Finds the cause of an error number.
//!
//! Runs only after a call has failed, and asks the system again: for the segment,
//! the limits, the usage ([`Figures`]). [`rules`] is a pure function of them, of
//! the call and of the system's table ([`systems`]), tested on every host. It names
//! a cause only where the figures prove it; what is left is [`Cause::System`].

#[cfg(test)]
mod edges;
mod equivalent;
mod rules;
mod systems;
#[cfg(test)]
mod tests;

use core::ffi::c_int;

pub(crate) use rules::Call;
use rules::Figures;

use super::{Cause, Errno, Error, Operation, Target};
use crate::{Key, Mode, SegmentId, list, sys};

/// The parameters of a `shmget`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) key: Key,
    pub(crate) size: usize,
    /// Whether the call could have created a segment.
    pub(crate) creates: bool,
    pub(crate) huge_pages: bool,
    /// The requested access to an existing segment.
    pub(crate) required_mode: Mode,
}

impl Request {
    /// Returns the error for this request after `shmget` failed with `errno`.
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
        let segment = || {
            let key = Some(self.key).filter(|key| !key.is_private())?;
            list::find_key(key)
        };
        let cause = explained(Call::Get(self), errno, segment);
        Error::from_system(operation, target, cause, errno)
    }
}

/// Returns the error for a failed `shmat`; `address` is the requested one.
pub(crate) fn attach(
    id: SegmentId,
    address: Option<usize>,
    required_mode: Mode,
    errno: Errno,
) -> Error {
    let call = Call::Attach {
        address,
        required_mode,
    };
    let cause = explained(call, errno, || list::find(id));
    Error::from_system(Operation::Attach, Target::Segment(id), cause, errno)
}

/// Returns the error for a failed `shmctl`.
pub(crate) fn control(operation: Operation, id: SegmentId, errno: Errno) -> Error {
    let call = match operation {
        Operation::SetPermissions => Call::SetPermissions,
        Operation::Lock => Call::Lock,
        Operation::Unlock => Call::Unlock,
        Operation::Remove => Call::Remove,
        _ => Call::Stat,
    };
    let cause = explained(call, errno, || list::find(id));
    Error::from_system(operation, Target::Segment(id), cause, errno)
}

/// Returns the error for a failed `shmdt`.
pub(crate) fn detach(address: usize, errno: Errno) -> Error {
    let cause = explained(Call::Detach, errno, || None);
    Error::from_system(Operation::Detach, Target::Address(address), cause, errno)
}

/// Returns the meaning of an error number that does not depend on the call.
pub(crate) fn general(errno: Errno) -> Cause {
    let failure = Failure::of(errno);
    let figures = Figures::default();
    // Only the number matters here.
    rules::cause(
        &systems::RUNNING,
        Call::Detach,
        failure.general(),
        errno.as_raw(),
        &figures,
    )
}

/// Returns the error number of the call for this cause on this system.
pub(super) fn errno_equivalent(operation: Operation, cause: &Cause) -> Option<c_int> {
    equivalent::errno(&systems::RUNNING, operation, cause)
}

fn explained(call: Call, errno: Errno, segment: impl FnOnce() -> Option<crate::Stat>) -> Cause {
    let failure = Failure::of(errno);
    let figures = gather(call, failure, segment);
    rules::cause(&systems::RUNNING, call, failure, errno.as_raw(), &figures)
}

/// Queries only the figures that may prove a cause: a program may wait for a key by
/// opening it repeatedly.
fn gather(call: Call, failure: Failure, segment: impl FnOnce() -> Option<crate::Stat>) -> Figures {
    let mut figures = Figures {
        you: sys::effective_uid(),
        ..Figures::default()
    };
    let is_get = matches!(call, Call::Get(_));
    match failure {
        Failure::Denied | Failure::NotPermitted | Failure::Invalid => figures.segment = segment(),
        _ => {}
    }
    match failure {
        Failure::Invalid | Failure::NoSpace | Failure::NoMemory if is_get => {
            figures.limits = sys::limits().ok();
        }
        Failure::TooMany => figures.limits = sys::limits().ok(),
        _ => {}
    }
    if is_get && matches!(failure, Failure::NoSpace | Failure::NoMemory) {
        figures.usage = sys::usage().ok();
    }
    if call == Call::Lock {
        figures.memlock = sys::memory::lock_limit();
    }
    if let (
        Call::Attach {
            address: Some(address),
            ..
        },
        Failure::NoMemory,
    ) = (call, failure)
    {
        figures.is_outside = sys::memory::is_outside(address);
    }
    figures
}

/// An error number by name, the same on every system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// `EACCES`.
    Denied,
    /// `EEXIST`.
    Exists,
    /// `EIDRM`.
    Removed,
    /// `EINVAL`.
    Invalid,
    /// `EMFILE`.
    TooMany,
    /// `ENOENT`.
    NotFound,
    /// `ENOMEM`.
    NoMemory,
    /// `ENOSPC`.
    NoSpace,
    /// `ENOSYS`.
    NoSystem,
    /// `EPERM`.
    NotPermitted,
    /// Any other.
    Other,
}

impl Failure {
    const TABLE: [(c_int, Self); 10] = [
        (libc::EACCES, Self::Denied),
        (libc::EEXIST, Self::Exists),
        (libc::EIDRM, Self::Removed),
        (libc::EINVAL, Self::Invalid),
        (libc::EMFILE, Self::TooMany),
        (libc::ENOENT, Self::NotFound),
        (libc::ENOMEM, Self::NoMemory),
        (libc::ENOSPC, Self::NoSpace),
        (libc::ENOSYS, Self::NoSystem),
        (libc::EPERM, Self::NotPermitted),
    ];

    fn of(errno: Errno) -> Self {
        let found = Self::TABLE
            .iter()
            .find(|(number, _)| *number == errno.as_raw());
        found.map_or(Self::Other, |(_, failure)| *failure)
    }

    /// Returns the name of a number.
    fn errno(self) -> Option<c_int> {
        let found = Self::TABLE.iter().find(|(_, failure)| *failure == self);
        found.map(|(number, _)| *number)
    }

    /// Returns the meaning that does not depend on the call.
    fn general(self) -> Self {
        match self {
            Self::NoSystem => self,
            _ => Self::Other,
        }
    }
}
