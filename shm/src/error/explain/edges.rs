//! Tests of the edges: figures exactly at a limit, calls that no cause is known of, and
//! which figures the system is asked for.

use super::equivalent::errno;
use super::rules::cause;
use super::systems::{FREEBSD, LINUX, MACOS, NETBSD, System};
use super::*;
use crate::{Limit, Limits, Stat, StatFlags, Usage};

const ERRNO: c_int = 5;
const UNKNOWN: Cause = Cause::System(ERRNO);
const ATTACH: Call = Call::Attach {
    address: None,
    required_mode: Mode::OWNER_READ_WRITE,
};

fn request(size: usize, required_mode: u32) -> Request {
    Request {
        key: Key::from_raw(1),
        size,
        creates: true,
        huge_pages: false,
        required_mode: Mode::from_bits(required_mode).unwrap(),
    }
}

fn get(size: usize) -> Call {
    Call::Get(request(size, 0o600))
}

fn of(system: &System, call: Call, failure: Failure, figures: &Figures) -> Cause {
    cause(system, call, failure, ERRNO, figures)
}

fn figures(max_size: Limit, used_pages: u64) -> Figures {
    Figures {
        limits: Some(Limits {
            max_size,
            min_size: 2,
            max_segments: Limit::AtMost(3),
            max_attachments: Limit::AtMost(128),
            max_pages: Limit::AtMost(10),
            page_size: 4096,
        }),
        usage: Some(Usage {
            segments: 1,
            pages: used_pages,
            resident_pages: None,
            swapped_pages: None,
        }),
        ..Figures::default()
    }
}

#[test]
fn a_size_at_a_limit_is_within_it() {
    let ask = |size, max| of(&LINUX, get(size), Failure::Invalid, &figures(max, 0));
    let max = Limit::AtMost(1000);
    assert_eq!(ask(1000, max), UNKNOWN);
    assert!(matches!(ask(1001, max), Cause::TooLarge { .. }));
    assert_eq!(ask(2, max), UNKNOWN);
    assert!(matches!(ask(1, max), Cause::TooSmall { .. }));
    let most = isize::MAX as usize;
    for small in [1000, most] {
        assert_eq!(ask(small, Limit::Unlimited), UNKNOWN);
    }
    for size in [most + 1, usize::MAX] {
        let beyond = ask(size, Limit::Unlimited);
        assert_eq!(beyond, Cause::NotAddressable { size: size as u64 });
        // A limit is the better reason.
        assert!(matches!(ask(size, max), Cause::TooLarge { .. }));
    }
}

#[test]
fn the_last_free_page_is_not_over_the_limit() {
    let ask = |used| {
        of(
            &FREEBSD,
            get(8192),
            Failure::NoMemory,
            &figures(Limit::Unlimited, used),
        )
    };
    assert_eq!(ask(8), Cause::OutOfMemory);
    assert!(matches!(ask(9), Cause::TotalLimit { requested: 2, .. }));
}

fn held(mode: u32) -> Figures {
    let stat = Stat {
        id: SegmentId::from_raw(1),
        key: Key::from_raw(1),
        size: 5000,
        mode: Mode::from_bits(mode).unwrap(),
        flags: StatFlags::LIVE,
        owner_uid: 7,
        owner_gid: 7,
        creator_uid: 8,
        creator_gid: 8,
        creator_pid: 1,
        last_pid: 0,
        attached: 1,
        attach_time: None,
        detach_time: None,
        change_time: None,
        memory: None,
    };
    Figures {
        segment: Some(stat),
        you: 7,
        ..Figures::default()
    }
}

/// `ipcperms` of Linux and `ipcperm` of the BSDs: the request's bits of all three classes
/// together, against the bits of the caller's class.
#[test]
fn bits_of_every_class_ask_for_the_access() {
    let asks = |required, held: &Figures| {
        of(
            &LINUX,
            Call::Get(request(1, required)),
            Failure::Denied,
            held,
        )
    };
    for (required, mode) in [
        (0o400, 0o300),
        (0o040, 0o300),
        (0o004, 0o300),
        (0o420, 0o400),
    ] {
        let found = asks(required, &held(mode));
        assert!(
            matches!(found, Cause::PermissionDenied { .. }),
            "{required:o} {mode:o}"
        );
    }
    for (required, mode) in [
        (0o400, 0o400),
        (0o040, 0o400),
        (0o004, 0o400),
        (0o222, 0o200),
    ] {
        assert_eq!(
            asks(required, &held(mode)),
            UNKNOWN,
            "{required:o} {mode:o}"
        );
    }
    // The creator has the owner's rights.
    let mut creator = held(0o600);
    creator.you = 8;
    assert_eq!(asks(0o600, &creator), UNKNOWN);
    creator.you = 9;
    assert!(matches!(
        asks(0o600, &creator),
        Cause::PermissionDenied { .. }
    ));
}

#[test]
fn a_detach_knows_one_cause() {
    let ask = |failure| of(&LINUX, Call::Detach, failure, &Figures::default());
    assert_eq!(ask(Failure::Invalid), Cause::NotAttached);
    assert_eq!(ask(Failure::Removed), UNKNOWN);
    assert_eq!(ask(Failure::NoMemory), UNKNOWN);
}

