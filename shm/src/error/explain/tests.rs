//! The tables of all six systems, on every host.

use super::Failure::{self, NoMemory, NotPermitted};
use super::Request;
use super::rules::{Call, Figures, cause};
use super::systems::{DRAGONFLY, FREEBSD, LINUX, MACOS, NETBSD, OPENBSD, System};
use crate::error::Cause;
use crate::{Key, Limit, Limits, Mode, SegmentId, Stat, StatFlags, Usage};

const ALL: [&System; 6] = [&LINUX, &FREEBSD, &NETBSD, &OPENBSD, &DRAGONFLY, &MACOS];
const BSDS: [&System; 5] = [&FREEBSD, &NETBSD, &OPENBSD, &DRAGONFLY, &MACOS];

const OWNER: u32 = 26;
const OTHER_USER: u32 = 1000;
/// A number that is in no table, to recognize the system's own message by.
const ERRNO: i32 = 4711;
const SYSTEM_MESSAGE: Cause = Cause::System(ERRNO);

fn segment(mode: u32, flags: StatFlags) -> Stat {
    Stat {
        id: SegmentId::from_raw(65536),
        key: Key::PRIVATE,
        size: 5000,
        mode: Mode::from_bits(mode).unwrap(),
        flags,
        owner_uid: OWNER,
        owner_gid: OWNER,
        creator_uid: OWNER,
        creator_gid: OWNER,
        creator_pid: 1,
        last_pid: 0,
        attached: 1,
        attach_time: None,
        detach_time: None,
        change_time: None,
        memory: None,
    }
}

/// Returns what a process of this user sees of a live segment.
fn seen_by(you: u32) -> Figures {
    Figures {
        segment: Some(segment(0o600, StatFlags::LIVE)),
        you,
        ..Figures::default()
    }
}

fn removed(flags: StatFlags) -> Figures {
    let flags = flags.union(StatFlags::MARKED_FOR_REMOVAL);
    Figures {
        segment: Some(segment(0o600, flags)),
        you: OWNER,
        ..Figures::default()
    }
}

fn at_every_limit() -> Figures {
    Figures {
        limits: Some(Limits {
            max_size: Limit::AtMost(1 << 20),
            min_size: 1,
            max_segments: Limit::AtMost(3),
            max_attachments: Limit::AtMost(128),
            max_pages: Limit::AtMost(10),
            page_size: 4096,
        }),
        usage: Some(Usage {
            segments: 3,
            pages: 9,
            resident_pages: None,
            swapped_pages: None,
        }),
        ..Figures::default()
    }
}

fn get(size: usize) -> Call {
    Call::Get(Request {
        key: Key::from_raw(1),
        size,
        creates: true,
        huge_pages: false,
        required_mode: Mode::OWNER_READ_WRITE,
    })
}

const ATTACH: Call = Call::Attach {
    address: None,
    required_mode: Mode::OWNER_READ_WRITE,
};
const ATTACH_AT: Call = Call::Attach {
    address: Some(0x10000),
    required_mode: Mode::OWNER_READ_WRITE,
};

fn of(system: &System, call: Call, failure: Failure, figures: &Figures) -> Cause {
    cause(system, call, failure, ERRNO, figures)
}

fn is_bad_address(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::BadAddress {
            address: 0x10000,
            ..
        }
    )
}

