//! The results of listings survive serialization.
#![cfg(all(feature = "serde", feature = "std"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use shm::Coverage;

fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), value, "{text}");
}

#[test]
fn segments_limits_and_usage_survive_serialization() {
    let (_segment, _attachment) = common::attached(common::ODD_SIZE);
    survives(&shm::segments().unwrap());
    survives(&shm::segments_with_memory().unwrap());
    survives(&shm::limits().unwrap());
    survives(&shm::usage().unwrap());
}

#[test]
fn attached_processes_survive_serialization() {
    for coverage in [
        Coverage::Complete,
        Coverage::Hidden(1),
        Coverage::Surplus(2),
    ] {
        survives(&coverage);
    }
    let (segment, _attachment) = common::attached(common::ODD_SIZE);
    if let Ok(scan) = shm::scan_processes() {
        survives(&scan);
        survives(&scan.attached(&segment.stat().unwrap()));
    }
}
