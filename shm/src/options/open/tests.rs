//! Which answers of a system mean that a segment exists, and how often it is asked.

use super::*;
use crate::Mode;

/// Results of exclusive creation and of opening without size
/// and mode, and whether the segment exists.
const ANSWERS: &[(&str, i32, Result<(), i32>, bool)] = &[
    ("any, exists", libc::EEXIST, Ok(()), true),
    ("any, just removed", libc::EEXIST, Err(libc::ENOENT), true),
    ("macOS, larger than it", libc::EINVAL, Ok(()), true),
    ("macOS, mode bits missing", libc::EACCES, Ok(()), true),
    ("OpenBSD, another user's", libc::EACCES, Ok(()), true),
    ("refuses to be found", libc::EACCES, Err(libc::EACCES), true),
    ("any, over SHMMAX", libc::EINVAL, Err(libc::ENOENT), false),
    ("a security module", libc::EACCES, Err(libc::ENOENT), false),
    ("unknown", libc::EINVAL, Err(libc::EINVAL), false),
    ("table full", libc::ENOSPC, Ok(()), false),
    ("no memory", libc::ENOMEM, Ok(()), false),
    ("no such call", libc::ENOSYS, Err(libc::ENOSYS), false),
];

#[test]
fn what_exists_is_told_from_other_refusals_on_every_system() {
    for (system, errno, opened, exists) in ANSWERS {
        let opened = || opened.map_err(Errno::from_raw);
        let answer = implies_existence(Errno::from_raw(*errno), opened);
        assert_eq!(answer, *exists, "{system}");
    }
}

#[test]
fn a_clear_answer_needs_no_second_call() {
    for errno in [libc::EEXIST, libc::ENOSPC, libc::ENOMEM] {
        let never = || panic!("asked after {errno}");
        implies_existence(Errno::from_raw(errno), never);
    }
}

/// Answers one after the other; the test fails where more are asked for.
fn script<T>(answers: impl IntoIterator<Item = T>) -> impl FnMut() -> T {
    let mut answers = answers.into_iter();
    move || answers.next().expect("no more calls than these")
}

#[test]
fn what_is_created_is_told_from_what_is_found_while_others_remove() {
    let id = SegmentId::from_raw;
    let refused = |errno| Err(Errno::from_raw(errno));
    let fails = |errno| Err(Errno::from_raw(errno));
    for (created, found, expected) in [
        (vec![Ok(id(1))], vec![], Ok(Found::Created(id(1)))),
        (
            vec![refused(libc::EEXIST)],
            vec![Ok(id(2))],
            Ok(Found::Existing(id(2))),
        ),
        // macOS, where a larger size hides that it exists.
        (
            vec![refused(libc::EINVAL)],
            vec![Ok(id(2))],
            Ok(Found::Existing(id(2))),
        ),
        // Removed between the two calls.
        (
            vec![refused(libc::EEXIST), Ok(id(3))],
            vec![refused(libc::ENOENT)],
            Ok(Found::Created(id(3))),
        ),
        // The table is full: nothing to find.
        (vec![refused(libc::ENOSPC)], vec![], fails(libc::ENOSPC)),
        // It exists and cannot be opened.
        (
            vec![refused(libc::EEXIST)],
            vec![refused(libc::EACCES)],
            fails(libc::EACCES),
        ),
        // It does not exist, so the refusal has another reason.
        (
            vec![refused(libc::EINVAL)],
            vec![refused(libc::ENOENT)],
            fails(libc::EINVAL),
        ),
    ] {
        let answer = create_or_find(script(created.clone()), script(found.clone()));
        let expected = expected.map_err(|errno: Errno| errno.as_raw());
        assert_eq!(
            answer.map_err(|errno| errno.as_raw()),
            expected,
            "{created:?} {found:?}"
        );
    }
}

#[test]
fn a_segment_that_always_vanishes_ends_the_search() {
    let refused = |errno| move || Err(Errno::from_raw(errno));
    let ended = create_or_find(refused(libc::EEXIST), refused(libc::ENOENT));
    assert_eq!(ended.map_err(|errno| errno.as_raw()), Err(libc::ENOENT));
}

#[cfg(feature = "std")]
#[test]
fn a_taken_key_is_drawn_again_a_limited_number_of_times() {
    let refused = |cause| Err(Error::refused(Operation::Create, Target::Private, cause));
    let mut answers = script([refused(Cause::AlreadyExists), Ok(7)]);
    let mut keys = Vec::new();
    let made = with_free_key(|key| {
        keys.push(key);
        answers()
    });
    assert_eq!(made.unwrap(), (7, keys[1]));

    let mut other = script([refused(Cause::OutOfMemory)]);
    let error = with_free_key::<()>(|_| other().map(|_: i32| ())).unwrap_err();
    assert_eq!(error.cause(), &Cause::OutOfMemory);

    let mut calls = 0;
    let error = with_free_key::<()>(|_| {
        calls += 1;
        assert!(calls <= MOST_ROUNDS + 1, "goes on for ever");
        Err(Error::refused(
            Operation::Create,
            Target::Private,
            Cause::AlreadyExists,
        ))
    });
    assert_eq!(error.unwrap_err().cause(), &Cause::AlreadyExists);
    assert_eq!(calls, MOST_ROUNDS + 1);
}

#[test]
fn a_request_asks_for_all_the_rights_that_shmget_checks() {
    let bits = |bits| Mode::from_bits(bits).unwrap();
    let options = SegmentOptions::new().mode(bits(0o640)).require(bits(0o004));
    assert_eq!(options.request(Key::PRIVATE).required_mode, bits(0o004));
    let creates = options.open_or_create(true).request(Key::PRIVATE);
    assert_eq!(creates.required_mode, bits(0o644));
    assert!(creates.creates);
}

#[test]
fn a_creation_that_fails_says_that_it_was_one() {
    // No system makes a segment without bytes.
    let options = SegmentOptions::new();
    let attempts: [fn(&SegmentOptions) -> Result<Segment>; 2] =
        [SegmentOptions::private, |options| {
            options.create_exclusively(Key::from_raw(0x5eed_0015))
        }];
    for attempt in attempts {
        let error = attempt(&options).unwrap_err();
        assert_eq!(error.operation(), Operation::Create, "{error}");
    }
}

#[cfg(feature = "std")]
#[test]
fn exclusive_creation_is_told_from_finding() {
    let options = SegmentOptions::new().size(100).create_new(true);
    let (key, private) = (Key::random(), Key::PRIVATE);
    for key in [key, private] {
        let opened = options.open_owned(key).unwrap();
        assert!(opened.is_created(), "{opened:?}");
    }
    let options = SegmentOptions::new().size(100).open_or_create(true);
    assert!(options.open_owned(private).unwrap().is_created());
}
