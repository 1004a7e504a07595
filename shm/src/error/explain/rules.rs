//! Finds the cause from system, call, error number and figures, in a pure function.

use super::systems::{Locks, System};
use super::{Failure, Request};
use crate::error::{Cause, Ownership};
use crate::{Limit, Limits, Mode, Stat, Usage};

const NO_SUPPORT: &str = "this kernel has no System V shared memory, or a jail or sandbox hides it";

/// The call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Get(Request),
    Attach {
        /// The requested address.
        address: Option<usize>,
        /// The requested access.
        required_mode: Mode,
    },
    Detach,
    Stat,
    SetPermissions,
    Lock,
    Unlock,
    Remove,
}

/// Figures read after the failure. Each may have changed since.
#[derive(Debug, Clone, Default)]
pub(super) struct Figures {
    /// The segment with the key or identifier, from the system's table.
    pub(super) segment: Option<Stat>,
    pub(super) limits: Option<Limits>,
    pub(super) usage: Option<Usage>,
    /// The effective user id of this process.
    pub(super) you: u32,
    /// `RLIMIT_MEMLOCK` in bytes, if it is a limit.
    pub(super) memlock: Option<u64>,
    /// Whether the requested address is outside the address space.
    pub(super) is_outside: bool,
}

/// Returns the cause if the figures prove one; otherwise [`Cause::System`].
pub(super) fn cause(
    system: &System,
    call: Call,
    failure: Failure,
    errno: i32,
    figures: &Figures,
) -> Cause {
    let found = match (call, failure) {
        (_, Failure::NoSystem) => Some(Cause::Unsupported { what: NO_SUPPORT }),
        (Call::Get(request), _) => get(system, request, failure, figures),
        (
            Call::Attach {
                address,
                required_mode,
            },
            _,
        ) => attach(system, address, required_mode, failure, figures),
        (Call::Detach, Failure::Invalid) => Some(Cause::NotAttached),
        (Call::Detach, _) => None,
        (_, Failure::Invalid | Failure::Removed) => control_invalid(system, call, failure, figures),
        (Call::Stat, Failure::Denied) => denied(Mode::OWNER_READ, figures),
        (Call::Lock | Call::Unlock, _) => lock(system, call, failure, figures),
        (Call::SetPermissions | Call::Remove, _) if failure == system.not_owner => {
            not_owner(figures)
        }
        _ => None,
    };
    found.unwrap_or(Cause::System(errno))
}

fn get(system: &System, request: Request, failure: Failure, figures: &Figures) -> Option<Cause> {
    match failure {
        Failure::NotFound => Some(Cause::NotFound),
        Failure::Exists => Some(Cause::AlreadyExists),
        Failure::Denied if system.compares_mode => Some(permission_denied(figures)),
        Failure::Denied => denied(request.required_mode, figures),
        Failure::Invalid => invalid_size(system, request, figures),
        Failure::NoSpace => segment_limit(figures).or_else(|| {
            let total = || total_limit(request, figures);
            (system.over_total == Failure::NoSpace)
                .then(total)
                .flatten()
        }),
        Failure::NoMemory if request.huge_pages && system.huge_pages => Some(Cause::NoHugePages),
        Failure::NoMemory => {
            let total = || total_limit(request, figures);
            let total = (system.over_total == Failure::NoMemory)
                .then(total)
                .flatten();
            Some(total.unwrap_or(Cause::OutOfMemory))
        }
        Failure::NotPermitted if request.huge_pages && system.huge_pages => {
            Some(Cause::HugePagesDenied)
        }
        _ => None,
    }
}

/// EINVAL: larger than the existing segment, or outside SHMMIN..=SHMMAX, or a size
/// of huge pages that the system does not have.
fn invalid_size(system: &System, request: Request, figures: &Figures) -> Option<Cause> {
    let requested = request.size as u64;
    if let Some(existing) = &figures.segment {
        let too_small = existing.size < requested;
        return too_small.then_some(Cause::SizeMismatch {
            requested,
            actual: existing.size,
        });
    }
    let limits = figures.limits.as_ref()?;
    match limits.max_size {
        Limit::AtMost(max) if requested > max => Some(Cause::TooLarge { requested, max }),
        _ if requested < limits.min_size => Some(Cause::TooSmall {
            requested,
            min: limits.min_size,
        }),
        _ if request.huge_pages && system.huge_pages => Some(Cause::NoSuchPageSize),
        // Meant as unlimited, but still bounded by the address space.
        Limit::Unlimited if request.size > isize::MAX as usize => {
            Some(Cause::NotAddressable { size: requested })
        }
        _ => None,
    }
}

/// SHMMNI.
fn segment_limit(figures: &Figures) -> Option<Cause> {
    let (limits, usage) = (figures.limits.as_ref()?, figures.usage.as_ref()?);
    let is_full = !limits.max_segments.allows(usage.segments + 1);
    is_full.then_some(Cause::SegmentLimit {
        in_use: usage.segments,
        max: limits.max_segments,
    })
}

