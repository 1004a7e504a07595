//! System V shared memory (`shmget`, `shmat`, `shmdt`, `shmctl`), safe.
#![cfg_attr(not(any(feature = "std", test)), no_std)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;

mod access;
mod attach;
mod attachment;
mod copy;
mod decode;
mod error;
mod id;
mod key;
mod limits;
mod list;
mod mode;
mod options;
mod owned;
mod permissions;
mod segment;
mod stat;
mod support;
mod sys;
mod timestamp;
mod view;

pub use access::{Access, ReadOnly, ReadWrite, Writable};
pub use attach::AttachOptions;
pub use attachment::{Attachment, DetachError};
pub use error::{Cause, Error, Holder, Operation, Result, Target};
pub use id::SegmentId;
pub use key::{Key, ParseKeyError, RawKey};
pub use limits::{Limit, Limits, Usage};
pub use list::{Segments, limits, segments, segments_with_memory, usage};
pub use mode::{InvalidMode, Mode};
pub use options::{HugePages, Opened, SegmentOptions};
pub use owned::{OwnedSegment, RemovePolicy};
pub use permissions::Permissions;
pub use segment::Segment;
pub use stat::{Memory, Stat, StatFlags};
pub use support::{Support, attaches_after_removal, is_supported};
pub use timestamp::Timestamp;
#[cfg(feature = "std")]
pub use view::Cursor;
pub use view::{AccessError, AtomicValue, Chunks, LoadOrdering, StoreOrdering, View};