#[test]
fn plain_numbers_mean_the_same_everywhere() {
    for system in ALL {
        let none = Figures::default();
        assert_eq!(
            of(system, get(1), Failure::NotFound, &none),
            Cause::NotFound
        );
        assert_eq!(
            of(system, get(1), Failure::Exists, &none),
            Cause::AlreadyExists
        );
        assert_eq!(
            of(system, Call::Detach, Failure::Invalid, &none),
            Cause::NotAttached
        );
        assert_eq!(
            of(system, Call::Detach, Failure::NotPermitted, &none),
            SYSTEM_MESSAGE
        );
        for call in [
            get(1),
            ATTACH,
            Call::Detach,
            Call::Stat,
            Call::Lock,
            Call::Remove,
        ] {
            let cause = of(system, call, Failure::NoSystem, &none);
            assert!(matches!(cause, Cause::Unsupported { .. }), "{call:?}");
            assert_eq!(
                of(system, call, Failure::Other, &none),
                SYSTEM_MESSAGE,
                "{call:?}"
            );
        }
        for call in [
            ATTACH,
            ATTACH_AT,
            Call::Stat,
            Call::SetPermissions,
            Call::Remove,
        ] {
            assert_eq!(
                of(system, call, Failure::Invalid, &none),
                Cause::Gone,
                "{call:?}"
            );
            assert_eq!(
                of(system, call, Failure::Removed, &none),
                Cause::Gone,
                "{call:?}"
            );
        }
    }
}

#[test]
fn einval_of_shmget_has_three_meanings() {
    for system in ALL {
        let einval = |size, figures: &Figures| of(system, get(size), Failure::Invalid, figures);
        let existing = seen_by(OWNER);
        assert_eq!(
            einval(5001, &existing),
            Cause::SizeMismatch {
                requested: 5001,
                actual: 5000
            }
        );
        // For a reason that the figures do not show.
        assert_eq!(einval(5000, &existing), SYSTEM_MESSAGE);
        assert_eq!(
            einval((1 << 20) + 1, &at_every_limit()),
            Cause::TooLarge {
                requested: (1 << 20) + 1,
                max: 1 << 20
            }
        );
        assert_eq!(
            einval(0, &at_every_limit()),
            Cause::TooSmall {
                requested: 0,
                min: 1
            }
        );
        assert_eq!(einval(1, &at_every_limit()), SYSTEM_MESSAGE);
        assert_eq!(einval(1, &Figures::default()), SYSTEM_MESSAGE);
    }
}

#[test]
fn limits_on_all_segments_are_told_by_the_figures() {
    let is_total = |cause| {
        matches!(
            cause,
            Cause::TotalLimit {
                requested: 2,
                in_use: 9,
                ..
            }
        )
    };
    let mut roomy = at_every_limit();
    if let Some(usage) = &mut roomy.usage {
        usage.segments = 2;
    }
    for system in ALL {
        let ask = |failure, figures: &Figures| of(system, get(8000), failure, figures);
        let full = ask(Failure::NoSpace, &at_every_limit());
        assert!(
            matches!(full, Cause::SegmentLimit { in_use: 3, .. }),
            "{full:?}"
        );
        // Linux answers ENOSPC to both, the others ENOMEM to the second.
        assert_eq!(is_total(ask(Failure::NoSpace, &roomy)), system == &LINUX);
        assert_eq!(is_total(ask(Failure::NoMemory, &roomy)), system != &LINUX);
        assert_eq!(
            ask(Failure::NoMemory, &Figures::default()),
            Cause::OutOfMemory
        );
        assert_eq!(ask(Failure::NoSpace, &Figures::default()), SYSTEM_MESSAGE);
        let too_many = of(system, ATTACH, Failure::TooMany, &at_every_limit());
        assert_eq!(
            too_many,
            Cause::AttachmentLimit {
                max: Limit::AtMost(128)
            }
        );
    }
}

#[test]
fn huge_pages_are_linux_alone() {
    let call = Call::Get(Request {
        key: Key::PRIVATE,
        size: 1,
        creates: true,
        huge_pages: true,
        required_mode: Mode::NONE,
    });
    let none = Figures::default();
    assert_eq!(
        of(&LINUX, call, Failure::NoMemory, &none),
        Cause::NoHugePages
    );
    assert_eq!(
        of(&LINUX, call, Failure::Invalid, &at_every_limit()),
        Cause::NoSuchPageSize
    );
    assert_eq!(
        of(&LINUX, call, Failure::NotPermitted, &none),
        Cause::HugePagesDenied
    );
    assert_eq!(
        of(&LINUX, get(1), Failure::NotPermitted, &none),
        SYSTEM_MESSAGE
    );
    for system in BSDS {
        assert_eq!(
            of(system, call, Failure::NoMemory, &none),
            Cause::OutOfMemory
        );
        assert_eq!(
            of(system, call, Failure::NotPermitted, &none),
            SYSTEM_MESSAGE
        );
    }
}