/// SHMALL.
fn total_limit(request: Request, figures: &Figures) -> Option<Cause> {
    let (limits, usage) = (figures.limits.as_ref()?, figures.usage.as_ref()?);
    let requested = (request.size as u64).div_ceil(limits.page_size.max(1));
    let max = limits.max_pages.at_most()?;
    (usage.pages.saturating_add(requested) > max).then_some(Cause::TotalLimit {
        requested,
        in_use: usage.pages,
        max,
        page_size: limits.page_size,
    })
}

fn attach(
    system: &System,
    address: Option<usize>,
    required_mode: Mode,
    failure: Failure,
    figures: &Figures,
) -> Option<Cause> {
    let at = |problem| address.map(|address| Cause::BadAddress { address, problem });
    match failure {
        Failure::Denied => denied(required_mode, figures),
        Failure::Removed => Some(Cause::Gone),
        Failure::Invalid if !admits(system, figures) => Some(Cause::Gone),
        // The kernel refuses other unsuitable addresses in the same way.
        Failure::Invalid if address.is_some() => {
            at("something is mapped there, or the system does not allow it")
        }
        Failure::Invalid if system.truncates => Some(Cause::Unattachable),
        Failure::NoMemory if failure == system.address_outside && figures.is_outside => {
            at("it is outside the address space")
        }
        Failure::NoMemory if failure == system.address_taken && address.is_some() => {
            at("something is mapped there, or it is outside the address space")
        }
        Failure::NoMemory => Some(Cause::OutOfMemory),
        Failure::TooMany => figures
            .limits
            .as_ref()
            .map(|limits| Cause::AttachmentLimit {
                max: limits.max_attachments,
            }),
        _ => None,
    }
}

/// Returns whether the segment exists and can be attached by its identifier.
fn admits(system: &System, figures: &Figures) -> bool {
    figures.segment.as_ref().is_some_and(|stat| {
        let flags = stat.flags;
        let is_shut = flags.marked_for_removal()
            // Where a setting decides, EINVAL shows which.
            && system.admits_after_removal != Some(true)
            && !flags.contains(crate::StatFlags::LINGERS);
        !is_shut
    })
}

/// EINVAL and EIDRM of `shmctl`.
fn control_invalid(
    system: &System,
    call: Call,
    failure: Failure,
    figures: &Figures,
) -> Option<Cause> {
    if failure == Failure::Removed || !admits(system, figures) {
        return Some(Cause::Gone);
    }
    // Linux refuses a number that the process's user namespace does not map.
    (call == Call::SetPermissions).then_some(Cause::InvalidArgument {
        what: "this system or user namespace does not know the owner or group",
    })
}

fn lock(system: &System, call: Call, failure: Failure, figures: &Figures) -> Option<Cause> {
    match (system.locks, failure) {
        (Locks::Owner, Failure::NotPermitted) => not_owner(figures).or_else(|| {
            // `shmctl_do_lock` of Linux: the owner may, unless the limit is 0.
            (call == Call::Lock && figures.memlock == Some(0)).then_some(Cause::LockLimit)
        }),
        (Locks::Owner, Failure::NoMemory) if call == Call::Lock && figures.memlock.is_some() => {
            Some(Cause::LockLimit)
        }
        (Locks::Superuser, Failure::NotPermitted) if figures.you != 0 => Some(Cause::LockDenied),
        _ => None,
    }
}

/// Returns a refusal to change, proven by a different owner and creator. If the superuser
/// is refused, the reason is not in the figures.
fn not_owner(figures: &Figures) -> Option<Cause> {
    let stat = figures.segment.as_ref()?;
    let you = figures.you;
    let is_stranger = you != 0 && you != stat.owner_uid && you != stat.creator_uid;
    is_stranger.then(|| Cause::NotOwner {
        holder: Some(Ownership::from(stat)),
        you,
    })
}

/// Returns a refusal of access, unless the figures show that the permission bits allow
/// it: then a security module or a filter refused.
fn denied(asked: Mode, figures: &Figures) -> Option<Cause> {
    if let Some(stat) = &figures.segment {
        // Kernels combine the bits of all three classes in the request.
        let asked = (asked.bits() >> 6 | asked.bits() >> 3 | asked.bits()) & 0o7;
        let is_owner = figures.you == stat.owner_uid || figures.you == stat.creator_uid;
        let allowed = is_owner && asked & !(stat.mode.bits() >> 6) == 0;
        let is_superuser = figures.you == 0;
        if allowed || is_superuser {
            return None;
        }
    }
    Some(permission_denied(figures))
}

fn permission_denied(figures: &Figures) -> Cause {
    Cause::PermissionDenied {
        holder: figures.segment.as_ref().map(Ownership::from),
        you: figures.you,
    }
}
