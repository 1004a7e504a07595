//! What an attach checks, asks for, and leaves behind if it fails.

use super::*;
use crate::{ReadOnly, ReadWrite, Segment};

fn new(segment: &Segment) -> New {
    New {
        id: segment.id(),
        flags: 0,
        created_size: None,
    }
}

/// Returns an address that was free a moment ago.
fn free(segment: &Segment) -> NonNull<u8> {
    let far = segment.attach().unwrap();
    NonNull::new(far.as_mut_ptr()).unwrap()
}

#[test]
fn the_length_is_the_least_of_what_was_asked_for_and_what_is_there() {
    let segment = Segment::private(10_000).unwrap();
    let len = |created_size| {
        let new = New {
            created_size,
            ..new(&segment)
        };
        new.anywhere::<ReadOnly>().unwrap().len()
    };
    let whole = len(None);
    assert!(whole >= 10_000);
    assert_eq!(len(Some(100)), 100);
    assert_eq!(len(Some(10_000)), 10_000);
    // The identifier was reused for a smaller segment than was created.
    assert_eq!(len(Some(1 << 20)), whole);
    assert_eq!(segment.stat().unwrap().attached, 0);
    segment.remove().unwrap();
}

#[test]
fn a_pin_lies_beside_the_place_that_it_is_for() {
    let segment = Segment::private(64 << 10).unwrap();
    let hold = segment.attach().unwrap();
    segment.remove().unwrap();
    let start = free(&segment).as_ptr().addr();
    for start in [start, start + 4096, start - 4096] {
        let (pin, extent) = new(&segment).pin::<ReadOnly>(start).unwrap();
        assert!(extent >= 64 << 10);
        assert!(pin.as_ptr().addr().abs_diff(start) >= extent);
    }
    // Nothing of the attempts remains.
    assert_eq!(segment.stat().unwrap().attached, 1);
    drop(hold);
}

#[cfg(any(target_os = "linux", target_os = "dragonfly"))]
#[test]
fn an_address_with_a_problem_is_refused_before_the_attach() {
    let segment = Segment::private(4096).unwrap();
    let address = free(&segment);
    let attached = new(&segment).at::<ReadOnly>(address, |_, _| Some("a problem"));
    let error = attached.unwrap_err();
    assert!(error.to_string().contains("a problem"), "{error}");
    assert_eq!(segment.stat().unwrap().attached, 0);
    segment.remove().unwrap();
}

#[cfg(any(target_os = "linux", target_os = "dragonfly"))]
#[test]
fn an_identifier_that_names_a_larger_segment_by_now_is_refused_too() {
    let segment = Segment::private(4096).unwrap();
    let address = free(&segment);
    let mut answers = [None, Some("a problem")].into_iter();
    let attached = new(&segment).at::<ReadOnly>(address, |_, _| answers.next().unwrap());
    let error = attached.unwrap_err();
    assert!(error.to_string().contains("a problem"), "{error}");
    assert_eq!(segment.stat().unwrap().attached, 0);
    segment.remove().unwrap();
}

#[cfg(any(target_os = "linux", target_os = "dragonfly"))]
#[test]
fn what_a_stack_has_grown_to_meanwhile_stays_attached() {
    let segment = Segment::private(4096).unwrap();
    let address = free(&segment);
    let mut answers = [None, None, Some("a stack")].into_iter();
    let attached = new(&segment).at::<ReadWrite>(address, |_, _| answers.next().unwrap());
    let error = attached.unwrap_err();
    if error.to_string().contains("mapped there") {
        // Another thread was faster.
        return segment.remove().unwrap();
    }
    assert!(error.to_string().contains("stays attached"), "{error}");
    assert_eq!(segment.stat().unwrap().attached, 1);
    // SAFETY: attached by the failed attempt, and used by nobody.
    unsafe { sys::detach(address) }.unwrap();
    segment.remove().unwrap();
}

fn at(address: usize) -> AttachOptions {
    AttachOptions::new().address(NonNull::new(std::ptr::without_provenance_mut(address)).unwrap())
}

#[test]
fn the_lowest_address_is_the_granularity_and_others_are_its_multiples() {
    let granularity = sys::address_granularity();
    let checked = |options: AttachOptions| {
        let address = options.checked_address();
        address.map(|address| address.unwrap().as_ptr().addr())
    };
    assert_eq!(checked(at(granularity)), Ok(granularity));
    assert_eq!(checked(at(5 * granularity)), Ok(5 * granularity));
    let problem = |options: AttachOptions| match checked(options).unwrap_err() {
        Cause::BadAddress { problem, .. } => problem,
        other => panic!("{other}"),
    };
    let odd = 5 * granularity - 1;
    assert!(problem(at(odd)).contains("multiple"));
    assert_eq!(checked(at(odd).round(true)), Ok(4 * granularity));
    assert!(problem(at(granularity - 1).round(true)).contains("below"));
}

#[test]
fn the_flags_say_what_was_asked_for() {
    let executes = AttachOptions::new().execute(true);
    let reads = AttachOptions::new().flags::<ReadOnly>();
    assert_eq!(reads, Ok(shm_sys::SHM_RDONLY));
    assert_eq!(AttachOptions::new().flags::<ReadWrite>(), Ok(0));
    match sys::EXECUTE {
        Some(execute) => {
            let both = shm_sys::SHM_RDONLY | execute;
            assert_eq!(executes.flags::<ReadOnly>(), Ok(both));
            assert_eq!(executes.flags::<ReadWrite>(), Ok(execute));
        }
        None => assert!(executes.flags::<ReadOnly>().is_err()),
    }
}

#[test]
fn an_attachment_asks_for_the_rights_that_it_gives() {
    let segment = Segment::from_id(SegmentId::from_raw(0));
    let required = |flags| {
        let new = New {
            flags,
            ..new(&segment)
        };
        (
            new.required_mode::<ReadOnly>().bits(),
            new.required_mode::<ReadWrite>().bits(),
        )
    };
    assert_eq!(required(0), (0o400, 0o600));
    assert_eq!(required(shm_sys::SHM_RDONLY), (0o400, 0o600));
    if let Some(execute) = sys::EXECUTE {
        assert_eq!(required(execute), (0o500, 0o700));
    }
}
