//! Safe System V shared memory (`shmget`, `shmat`, `shmdt`, `shmctl`) on Linux, macOS,
//! FreeBSD, NetBSD, OpenBSD and DragonFly BSD.
//!
//! Use it to share memory with PostgreSQL, the X server (MIT-SHM), Oracle, SAP, older C
//! and Python programs, or between your own processes:
//!
//! ```
//! use shm::Segment;
//!
//! let segment = Segment::private(1 << 20)?.remove_on_drop();
//! let attachment = segment.attach()?;
//! attachment.view().write_all_at(0, b"hello")?;
//! println!("identifier: {}", segment.id());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What to read
//!
//! 1. [`SegmentOptions`] and [`Segment`]: creating, opening, removing.
//! 2. [`Opened`] and [`OwnedSegment`]: removal on drop.
//! 3. [`Attachment`] and [`View`]: access to the bytes; [`Place`] and [`field!`]:
//!    shared structures; [`Place::wait`] and `Place::init_once`: waiting for other
//!    processes, and initializing exactly once.
//! 4. [`segments()`], [`limits()`] and [`usage()`]: all segments of the system.
//! 5. The examples: `x11_screenshot.rs` and `x11_put_image.rs` share memory with an X
//!    server, `postgres.rs` names the backends of a running PostgreSQL, and
//!    `still_in_use.rs` reproduces PostgreSQL's startup check; `ring_buffer.rs` and
//!    `robust_mutex.rs` connect two processes; `top.rs` is a monitor.
//! 6. The [guide], the rules across [processes](process_rules), the [migration] from
//!    other libraries, the [differences] between systems, and the argument for
//!    [soundness].
//!
//! # Layout of the source
//!
//! `sys` makes every call into the kernel, with one file per system; `decode` turns the
//! kernels' answers into values, on every host; `copy` moves bytes; `view` and `place`
//! are built on it, and `wait` on both; `error` explains failures. Apart from these, only
//! `attachment`, which hands out the slices, and the `unsafe` attach methods contain
//! `unsafe`.
//!
//! # Features
//!
//! * `std` (default): paths, cursors, listing. Without it the crate is `no_std`
//!   and needs `alloc`.
//! * `serde`: every plain value can be serialized.
//! * `zerocopy`: values can also be read and written through zerocopy's traits.
//! * `derive`: the derive macros of bytemuck and zerocopy, re-exported.
//! * `bindgen`: generates the bindings from this machine's header (see `shm-sys`).
#![cfg_attr(not(any(feature = "std", test)), no_std)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;

mod access;
mod any_attachment;
mod attach;
mod attachment;
mod copy;
mod decode;
mod error;
mod huge_pages;
mod id;
mod identity;
mod key;
mod limits;
mod list;
mod mode;
#[cfg(feature = "std")]
mod namespaces;
mod options;
mod owned;
mod permissions;
mod place;
#[cfg(all(feature = "std", not(target_os = "linux")))]
mod process;
#[cfg(feature = "std")]
mod processes;
mod raw_attachment;
#[cfg(feature = "std")]
mod residency;
mod segment;
mod stat;
mod support;
mod sys;
mod timestamp;
mod view;
mod wait;

#[cfg(fuzzing)]
#[doc(hidden)]
pub use decode::fuzzing;

pub use bytemuck;
#[cfg(feature = "zerocopy")]
pub use zerocopy;

pub use access::{Access, ReadOnly, ReadWrite, Writable};
pub use any_attachment::AnyAttachment;
pub use attach::AttachOptions;
pub use attachment::{Attachment, DetachError};
pub use error::{Cause, Error, Operation, Ownership, Result, Target};
pub use huge_pages::{HugePages, InvalidPageSize};
pub use id::SegmentId;
pub use key::{Key, ParseKeyError, RawKey};
pub use limits::{Limit, Limits, Usage};
pub use list::{Segments, limits, segments, segments_with_memory, usage};
pub use mode::{InvalidMode, Mode};
#[cfg(feature = "std")]
pub use namespaces::{Namespace, Namespaces, namespaces};
pub use options::{Opened, SegmentOptions, UnknownFlags};
pub use owned::{OwnedSegment, RemovePolicy};
pub use permissions::Permissions;
#[doc(hidden)]
pub use place::is_aligned as __is_aligned;
pub use place::{
    AlignedPlace, ArrayPlace, AtomicField, Field, IntoPlaceError, OwnedPlace, Place, Places,
};
#[cfg(all(feature = "std", not(target_os = "linux")))]
pub use process::{Process, process};
#[cfg(feature = "std")]
pub use processes::{
    AttachedProcesses, Coverage, Probe, ProcessAttachment, ProcessScan, ProcessSearch,
    attached_processes, probe_processes, process_search, scan_processes,
};
#[cfg(feature = "std")]
pub use residency::{Region, Residency};
pub use segment::Segment;
pub use stat::{Memory, Stat, StatFlags};
pub use support::{Support, attaches_after_removal, is_supported, page_size, supports_lock};
pub use timestamp::Timestamp;
#[cfg(feature = "std")]
pub use view::Cursor;
pub use view::{AccessError, AtomicValue, AtomicWord, Chunks, LoadOrdering, StoreOrdering, View};
#[cfg(feature = "std")]
pub use wait::{Attempt, INIT_SIZE, InitError, InitState, Initialized, Liveness, ThreadIdentity};
pub use wait::{WaitError, Waitable, Waited, Wake};

#[doc = include_str!("../docs/differences.md")]
pub mod differences {}

#[doc = include_str!("../docs/guide.md")]
///
#[doc = include_str!("../docs/peers.md")]
pub mod guide {}

#[doc = include_str!("../docs/migration.md")]
pub mod migration {}

#[doc = include_str!("../docs/processes.md")]
pub mod process_rules {}

#[doc = include_str!("../docs/soundness.md")]
pub mod soundness {}

/// The examples of the package's README run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