#[test]
fn a_stranger_may_not_change_and_nobody_else_is_told_so() {
    for system in ALL {
        // FreeBSD answers EACCES where the others answer EPERM.
        let (refusal, other) = if system == &FREEBSD {
            (Failure::Denied, Failure::NotPermitted)
        } else {
            (Failure::NotPermitted, Failure::Denied)
        };
        for call in [Call::Remove, Call::SetPermissions] {
            let by = |you| of(system, call, refusal, &seen_by(you));
            assert!(matches!(
                by(OTHER_USER),
                Cause::NotOwner {
                    holder: Some(_),
                    you: OTHER_USER
                }
            ));
            // A security module or a filter of system calls.
            assert_eq!(by(OWNER), SYSTEM_MESSAGE);
            assert_eq!(by(0), SYSTEM_MESSAGE);
            let unseen = Figures {
                you: OTHER_USER,
                ..Figures::default()
            };
            assert_eq!(of(system, call, refusal, &unseen), SYSTEM_MESSAGE);
            assert_eq!(
                of(system, call, other, &seen_by(OTHER_USER)),
                SYSTEM_MESSAGE
            );
        }
        // The creator may too.
        let mut given_away = seen_by(OTHER_USER);
        if let Some(stat) = &mut given_away.segment {
            stat.creator_uid = OTHER_USER;
        }
        assert_eq!(
            of(system, Call::Remove, refusal, &given_away),
            SYSTEM_MESSAGE
        );
    }
}

#[test]
fn bits_that_allow_have_not_denied() {
    for system in ALL {
        for call in [ATTACH, ATTACH_AT, Call::Stat] {
            let by = |you| of(system, call, Failure::Denied, &seen_by(you));
            assert!(matches!(
                by(OTHER_USER),
                Cause::PermissionDenied {
                    holder: Some(_),
                    you: OTHER_USER
                }
            ));
            assert_eq!(by(OWNER), SYSTEM_MESSAGE);
            assert_eq!(by(0), SYSTEM_MESSAGE);
        }
        // Mode bits hold for the owner too.
        let mut write_only = seen_by(OWNER);
        write_only.segment = Some(segment(0o200, StatFlags::LIVE));
        let denied = of(system, ATTACH, Failure::Denied, &write_only);
        assert!(
            matches!(denied, Cause::PermissionDenied { .. }),
            "{denied:?}"
        );
        let unseen = of(system, ATTACH, Failure::Denied, &Figures::default());
        assert!(matches!(
            unseen,
            Cause::PermissionDenied { holder: None, .. }
        ));
        // macOS compares all nine bits, whoever asks.
        let owner_opens = of(system, get(1), Failure::Denied, &seen_by(OWNER));
        let is_denied = matches!(owner_opens, Cause::PermissionDenied { .. });
        assert_eq!(is_denied, system == &MACOS);
    }
}