#[test]
fn a_number_without_a_call_means_what_it_always_does() {
    let general = |number| general(Errno::from_raw(number));
    assert!(matches!(general(libc::ENOSYS), Cause::Unsupported { .. }));
    assert_eq!(general(libc::EINVAL), Cause::System(libc::EINVAL));
}

/// A program may wait for a key by opening it again and again.
#[test]
fn the_system_is_asked_for_what_may_prove_a_cause_and_for_nothing_else() {
    let asks = |call, failure| {
        let mut segment = false;
        let figures = gather(call, failure, || {
            segment = true;
            None
        });
        (segment, figures.limits.is_some(), figures.usage.is_some())
    };
    let lists = shm_can_be_asked();
    for (call, failure, segment, limits, usage) in [
        (get(1), Failure::NotFound, false, false, false),
        (get(1), Failure::Exists, false, false, false),
        (get(1), Failure::Denied, true, false, false),
        (get(1), Failure::Invalid, true, true, false),
        (get(1), Failure::NoSpace, false, true, true),
        (get(1), Failure::NoMemory, false, true, true),
        (ATTACH, Failure::NoMemory, false, false, false),
        (ATTACH, Failure::Invalid, true, false, false),
        (ATTACH, Failure::TooMany, false, true, false),
        (Call::Remove, Failure::NotPermitted, true, false, false),
    ] {
        let expected = (segment, limits && lists, usage && lists);
        assert_eq!(asks(call, failure), expected, "{call:?} {failure:?}");
    }
}

/// Whether this system tells its limits and usage to this process.
fn shm_can_be_asked() -> bool {
    sys::limits().is_ok() && sys::usage().is_ok()
}

#[test]
fn every_cause_that_a_call_reports_has_its_number() {
    let limit = Limit::AtMost(1);
    let (requested, actual, max, min) = (1, 1, 1, 1);
    for (cause, number) in [
        (Cause::SizeMismatch { requested, actual }, libc::EINVAL),
        (Cause::TooLarge { requested, max }, libc::EINVAL),
        (Cause::TooSmall { requested, min }, libc::EINVAL),
        (Cause::NotAttached, libc::EINVAL),
        (Cause::NoSuchPageSize, libc::EINVAL),
        (Cause::NotFound, libc::ENOENT),
        (
            Cause::PermissionDenied {
                holder: None,
                you: 1,
            },
            libc::EACCES,
        ),
        (Cause::HugePagesDenied, libc::EPERM),
        (Cause::NamespaceDenied, libc::EPERM),
        (
            Cause::SegmentLimit {
                in_use: 1,
                max: limit,
            },
            libc::ENOSPC,
        ),
        (Cause::AttachmentLimit { max: limit }, libc::EMFILE),
        (Cause::LockLimit, libc::ENOMEM),
        (Cause::OutOfMemory, libc::ENOMEM),
        (Cause::NoHugePages, libc::ENOMEM),
        (Cause::NamespaceGone, libc::ESRCH),
    ] {
        for system in [LINUX, NETBSD, MACOS] {
            assert_eq!(
                errno(&system, Operation::Attach, &cause),
                Some(number),
                "{cause:?}"
            );
        }
    }
}

#[test]
fn an_error_knows_the_number_that_a_call_would_have_given() {
    let target = || Target::Segment(SegmentId::from_raw(1));
    let refused = |cause| Error::refused(Operation::Remove, target(), cause);
    assert_eq!(refused(Cause::Gone).errno_equivalent(), Some(libc::EINVAL));
    let unknown = Cause::UnknownForm { what: "" };
    assert_eq!(refused(unknown).errno_equivalent(), None);
    let number = Errno::from_raw(libc::EIO);
    let failed = Error::from_system(Operation::Remove, target(), Cause::Gone, number);
    assert_eq!(failed.errno_equivalent(), Some(libc::EIO));
}

#[test]
fn an_error_shows_the_words_of_the_system_and_of_its_programs() {
    let error = || Error::refused(Operation::List, Target::Private, Cause::OutOfMemory);
    let plain = error().to_string();
    assert_eq!(error().with_message(None).to_string(), plain);
    let said = error()
        .with_message(Some("/dev/mem: no".into()))
        .to_string();
    assert_eq!(said, format!("{plain} (/dev/mem: no)"));
    let words = crate::error::Described(libc::ENOSPC).to_string();
    assert!(words.contains(&libc::ENOSPC.to_string()), "{words}");
}

#[test]
fn a_denial_names_the_creator_if_it_is_not_the_owner() {
    let figures = held(0o600);
    let told = |creator_uid| {
        let mut stat = figures.segment.clone().unwrap();
        stat.creator_uid = creator_uid;
        let figures = Figures {
            segment: Some(stat),
            you: 9,
            ..Figures::default()
        };
        let cause = of(&LINUX, ATTACH, Failure::Denied, &figures);
        Error::refused(Operation::Attach, Target::Private, cause).to_string()
    };
    assert!(
        told(8).contains("owner uid 7, creator uid 8"),
        "{}",
        told(8)
    );
    assert!(!told(7).contains("creator"), "{}", told(7));
}
