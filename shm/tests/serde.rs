//! Every plain value survives serialization, and invalid values are refused.

#![cfg(all(feature = "serde", feature = "std"))]
#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests")]

mod common;

use std::fmt::Debug;

use common::{attached, private};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shm::{
    HugePages, Key, Limit, Memory, Mode, Permissions, RemovePolicy, SegmentId, StatFlags, Timestamp,
};

fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) -> String {
    let text = serde_json::to_string(&value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), value, "{text}");
    text
}

fn is_refused<T: DeserializeOwned + Debug>(text: &str) {
    assert!(serde_json::from_str::<T>(text).is_err(), "{text}");
}

#[test]
fn numbers_stay_numbers() {
    assert_eq!(survives(Key::from_raw(-559_038_737)), "-559038737");
    assert_eq!(survives(SegmentId::from_raw(32_769)), "32769");
    assert_eq!(survives(Mode::OWNER_READ_WRITE), "384");
    assert_eq!(survives(Timestamp::from_secs(1_700_000_000)), "1700000000");
    assert_eq!(survives(Timestamp::from_secs(0)), "null");
    assert_eq!(survives(HugePages::MIB_2), "2097152");
    assert_eq!(survives(HugePages::DEFAULT), "0");
    assert_eq!(survives(HugePages::GIB_16), "17179869184");
    survives(StatFlags::LOCKED.union(StatFlags::MARKED_FOR_REMOVAL));
}

#[test]
fn what_no_value_can_be_is_refused() {
    is_refused::<Mode>("512");
    is_refused::<Timestamp>("0");
    is_refused::<HugePages>("3");
    is_refused::<SegmentId>("2147483648");
}

#[test]
fn limits_and_choices_keep_their_names() {
    assert_eq!(survives(Limit::AtMost(5)), r#"{"at_most":5}"#);
    assert_eq!(survives(Limit::Unlimited), r#""unlimited""#);
    survives(RemovePolicy::AfterAttach);
    survives(Permissions::new().owner(7).mode(Mode::NONE));
    survives(Memory {
        resident: 4096,
        swapped: u64::MAX,
    });
    survives(shm::limits().unwrap());
    survives(shm::usage().unwrap());
}

#[test]
fn the_state_of_a_segment_survives_whole() {
    let segment = private(10_001);
    survives(segment.stat().unwrap());
    let (attached_segment, attachment) = attached(1 << 20);
    survives(attached_segment.stat().unwrap());
    survives(attachment.view().residency());
    drop(segment);
}