#[test]
fn locking_is_refused_in_each_systems_way() {
    let by = |system, call, failure, you, memlock| {
        let figures = Figures {
            memlock,
            ..seen_by(you)
        };
        of(system, call, failure, &figures)
    };

    // Linux: the owner may, up to RLIMIT_MEMLOCK; with none of it EPERM.
    let zero = by(&LINUX, Call::Lock, NotPermitted, OWNER, Some(0));
    assert_eq!(zero, Cause::LockLimit);
    assert_eq!(
        by(&LINUX, Call::Lock, NotPermitted, OWNER, Some(65536)),
        SYSTEM_MESSAGE
    );
    assert_eq!(
        by(&LINUX, Call::Lock, NotPermitted, OWNER, None),
        SYSTEM_MESSAGE
    );
    assert_eq!(
        by(&LINUX, Call::Lock, NotPermitted, 0, None),
        SYSTEM_MESSAGE
    );
    assert_eq!(
        by(&LINUX, Call::Unlock, NotPermitted, OWNER, Some(0)),
        SYSTEM_MESSAGE
    );
    let stranger = by(&LINUX, Call::Lock, NotPermitted, OTHER_USER, Some(0));
    assert!(matches!(stranger, Cause::NotOwner { .. }));
    assert_eq!(
        by(&LINUX, Call::Lock, NoMemory, OWNER, Some(65536)),
        Cause::LockLimit
    );
    assert_eq!(
        by(&LINUX, Call::Lock, NoMemory, OWNER, None),
        SYSTEM_MESSAGE
    );
    // NetBSD: only the superuser, whatever the limit.
    for call in [Call::Lock, Call::Unlock] {
        for you in [OWNER, OTHER_USER] {
            assert_eq!(
                by(&NETBSD, call, NotPermitted, you, Some(0)),
                Cause::LockDenied
            );
        }
        assert_eq!(by(&NETBSD, call, NotPermitted, 0, Some(0)), SYSTEM_MESSAGE);
    }
    for system in [&FREEBSD, &OPENBSD, &DRAGONFLY, &MACOS] {
        assert_eq!(
            by(system, Call::Lock, NotPermitted, OWNER, Some(0)),
            SYSTEM_MESSAGE
        );
    }
}

#[test]
fn what_is_removed_and_still_attached_is_gone_where_nobody_may_come() {
    for system in ALL {
        let figures = removed(StatFlags::LIVE);
        let is_open = matches!(system.admits_after_removal, Some(true));
        let at = of(system, ATTACH_AT, Failure::Invalid, &figures);
        assert_eq!(is_bad_address(at), is_open, "{at:?}");
        assert_eq!(at == Cause::Gone, !is_open);
        let set = of(system, Call::SetPermissions, Failure::Invalid, &figures);
        assert_eq!(
            matches!(set, Cause::InvalidArgument { .. }),
            is_open,
            "{set:?}"
        );
    }
    // NetBSD's SHM_RMLINGER.
    let lingers = removed(StatFlags::LINGERS);
    assert!(is_bad_address(of(
        &NETBSD,
        ATTACH_AT,
        Failure::Invalid,
        &lingers
    )));
}

#[test]
fn addresses_are_bad_only_if_one_was_asked_for() {
    let there = seen_by(OWNER);
    for system in BSDS {
        // Occupied ENOMEM, unaligned EINVAL.
        assert!(is_bad_address(of(
            system,
            ATTACH_AT,
            Failure::NoMemory,
            &there
        )));
        assert!(is_bad_address(of(
            system,
            ATTACH_AT,
            Failure::Invalid,
            &there
        )));
        assert_eq!(
            of(system, ATTACH, Failure::NoMemory, &there),
            Cause::OutOfMemory
        );
        assert_eq!(of(system, ATTACH, Failure::Invalid, &there), SYSTEM_MESSAGE);
    }
    assert!(is_bad_address(of(
        &LINUX,
        ATTACH_AT,
        Failure::Invalid,
        &there
    )));
    assert_eq!(
        of(&LINUX, ATTACH, Failure::Invalid, &there),
        Cause::Unattachable
    );
    // On Linux ENOMEM may be memory: the address has to be known as outside.
    assert_eq!(
        of(&LINUX, ATTACH_AT, Failure::NoMemory, &there),
        Cause::OutOfMemory
    );
    let outside = Figures {
        is_outside: true,
        ..there
    };
    assert!(is_bad_address(of(
        &LINUX,
        ATTACH_AT,
        Failure::NoMemory,
        &outside
    )));
}
